//! A server that responds at once with one of three bodies. It prints its address and runs until it is killed.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use paystack_benches::{PAGE, bodies};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let page = Bytes::from(bodies::exampled(PAGE));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let page = page.clone();
        let service = service_fn(move |request| respond(request, page.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond(
    request: Request<Incoming>,
    page: Bytes,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = match (request.method(), request.uri().path()) {
        (&Method::POST, _) => Bytes::from_static(bodies::CREATED.as_bytes()),
        (_, "/customer") => page,
        _ => Bytes::from_static(bodies::FETCHED.as_bytes()),
    };
    // The server reuses the connection only after it has read the request.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(body));
    for (name, value) in [
        (CONTENT_TYPE, "application/json; charset=utf-8"),
        (HeaderName::from_static("x-ratelimit-limit"), "600"),
        (HeaderName::from_static("x-ratelimit-remaining"), "599"),
        (HeaderName::from_static("x-ratelimit-reset"), "60"),
        (
            HeaderName::from_static("x-request-id"),
            "req_0123456789abcdef",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
