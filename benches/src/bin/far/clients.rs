//! The clients.

use std::time::{Duration, Instant};

use http::Method;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use paystack::PaystackClient;
use paystack_benches::hand::{self, Customer, Envelope};
use paystack_benches::paystack_rs::{self, Loopback};
use paystack_benches::{KEY, TIMEOUT};
use paystack_hyper::customers::ListCustomers;
use paystack_hyper::{Api, HyperTransport, Position, SecretKey};
use reqwest::Certificate;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};

use crate::server::Protocol;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Ours,
    HyperUtil,
    Reqwest,
    ReqwestWithGzip,
    PaystackRs,
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::Ours,
        Self::HyperUtil,
        Self::Reqwest,
        Self::ReqwestWithGzip,
        Self::PaystackRs,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::HyperUtil => "hyper-util",
            Self::Reqwest => "reqwest",
            Self::ReqwestWithGzip => "reqwest with gzip",
            Self::PaystackRs => "paystack-rs",
        }
    }

    /// Whether the client supports the protocol and the size of a page. paystack-rs has native-tls without ALPN, and
    /// its size is one byte.
    pub fn supports(self, protocol: Protocol, customers: usize) -> bool {
        let is_small = u8::try_from(customers).is_ok();
        self != Self::PaystackRs || protocol == Protocol::Http1 && is_small
    }
}

pub enum Client {
    Ours(paystack_hyper::Client),
    HyperUtil(hand::Client<HttpsConnector<HttpConnector>>),
    Reqwest(reqwest::Client, String),
    PaystackRs(PaystackClient<Loopback>),
}

impl Client {
    /// Creates a client without a connection. It trusts this authority, as PEM. paystack-rs reads it from the file in
    /// `SSL_CERT_FILE`.
    pub fn new(kind: Kind, url: &str, authority: &str) -> Self {
        match kind {
            Kind::Ours => Self::Ours(our_client(url, authority)),
            Kind::HyperUtil => {
                let api = hand::Api::new(url, KEY);
                Self::HyperUtil(hand::Client::new(connector(authority), api))
            }
            Kind::Reqwest | Kind::ReqwestWithGzip => {
                let authority = Certificate::from_pem(authority.as_bytes()).unwrap();
                let builder = reqwest::Client::builder()
                    .timeout(TIMEOUT)
                    .tls_certs_only([authority])
                    .gzip(kind == Kind::ReqwestWithGzip);
                Self::Reqwest(builder.build().unwrap(), url.to_owned())
            }
            Kind::PaystackRs => Self::PaystackRs(paystack_rs::client(url)),
        }
    }

    /// Lists a page, and returns the time from the call to the decoded page.
    pub async fn list(&self, customers: usize) -> Duration {
        let started = Instant::now();
        match self {
            Self::Ours(client) => {
                let list = ListCustomers::new().per_page(u32::try_from(customers).unwrap());
                let reply = client.send(list.start(Position::Page(1))).await.unwrap();
                elapsed(started, customers, &reply.data)
            }
            Self::HyperUtil(client) => {
                let url = format!("{}/customer?perPage={customers}&page=1", client.api.base);
                let (_headers, _body, read) = client
                    .send::<Vec<Customer>>(Method::GET, url, None::<&()>)
                    .await;
                elapsed(started, customers, &read.data)
            }
            Self::Reqwest(client, base) => {
                let url = format!("{base}/customer?perPage={customers}&page=1");
                let response = client.get(url).bearer_auth(KEY).send().await.unwrap();
                let response = response.error_for_status().unwrap();
                let read: Envelope<Vec<Customer>> = response.json().await.unwrap();
                elapsed(started, customers, &read.data)
            }
            Self::PaystackRs(client) => {
                let per_page = Some(u8::try_from(customers).unwrap());
                let listed = client.customers.list_customers(per_page, Some(1)).await;
                elapsed(started, customers, &listed.unwrap().data.unwrap())
            }
        }
    }
}

/// Our client, without a rate limit.
pub fn our_client(url: &str, authority: &str) -> paystack_hyper::Client {
    let transport = HyperTransport::builder().only_root_certificates(authority);
    let api = Api::new(SecretKey::new(KEY).unwrap());
    let api = api.with_base_url(url).unwrap();
    paystack_hyper::Client::new(api, transport.build().unwrap()).without_rate_limit()
}

fn elapsed<T>(started: Instant, customers: usize, page: &[T]) -> Duration {
    let elapsed = started.elapsed();
    assert_eq!(page.len(), customers);
    elapsed
}

/// hyper-rustls over hyper-util's TCP, without delays by Nagle's algorithm.
fn connector(authority: &str) -> HttpsConnector<HttpConnector> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).unwrap();
    roots.add(authority).unwrap();
    let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_only()
        .enable_all_versions()
        .wrap_connector(tcp)
}
