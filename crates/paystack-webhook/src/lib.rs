//! Checks that a webhook is Paystack's own, and reads its event. No runtime, no IO, no clock.
//!
//! For those who validate customers or debit their accounts: `ValidateCustomer` only answers 202, and
//! a mandate is agreed to in a browser, so the outcome comes later, as a request to a URL of yours.
//! Anybody can send a request there; only Paystack can sign it with your secret key.
//!
//! ```
//! use paystack_webhook::{Event, SecretKey, Verifier, VerifyError, bytes::Bytes, http};
//! # use paystack_webhook::{SIGNATURE_HEADER, sign};
//!
//! let key = SecretKey::new("sk_test_3f2a9c")?;
//! let verifier = Verifier::new(&key);
//!
//! // As a server gets it from Paystack: the bytes of the body, not what a JSON library made of them.
//! let body = Bytes::from_static(br#"{"event":"customeridentification.failed","data":{
//!     "customer_id":"4294967310","customer_code":"CUS_x1v8s2","email":"ada@example.com",
//!     "reason":"Account number or BVN is incorrect"}}"#);
//! let mut request = http::Request::post("/paystack").body(body)?;
//! assert_eq!(verifier.verify(&request).unwrap_err(), VerifyError::SignatureMissing);
//! # let signature = sign(&key, request.body());
//! # request.headers_mut().insert(SIGNATURE_HEADER, signature);
//!
//! let webhook = verifier.verify(&request)?;
//! match webhook.event() {
//!     Ok(Event::CustomerIdentificationFailed(failed)) => {
//!         assert_eq!(failed.customer_code.as_str(), "CUS_x1v8s2");
//!         assert_eq!(failed.reason.as_deref(), Some("Account number or BVN is incorrect"));
//!     }
//!     Ok(other) => panic!("{} is for somebody else", other.name()),
//!     Err(unread) => panic!("keep webhook.body() for a person to look at: {unread}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | is it Paystack's | [`Verifier`], and why not: [`VerifyError`] |
//! | what does it say | [`VerifiedEvent`], [`Event`] |
//! | did it come before | [`DeliveryDigest`] |
//! | did it come from where Paystack sends from | [`is_paystack_address`] |
//! | a signed request to test a handler with | [`sign`] |
//!
//! A webhook says that something happened; how things are now, a fetch tells. See [`VerifiedEvent`]
//! for why, and the example `webhook_server` of `paystack-hyper` for a server around all this.

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")
)]

mod address;
mod customer_identification;
mod digest;
mod direct_debit_authorization;
mod error;
mod event;
mod signature;
mod verified;
mod verifier;

pub use paystack_core::customers::direct_debit::AuthorizationOwner;
pub use paystack_core::customers::{Authorization, IdentificationType};
pub use paystack_core::{
    CustomerCode, CustomerId, Domain, Email, EmailOrCode, JsonError, Personal, RawJson, Reference,
    SecretKey, bytes, http,
};

pub use self::address::is_paystack_address;
pub use self::customer_identification::{
    CustomerIdentificationFailed, CustomerIdentificationSucceeded, Identification,
};
pub use self::digest::DeliveryDigest;
pub use self::direct_debit_authorization::{
    DirectDebitAuthorizationActive, DirectDebitAuthorizationCreated,
};
pub use self::error::VerifyError;
pub use self::event::Event;
pub use self::signature::{SIGNATURE_HEADER, sign};
pub use self::verified::VerifiedEvent;
pub use self::verifier::Verifier;
