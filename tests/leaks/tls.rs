//! TLS in front of a sandbox.

use std::sync::Arc;

use paystack_hyper::HyperTransport;
use paystack_transport::bytes::Bytes;
use paystack_ureq::UreqTransport;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// Terminates TLS and forwards the bytes, until it is dropped.
pub(crate) struct Tls {
    port: u16,
    certificate: rcgen::Certificate,
    _runtime: Runtime,
}

impl Tls {
    /// Forwards to the host of this request.
    pub(crate) fn before(request: &http::Request<Bytes>) -> Self {
        let sandbox = request.uri().authority().unwrap().to_string();
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, sandbox) = (acceptor.clone(), sandbox.clone());
                tokio::spawn(async move {
                    // The client may close the connection at any time.
                    let Ok(mut client) = acceptor.accept(stream).await else {
                        return;
                    };
                    let Ok(mut server) = TcpStream::connect(sandbox).await else {
                        return;
                    };
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
        Self {
            port,
            certificate: cert,
            _runtime: runtime,
        }
    }

    /// The same requests over TLS.
    pub(crate) fn to(&self, requests: Vec<http::Request<Bytes>>) -> Vec<http::Request<Bytes>> {
        let redirected = |mut request: http::Request<Bytes>| {
            let path = request.uri().path_and_query().unwrap();
            let uri = format!("https://localhost:{}{path}", self.port);
            *request.uri_mut() = uri.parse().unwrap();
            request
        };
        requests.into_iter().map(redirected).collect()
    }

    pub(crate) fn hyper(&self) -> HyperTransport {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_only()
            .enable_http1()
            .build();
        HyperTransport::builder()
            .connector(connector)
            .build()
            .unwrap()
    }

    pub(crate) fn ureq(&self) -> UreqTransport {
        let builder = UreqTransport::builder().only_root_certificates(self.certificate.pem());
        builder.build().unwrap()
    }
}
