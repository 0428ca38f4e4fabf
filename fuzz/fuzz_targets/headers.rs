//! Parses the rate limit and the wait from any headers, or skips them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::customers::ListCustomers;
use paystack_core::{Api, SecretKey, bytes::Bytes, http};
use paystack_fuzz::MemoryLimit;

const NAMES: [&str; 7] = [
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "retry-after",
    "date",
    "x-request-id",
    "cf-ray",
];

fuzz_target!(|values: Vec<(u8, Vec<u8>)>| {
    let _limit = MemoryLimit::begin();
    let mut response = http::Response::builder().status(429);
    for (name, value) in &values {
        let name = NAMES[usize::from(*name) % NAMES.len()];
        if let Ok(value) = http::HeaderValue::from_bytes(value) {
            response = response.header(name, value);
        }
    }
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let response = response.body(Bytes::new()).unwrap();
    let error = api.read(&ListCustomers::new(), response).unwrap_err();
    assert!(error.is_rate_limited());
    let response = error.response().unwrap();
    let limit = response.rate_limit();
    if limit.remaining.unwrap_or(0) == 0 {
        assert!(
            error.retry_after() >= limit.reset,
            "must wait at least until the reset"
        );
    }
    let _ = response.request_id();
});
