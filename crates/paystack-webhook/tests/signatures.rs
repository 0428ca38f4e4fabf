//! Signatures that a verifier accepts and rejects.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::collections::BTreeSet;

use paystack_core::bytes::Bytes;
use paystack_core::http::{HeaderMap, HeaderName, HeaderValue, Request};
use paystack_core::{Mode, SecretKey};
use paystack_webhook::{SIGNATURE_HEADER, Verifier, VerifyError, sign};

/// Bodies in the shapes that Paystack documents, and some that it never sends.
const BODIES: [&[u8]; 10] = [
    include_bytes!("fixtures/identification_succeeded.json"),
    include_bytes!("fixtures/identification_succeeded_by_bvn.json"),
    include_bytes!("fixtures/identification_failed.json"),
    include_bytes!("fixtures/authorization_created.json"),
    include_bytes!("fixtures/authorization_active.json"),
    br#"{"event":"transfer.success","data":{"amount":1}}"#,
    b"{}",
    b"\xff\xfe\x00",
    b"\n",
    b"",
];

fn key() -> SecretKey {
    SecretKey::new("sk_test_3f2a9c").unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(&key())
}

fn headers(signature: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(SIGNATURE_HEADER, signature)])
}

/// Returns the error for the body `{}` with this signature.
fn verify_error(signature: &[u8]) -> VerifyError {
    let signature = HeaderValue::from_bytes(signature).unwrap();
    verifier()
        .verify_parts(&headers(signature), b"{}")
        .unwrap_err()
}

#[test]
fn signed_body_verifies_and_is_kept_byte_for_byte() {
    for body in BODIES {
        let signature = sign(&key(), body);
        let event = verifier()
            .verify_parts(&headers(signature.clone()), body)
            .unwrap();
        assert_eq!(event.body(), body);
        assert_eq!(event.mode(), &Mode::Test);

        let mut request = Request::new(Bytes::from_static(body));
        *request.headers_mut() = headers(signature);
        let same = verifier().verify(&request).unwrap();
        assert_eq!(same.digest(), event.digest());
    }
}

#[test]
fn body_with_one_bit_changed_is_rejected() {
    let verifier = verifier();
    let mut tried = 0;
    for body in BODIES {
        let headers = headers(sign(&key(), body));
        let mut changed = body.to_vec();
        for bit in 0..body.len() * 8 {
            changed[bit / 8] ^= 1 << (bit % 8);
            let error = verifier.verify_parts(&headers, &changed).unwrap_err();
            assert_eq!(error, VerifyError::SignatureWrong, "bit {bit}");
            changed[bit / 8] ^= 1 << (bit % 8);
            tried += 1;
        }
        assert!(verifier.verify_parts(&headers, &changed).is_ok());
    }
    assert!(tried > 15_000, "only {tried} bits were tried");
}

#[test]
fn signature_with_one_bit_changed_is_rejected() {
    let verifier = verifier();
    for body in BODIES {
        let right = sign(&key(), body);
        let right = right.as_bytes();
        // Change a bit of the 128 characters.
        for bit in 0..right.len() * 8 {
            let mut changed = right.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            // Some results are not valid in a header value.
            let Ok(value) = HeaderValue::from_bytes(&changed) else {
                continue;
            };
            let error = verifier.verify_parts(&headers(value), body).unwrap_err();
            assert!(
                matches!(
                    error,
                    VerifyError::SignatureWrong | VerifyError::SignatureNotHex
                ),
                "bit {bit}: {error}"
            );
        }
        // Change a bit of the 64 bytes that the characters encode.
        for bit in 0..512 {
            let mut changed = right.to_vec();
            let digit = char::from(changed[bit / 4]).to_digit(16).unwrap() ^ (1 << (bit % 4));
            changed[bit / 4] = u8::try_from(char::from_digit(digit, 16).unwrap()).unwrap();
            let value = HeaderValue::from_bytes(&changed).unwrap();
            let error = verifier.verify_parts(&headers(value), body).unwrap_err();
            assert_eq!(error, VerifyError::SignatureWrong, "bit {bit}");
        }
    }
}

#[test]
fn malformed_signatures_have_distinct_errors() {
    let right = sign(&key(), b"{}");
    let right = right.as_bytes();
    let upper = right.to_ascii_uppercase();
    let prefixed = [b"0x", right].concat();
    let spaced = [&right[..127], b" "].concat();
    let not_ascii = [&right[..127], b"\xff"].concat();
    for (signature, expected) in [
        (&b""[..], VerifyError::SignatureMissing),
        (&right[..1], VerifyError::SignatureTooShort),
        (&right[..126], VerifyError::SignatureTooShort),
        (&right[..127], VerifyError::SignatureTooShort),
        (&[right, b"0"].concat(), VerifyError::SignatureTooLong),
        (&[right, right].concat(), VerifyError::SignatureTooLong),
        (&prefixed, VerifyError::SignatureTooLong),
        (&upper, VerifyError::SignatureNotHex),
        (&spaced, VerifyError::SignatureNotHex),
        (&not_ascii, VerifyError::SignatureNotHex),
        (&[b'g'; 128], VerifyError::SignatureNotHex),
        (&[b'0'; 128], VerifyError::SignatureWrong),
    ] {
        assert_eq!(verify_error(signature), expected);
        let error = verifier().verify_signature(signature, b"{}").unwrap_err();
        assert_eq!(error, expected, "without headers");
    }
    let missing = verifier().verify_parts(&HeaderMap::new(), b"{}");
    assert_eq!(missing.unwrap_err(), VerifyError::SignatureMissing);
}

#[test]
fn signature_as_text_or_bytes_verifies_like_a_header() {
    for body in BODIES {
        let value = sign(&key(), body);
        let header = verifier().verify_parts(&headers(value.clone()), body);
        let header = header.unwrap();
        let text = value.to_str().unwrap();
        let bytes = value.as_bytes();
        for event in [
            verifier().verify_signature(text, body),
            verifier().verify_signature(String::from(text), body),
            verifier().verify_signature(bytes, body),
            verifier().verify_signature(Vec::from(bytes), body),
            verifier().verify_signature(&value, body),
        ] {
            let event = event.unwrap();
            assert_eq!(event.body(), body);
            assert_eq!(event.mode(), header.mode());
            assert_eq!(event.digest(), header.digest());
        }
    }
}

#[test]
fn signature_as_bytes_with_one_bit_changed_is_rejected() {
    let verifier = verifier();
    for body in BODIES {
        let right = sign(&key(), body);
        let right = right.as_bytes();
        for bit in 0..right.len() * 8 {
            let mut changed = right.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            let error = verifier.verify_signature(&changed, body).unwrap_err();
            let is_digit = matches!(changed[bit / 8], b'0'..=b'9' | b'a'..=b'f');
            let expected = match is_digit {
                true => VerifyError::SignatureWrong,
                false => VerifyError::SignatureNotHex,
            };
            assert_eq!(error, expected, "bit {bit}");
        }
    }
}

#[test]
fn signature_of_another_body_or_key_is_rejected_as_text() {
    let other_key = SecretKey::new("sk_test_old").unwrap();
    let other_body = sign(&key(), b"{}");
    for (signature, body) in [(other_body, BODIES[0]), (sign(&other_key, b"{}"), b"{}")] {
        let text = signature.to_str().unwrap();
        let error = verifier().verify_signature(text, body).unwrap_err();
        assert_eq!(error, VerifyError::SignatureWrong);
    }
}

#[test]
fn bytes_that_no_header_contains_are_rejected() {
    for (signature, expected) in [
        (&[b'\n'; 127][..], VerifyError::SignatureTooShort),
        (&[b'\n'; 128], VerifyError::SignatureNotHex),
        (&[0; 128], VerifyError::SignatureNotHex),
        (&[b'0'; 300_000], VerifyError::SignatureTooLong),
    ] {
        let error = verifier().verify_signature(signature, b"{}").unwrap_err();
        assert_eq!(error, expected);
    }
}

#[test]
fn repeated_signature_is_rejected_even_if_both_are_valid() {
    let mut twice = headers(sign(&key(), b"{}"));
    twice.append(SIGNATURE_HEADER, sign(&key(), b"{}"));
    let error = verifier().verify_parts(&twice, b"{}").unwrap_err();
    assert_eq!(error, VerifyError::SignatureRepeated);
}

#[test]
fn signature_in_another_header_is_ignored() {
    let other = HeaderName::from_static("x-hub-signature");
    let headers = HeaderMap::from_iter([(other, sign(&key(), b"{}"))]);
    let error = verifier().verify_parts(&headers, b"{}").unwrap_err();
    assert_eq!(error, VerifyError::SignatureMissing);
}

#[test]
fn body_over_the_limit_is_rejected_with_any_signature() {
    let largest = vec![b' '; Verifier::BODY_LIMIT];
    let accepted = verifier().verify_parts(&headers(sign(&key(), &largest)), &largest);
    assert!(accepted.is_ok());
    let larger = vec![b' '; Verifier::BODY_LIMIT + 1];
    for headers in [HeaderMap::new(), headers(sign(&key(), &larger))] {
        let error = verifier().verify_parts(&headers, &larger).unwrap_err();
        assert_eq!(error, VerifyError::BodyTooLarge);
    }
    let signature = sign(&key(), &largest);
    assert!(verifier().verify_signature(signature, &largest).is_ok());
    for signature in [HeaderValue::from_static(""), sign(&key(), &larger)] {
        let error = verifier().verify_signature(signature, &larger).unwrap_err();
        assert_eq!(error, VerifyError::BodyTooLarge);
    }
}

#[test]
fn two_keys_verify_and_the_event_has_the_mode_of_its_key() {
    let old = SecretKey::new("sk_test_old").unwrap();
    let live = SecretKey::new("sk_live_new").unwrap();
    let both = Verifier::new(&live).with_key(&old);
    for (key, domain) in [(&old, Mode::Test), (&live, Mode::Live)] {
        let event = both
            .verify_parts(&headers(sign(key, b"{}")), b"{}")
            .unwrap();
        assert_eq!(event.mode(), &domain);
    }
    let error = both.verify_parts(&headers(sign(&key(), b"{}")), b"{}");
    assert_eq!(error.unwrap_err(), VerifyError::SignatureWrong);
}

#[test]
fn key_longer_than_a_hash_block_verifies() {
    let long = SecretKey::new(format!("sk_test_{}", "a".repeat(500))).unwrap();
    let headers = headers(sign(&long, b"{}"));
    assert!(Verifier::new(&long).verify_parts(&headers, b"{}").is_ok());
    assert!(verifier().verify_parts(&headers, b"{}").is_err());
}

#[test]
fn each_error_has_a_response_status() {
    for (error, status) in [
        (VerifyError::SignatureMissing, 401),
        (VerifyError::SignatureWrong, 401),
        (VerifyError::SignatureRepeated, 400),
        (VerifyError::SignatureTooShort, 400),
        (VerifyError::SignatureTooLong, 400),
        (VerifyError::SignatureNotHex, 400),
        (VerifyError::BodyTooLarge, 413),
    ] {
        assert_eq!(error.status(), status, "{error}");
    }
}

#[test]
fn debug_of_a_verifier_prints_only_the_number_of_keys() {
    let verifier = verifier().with_key(&SecretKey::new("sk_test_old").unwrap());
    assert_eq!(format!("{verifier:?}"), "Verifier { keys: 2 }");
}

#[test]
fn digest_depends_on_the_body_and_not_on_the_key() {
    let old = SecretKey::new("sk_test_old").unwrap();
    let verifier = verifier().with_key(&old);
    let digest = |key: &SecretKey, body: &[u8]| {
        let event = verifier.verify_parts(&headers(sign(key, body)), body);
        event.unwrap().digest()
    };
    let mut seen = BTreeSet::new();
    for body in BODIES {
        assert_eq!(digest(&key(), body), digest(&old, body));
        assert!(seen.insert(digest(&key(), body)));
    }
}
