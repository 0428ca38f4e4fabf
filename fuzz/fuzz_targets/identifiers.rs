//! Creates identifiers from any text. Each is rejected, or stays in one segment of the path.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::customers::direct_debit::VerifyAuthorization;
use paystack_core::customers::{FetchCustomer, UpdateCustomer};
use paystack_core::{Api, CustomerCode, Email, Operation, Reference, SecretKey};
use paystack_fuzz::MemoryLimit;
use percent_encoding::percent_decode_str;
use url::Url;

fuzz_target!(|text: &str| {
    let _limit = MemoryLimit::begin();
    if let Ok(code) = CustomerCode::new(text) {
        stays(FetchCustomer::new(&code), &["customer", text]);
        stays(UpdateCustomer::new(&code), &["customer", text]);
    }
    if let Ok(email) = Email::new(text) {
        stays(FetchCustomer::new(email), &["customer", text]);
    }
    if let Ok(reference) = Reference::new(text) {
        let path = ["customer", "authorization", "verify", text];
        stays(VerifyAuthorization::new(reference), &path);
    }
});

fn stays(operation: impl Operation, path: &[&str]) {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let Ok(request) = api.request(&operation) else {
        assert!(
            path.iter().any(|segment| segment.len() > 5_000),
            "only a long identifier is rejected"
        );
        return;
    };
    let decode = |segment: &str| {
        percent_decode_str(segment)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let uri = request.uri();
    assert_eq!(uri.query(), None);
    let by_http: Vec<_> = uri.path().split('/').skip(1).map(decode).collect();
    let url = Url::parse(&uri.to_string()).unwrap();
    let by_url: Vec<_> = url.path_segments().unwrap().map(decode).collect();
    assert_eq!(by_http, path);
    assert_eq!(by_url, path);
    assert_eq!(
        (url.host_str(), url.query(), url.fragment()),
        (Some("api.paystack.co"), None, None)
    );
}
