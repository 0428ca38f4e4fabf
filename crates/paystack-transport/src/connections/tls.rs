//! The configuration of TLS: rustls with ring.

use std::sync::Arc;

use paystack_core::InvalidInput;
use rustls::client::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ConfigBuilder, RootCertStore, WantsVerifier};

/// The certificates to trust, and the one to present. It has no `Debug`: it contains a private key.
#[derive(Default)]
pub struct Tls {
    roots: Roots,
    /// More roots, as PEM.
    more_roots: Vec<Vec<u8>>,
    /// A chain of certificates and its key, as PEM.
    client_certificate: Option<(Vec<u8>, Vec<u8>)>,
}

/// The roots to trust, beside those of the caller.
#[derive(Default)]
enum Roots {
    #[default]
    Mozilla,
    None,
    #[cfg(feature = "platform-verifier")]
    Platform,
}

impl Tls {
    /// Trusts these certificates as well, in PEM.
    pub fn add_roots(&mut self, pem: Vec<u8>) {
        self.more_roots.push(pem);
    }

    /// Trusts only these certificates, in PEM.
    pub fn only_roots(&mut self, pem: Vec<u8>) {
        self.roots = Roots::None;
        self.more_roots = vec![pem];
    }

    /// Trusts the certificates of the operating system in place of Mozilla's, or beside those of `only_roots`.
    #[cfg(feature = "platform-verifier")]
    pub fn platform_roots(&mut self) {
        self.roots = Roots::Platform;
    }

    /// Presents a certificate to the server: the chain and its private key, both in PEM.
    pub fn client_certificate(&mut self, chain: Vec<u8>, private_key: Vec<u8>) {
        self.client_certificate = Some((chain, private_key));
    }

    /// The name of a setting that is not its default.
    pub fn changed(&self) -> Option<&'static str> {
        match self.roots {
            #[cfg(feature = "platform-verifier")]
            Roots::Platform => Some(SYSTEM_ROOTS),
            _ if !self.more_roots.is_empty() => Some(ROOTS),
            _ => self.client_certificate.as_ref().map(|_| CLIENT),
        }
    }

    /// The configuration for the server, and that for a proxy, which does not see the client's certificate.
    pub fn configs(mut self) -> Result<(ClientConfig, ClientConfig), InvalidInput> {
        let client_certificate = self.client_certificate.take();
        let to_proxy = self.verified()?.with_no_client_auth();
        let Some((chain, key)) = client_certificate else {
            return Ok((to_proxy.clone(), to_proxy));
        };
        let chain = certificates(CLIENT, &[chain])?;
        let key = PrivateKeyDer::from_pem_slice(&key)
            .map_err(|_| InvalidInput::new(CLIENT, "must have a private key in PEM"))?;
        let config = self.verified()?.with_client_auth_cert(chain, key);
        let config = config.map_err(|_| {
            let problem = "must belong to its private key, which must be RSA, ECDSA or Ed25519";
            InvalidInput::new(CLIENT, problem)
        })?;
        Ok((config, to_proxy))
    }

    /// It does not use the process-wide provider: rustls panics in a program that contains two.
    fn verified(&self) -> Result<WantsClient, InvalidInput> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| InvalidInput::new("TLS", "must support TLS 1.2 or 1.3"))?;
        let more_roots = certificates(ROOTS, &self.more_roots)?;
        match self.roots {
            Roots::Mozilla => {
                with_roots(builder, webpki_roots::TLS_SERVER_ROOTS.to_vec(), more_roots)
            }
            Roots::None => with_roots(builder, Vec::new(), more_roots),
            #[cfg(feature = "platform-verifier")]
            Roots::Platform => with_platform(builder, more_roots),
        }
    }
}

type WantsClient = ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn with_roots(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    roots: Vec<rustls::pki_types::TrustAnchor<'static>>,
    more: Vec<CertificateDer<'static>>,
) -> Result<WantsClient, InvalidInput> {
    let mut store = RootCertStore { roots };
    for root in more {
        store.add(root).map_err(|_| no_certificates(ROOTS))?;
    }
    Ok(builder.with_root_certificates(store))
}

#[cfg(feature = "platform-verifier")]
fn with_platform(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
    more: Vec<CertificateDer<'static>>,
) -> Result<WantsClient, InvalidInput> {
    use rustls_platform_verifier::Verifier;

    const PROBLEM: &str = "must be readable and contain a root";
    let provider = Arc::clone(builder.crypto_provider());
    let verifier = match more.is_empty() {
        true => Verifier::new(provider),
        false => Verifier::new_with_extra_roots(more, provider),
    };
    let verifier = verifier.map_err(|_| InvalidInput::new(SYSTEM_ROOTS, PROBLEM))?;
    // "Dangerous" because a verifier may accept anything; this one asks the operating system.
    let builder = builder.dangerous();
    Ok(builder.with_custom_certificate_verifier(Arc::new(verifier)))
}

const ROOTS: &str = "root certificates";

#[cfg(feature = "platform-verifier")]
const SYSTEM_ROOTS: &str = "system certificates";

const CLIENT: &str = "client certificate";

const fn no_certificates(field: &'static str) -> InvalidInput {
    InvalidInput::new(field, "must be one or more certificates in PEM")
}

/// Parses PEM. Each text has at least one certificate.
fn certificates(
    field: &'static str,
    pem: &[Vec<u8>],
) -> Result<Vec<CertificateDer<'static>>, InvalidInput> {
    let mut all = Vec::new();
    for pem in pem {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            all.push(certificate.map_err(|_| no_certificates(field))?);
        }
        if all.len() == before {
            return Err(no_certificates(field));
        }
    }
    Ok(all)
}
