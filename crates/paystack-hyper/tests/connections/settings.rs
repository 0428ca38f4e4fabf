//! Settings of connections: protocols, local address, keep-alive probes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    use std::net::IpAddr;

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
