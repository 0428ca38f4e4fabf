//! What two deliveries of one webhook have in common.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 of a webhook's body, to tell by whether it came before: Paystack sends a webhook again
/// until it is answered, and whoever has once seen one can send it again as it is, for its signature
/// has no time in it.
///
/// Shown, it is 64 hex digits: a key for a table with a unique index. It is not the signature, and
/// nobody can make one of it.
///
/// **Two webhooks can be the same to the byte.** An event has neither an id nor a time: a customer
/// who fails the same validation twice makes two equal bodies. So do not keep digests for ever, only as
/// long as Paystack repeats itself (72 hours in live mode, 10 in test mode), and take a webhook for the
/// news that something happened; what is so now, a fetch tells.
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
/// assert!(!seen.insert(verifier.verify_parts(&headers, body)?.digest()), "it came before");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryDigest([u8; 32]);

impl DeliveryDigest {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In lower-case hex.
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
    fn is_the_sha_256_of_the_body_in_hex() {
        // FIPS 180-4's example "abc".
        let digest = DeliveryDigest::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest.as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
