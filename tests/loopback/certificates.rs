//! A private authority.

use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::{respond, serve};

/// A private authority, its certificate for localhost, and one for a client, all in PEM.
pub(crate) struct Certificates {
    pub(crate) authority: String,
    pub(crate) server: (String, String),
    pub(crate) client: (String, String),
}

impl Certificates {
    pub(crate) fn new() -> Self {
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

    /// Writes the authority to a new file, and returns its path.
    #[cfg(all(target_os = "linux", feature = "platform-verifier"))]
    pub(crate) fn authority_file(&self) -> String {
        let process = std::process::id();
        let path = format!("{}/{process}-{:p}.pem", env!("CARGO_TARGET_TMPDIR"), self);
        std::fs::write(&path, &self.authority).unwrap();
        path
    }

    /// Starts a TLS server for localhost, and returns its URL.
    pub(crate) async fn serve(&self, client_certificate: ClientCertificate) -> String {
        let acceptor = self.acceptor(client_certificate, &[]);
        let port = serve(move |stream| {
            let acceptor = acceptor.clone();
            async move { respond(acceptor.accept(stream).await.ok()?, "secure").await }
        })
        .await;
        format!("https://localhost:{port}/")
    }

    /// The server's end of TLS for localhost, with these protocols.
    pub(crate) fn acceptor(
        &self,
        client_certificate: ClientCertificate,
        protocols: &[&str],
    ) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(parsed(&self.authority));
        let clients =
            WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
        let clients = match client_certificate {
            ClientCertificate::None => WebPkiClientVerifier::no_client_auth(),
            ClientCertificate::Optional => clients.allow_unauthenticated().build().unwrap(),
            ClientCertificate::Required => clients.build().unwrap(),
        };
        let key = PrivateKeyDer::from_pem_slice(self.server.1.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(parsed(&self.server.0), key);
        let mut config = config.unwrap();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().into())
            .collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Whether a server requests a certificate of the client.
pub(crate) enum ClientCertificate {
    None,
    Optional,
    Required,
}

fn parsed(pem: &str) -> Vec<CertificateDer<'static>> {
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes());
    certificates.map(Result::unwrap).collect()
}
