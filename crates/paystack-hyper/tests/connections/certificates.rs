//! A private authority, and a certificate of the client.

use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind};

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
