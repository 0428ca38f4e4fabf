//! What a verifier takes and what it refuses.
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
use paystack_core::{Domain, SecretKey};
use paystack_webhook::{SIGNATURE_HEADER, Verifier, VerifyError, sign};

/// Bodies of the shapes that Paystack documents, and some that it never sends.
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

/// What becomes of `{}` with this in its header.
fn with_signature(signature: &[u8]) -> VerifyError {
    let signature = HeaderValue::from_bytes(signature).unwrap();
    verifier()
        .verify_parts(&headers(signature), b"{}")
        .unwrap_err()
}

#[test]
fn what_is_signed_is_taken_and_kept_byte_for_byte() {
    for body in BODIES {
        let signature = sign(&key(), body);
        let event = verifier()
            .verify_parts(&headers(signature.clone()), body)
            .unwrap();
        assert_eq!(event.body(), body);
        assert_eq!(event.domain(), &Domain::Test);

        let mut request = Request::new(Bytes::from_static(body));
        *request.headers_mut() = headers(signature);
        let same = verifier().verify(&request).unwrap();
        assert_eq!(same.digest(), event.digest());
    }
}

#[test]
fn a_body_with_one_bit_changed_is_refused() {
    let verifier = verifier();
    let mut tried = 0;
    for body in BODIES {
        let headers = headers(sign(&key(), body));
        let mut changed = body.to_vec();
        for bit in 0..body.len() * 8 {
            changed[bit / 8] ^= 1 << (bit % 8);
            let refused = verifier.verify_parts(&headers, &changed).unwrap_err();
            assert_eq!(refused, VerifyError::SignatureWrong, "bit {bit}");
            changed[bit / 8] ^= 1 << (bit % 8);
            tried += 1;
        }
        assert!(verifier.verify_parts(&headers, &changed).is_ok());
    }
    assert!(tried > 15_000, "only {tried} were tried");
}

#[test]
fn a_signature_with_one_bit_changed_is_refused() {
    let verifier = verifier();
    for body in BODIES {
        let right = sign(&key(), body);
        let right = right.as_bytes();
        // In the 128 characters as they are sent.
        for bit in 0..right.len() * 8 {
            let mut changed = right.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            // Some are no text that a header can hold.
            let Ok(value) = HeaderValue::from_bytes(&changed) else {
                continue;
            };
            let refused = verifier.verify_parts(&headers(value), body).unwrap_err();
            assert!(
                matches!(
                    refused,
                    VerifyError::SignatureWrong | VerifyError::SignatureNotHex
                ),
                "bit {bit}: {refused}"
            );
        }
        // In the 64 bytes that they stand for.
        for bit in 0..512 {
            let mut changed = right.to_vec();
            let digit = char::from(changed[bit / 4]).to_digit(16).unwrap() ^ (1 << (bit % 4));
            changed[bit / 4] = u8::try_from(char::from_digit(digit, 16).unwrap()).unwrap();
            let value = HeaderValue::from_bytes(&changed).unwrap();
            let refused = verifier.verify_parts(&headers(value), body).unwrap_err();
            assert_eq!(refused, VerifyError::SignatureWrong, "bit {bit}");
        }
    }
}

#[test]
fn a_signature_that_is_missing_or_of_another_form_is_told_apart() {
    let right = sign(&key(), b"{}");
    let right = right.as_bytes();
    let upper = right.to_ascii_uppercase();
    let prefixed = [b"0x", right].concat();
    let spaced = [&right[..127], b" "].concat();
    let not_ascii = [&right[..127], b"\xff"].concat();
    for (signature, expected) in [
        (&b""[..], VerifyError::SignatureTooShort),
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
        assert_eq!(with_signature(signature), expected);
    }
    let missing = verifier().verify_parts(&HeaderMap::new(), b"{}");
    assert_eq!(missing.unwrap_err(), VerifyError::SignatureMissing);
}

#[test]
fn a_signature_that_is_there_twice_is_refused_even_if_both_are_right() {
    let mut twice = headers(sign(&key(), b"{}"));
    twice.append(SIGNATURE_HEADER, sign(&key(), b"{}"));
    let refused = verifier().verify_parts(&twice, b"{}").unwrap_err();
    assert_eq!(refused, VerifyError::SignatureRepeated);
}

#[test]
fn a_header_of_another_name_is_no_signature() {
    let other = HeaderName::from_static("x-hub-signature");
    let headers = HeaderMap::from_iter([(other, sign(&key(), b"{}"))]);
    let refused = verifier().verify_parts(&headers, b"{}").unwrap_err();
    assert_eq!(refused, VerifyError::SignatureMissing);
}

#[test]
fn a_body_is_taken_up_to_its_limit_and_refused_beyond_it_whatever_its_signature() {
    let largest = vec![b' '; Verifier::BODY_LIMIT];
    let taken = verifier().verify_parts(&headers(sign(&key(), &largest)), &largest);
    assert!(taken.is_ok());
    let larger = vec![b' '; Verifier::BODY_LIMIT + 1];
    for headers in [HeaderMap::new(), headers(sign(&key(), &larger))] {
        let refused = verifier().verify_parts(&headers, &larger).unwrap_err();
        assert_eq!(refused, VerifyError::BodyTooLarge);
    }
}

#[test]
fn while_keys_change_both_are_taken_and_the_event_tells_the_mode() {
    let old = SecretKey::new("sk_test_old").unwrap();
    let live = SecretKey::new("sk_live_new").unwrap();
    let both = Verifier::new(&live).with_key(&old);
    for (key, domain) in [(&old, Domain::Test), (&live, Domain::Live)] {
        let event = both
            .verify_parts(&headers(sign(key, b"{}")), b"{}")
            .unwrap();
        assert_eq!(event.domain(), &domain);
    }
    let refused = both.verify_parts(&headers(sign(&key(), b"{}")), b"{}");
    assert_eq!(refused.unwrap_err(), VerifyError::SignatureWrong);
}

#[test]
fn a_key_that_is_longer_than_a_block_of_the_hash_signs_as_well() {
    let long = SecretKey::new(format!("sk_test_{}", "a".repeat(500))).unwrap();
    let headers = headers(sign(&long, b"{}"));
    assert!(Verifier::new(&long).verify_parts(&headers, b"{}").is_ok());
    assert!(verifier().verify_parts(&headers, b"{}").is_err());
}

#[test]
fn each_error_says_what_to_answer() {
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
fn a_verifier_shows_how_many_keys_it_has_and_nothing_of_them() {
    let verifier = verifier().with_key(&SecretKey::new("sk_test_old").unwrap());
    assert_eq!(format!("{verifier:?}"), "Verifier { keys: 2 }");
}

#[test]
fn a_digest_is_the_same_for_the_same_body_whatever_key_signed_it() {
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
