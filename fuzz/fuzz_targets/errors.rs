//! Decodes any body with any error status. The result is an API error with that status and a one-line message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::customers::ListCustomers;
use paystack_core::{Api, ErrorKind, RawResponse, SecretKey, bytes::Bytes, http};
use paystack_fuzz::MemoryLimit;

fuzz_target!(|input: (u16, &[u8])| {
    let _limit = MemoryLimit::begin();
    let (status, body) = input;
    let status = 300 + status % 700;
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let response = http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body));
    let error = api
        .read(&ListCustomers::new(), response.unwrap())
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    let ErrorKind::Api(refusal) = error.kind() else {
        panic!("{error}")
    };
    assert!(!refusal.message().is_empty());
    assert!(refusal.response().body().len() <= RawResponse::EXCERPT);
    assert!(
        !error.to_string().chars().any(char::is_control),
        "must be one line"
    );
    let _ = format!("{error:?}");
});
