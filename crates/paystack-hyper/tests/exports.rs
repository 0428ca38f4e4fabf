//! The names at the root of the adapter.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use paystack_hyper::*;

/// A program names the client without its transport.
struct App {
    paystack: Client,
}

#[test]
fn glob_import_is_not_ambiguous() {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let app = App {
        paystack: Client::new(api, HyperTransport::new()),
    };
    let _: &dyn Transport = app.paystack.transport();
    let error: Error = Email::new("").unwrap_err().into();
    assert_eq!(error.outcome(), Outcome::NotProcessed);
}
