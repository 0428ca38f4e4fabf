//! What surely was not sent.

use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{Sent, TransportErrorKind, http};

use crate::bench::{Bench, Checked, Unmet, get, post, request, target, told};
use crate::subject::Subject;

pub(super) async fn refused<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    // The near end of a connection: its port is taken, and nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let connection = TcpStream::connect(listener.local_addr()?)?;
    let address = connection.local_addr()?;
    for sent in [post(address, "refused", "{}"), get(address, "refused")] {
        is_unsent(bench, sent).await?;
    }
    Ok(())
}

pub(super) async fn unknown_name<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    /// Reserved for names that never are (RFC 6761).
    const NOWHERE: &str = "paystack-transport-test.invalid";
    let (told, answer) = mpsc::channel();
    thread::spawn(move || told.send((NOWHERE, 80).to_socket_addrs().is_err()));
    // A resolver that is slow, or knows everything, is no fault of the transport's.
    let patience = bench.patience.checked_div(2).unwrap_or(Duration::ZERO);
    match answer.recv_timeout(patience) {
        Ok(true) => {}
        Ok(false) => {
            return Err(Unmet::Unchecked(
                "the resolver here knows every name".into(),
            ));
        }
        Err(_) => return Err(Unmet::Unchecked("the resolver here does not answer".into())),
    }
    let url = format!("http://{NOWHERE}{}", target("unknown-name"));
    for (method, body) in [(http::Method::POST, "{}"), (http::Method::GET, "")] {
        is_unsent(bench, request(method, &url, body.into())).await?;
    }
    Ok(())
}

async fn is_unsent<S: Subject>(bench: &Bench<'_, S>, sent: http::Request<Bytes>) -> Checked {
    let method = sent.method().clone();
    let error = bench.fails(sent).await?;
    if (error.kind(), error.sent()) == (TransportErrorKind::Connect, Sent::No) {
        return Ok(());
    }
    let why = format!("{method}: expected Connect and No, seen {}", told(&error));
    Err(Unmet::Failed(why))
}
