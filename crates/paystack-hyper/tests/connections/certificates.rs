//! A private authority, and a certificate of the client.

use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind};

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
use crate::loopback::run_with_variables;
use crate::loopback::{Certificates, ClientCertificate, get};

#[tokio::test]
async fn private_authority_is_trusted_if_it_is_given() {
    let certificates = Certificates::new();
    let url = certificates.serve(ClientCertificate::None).await;
    for builder in [
        HyperTransport::builder().root_certificates(&*certificates.authority),
        HyperTransport::builder().only_root_certificates(&*certificates.authority),
    ] {
        let transport = builder.build().unwrap();
        assert_eq!(transport.send(get(&url)).await.unwrap().body(), "secure");
    }
    for builder in [
        HyperTransport::builder(),
        HyperTransport::builder().only_root_certificates(&*Certificates::new().authority),
    ] {
        let error = builder.build().unwrap().send(get(&url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
    }
}

#[tokio::test]
async fn client_certificate_is_presented() {
    let certificates = Certificates::new();
    let url = certificates.serve(ClientCertificate::Required).await;
    let trusting = || HyperTransport::builder().root_certificates(&*certificates.authority);
    let (chain, key) = &certificates.client;
    let transport = trusting()
        .client_certificate(&**chain, &**key)
        .build()
        .unwrap();
    assert_eq!(transport.send(get(&url)).await.unwrap().body(), "secure");
    let without = trusting().build().unwrap();
    assert!(without.send(get(&url)).await.is_err());
}

#[test]
fn invalid_certificates_are_rejected_by_name() {
    let certificates = Certificates::new();
    let (chain, key) = &certificates.client;
    let other_key = &certificates.server.1;
    for (builder, field) in [
        (
            HyperTransport::builder().root_certificates("canary"),
            "root certificates",
        ),
        (
            HyperTransport::builder().only_root_certificates(""),
            "root certificates",
        ),
        (
            HyperTransport::builder().client_certificate(&**chain, "canary"),
            "client certificate",
        ),
        (
            HyperTransport::builder().client_certificate("canary", &**key),
            "client certificate",
        ),
        (
            HyperTransport::builder().client_certificate(&**chain, &**other_key),
            "client certificate",
        ),
    ] {
        let invalid = builder.build().unwrap_err();
        assert_eq!(invalid.field(), field);
        assert!(!format!("{invalid} {invalid:?}").contains("canary"));
    }
}

#[tokio::test]
async fn only_roots_replace_earlier_ones() {
    let certificates = Certificates::new();
    let url = certificates.serve(ClientCertificate::None).await;
    let transport = HyperTransport::builder()
        .root_certificates(&*certificates.authority)
        .only_root_certificates(&*Certificates::new().authority)
        .build()
        .unwrap();
    let error = transport.send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ssl_cert_file_replaces_the_roots_of_the_system() {
    let certificates = Certificates::new();
    let url = certificates.serve(ClientCertificate::None).await;
    for (authority, test) in [
        (&certificates, "certificates::trusts_the_systems_roots"),
        (&Certificates::new(), "certificates::distrusts_other_roots"),
    ] {
        let file = authority.authority_file();
        run_with_variables(test, &[("SSL_CERT_FILE", &file), ("SERVER", &url)]);
        std::fs::remove_file(file).unwrap();
    }
}

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
#[tokio::test]
#[ignore = "run by `ssl_cert_file_replaces_the_roots_of_the_system`"]
async fn trusts_the_systems_roots() {
    let other = Certificates::new().authority;
    let url = std::env::var("SERVER").unwrap();
    let new = HyperTransport::builder;
    for builder in [
        new().platform_verifier(),
        new().root_certificates(&*other).platform_verifier(),
        new().only_root_certificates(&*other).platform_verifier(),
    ] {
        let transport = builder.build().unwrap();
        assert_eq!(transport.send(get(&url)).await.unwrap().body(), "secure");
    }
    // The last call decides.
    let only = new().platform_verifier().only_root_certificates(&*other);
    let error = only.build().unwrap().send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
#[tokio::test]
#[ignore = "run by `ssl_cert_file_replaces_the_roots_of_the_system`"]
async fn distrusts_other_roots() {
    let url = std::env::var("SERVER").unwrap();
    let builder = HyperTransport::builder().platform_verifier();
    let error = builder.build().unwrap().send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}
