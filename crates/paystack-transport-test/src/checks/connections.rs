//! How connections are shared, kept, lost and given up.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{TransportErrorKind, http};

use super::requests::expect_maybe;
use super::same;
use crate::bench::{
    Bench, CLOSED, Checked, Unmet, answer as expect_answer, get, not_no, post, told,
};
use crate::failing_stream::FailingStream;
use crate::server::{Server, answer, lock};
use crate::subject::Subject;

const AT_ONCE: usize = 64;

pub(super) async fn keep_alive<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = Server::start(|connection| {
        while let Some(received) = connection.request()? {
            let name = received.name();
            connection.write(match name {
                "chunked" => {
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nchunked\r\n0\r\n\r\n"
                        .into()
                }
                "204" => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
                // Tells how long the body would have been.
                "304" => b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n".to_vec(),
                "close" => {
                    let last =
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nclose";
                    return connection.write(last);
                }
                _ => answer("200 OK", name),
            })?;
        }
        Ok(())
    })?;
    for before in ["length", "chunked", "204", "304", "close"] {
        for name in [before, "next", "last"] {
            let seen = bench.answered(get(server.address(), name)).await;
            let seen = seen.map_err(|why| format!("{name} after {before}: {why}"))?;
            let (status, body) = match name {
                "204" => (204, ""),
                "304" => (304, ""),
                _ => (200, name),
            };
            let what = format!("{name} after {before}");
            same(&what, &seen.status().as_u16(), &status)?;
            same(&what, seen.body(), &Bytes::copy_from_slice(body.as_bytes()))?;
        }
    }
    Ok(())
}

pub(super) async fn pool_renewed<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    /// Long enough for whoever looks, or is woken.
    const NOTICED: Duration = Duration::from_millis(100);
    let server = Server::start(|connection| {
        connection.request()?;
        connection.write(answer("200 OK", "{}"))?;
        // Not at once: it is to be kept.
        thread::sleep(Duration::from_millis(20));
        Ok(())
    })?;
    bench.answered(get(server.address(), "first")).await?;
    for _ in 0..2 {
        bench.until(bench.patience, || server.open() == 0).await;
        bench.subject.sleep(NOTICED).await;
        let seen = bench.answered(post(server.address(), "next", "{}")).await;
        seen.map_err(|why| format!("after the server closed the connection: {why}"))?;
    }
    Ok(())
}

pub(super) async fn at_once<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let gathering = Arc::new(Gathering::default());
    let patience = bench.patience;
    let gathered = Arc::clone(&gathering);
    let server = Server::start(move |connection| {
        while let Some(received) = connection.request()? {
            if !gathered.wait(received.name(), patience) {
                return Ok(());
            }
            connection.write(answer("200 OK", received.name()))?;
        }
        Ok(())
    })?;
    let names: Vec<_> = (0..AT_ONCE)
        .map(|number| format!("call-{number}"))
        .collect();
    let requests = names.iter().map(|name| get(server.address(), name));
    let Some(all) = bench.send_all(requests.collect()).await else {
        let why = "the transport cannot be shared between threads";
        return Err(Unmet::Unchecked(why.into()));
    };
    let seen = gathering.names().len();
    if seen < AT_ONCE {
        let why = format!("expected {AT_ONCE} requests at the server at once, seen {seen}");
        return Err(Unmet::Failed(why));
    }
    for (name, sending) in names.into_iter().zip(all) {
        let seen = expect_answer(sending).map_err(|why| format!("{name}: {why}"))?;
        same("the answer to a call", seen.body(), &Bytes::from(name))?;
    }
    Ok(())
}

/// Lets requests go on when all are there.
#[derive(Default)]
struct Gathering {
    /// And whether it was given up.
    there: Mutex<(BTreeSet<String>, bool)>,
    changed: Condvar,
}

impl Gathering {
    /// Whether they came, within half of this time.
    fn wait(&self, name: &str, patience: Duration) -> bool {
        let mut there = lock(&self.there);
        if there.1 {
            return false;
        }
        there.0.insert(name.into());
        self.changed.notify_all();
        let half = patience.checked_div(2).unwrap_or_default();
        let waited = self
            .changed
            .wait_timeout_while(there, half, |there| there.0.len() < AT_ONCE && !there.1);
        let (mut there, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        there.1 |= waited.timed_out();
        self.changed.notify_all();
        !there.1
    }

    fn names(&self) -> BTreeSet<String> {
        lock(&self.there).0.clone()
    }
}

pub(super) async fn broken<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    // Without the rest of the request being read, the close is a reset.
    let reset = Server::start(|connection| connection.first_byte())?;
    let failed = bench
        .fails(post(reset.address(), "reset", vec![b'x'; 1 << 16]))
        .await;
    breaks("reset at the first byte", failed)?;
    for sent in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        "hello\r\n\r\n",
    ] {
        let server = Server::start(move |connection| {
            connection.request()?;
            connection.write(sent)
        })?;
        let what = format!("closed after {sent:?}");
        breaks(&what, bench.fails(get(server.address(), "closed")).await)?;
        breaks(
            &what,
            bench.fails(post(server.address(), "closed", "{}")).await,
        )?;
    }
    Ok(())
}

/// Resets and closes, at the first byte and in the middle of a request that no socket buffers whole.
pub(super) async fn error_numbers<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = Server::start(|connection| connection.first_byte())?;
    for size in [2, 1 << 16, 1 << 24] {
        let what = format!("reset at the first byte of a body of {size} bytes");
        let sent = post(server.address(), "reset", vec![b'x'; size]);
        not_no(
            &bench
                .fails(sent)
                .await
                .map_err(|why| format!("{what}: {why}"))?,
        )?;
    }
    not_no(&bench.fails(get(server.address(), "reset")).await?)?;
    Ok(())
}

/// The same over a stream of the suite's own, which fails with any error at will.
pub(crate) async fn failing_stream<S: Subject>(
    bench: &Bench<'_, S>,
    stream: &FailingStream,
) -> Checked {
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
    for sent in [
        post(nowhere, "failing", "{}"),
        post(nowhere, "failing", vec![b'x'; 1 << 20]),
        get(nowhere, "failing"),
    ] {
        let what = format!("{} over {stream:?}", sent.method());
        let error = bench.fails(sent).await;
        let error = error.map_err(|why| format!("{what}: {why}"))?;
        not_no(&error).map_err(|why| format!("{what}: {why}"))?;
    }
    Ok(())
}

fn breaks(
    what: &str,
    failed: Result<paystack_client::TransportError, String>,
) -> Result<(), String> {
    let error = failed.map_err(|why| format!("{what}: {why}"))?;
    expect_maybe(what, &error)?;
    match error.kind() {
        TransportErrorKind::Io | TransportErrorKind::Other => Ok(()),
        _ => Err(format!(
            "{what}: expected Io or Other, seen {}",
            told(&error)
        )),
    }
}

pub(super) async fn dropped<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    before_the_answer(bench).await?;
    in_the_body(bench).await
}

/// Mostly long enough for the request to be there, and short for the suite.
const GIVEN_UP: Duration = Duration::from_millis(100);

async fn before_the_answer<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let stall = bench.stall();
    for within in [GIVEN_UP, bench.patience] {
        let server = Server::start(move |connection| {
            connection.request()?;
            connection.stall(stall)
        })?;
        let sent = post(server.address(), "given-up", "{}");
        give_up(bench, sent, within).await?;
        if server.received().is_empty() {
            continue;
        }
        if bench.until(CLOSED, || server.open() == 0).await {
            return Ok(());
        }
        let why = format!("a request that was given up holds its connection {CLOSED:?} later");
        return Err(Unmet::Failed(why));
    }
    Err(Unmet::Failed("expected a request, none came".into()))
}

/// The rest comes late. Whatever becomes of the connection, it is not taken for the next answer.
async fn in_the_body<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    /// So long the server waits before it goes on.
    const LATE: Duration = Duration::from_millis(300);
    let server = Server::start(|connection| {
        while let Some(received) = connection.request()? {
            if received.name() != "given-up" {
                connection.write(answer("200 OK", received.name()))?;
                continue;
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\ngiv")?;
            if connection.is_closed_within(LATE)? {
                return Ok(());
            }
            connection.write("en-up")?;
        }
        Ok(())
    })?;
    let sent = get(server.address(), "given-up");
    give_up(bench, sent, GIVEN_UP).await?;
    bench.until(LATE, || server.open() == 0).await;
    for name in ["next", "last"] {
        let seen = bench.answered(get(server.address(), name)).await;
        let seen = seen.map_err(|why| format!("after one that was given up: {why}"))?;
        let what = "the answer after one that was given up";
        same(what, seen.body(), &Bytes::from_static(name.as_bytes()))?;
    }
    Ok(())
}

async fn give_up<S: Subject>(
    bench: &Bench<'_, S>,
    request: http::Request<Bytes>,
    within: Duration,
) -> Checked {
    match bench.send(request, within).await {
        None => Ok(()),
        // Which error it is, another clause asks.
        Some(Err(_)) => Ok(()),
        Some(Ok(answer)) => {
            let status = answer.status().as_u16();
            let why = format!("seen an answer with status {status} that was not there yet");
            Err(Unmet::Failed(why))
        }
    }
}
