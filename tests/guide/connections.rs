//! The client of `docs/connections.md` equals the file here, and connects through a proxy to a private authority.

mod client;

use std::sync::Arc;

use paystack_hyper::customers::FetchCustomer;
use paystack_tests::values::{api, email};

use crate::loopback::{Certificates, ClientCertificate, Log, http_proxy, respond, serve};
use crate::pages::assert_program_equals;

const CUSTOMER: &str = r#"{"status":true,"message":"Customer retrieved","data":{
    "id":1173,"customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com"}}"#;

#[tokio::test]
async fn client_connects_through_the_proxy_to_the_authority() {
    let log = Log::default();
    let proxy = http_proxy(Arc::clone(&log)).await;
    let certificates = Certificates::new();
    let acceptor = certificates.acceptor(ClientCertificate::None, &[]);
    let port = serve(move |stream| {
        let acceptor = acceptor.clone();
        async move { respond(acceptor.accept(stream).await.ok()?, CUSTOMER).await }
    })
    .await;
    let api = api().with_base_url(&format!("https://localhost:{port}"));
    let proxy = format!("http://user:pass%20word@127.0.0.1:{proxy}");
    let client = client::client(api.unwrap(), &certificates.authority, &proxy).unwrap();
    let fetch = FetchCustomer::new(email("ada@example.com"));
    assert_eq!(client.send(fetch).await.unwrap().data.id.get(), 1173);
    let connect = format!("CONNECT localhost:{port} HTTP/1.1");
    assert_eq!(*log.lock().unwrap(), [connect]);
}

#[test]
fn client_in_the_guide_equals_the_tested_file() {
    let page = include_str!("../../docs/connections.md");
    assert_program_equals(
        page,
        "# Connections\n",
        include_str!("connections/client.rs"),
    );
}
