//! Connections over loopback: proxies, certificates, compression, and connections that the server has closed.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod certificates;
#[cfg(feature = "gzip")]
mod gzip;
mod prefetch;
mod proxies;
mod runtimes;
mod settings;
mod stale;

use std::sync::Arc;

use bytes::Bytes;
use paystack_hyper::http;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn post(url: &str) -> http::Request<Bytes> {
    let body = Bytes::from_static(b"{}");
    http::Request::post(url).body(body).unwrap()
}

/// Reads the head of a request or of a response.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// Responds to each request on a connection with this text.
async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, body: &str) -> Option<()> {
    loop {
        read_head(&mut stream).await?;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(body.as_bytes()).await.ok()?;
    }
}

/// Serves each connection with a script, and returns the port.
async fn serve<F>(script: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    F: Future<Output = Option<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(stream));
        }
    });
    port
}

/// A private authority, a certificate of its for localhost, and one for a client, all in PEM.
struct Certificates {
    authority: String,
    server: (String, String),
    client: (String, String),
}

impl Certificates {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let issued = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new([name.to_owned()]).unwrap();
            let certificate = params.signed_by(&key, &authority).unwrap();
            (certificate.pem(), key.serialize_pem())
        };
        Self {
            server: issued("localhost"),
            client: issued("shop.example.com"),
            authority: authority.pem(),
        }
    }

    /// Starts a TLS server for localhost, and returns its URL.
    async fn serve(&self, needs_client_certificate: bool) -> String {
        let acceptor = self.acceptor(needs_client_certificate, &[]);
        let port = serve(move |stream| {
            let acceptor = acceptor.clone();
            async move { respond(acceptor.accept(stream).await.ok()?, "secure").await }
        })
        .await;
        format!("https://localhost:{port}/")
    }

    /// The server's end of TLS for localhost.
    fn acceptor(&self, needs_client_certificate: bool, protocols: &[&str]) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let certificates = |pem: &str| {
            let certificates = rustls::pki_types::CertificateDer::pem_slice_iter(pem.as_bytes());
            certificates.map(Result::unwrap).collect::<Vec<_>>()
        };
        let builder = match needs_client_certificate {
            false => builder.with_no_client_auth(),
            true => {
                let mut roots = rustls::RootCertStore::empty();
                roots.add_parsable_certificates(certificates(&self.authority));
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::from_pem_slice(self.server.1.as_bytes()).unwrap();
        let config = builder.with_single_cert(certificates(&self.server.0), key);
        let mut config = config.unwrap();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().into())
            .collect();
        TlsAcceptor::from(Arc::new(config))
    }
}
