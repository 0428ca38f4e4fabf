//! Verifies any body as a webhook. It is accepted with its signature, whether or not it decodes. It is rejected
//! with any other header, or after a change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::http::{HeaderMap, HeaderValue};
use paystack_core::{SecretKey, customers::FetchCustomer};
use paystack_fuzz::MemoryLimit;
use paystack_webhook::{Event, SIGNATURE_HEADER, Verifier, sign};

fuzz_target!(|body: &[u8]| {
    let _limit = MemoryLimit::begin();
    let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    let verifier = Verifier::new(&key);
    let headers = |value| HeaderMap::from_iter([(SIGNATURE_HEADER, value)]);

    let signed = headers(sign(&key, body));
    let webhook = verifier.verify_parts(&signed, body).unwrap();
    assert_eq!(webhook.body(), body);
    assert!(!format!("{webhook:?}").contains('\n'), "must be one line");
    match webhook.event() {
        Ok(event) => {
            assert_eq!(webhook.name(), Some(event.name()));
            let _ = (
                format!("{event:?}"),
                event.customer().map(FetchCustomer::new),
            );
            if let Event::Unrecognized { data, .. } = &event {
                assert_eq!(webhook.data(), data.as_ref());
            }
        }
        Err(error) => assert!(!error.to_string().contains('\n'), "must be one line"),
    }

    if let Ok(value) = HeaderValue::from_bytes(body) {
        assert!(verifier.verify_parts(&headers(value), b"{}").is_err());
    }
    let longer = [body, b" "].concat();
    assert!(verifier.verify_parts(&signed, &longer).is_err());
});
