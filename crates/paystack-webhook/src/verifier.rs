//! The verification of a request against one or more secret keys.

use std::fmt;

use hmac::{Hmac, Mac};
use paystack_core::bytes::Bytes;
use paystack_core::http::{self, HeaderMap};
use paystack_core::{Mode, SecretKey};
use sha2::Sha512;

use crate::error::{BODY_LIMIT, VerifyError};
use crate::signature::{Signature, hmac_with_key};
use crate::verified::VerifiedEvent;

/// Verifies the signatures of webhooks.
///
/// Pass the raw bytes of the body. JSON that was parsed and serialized again does not verify. The verifier
/// compares signatures in constant time.
///
/// The verifier keeps only the HMAC state of each key, which can sign like the key. Dropping a state wipes it.
/// Moving it, as a growing list does, leaves a copy in memory that is not wiped. `Debug` shows none of it.
///
/// ```
/// use paystack_webhook::{SecretKey, Verifier, bytes::Bytes, http};
///
/// /// Returns the status of the response.
/// fn receive(verifier: &Verifier, request: &http::Request<Bytes>) -> http::StatusCode {
///     match verifier.verify(request) {
///         Ok(event) => {
///             // Store the event, respond, and process it later.
///             http::StatusCode::OK
///         }
///         Err(error) => error.status(),
///     }
/// }
///
/// let verifier = Verifier::new(&SecretKey::new("sk_test_3f2a9c")?);
/// let unsigned = http::Request::post("/paystack").body(Bytes::from_static(b"{}"))?;
/// assert_eq!(receive(&verifier, &unsigned), 401);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// See <https://paystack.com/docs/payments/webhooks/#verify-event-origin>.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<(Mode, Hmac<Sha512>)>,
}

impl Verifier {
    /// The largest body that the verifier accepts: 256 KiB, in bytes.
    ///
    /// Paystack's examples of these events are smaller than 1 KiB. Set the same limit where the server
    /// collects the body, so that memory use stays bounded.
    pub const BODY_LIMIT: usize = BODY_LIMIT;

    /// Creates a verifier that accepts signatures made with this key.
    pub fn new(key: &SecretKey) -> Self {
        Self { keys: Vec::new() }.with_key(key)
    }

    /// Also accepts signatures made with this key, for key rotation.
    ///
    /// Use a separate verifier for keys of the other mode, or check the
    /// [`mode`](VerifiedEvent::mode) of every event. A holder of the test key could otherwise forge events
    /// about live customers.
    #[must_use]
    pub fn with_key(mut self, key: &SecretKey) -> Self {
        let mac = hmac_with_key(key.expose_secret().as_bytes());
        self.keys.push((key.mode(), mac));
        self
    }

    /// Verifies the signature of a request. It ignores the method and the path.
    ///
    /// A signed body verifies even if it is not an event; [`VerifiedEvent::event`] then returns an error.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError`], which contains the fault and the status for the response.
    pub fn verify(&self, request: &http::Request<Bytes>) -> Result<VerifiedEvent, VerifyError> {
        let signature = Signature::from_headers(request.headers());
        let mode = self.signer(signature, request.body())?;
        Ok(VerifiedEvent::new(mode, request.body().clone()))
    }

    /// Verifies the signature of a request whose headers and body the framework passes separately.
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError`], which contains the fault and the status for the response.
    pub fn verify_parts(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedEvent, VerifyError> {
        let mode = self.signer(Signature::from_headers(headers), body)?;
        Ok(VerifiedEvent::new(mode, Bytes::copy_from_slice(body)))
    }

    /// Verifies the signature of a request whose framework does not use version 1 of the crate `http`, such as
    /// actix-web.
    ///
    /// The signature is the value of [`SIGNATURE_HEADER`](crate::SIGNATURE_HEADER), as text or bytes. Pass an
    /// empty value if the request has no such header. Paystack sends the header once;
    /// [`verify_parts`](Self::verify_parts) rejects repeated headers, while this method sees only one value.
    ///
    /// ```
    /// use paystack_webhook::{SecretKey, Verifier, VerifyError, sign};
    ///
    /// let key = SecretKey::new("sk_test_3f2a9c")?;
    /// let verifier = Verifier::new(&key);
    /// let body = br#"{"event":"transfer.success","data":{}}"#;
    /// let signature: String = sign(&key, body).to_str()?.into();
    /// assert!(verifier.verify_signature(&signature, body).is_ok());
    /// assert_eq!(verifier.verify_signature("", body).unwrap_err(), VerifyError::SignatureMissing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`VerifyError`], which contains the fault and the status for the response.
    pub fn verify_signature(
        &self,
        signature: impl AsRef<[u8]>,
        body: &[u8],
    ) -> Result<VerifiedEvent, VerifyError> {
        let mode = self.signer(Signature::decode(signature.as_ref()), body)?;
        Ok(VerifiedEvent::new(mode, Bytes::copy_from_slice(body)))
    }

    /// Returns the mode of the key that signed the body.
    ///
    /// Reports a body that is too large before a fault of the signature.
    fn signer(
        &self,
        signature: Result<Signature, VerifyError>,
        body: &[u8],
    ) -> Result<Mode, VerifyError> {
        if body.len() > Self::BODY_LIMIT {
            return Err(VerifyError::BodyTooLarge);
        }
        let signature = signature?;
        let mut signer = None;
        // Try every key, so that the duration does not reveal which one matched.
        for (mode, mac) in &self.keys {
            if signature.matches(mac.clone().chain_update(body)) {
                signer = Some(mode.clone());
            }
        }
        signer.ok_or(VerifyError::SignatureWrong)
    }
}

/// Prints only the number of keys.
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys.len())
            .finish()
    }
}
