//! From a request to an event that is Paystack's.

use std::fmt;

use hmac::{Hmac, Mac};
use paystack_core::bytes::Bytes;
use paystack_core::http::{self, HeaderMap};
use paystack_core::{Domain, SecretKey};
use sha2::Sha512;

use crate::error::VerifyError;
use crate::signature::{Signature, keyed};
use crate::verified::VerifiedEvent;

/// Tells Paystack's webhooks from everything else that reaches a URL, by their signature.
///
/// It goes by the bytes of the body as they came: hand it those, not JSON that was read and written
/// again. Signatures are compared in a time that does not depend on where they differ.
///
/// It keeps no key but what HMAC makes of it, which is as good for signing. That, and each copy that is
/// made to check a request, is wiped from memory when it is dropped; `Debug` shows none of it.
///
/// ```
/// use paystack_webhook::{SecretKey, Verifier, bytes::Bytes, http};
///
/// /// The status to answer with.
/// fn receive(verifier: &Verifier, request: &http::Request<Bytes>) -> http::StatusCode {
///     match verifier.verify(request) {
///         Ok(event) => {
///             // Keep it, answer, and work on it after that.
///             http::StatusCode::OK
///         }
///         Err(error) => error.status(),
///     }
/// }
///
/// let verifier = Verifier::new(&SecretKey::new("sk_test_3f2a9c")?);
/// let nobodys = http::Request::post("/paystack").body(Bytes::from_static(b"{}"))?;
/// assert_eq!(receive(&verifier, &nobodys), 401);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// See <https://paystack.com/docs/payments/webhooks/#verify-event-origin>.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<(Domain, Hmac<Sha512>)>,
}

impl Verifier {
    /// How many bytes a body may have: 256 KiB, where Paystack's own examples of these events have less
    /// than one. Set the same limit where the body is collected, so that more never gets into memory.
    pub const BODY_LIMIT: usize = 256 * 1024;

    /// Takes what this key has signed.
    pub fn new(key: &SecretKey) -> Self {
        Self { keys: Vec::new() }.with_key(key)
    }

    /// Also takes what this key has signed: while one key follows another, both are in use.
    ///
    /// Give keys of the other mode to a verifier of their own, or ask every event for its
    /// [`domain`](VerifiedEvent::domain): whoever has the test key could else tell tales of live
    /// customers.
    #[must_use]
    pub fn with_key(mut self, key: &SecretKey) -> Self {
        let mac = keyed(key.expose_secret().as_bytes());
        self.keys.push((key.domain(), mac));
        self
    }

    /// Checks a request, whatever its method and path.
    ///
    /// What is signed is Paystack's, even if it cannot be read: that is for
    /// [`VerifiedEvent::event`] to say.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] says what is wrong, and which status to answer with.
    pub fn verify(&self, request: &http::Request<Bytes>) -> Result<VerifiedEvent, VerifyError> {
        let domain = self.verify_signature(request.headers(), request.body())?;
        Ok(VerifiedEvent::new(domain, request.body().clone()))
    }

    /// The same, for frameworks that have headers and body apart.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] says what is wrong, and which status to answer with.
    pub fn verify_parts(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<VerifiedEvent, VerifyError> {
        let domain = self.verify_signature(headers, body)?;
        Ok(VerifiedEvent::new(domain, Bytes::copy_from_slice(body)))
    }

    /// The mode of the key that signed this.
    fn verify_signature(&self, headers: &HeaderMap, body: &[u8]) -> Result<Domain, VerifyError> {
        if body.len() > Self::BODY_LIMIT {
            return Err(VerifyError::BodyTooLarge);
        }
        let signature = Signature::read(headers)?;
        let mut signed_in = None;
        // All keys are tried, so that the time does not tell which one it was.
        for (domain, mac) in &self.keys {
            if signature.is_of(mac.clone().chain_update(body)) {
                signed_in = Some(domain.clone());
            }
        }
        signed_in.ok_or(VerifyError::SignatureWrong)
    }
}

/// How many keys there are.
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys.len())
            .finish()
    }
}
