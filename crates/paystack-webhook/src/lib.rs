//! Verifies the signatures of Paystack's webhooks and decodes their events. No runtime, no IO, no clock.
//!
//! Paystack reports some results only by webhook. `ValidateCustomer` returns 202, and customers agree to
//! mandates in a browser; Paystack then sends the outcome to your webhook URL. Any client can send a
//! request to that URL, but only Paystack can sign it with your secret key.
//!
//! ```
//! use paystack_webhook::{Event, SecretKey, Verifier, VerifyError, bytes::Bytes, http};
//! # use paystack_webhook::{SIGNATURE_HEADER, sign};
//!
//! let key = SecretKey::new("sk_test_3f2a9c")?;
//! let verifier = Verifier::new(&key);
//!
//! // The raw bytes of the body, not JSON that was parsed and serialized again.
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
//!     Ok(event) => panic!("unhandled event {}", event.name()),
//!     Err(error) => panic!("cannot decode the event, store webhook.body(): {error}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | verify a request | [`Verifier`], [`VerifyError`] |
//! | decode the event | [`VerifiedEvent`], [`Event`] |
//! | detect a repeated delivery | [`DeliveryDigest`] |
//! | check the IP address of the sender | [`is_paystack_address`] |
//! | sign a request in a test | [`sign`] |
//!
//! A webhook reports that something happened. [`VerifiedEvent`] explains why to fetch the current state. The
//! example `webhook_server` of `paystack-hyper` is a complete server.

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")
)]

mod digest;
mod envelope;
mod error;
mod event;
mod signature;
mod source_address;
mod verified;
mod verifier;

pub use paystack_core::customers::direct_debit::AuthorizationOwner;
pub use paystack_core::customers::{Authorization, Identification, IdentificationType};
pub use paystack_core::{
    CustomerCode, CustomerId, Email, EmailOrCode, JsonError, Mode, OtherFields, RawJson, Reference,
    SecretKey, Sensitive, bytes, http,
};

pub use self::digest::DeliveryDigest;
pub use self::error::VerifyError;
pub use self::event::{
    CustomerIdentificationFailed, CustomerIdentificationSucceeded, DirectDebitAuthorizationActive,
    DirectDebitAuthorizationCreated, Event,
};
pub use self::signature::{SIGNATURE_HEADER, sign};
pub use self::source_address::is_paystack_address;
pub use self::verified::VerifiedEvent;
pub use self::verifier::Verifier;
