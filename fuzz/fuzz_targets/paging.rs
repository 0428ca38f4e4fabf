//! Any `meta`: it never costs the reply, and a cursor in it makes a request that carries it whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::customers::{ListCustomers, Start};
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
    let list = ListCustomers::new().start(Start::After(next.clone()));
    // Only what is longer than a URI may be is refused.
    let Ok(request) = api.request(&list) else {
        assert!(next.as_str().len() > 5_000);
        return;
    };
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let (_, carried) = url.query_pairs().find(|(name, _)| name == "next").unwrap();
    assert_eq!(carried, next.as_str());
});
