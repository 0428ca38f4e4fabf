//! The event of a request that may be anybody's, as if verifying could not fail.

use paystack_core::bytes::Bytes;
use paystack_core::http::Request;
use paystack_webhook::{VerifiedEvent, Verifier};

fn receive(verifier: &Verifier, request: &Request<Bytes>) -> VerifiedEvent {
    verifier.verify(request)
}

fn main() {}
