//! A private authority, and a certificate of the client.

use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport};

use ureq::config::Config;
use ureq::unversioned::transport::TcpConnector;

use crate::loopback::{Certificates, ClientCertificate, get};
use crate::{AMPLE, on_servers};

#[test]
fn private_authority_is_trusted_if_it_is_given() {
    let certificates = Certificates::new();
    let url = on_servers(certificates.serve(ClientCertificate::None));
    for builder in [
        UreqTransport::builder().root_certificates(&*certificates.authority),
        UreqTransport::builder().only_root_certificates(&*certificates.authority),
    ] {
        let transport = builder.build().unwrap();
        assert_eq!(transport.send(get(&url), AMPLE).unwrap().body(), "secure");
    }
    for builder in [
        UreqTransport::builder(),
        UreqTransport::builder().only_root_certificates(&*Certificates::new().authority),
    ] {
        let error = builder.build().unwrap().send(get(&url), AMPLE).unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
    }
}

#[test]
fn client_certificate_is_presented() {
    let certificates = Certificates::new();
    let url = on_servers(certificates.serve(ClientCertificate::Required));
    let trusting = || UreqTransport::builder().root_certificates(&*certificates.authority);
    let (chain, key) = &certificates.client;
    let transport = trusting()
        .client_certificate(&**chain, &**key)
        .build()
        .unwrap();
    assert_eq!(transport.send(get(&url), AMPLE).unwrap().body(), "secure");
    let without = trusting().build().unwrap();
    assert!(without.send(get(&url), AMPLE).is_err());
}

#[test]
fn only_roots_replace_earlier_ones() {
    let certificates = Certificates::new();
    let url = on_servers(certificates.serve(ClientCertificate::None));
    let transport = UreqTransport::builder()
        .root_certificates(&*certificates.authority)
        .only_root_certificates(&*Certificates::new().authority)
        .build()
        .unwrap();
    let error = transport.send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}

#[test]
fn client_certificate_is_kept_out_of_debug() {
    let certificates = Certificates::new();
    let (chain, key) = &certificates.client;
    let builder = UreqTransport::builder().client_certificate(&**chain, &**key);
    assert_eq!(format!("{builder:?}"), "UreqTransportBuilder { .. }");
    let transport = builder.build().unwrap();
    let shown = format!("{transport:?}");
    assert_eq!(shown, "UreqTransport { body_limit: 8388608, .. }");
}

#[test]
fn invalid_setting_is_rejected_by_name() {
    let certificates = Certificates::new();
    let (chain, key) = &certificates.client;
    let other_key = &certificates.server.1;
    let new = UreqTransport::builder;
    let connector = || new().connector(TcpConnector::default());
    let config = || new().config(Config::builder().proxy(None).build());
    for (builder, field) in [
        (new().root_certificates("canary"), "root certificates"),
        (new().only_root_certificates(""), "root certificates"),
        (
            new().client_certificate(&**chain, "canary"),
            "client certificate",
        ),
        (
            new().client_certificate("canary", &**key),
            "client certificate",
        ),
        (
            new().client_certificate(&**chain, &**other_key),
            "client certificate",
        ),
        (new().proxy("socks4://canary"), "proxy URL"),
        (new().proxy("http://user:canary%ff@proxy"), "proxy URL"),
        (
            connector().root_certificates(&*certificates.authority),
            "config or connector",
        ),
        (config().proxy("http://canary:3128"), "config or connector"),
    ] {
        let invalid = builder.build().unwrap_err();
        assert_eq!(invalid.field(), field);
        assert!(!format!("{invalid} {invalid:?}").contains("canary"));
    }
}
