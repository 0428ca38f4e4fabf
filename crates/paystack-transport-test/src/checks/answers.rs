//! What comes back.

use std::thread;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::http;

use super::same;
use crate::bench::{Bench, Checked, Unmet, get, not_no, post};
use crate::server::{Server, answer};
use crate::subject::Subject;

pub(super) async fn statuses<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = Server::start(|connection| {
        while let Some(received) = connection.request()? {
            let status = received.name();
            connection.write(match status {
                // Never with a body.
                "204" | "304" => format!("HTTP/1.1 {status} Whatever\r\n\r\n").into_bytes(),
                _ => answer(&format!("{status} Whatever"), "{}"),
            })?;
        }
        Ok(())
    })?;
    for status in 200_u16..600 {
        let sent = get(server.address(), &status.to_string());
        let seen = bench.answered(sent).await;
        let seen = seen.map_err(|why| format!("{status}: {why}"))?;
        same("status", &seen.status().as_u16(), &status)?;
        if !matches!(status, 204 | 304) {
            let what = format!("body of a {status}");
            same(&what, seen.body(), &Bytes::from_static(b"{}"))?;
        }
    }
    Ok(())
}

pub(super) async fn repeated_headers<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let answer = "HTTP/1.1 200 OK\r\nX-Twice: one\r\nX-Between: b\r\nx-twice: Two, three\r\n\
                  X-TWICE: one\r\nx-twice: last\r\nX-Empty:\r\nContent-Length: 2\r\n\r\n{}";
    let seen = answered(bench, answer).await?;
    let header = |name| values(&seen, name);
    let expected: [&[u8]; 4] = [b"one", b"Two, three", b"one", b"last"];
    same(
        "x-twice",
        &header("x-twice"),
        &expected.map(Vec::from).to_vec(),
    )?;
    same("x-between", &header("x-between"), &vec![b"b".to_vec()])?;
    same("x-empty", &header("x-empty"), &vec![Vec::new()])?;
    Ok(())
}

pub(super) async fn header_bytes<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let odd = b"\"A\";  b\t=\xC3\xA9 \xE9\xFF";
    let head: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Odd: ";
    let seen = answered(bench, [head, odd, b"\r\n\r\n{}"].concat()).await?;
    same("x-odd", &values(&seen, "x-odd"), &vec![odd.to_vec()])?;
    Ok(())
}

pub(super) async fn body_bytes<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let body: Vec<u8> = (0..=u8::MAX).collect::<Vec<_>>().repeat(4);
    let length = body.len();
    // Nobody asked for gzip, which this is not either.
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=latin-1\r\n\
         Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
    );
    let seen = answered(bench, [head.as_bytes(), &body].concat()).await?;
    if *seen.body() != body {
        let why = format!(
            "expected {length} bytes unchanged, seen {} others",
            seen.body().len()
        );
        return Err(Unmet::Failed(why));
    }
    let encoding = values(&seen, "content-encoding");
    same("content-encoding", &encoding, &vec![b"gzip".to_vec()])?;
    Ok(())
}

pub(super) async fn interim<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let interim = [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    ];
    for before in [interim.concat().as_str()].iter().chain(&interim) {
        let what = before.lines().next().unwrap_or_default();
        let seen = answered(bench, format!("{before}{last}")).await;
        let seen = seen.map_err(|unmet| under(what, unmet))?;
        same(what, &seen.status().as_u16(), &200)?;
        same(what, seen.body(), &Bytes::from_static(b"{}"))?;
        same(
            "link, of an interim answer",
            &values(&seen, "link"),
            &Vec::new(),
        )?;
    }
    Ok(())
}

pub(super) async fn http_1_0<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    for head in ["", "Content-Length: 2\r\n"] {
        let seen = answered(bench, format!("HTTP/1.0 200 OK\r\n{head}\r\n{{}}")).await?;
        same("status", &seen.status().as_u16(), &200)?;
        same("body", seen.body(), &Bytes::from_static(b"{}"))?;
    }
    Ok(())
}

pub(super) async fn chunked<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    // A byte at a time: no chunk may be taken for a piece that arrives.
    let slowly = Server::start(|connection| {
        while connection.request()?.is_some() {
            let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                          1\r\n{\r\nB;name=\"value\"\r\n\"id\":1173}\n\r\n0000\r\nX-Trailer: late\r\n\r\n";
            for byte in answer.as_bytes() {
                connection.write([*byte])?;
            }
        }
        Ok(())
    })?;
    // The second one, on the same connection, finds nothing left of the first.
    for _ in 0..2 {
        let seen = bench.answered(get(slowly.address(), "chunked")).await?;
        same("body", seen.body(), &Bytes::from_static(b"{\"id\":1173}\n"))?;
    }
    let large = answered(bench, {
        let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
        let chunks = chunk.repeat(4);
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n{chunks}0\r\n\r\n")
    });
    same("length", &large.await?.body().len(), &0x1_0000)?;
    Ok(())
}

pub(super) async fn no_length<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = Server::start(|connection| {
        connection.request()?;
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")?;
        thread::sleep(Duration::from_millis(20));
        connection.write("}")
    })?;
    let seen = bench.answered(get(server.address(), "no-length")).await?;
    same("body", seen.body(), &Bytes::from_static(b"{}"))?;
    Ok(())
}

pub(super) async fn cut_off<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    for short in [
        "Content-Length: 10\r\n\r\n",
        "Content-Length: 10\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ] {
        let server = answering(format!("HTTP/1.1 200 OK\r\n{short}"))?;
        let failed = bench.fails(post(server.address(), "cut-off", "{}")).await;
        let error = failed.map_err(|why| format!("{short:?}, then closed: {why}"))?;
        not_no(&error)?;
    }
    Ok(())
}

/// Answers a request with these bytes and closes the connection.
fn answering(bytes: impl Into<Vec<u8>>) -> std::io::Result<Server> {
    let bytes = bytes.into();
    Server::start(move |connection| {
        connection.request()?;
        connection.write(&bytes)
    })
}

async fn answered<S: Subject>(
    bench: &Bench<'_, S>,
    bytes: impl Into<Vec<u8>>,
) -> Result<http::Response<Bytes>, Unmet> {
    let server = answering(bytes)?;
    Ok(bench.answered(get(server.address(), "answer")).await?)
}

fn values(answer: &http::Response<Bytes>, name: &str) -> Vec<Vec<u8>> {
    let values = answer.headers().get_all(name).iter();
    values.map(|value| value.as_bytes().to_vec()).collect()
}

fn under(what: &str, unmet: Unmet) -> Unmet {
    match unmet {
        Unmet::Failed(why) => Unmet::Failed(format!("{what}: {why}")),
        unchecked @ Unmet::Unchecked(_) => unchecked,
    }
}
