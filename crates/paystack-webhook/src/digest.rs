//! The digest that identifies repeated deliveries of a webhook.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 digest of a webhook's body. Use it to detect repeated deliveries.
///
/// Paystack resends a webhook until the receiver responds with 200. An attacker with a copy can replay it,
/// because the signature covers no time.
///
/// `Display` prints 64 hex digits, which suit a database column with a unique index. It is not the
/// signature, and no signature can be derived from it.
///
/// **Two different events can have equal bodies.** An event contains neither an id nor a time. A customer
/// who fails the same validation twice causes two equal bodies. So expire a stored digest once Paystack has stopped
/// redelivering: after 73 hours in live mode and 11 hours in test mode. A webhook reports that something
/// happened; fetch the customer to learn the current state.
///
/// ```
/// # use paystack_webhook::{SIGNATURE_HEADER, SecretKey, Verifier, http::HeaderMap, sign};
/// # let key = SecretKey::new("sk_test_3f2a9c")?;
/// # let body = br#"{"event":"transfer.success","data":{}}"#;
/// # let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(&key, body))]);
/// # let verifier = Verifier::new(&key);
/// use std::collections::HashSet;
///
/// let mut seen = HashSet::new();
/// assert!(seen.insert(verifier.verify_parts(&headers, body)?.digest()));
/// assert!(!seen.insert(verifier.verify_parts(&headers, body)?.digest()), "a repeated delivery");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryDigest([u8; 32]);

impl DeliveryDigest {
    pub(crate) fn new(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// Returns the 32 bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Prints 64 lower-case hex digits.
impl fmt::Display for DeliveryDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DeliveryDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeliveryDigest({self})")
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "these are tests")]
mod tests {
    use super::*;

    #[test]
    fn digest_is_the_sha_256_of_the_body_in_hex() {
        // FIPS 180-4's example "abc".
        let digest = DeliveryDigest::new(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest.as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
