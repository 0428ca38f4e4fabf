//! Verification of webhooks, compared with HMAC-SHA512 alone.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use paystack_hyper::SecretKey;
use paystack_hyper::bytes::Bytes;
use paystack_webhook::{SIGNATURE_HEADER, Verifier, sign};
use sha2::Sha512;

use super::Row;
use crate::KEY;

const EVENT: &str =
    include_str!("../../../crates/paystack-webhook/tests/fixtures/identification_succeeded.json");

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new("webhook/verify/ours", || {
            let key = SecretKey::new(KEY).unwrap();
            let verifier = Verifier::new(&key);
            let mut request = Request::new(Bytes::from_static(EVENT.as_bytes()));
            let signature = sign(&key, EVENT.as_bytes());
            request.headers_mut().insert(SIGNATURE_HEADER, signature);
            move || drop(black_box(verifier.verify(black_box(&request)).unwrap()))
        }),
        Row::new("webhook/verify/hmac", || {
            let keyed = Hmac::<Sha512>::new_from_slice(KEY.as_bytes()).unwrap();
            move || {
                let mut hmac = keyed.clone();
                hmac.update(black_box(EVENT.as_bytes()));
                black_box(hmac.finalize().into_bytes());
            }
        }),
    ]
}
