//! Checks of the requests that reach the server.

use paystack_transport::bytes::Bytes;
use paystack_transport::http;

use crate::harness::{
    CheckError, CheckResult, Harness, expect_eq, get, post, request, target, unknown_encoding,
};
use crate::server::{ReceivedRequest, Server, response};
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn redirects<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let other_host = ok_server()?;
    let port = other_host.address().port();
    // One location differs from the request in host name and port.
    let locations = [format!("http://localhost:{port}/stolen"), "/moved".into()];
    for status in [301_u16, 302, 303, 307, 308] {
        for location in &locations {
            let head = format!(
                "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            );
            let server = Server::start(move |connection| {
                while let Some(received) = connection.read_request()? {
                    match received.name() {
                        "redirected" => connection.write(&head)?,
                        _ => connection.write(response("200 OK", ""))?,
                    }
                }
                Ok(())
            })?;
            let requests = [
                get(server.address(), "redirected"),
                post(server.address(), "redirected", "{}"),
            ];
            for request in requests {
                let context = format!("{status} to {location} after {}", request.method());
                let result = harness.expect_response(request).await;
                if let Some(request) = other_host.received_requests().first() {
                    let key = match request.values("authorization").is_empty() {
                        true => "without",
                        false => "with",
                    };
                    let fault = format!("{context}: followed to another host, {key} the key");
                    return Err(CheckError::Failed(fault));
                }
                let response = result.map_err(|fault| format!("{context}: {fault}"))?;
                expect_eq(&context, &response.status().as_u16(), &status)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn line<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = ok_server()?;
    // Targets that URL libraries tend to normalize: encodings, unencoded characters, empty values, order.
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
            let received = received(harness, &server, request(method, &url, body)).await?;
            // HTTP/1.0 is acceptable.
            let actual = received.line.replace("HTTP/1.0", "HTTP/1.1");
            expect_eq("request line", &actual, &expected)?;
        }
    }
    Ok(())
}

pub(super) async fn headers<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = ok_server()?;
    for mut request in [
        get(server.address(), "headers"),
        post(server.address(), "headers", r#"{"first_name":"Ada"}"#),
    ] {
        for (name, value) in [
            ("x-twice", "one"),
            ("x-twice", "Two, three"),
            ("x-odd", "\"a\";  b"),
        ] {
            let value = http::HeaderValue::from_static(value);
            request.headers_mut().append(name, value);
        }
        let sent = request.headers().clone();
        let length = request.body().len();
        let received = received(harness, &server, request).await?;
        for name in sent.keys() {
            let expected: Vec<_> = sent
                .get_all(name)
                .iter()
                .map(|value| value.as_bytes())
                .collect();
            let [expected, actual] = [expected, received.values(name.as_str())].map(to_strings);
            expect_eq(name.as_str(), &actual, &expected)?;
        }
        for (name, value) in &received.headers {
            let value = String::from_utf8_lossy(value);
            let expected = match name.as_str() {
                "host" => server.address().to_string(),
                "content-length" => length.to_string(),
                // The clause `body-bytes` checks that the transport decodes the response.
                "accept-encoding" if value != "gzip" => {
                    return Err(CheckError::Failed(unknown_encoding(&value)));
                }
                "connection" | "keep-alive" | "te" | "accept-encoding" => value.to_string(),
                _ if sent.contains_key(name) => continue,
                _ => return Err(CheckError::Failed(format!("{name}: {value} was added"))),
            };
            expect_eq(name, &value.into_owned(), &expected)?;
        }
        expect_eq("number of host headers", &received.values("host").len(), &1)?;
    }
    Ok(())
}

pub(super) async fn body<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = ok_server()?;
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect();
    let large = all_bytes.repeat(400);
    let json = r#"{"first_name":"Adé",  "last_name":"\u00e9\r\n"}"#.as_bytes();
    for expected in [json, &all_bytes, &large] {
        let request = post(server.address(), "body", expected.to_vec());
        let received = received(harness, &server, request).await?;
        let length = expected.len();
        let count = received.values("content-length").len();
        if count != 1 {
            let fault = format!("expected one Content-Length of {length}, got {count}");
            return Err(CheckError::Failed(fault));
        }
        if received.body != expected {
            let actual: String = String::from_utf8_lossy(&received.body)
                .chars()
                .take(80)
                .collect();
            let fault = format!("expected {length} bytes unchanged, got {actual:?}");
            return Err(CheckError::Failed(fault));
        }
    }
    let bare = received(harness, &server, get(server.address(), "body")).await?;
    expect_eq("body of a GET", &bare.body.len(), &0)?;
    for method in [http::Method::POST, http::Method::PUT] {
        let url = format!("http://{}{}", server.address(), target("body"));
        let bare = received(
            harness,
            &server,
            request(method.clone(), &url, Bytes::new()),
        )
        .await?;
        // A `Content-Length` of zero is optional.
        let is_allowed = |(name, value): &(String, Vec<u8>)| match name.as_str() {
            "content-length" => value == b"0",
            "transfer-encoding" => false,
            _ => true,
        };
        if !bare.headers.iter().all(is_allowed) {
            let fault = format!("{method} without a body: got the headers of a body");
            return Err(CheckError::Failed(fault));
        }
    }
    Ok(())
}

/// Starts a server that responds to every request with 200.
fn ok_server() -> std::io::Result<Server> {
    Server::start(|connection| {
        while connection.read_request()?.is_some() {
            connection.write(response("200 OK", "{}"))?;
        }
        Ok(())
    })
}

/// Sends a request and returns it as the server received it.
async fn received<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    server: &Server,
    request: http::Request<Bytes>,
) -> Result<ReceivedRequest, String> {
    harness.expect_response(request).await?;
    let last = server.received_requests().pop();
    last.ok_or_else(|| "expected a request, the server received none".into())
}

/// Converts header values to strings for messages.
fn to_strings(values: Vec<&[u8]>) -> Vec<String> {
    let to_string = |value| String::from_utf8_lossy(value).into_owned();
    values.into_iter().map(to_string).collect()
}
