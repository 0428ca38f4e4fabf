//! How does a call end under each fault, and can a fault repeat a write?
//!
//! `FAULTS_WRITE=1 cargo test -p paystack-tests --test faults` writes the table of `docs/maintainers/faults.md`.
//! `FAULTS_SEED` seeds the waits between attempts. The table holds for any seed.

mod dropped_calls;
mod duplicate_writes;
mod http2_server;
mod kinds;
mod sending;
mod server;
mod storms;
mod table;
mod tls;
mod ureq;

use hyper_rustls::HttpsConnectorBuilder;
use paystack_hyper::HyperTransport;
use paystack_tests::values::api;
use paystack_transport::{Client, RateLimiter};

use self::server::Server;

fn client(server: &Server, limiter: RateLimiter) -> Client<sending::Transport> {
    let api = api().with_base_url(server.url()).unwrap();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls::trusting())
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(server.clone());
    let transport = HyperTransport::builder()
        .connector(connector)
        .body_limit(kinds::BODY_LIMIT)
        .build()
        .unwrap();
    Client::new(api, transport).with_rate_limiter(limiter)
}
