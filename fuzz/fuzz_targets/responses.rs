//! Decodes any body as the response to each operation. Decoding never panics, and decoded customers round-trip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paystack_core::customers::direct_debit::{
    AuthorizationLink, MandateAuthorization, VerifiedAuthorization,
};
use paystack_core::customers::{Customer, ListCustomers};
use paystack_core::{Api, NoData, Operation, SecretKey, bytes::Bytes, http};
use paystack_fuzz::MemoryLimit;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    let _limit = MemoryLimit::begin();
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let body = Bytes::copy_from_slice(body);
    let list = ListCustomers::new();
    read(&api, list.clone().decode_as::<NoData>(), &body);
    read(&api, list.clone().decode_as::<AuthorizationLink>(), &body);
    read(
        &api,
        list.clone().decode_as::<VerifiedAuthorization>(),
        &body,
    );
    read(
        &api,
        list.clone().decode_as::<Vec<MandateAuthorization>>(),
        &body,
    );
    let page = read(&api, list.clone(), &body);
    let one = read(&api, list.decode_as::<Customer>(), &body);
    for customer in page.into_iter().flatten().chain(one) {
        let written = serde_json::to_string(&customer).unwrap();
        let again: Customer = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), written);
        if let Some(metadata) = &customer.metadata {
            let _ = (
                metadata.is_empty(),
                metadata.custom_fields(),
                metadata.get::<Value>(),
            );
        }
    }
});

fn read<O: Operation>(api: &Api, operation: O, body: &Bytes) -> Option<O::Output> {
    match api.read(&operation, http::Response::new(body.clone())) {
        Ok(reply) => {
            assert_eq!(reply.body(), body);
            Some(reply.data)
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "must be one line");
            assert!(error.response().is_some());
            None
        }
    }
}
