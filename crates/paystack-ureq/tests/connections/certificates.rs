//! A private authority, and a certificate of the client.

use std::time::Duration;

use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport};
use ureq::config::Config;
use ureq::unversioned::transport::TcpConnector;

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
use crate::loopback::run_with_variables;
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
    ] {
        let invalid = builder.build().unwrap_err();
        assert_eq!(invalid.field(), field);
        assert!(!format!("{invalid} {invalid:?}").contains("canary"));
    }
}

#[test]
fn setting_that_does_not_apply_is_rejected_by_name() {
    let certificates = Certificates::new();
    let authority = &*certificates.authority;
    let (chain, key) = &certificates.client;
    let connector = || UreqTransport::builder().connector(TcpConnector::default());
    let config = || UreqTransport::builder().config(Config::builder().proxy(None).build());
    for own in [connector, config] {
        for (builder, field) in [
            (own().root_certificates(authority), "root certificates"),
            (own().only_root_certificates(authority), "root certificates"),
            (
                own().client_certificate(&**chain, &**key),
                "client certificate",
            ),
            #[cfg(feature = "platform-verifier")]
            (own().platform_verifier(), "system certificates"),
            (own().proxy("http://localhost:3128"), "proxy"),
            (own().proxy_from_env(), "proxy"),
        ] {
            assert_eq!(builder.build().unwrap_err().field(), field);
        }
        assert!(own().body_limit(1).build().is_ok());
    }
    let second = Duration::from_secs(1);
    for (builder, field) in [
        (config().connect_timeout(second), "connect timeout"),
        (config().idle_timeout(second), "idle timeout"),
    ] {
        assert_eq!(builder.build().unwrap_err().field(), field);
    }
    let timed = connector().connect_timeout(second).idle_timeout(second);
    assert!(timed.build().is_ok());
}

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
#[test]
fn ssl_cert_file_replaces_the_roots_of_the_system() {
    let certificates = Certificates::new();
    let url = on_servers(certificates.serve(ClientCertificate::None));
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
#[test]
#[ignore = "run by `ssl_cert_file_replaces_the_roots_of_the_system`"]
fn trusts_the_systems_roots() {
    let other = Certificates::new().authority;
    let url = std::env::var("SERVER").unwrap();
    let new = UreqTransport::builder;
    for builder in [
        new().platform_verifier(),
        new().root_certificates(&*other).platform_verifier(),
        new().only_root_certificates(&*other).platform_verifier(),
    ] {
        let transport = builder.build().unwrap();
        assert_eq!(transport.send(get(&url), AMPLE).unwrap().body(), "secure");
    }
    // The last call decides.
    let only = new().platform_verifier().only_root_certificates(&*other);
    let error = only.build().unwrap().send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}

#[cfg(all(target_os = "linux", feature = "platform-verifier"))]
#[test]
#[ignore = "run by `ssl_cert_file_replaces_the_roots_of_the_system`"]
fn distrusts_other_roots() {
    let url = std::env::var("SERVER").unwrap();
    let builder = UreqTransport::builder().platform_verifier();
    let error = builder.build().unwrap().send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::UntrustedCertificate);
}
