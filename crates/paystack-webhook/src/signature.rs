//! Webhook signatures: the hex HMAC-SHA512 of the raw body, keyed with the secret key.

use std::cmp::Ordering;
use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use paystack_core::SecretKey;
use paystack_core::http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha512;

use crate::error::VerifyError;

/// The name of the signature header: `x-paystack-signature`.
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-paystack-signature");

/// Signs a body as Paystack does and returns the value for [`SIGNATURE_HEADER`].
///
/// Use it to test a webhook handler. The value is marked as sensitive, so `Debug` of a request hides it.
///
/// ```
/// use paystack_webhook::{SIGNATURE_HEADER, SecretKey, Verifier, bytes::Bytes, http, sign};
///
/// let key = SecretKey::new("sk_test_3f2a9c")?;
/// let body = Bytes::from_static(br#"{"event":"transfer.success","data":{}}"#);
/// let mut request = http::Request::post("/paystack").body(body)?;
/// let signature = sign(&key, request.body());
/// request.headers_mut().insert(SIGNATURE_HEADER, signature);
/// assert!(Verifier::new(&key).verify(&request).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// See <https://paystack.com/docs/payments/webhooks/#verify-event-origin>.
pub fn sign(key: &SecretKey, body: &[u8]) -> HeaderValue {
    let mut hex = String::with_capacity(Signature::DIGITS);
    for byte in hmac_with_key(key.expose_secret().as_bytes())
        .chain_update(body)
        .finalize()
        .into_bytes()
    {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    // Hex digits are always valid in a header value.
    let mut value = HeaderValue::try_from(hex).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// Returns an HMAC-SHA512 state keyed with `key`.
///
/// The state can sign like the key itself. Dropping it wipes it; a move may leave a copy in memory.
#[allow(clippy::expect_used, reason = "HMAC accepts keys of any length")]
pub(crate) fn hmac_with_key(key: &[u8]) -> Hmac<Sha512> {
    Hmac::new_from_slice(key).expect("HMAC accepts keys of any length")
}

/// The signature of a request, decoded but not yet verified.
pub(crate) struct Signature([u8; Self::BYTES]);

impl Signature {
    const BYTES: usize = 64;
    const DIGITS: usize = 2 * Self::BYTES;

    /// Decodes the single signature header of a request.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Result<Self, VerifyError> {
        let mut values = headers.get_all(SIGNATURE_HEADER).iter();
        let value = values.next().ok_or(VerifyError::SignatureMissing)?;
        if values.next().is_some() {
            return Err(VerifyError::SignatureRepeated);
        }
        Self::decode(value.as_bytes())
    }

    /// Decodes the value of a signature header: 128 lower-case hex digits.
    pub(crate) fn decode(value: &[u8]) -> Result<Self, VerifyError> {
        if value.is_empty() {
            return Err(VerifyError::SignatureMissing);
        }
        match value.len().cmp(&Self::DIGITS) {
            Ordering::Less => return Err(VerifyError::SignatureTooShort),
            Ordering::Greater => return Err(VerifyError::SignatureTooLong),
            Ordering::Equal => {}
        }
        let (digits, _) = value.as_chunks::<2>();
        let mut signature = [0; Self::BYTES];
        for (byte, [high, low]) in signature.iter_mut().zip(digits) {
            let high = hex_digit(*high)?.saturating_mul(16);
            *byte = high.saturating_add(hex_digit(*low)?);
        }
        Ok(Self(signature))
    }

    /// Returns whether this is the signature of the data fed to `mac`. Compares in constant time.
    pub(crate) fn matches(&self, mac: Hmac<Sha512>) -> bool {
        mac.verify_slice(&self.0).is_ok()
    }
}

/// Returns the value of a lower-case hex digit.
///
/// Paystack writes lower case. Rejecting upper case leaves each signature a single valid form.
fn hex_digit(digit: u8) -> Result<u8, VerifyError> {
    match digit {
        b'0'..=b'9' => Ok(digit & 0x0f),
        b'a'..=b'f' => Ok((digit & 0x0f).saturating_add(9)),
        _ => Err(VerifyError::SignatureNotHex),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
        bytes
            .into_iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The HMAC-SHA512 test cases of RFC 4231 without the truncated one: key, data, result.
    fn rfc_4231() -> [(Vec<u8>, Vec<u8>, &'static str); 6] {
        let counted = (1..=25).collect();
        let long = "This is a test using a larger than block-size key and a larger than \
                    block-size data. The key needs to be hashed before being used by the HMAC \
                    algorithm.";
        [
            (
                vec![0x0b; 20],
                b"Hi There".to_vec(),
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
                 daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ),
            (
                b"Jefe".to_vec(),
                b"what do ya want for nothing?".to_vec(),
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
                 9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
            (
                vec![0xaa; 20],
                vec![0xdd; 50],
                "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
                 bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            ),
            (
                counted,
                vec![0xcd; 50],
                "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
                 a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
            ),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
                 6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ),
            (
                vec![0xaa; 131],
                long.as_bytes().to_vec(),
                "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
                 b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
            ),
        ]
    }

    #[test]
    fn hmac_gives_the_results_of_rfc_4231() {
        for (key, data, result) in rfc_4231() {
            let mac = hmac_with_key(&key).chain_update(&data).finalize();
            assert_eq!(hex(mac.into_bytes()), result);
        }
    }

    #[test]
    fn signatures_of_rfc_4231_match_their_data_only() {
        for (key, data, result) in rfc_4231() {
            let right = Signature::decode(result.as_bytes()).unwrap();
            assert!(right.matches(hmac_with_key(&key).chain_update(&data)));
            assert!(!right.matches(hmac_with_key(&key).chain_update(&data).chain_update([0])));
        }
    }

    #[test]
    fn sign_gives_the_same_value_as_openssl() {
        // printf '{}' | openssl dgst -sha512 -hmac sk_test_3f2a9c
        let key = SecretKey::new("sk_test_3f2a9c").unwrap();
        let signature = sign(&key, b"{}");
        assert!(signature.is_sensitive());
        assert_eq!(
            signature.to_str().unwrap(),
            "412dffa2971596d833533cd5462d765293c089fc9d0d9e4bb8a04b1f651d09d22ab69ab6ccacd419f34739b84f49394488084f6d21c58dc1e2a04d637ddb2c95"
        );
    }
}
