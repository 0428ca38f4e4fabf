//! What goes out.

use std::net::SocketAddr;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{Sent, TransportError, http};

use super::same;
use crate::bench::{Bench, Checked, Unmet, error, get, post, request, target, told};
use crate::server::{Received, Server, answer};
use crate::subject::Subject;

pub(super) async fn redirects<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let elsewhere = all_well()?;
    let port = elsewhere.address().port();
    // Another host by its name as well.
    let places = [format!("http://localhost:{port}/stolen"), "/moved".into()];
    for status in [301_u16, 302, 303, 307, 308] {
        for place in &places {
            let head = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
            );
            let here = Server::start(move |connection| {
                while let Some(received) = connection.request()? {
                    match received.name() {
                        "redirected" => connection.write(&head)?,
                        _ => connection.write(answer("200 OK", ""))?,
                    }
                }
                Ok(())
            })?;
            let sent = [
                get(here.address(), "redirected"),
                post(here.address(), "redirected", "{}"),
            ];
            for sent in sent {
                let what = format!("{status} to {place} after {}", sent.method());
                let seen = bench.answered(sent).await;
                if let Some(followed) = elsewhere.received().first() {
                    let key = match followed.values("authorization").is_empty() {
                        true => "without",
                        false => "with",
                    };
                    let why = format!("{what}: followed to another host, {key} the key");
                    return Err(Unmet::Failed(why));
                }
                let seen = seen.map_err(|why| format!("{what}: {why}"))?;
                same(&what, &seen.status().as_u16(), &status)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn line<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = all_well()?;
    // What URL libraries like to change: encoded and empty segments, what is not encoded, order.
    let targets = [
        target("line"),
        "/customer/a%2Fb%3Fc%23d%25e+f%40example.com".into(),
        "/customer/%e2%82%ac%E2%82%AC/~!$&'()*,;=:@".into(),
        "/customer?b=2&a=1&a=&c=%20+%2B&from=2026-01-01T00:00:00.000Z".into(),
        "/".into(),
    ];
    for target in targets {
        for method in [http::Method::GET, http::Method::POST, http::Method::PUT] {
            let expected = format!("{method} {target} HTTP/1.1");
            let url = format!("http://{}{target}", server.address());
            let body = match method {
                http::Method::GET => Bytes::new(),
                _ => Bytes::from_static(b"{}"),
            };
            let received = received(bench, &server, request(method, &url, body)).await?;
            // 1.0 will do.
            let seen = received.line.replace("HTTP/1.0", "HTTP/1.1");
            same("request line", &seen, &expected)?;
        }
    }
    Ok(())
}

pub(super) async fn headers<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = all_well()?;
    for mut sent in [
        get(server.address(), "headers"),
        post(server.address(), "headers", r#"{"first_name":"Ada"}"#),
    ] {
        for (name, value) in [
            ("x-twice", "one"),
            ("x-twice", "Two, three"),
            ("x-odd", "\"a\";  b"),
        ] {
            let value = http::HeaderValue::from_static(value);
            sent.headers_mut().append(name, value);
        }
        let given = sent.headers().clone();
        let length = sent.body().len();
        let received = received(bench, &server, sent).await?;
        for name in given.keys() {
            let expected: Vec<_> = given
                .get_all(name)
                .iter()
                .map(|value| value.as_bytes())
                .collect();
            let [expected, seen] = [expected, received.values(name.as_str())].map(shown);
            same(name.as_str(), &seen, &expected)?;
        }
        for (name, value) in &received.headers {
            let value = String::from_utf8_lossy(value);
            let expected = match name.as_str() {
                "host" => server.address().to_string(),
                "content-length" => length.to_string(),
                "connection" | "keep-alive" | "te" => value.to_string(),
                _ if given.contains_key(name) => continue,
                _ => return Err(Unmet::Failed(format!("{name}: {value} was added"))),
            };
            same(name, &value.into_owned(), &expected)?;
        }
        same("how many host headers", &received.values("host").len(), &1)?;
    }
    Ok(())
}

pub(super) async fn body<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = all_well()?;
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    let large = all_bytes.repeat(400);
    let json = r#"{"first_name":"Adé",  "last_name":"\u00e9\r\n"}"#.as_bytes();
    for expected in [json, &all_bytes, &large] {
        let sent = post(server.address(), "body", expected.to_vec());
        let received = received(bench, &server, sent).await?;
        let length = expected.len();
        if received.values("content-length").len() != 1 {
            let why = format!("expected a Content-Length of {length}, seen none, or more than one");
            return Err(Unmet::Failed(why));
        }
        if received.body != expected {
            let seen: String = String::from_utf8_lossy(&received.body)
                .chars()
                .take(80)
                .collect();
            let why = format!("expected {length} bytes unchanged, seen others: {seen:?}");
            return Err(Unmet::Failed(why));
        }
    }
    let none = received(bench, &server, get(server.address(), "body")).await?;
    same("body of a GET", &none.body.len(), &0)?;
    for method in [http::Method::POST, http::Method::PUT] {
        let url = format!("http://{}{}", server.address(), target("body"));
        let none = received(bench, &server, request(method.clone(), &url, Bytes::new())).await?;
        // A length of zero need not be told.
        let is_bare = |(name, value): &(String, Vec<u8>)| match name.as_str() {
            "content-length" => value == b"0",
            "transfer-encoding" => false,
            _ => true,
        };
        if !none.headers.iter().all(is_bare) {
            let why = format!("{method} without a body: seen the headers of one");
            return Err(Unmet::Failed(why));
        }
    }
    Ok(())
}

/// Whatever comes of a request that is there, it is not sent again: not after an answer that asks for
/// it, not after half an answer, and not after none.
pub(super) async fn sent_once<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    for end in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Whatever\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Whatever\r\nConnection: close\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    ] {
        ends_after(bench, end).await?;
    }
    reset_once(bench).await?;
    silent_once(bench).await
}

/// The connection ends with this answer, or without one: a new connection, and one that has been used
/// before.
async fn ends_after<S: Subject>(bench: &Bench<'_, S>, end: &'static str) -> Checked {
    for is_used in [false, true] {
        let server = Server::start(move |connection| {
            while let Some(received) = connection.request()? {
                if received.name() == "once" {
                    return connection.write(end);
                }
                connection.write(answer("200 OK", "warm"))?;
            }
            Ok(())
        })?;
        let to: SocketAddr = server.address();
        let sent = [get(to, "once"), post(to, "once", "{}")];
        for (number, sent) in (1..).zip(sent) {
            if is_used {
                bench.answered(get(to, "warm")).await?;
            }
            let what = format!("{} and then {end:?}, closed", sent.method());
            let sending = bench.send(sent, bench.patience).await;
            let received = server.received();
            let seen = received.iter().filter(|one| one.name() == "once").count();
            same(&format!("{what}: how often it was sent"), &seen, &number)?;
            if end.is_empty() {
                expect_maybe(
                    &what,
                    &error(sending).map_err(|why| format!("{what}: {why}"))?,
                )?;
            }
        }
    }
    Ok(())
}

/// Part of it is there, and the close is a reset.
async fn reset_once<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let server = Server::start(|connection| connection.first_byte())?;
    let sent = post(server.address(), "once", vec![b'x'; 1 << 16]);
    bench.send(sent, bench.patience).await;
    let what = "reset at the first byte: how many connections";
    Ok(same(what, &server.accepted(), &1)?)
}

/// Longer than a client may wait that hopes for more luck with another connection.
const SILENCE: Duration = Duration::from_millis(300);

async fn silent_once<S: Subject>(bench: &Bench<'_, S>) -> Checked {
    let stall = bench.stall();
    let server = Server::start(move |connection| {
        connection.request()?;
        connection.stall(stall)
    })?;
    let sent = post(server.address(), "once", "{}");
    bench.send(sent, SILENCE).await;
    let seen = server.received().len();
    if seen > 1 {
        let why = format!("silence for {SILENCE:?}: it was sent {seen} times");
        return Err(Unmet::Failed(why));
    }
    Ok(())
}

pub(super) fn expect_maybe(what: &str, error: &TransportError) -> Result<(), String> {
    if error.sent() == Sent::Maybe {
        return Ok(());
    }
    Err(format!("{what}: expected `Maybe`, seen {}", told(error)))
}

/// Answers everything.
fn all_well() -> std::io::Result<Server> {
    Server::start(|connection| {
        while connection.request()?.is_some() {
            connection.write(answer("200 OK", "{}"))?;
        }
        Ok(())
    })
}

/// A request as it arrives.
async fn received<S: Subject>(
    bench: &Bench<'_, S>,
    server: &Server,
    request: http::Request<Bytes>,
) -> Result<Received, String> {
    bench.answered(request).await?;
    let last = server.received().pop();
    last.ok_or_else(|| "expected a request, none came".into())
}

/// Header values for a message.
fn shown(values: Vec<&[u8]>) -> Vec<String> {
    let shown = |value| String::from_utf8_lossy(value).into_owned();
    values.into_iter().map(shown).collect()
}
