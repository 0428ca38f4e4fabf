//! Decodes any `meta`. It never fails the reply, and its cursor goes unchanged into the next request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::Position;
use paystack_core::customers::ListCustomers;
use paystack_core::{Api, SecretKey, http};
use paystack_fuzz::MemoryLimit;
use serde_json::value::RawValue;
use url::Url;

fuzz_target!(|meta: &str| {
    let _limit = MemoryLimit::begin();
    if serde_json::from_str::<&RawValue>(meta).is_err() {
        return;
    }
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let body = format!(r#"{{"status":true,"message":"","data":[],"meta":{meta}}}"#);
    let reply = api
        .read(&ListCustomers::new(), http::Response::new(body.into()))
        .unwrap();
    let Some(meta) = reply.meta else { return };
    let _ = (format!("{meta:?}"), meta.decode::<serde_json::Value>());
    let Some(next) = meta.next else { return };
    let list = ListCustomers::new().start(Position::After(next.clone()));
    // Only a cursor that exceeds the length of a URI is rejected.
    let Ok(request) = api.request(&list) else {
        assert!(next.as_str().len() > 5_000);
        return;
    };
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let (_, carried) = url.query_pairs().find(|(name, _)| name == "next").unwrap();
    assert_eq!(carried, next.as_str());
});
