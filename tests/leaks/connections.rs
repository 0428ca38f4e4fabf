//! Errors of connections show neither the URL nor the key.

use std::error::Error;
use std::io::Read;

use paystack_tests::transports::{fetch_at, listen};
use paystack_transport::Sent;

use crate::transports::OVER_SOCKETS;

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
            let error = send(vec![fetch_at(address)]).remove(0).unwrap_err();
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

/// Formats an error and its sources with `Display` and `Debug`.
fn everything(error: &dyn Error) -> String {
    let source = error.source().map(everything).unwrap_or_default();
    format!("{error} {error:?} {source}")
}
