//! Errors of connections show neither the URL nor the key.

use std::error::Error;
use std::io::Read;

use paystack_hyper::HyperTransport;
use paystack_tests::transports::{
    LIMIT, compio, fetch_at, listen, local_tokio, smol, std_exchange, tokio_runtime, tower,
};
use paystack_transport::bytes::Bytes;
use paystack_transport::local::LocalTransport;
use paystack_transport::{BlockingTransport, Sent, Transport, TransportError};
use paystack_ureq::UreqTransport;

#[test]
fn connection_error_shows_neither_url_nor_key() {
    // A bound port without a listener refuses connections.
    let refusing = ::tokio::net::TcpSocket::new_v4().unwrap();
    refusing.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refusing = refusing.local_addr().unwrap();
    let breaking = listen(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
    });
    for (name, send) in OVER_SOCKETS {
        // Without `classify`, tower cannot interpret hyper's errors.
        let unsent = match name {
            "tower around hyper" => Sent::Maybe,
            _ => Sent::No,
        };
        for (address, sent) in [(refusing, unsent), (breaking, Sent::Maybe)] {
            let error = send(fetch_at(address)).unwrap_err();
            assert_eq!(error.sent(), sent, "{name}");
            let shown = everything(&error);
            let port = address.port().to_string();
            for secret in [
                "ada",
                "example.com",
                "3f2a9c",
                "/customer",
                "127.0.0.1",
                &port,
            ] {
                assert!(!shown.contains(secret), "{name}: {shown}");
            }
        }
    }
}

type Sending = fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;

/// Each transport with sockets, by name, on its own runtime.
const OVER_SOCKETS: [(&str, Sending); 8] = [
    ("hyper", |request| {
        tokio_runtime().block_on(async { Transport::send(&HyperTransport::new(), request).await })
    }),
    ("tower around hyper", |request| {
        tokio_runtime()
            .block_on(async { Transport::send(&tower::hyper_with_layers(LIMIT), request).await })
    }),
    ("tower around reqwest", |request| {
        tokio_runtime().block_on(async { Transport::send(&tower::reqwest(LIMIT), request).await })
    }),
    ("tokio on one thread", |request| {
        let local = local_tokio::LocalTokio::new();
        ::tokio::task::LocalSet::new()
            .block_on(&tokio_runtime(), LocalTransport::send(&local, request))
    }),
    ("smol", |request| {
        ::smol::block_on(Transport::send(&smol::SmolTransport::new(), request))
    }),
    ("compio", |request| {
        let runtime = ::compio::runtime::Runtime::new().unwrap();
        runtime.block_on(LocalTransport::send(
            &compio::CompioTransport::new(),
            request,
        ))
    }),
    ("ureq", |request| UreqTransport::new().send(request, None)),
    ("std socket", |request| {
        std_exchange::exchange(&request, None)
    }),
];

/// Formats an error and its sources with `Display` and `Debug`.
fn everything(error: &dyn Error) -> String {
    let source = error.source().map(everything).unwrap_or_default();
    format!("{error} {error:?} {source}")
}
