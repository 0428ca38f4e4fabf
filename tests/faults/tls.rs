//! Certificates, and faults of a TLS handshake.

use std::sync::{Arc, LazyLock};

use rcgen::{CertificateParams, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio_rustls::TlsAcceptor;

use crate::server::until_closed;

#[derive(Clone, Copy, PartialEq)]
pub enum Handshake {
    Good,
    WrongHost,
    Expired,
    UnknownIssuer,
    Stalls,
    HangsUp,
    /// The server responds in plain HTTP.
    PlainText,
}

impl Handshake {
    pub async fn serve(self, mut stream: DuplexStream) {
        match self {
            Self::Stalls => until_closed(&mut stream).await,
            Self::HangsUp => {
                let _ = stream.read_u8().await;
            }
            Self::PlainText => {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                until_closed(&mut stream).await;
            }
            _ => assert!(
                acceptor(self).accept(stream).await.is_err(),
                "the client must reject a bad certificate"
            ),
        }
    }
}

/// Returns an acceptor with this certificate.
pub fn acceptor(handshake: Handshake) -> TlsAcceptor {
    let (issuer, host, expires) = match handshake {
        Handshake::WrongHost => (&CERTIFICATES.trusted, "thief.test", 4096),
        Handshake::Expired => (&CERTIFICATES.trusted, "paystack.test", 2001),
        Handshake::UnknownIssuer => (&CERTIFICATES.unknown, "paystack.test", 4096),
        _ => (&CERTIFICATES.trusted, "paystack.test", 4096),
    };
    let mut leaf = CertificateParams::new([host.to_owned()]).unwrap();
    leaf.not_before = date_time_ymd(2000, 1, 1);
    leaf.not_after = date_time_ymd(expires, 1, 1);
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, &issuer.0).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Returns a client configuration that trusts one of the two issuers.
pub fn trusting() -> rustls::ClientConfig {
    CERTIFICATES.trusting.clone()
}

struct Certificates {
    trusted: (Issuer<'static, KeyPair>, CertificateDer<'static>),
    unknown: (Issuer<'static, KeyPair>, CertificateDer<'static>),
    trusting: rustls::ClientConfig,
}

static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| {
    let trusted = issuer();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted.1.clone()).unwrap();
    let trusting = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Certificates {
        trusted,
        unknown: issuer(),
        trusting,
    }
});

fn issuer() -> (Issuer<'static, KeyPair>, CertificateDer<'static>) {
    let mut params = CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().der().clone();
    (Issuer::new(params, key), certificate)
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
