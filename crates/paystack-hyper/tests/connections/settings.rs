//! Settings of connections: protocols, local address, keep-alive probes.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use paystack_hyper::{HyperTransport, HyperTransportBuilder, Transport};

use crate::loopback::{Certificates, ClientCertificate, get, respond, serve};

/// Returns the protocol that a server of HTTP/1.1 and HTTP/2 negotiates.
async fn negotiated(
    set: impl FnOnce(HyperTransportBuilder) -> HyperTransportBuilder,
) -> Option<String> {
    let certificates = Certificates::new();
    let acceptor = certificates.acceptor(ClientCertificate::None, &["h2", "http/1.1"]);
    let negotiated = Arc::<Mutex<Option<String>>>::default();
    let seen = Arc::clone(&negotiated);
    let port = serve(move |stream| {
        let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
        async move {
            let stream = acceptor.accept(stream).await.ok()?;
            let protocol = stream.get_ref().1.alpn_protocol()?.to_vec();
            *seen.lock().unwrap() = Some(String::from_utf8(protocol).ok()?);
            Some(())
        }
    })
    .await;
    let builder = HyperTransport::builder().only_root_certificates(certificates.authority);
    let transport = set(builder).build().unwrap();
    let request = get(&format!("https://localhost:{port}/"));
    assert!(
        transport.send(request).await.is_err(),
        "the server closes the connection"
    );
    negotiated.lock().unwrap().take()
}

#[tokio::test]
async fn protocol_is_the_one_that_is_set() {
    let any = negotiated(|builder| builder).await;
    assert_eq!(any.as_deref(), Some("h2"));
    let http1 = negotiated(HyperTransportBuilder::http1_only).await;
    assert_eq!(http1.as_deref(), Some("http/1.1"));
    let http2 = negotiated(HyperTransportBuilder::http2_only).await;
    assert_eq!(http2.as_deref(), Some("h2"));
}

/// On Linux, all addresses in 127.0.0.0/8 are this machine.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connection_comes_from_the_local_address() {
    let peers = Arc::<Mutex<Vec<IpAddr>>>::default();
    let seen = Arc::clone(&peers);
    let port = serve(move |stream| {
        seen.lock().unwrap().push(stream.peer_addr().unwrap().ip());
        respond(stream, "ok")
    })
    .await;
    let url = format!("http://127.0.0.1:{port}/");
    let address = IpAddr::from([127, 0, 0, 2]);
    let builder = HyperTransport::builder().local_address(address);
    builder.build().unwrap().send(get(&url)).await.unwrap();
    assert_eq!(*peers.lock().unwrap(), [address]);
}

/// Linux lists the timers of sockets in `/proc/net/tcp`.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn keep_alive_probes_are_sent_if_set() {
    for keepalive in [Some(Duration::from_secs(60)), None] {
        let port = serve(|stream| respond(stream, "ok")).await;
        let builder = HyperTransport::builder().tcp_keepalive(keepalive);
        let transport = builder.build().unwrap();
        let url = format!("http://127.0.0.1:{port}/");
        transport.send(get(&url)).await.unwrap();

        let server = format!("0100007F:{port:04X}");
        let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let sockets = sockets
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>());
        let client = sockets.into_iter().find(|fields| fields[2] == server);
        let timer = client.expect("the socket of the client")[5];
        assert_eq!(timer.starts_with("02:"), keepalive.is_some(), "{timer}");
    }
}

#[test]
fn setting_that_does_not_apply_is_rejected_by_name() {
    let certificates = Certificates::new();
    let authority = &*certificates.authority;
    let (chain, key) = &certificates.client;
    let connector = || HyperTransport::builder().connector(HttpConnector::new());
    let client = || {
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        HyperTransport::builder().client(client)
    };
    let second = Duration::from_secs(1);
    for own in [connector, client] {
        for (builder, field) in [
            (own().http1_only(), "HTTP version"),
            (own().tcp_keepalive(second), "TCP keep-alive"),
            (
                own().local_address(IpAddr::from([127, 0, 0, 1])),
                "local address",
            ),
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
    for (builder, field) in [
        (client().connect_timeout(second), "connect timeout"),
        (client().idle_timeout(second), "idle timeout"),
        (client().http2_only(), "HTTP version"),
    ] {
        assert_eq!(builder.build().unwrap_err().field(), field);
    }
    let timed = connector().connect_timeout(second).idle_timeout(second);
    assert!(timed.http2_only().build().is_ok());
}
