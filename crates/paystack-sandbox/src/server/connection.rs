//! The connections of a server, and the requests on them.

use std::io::{self, Cursor};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, join};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::response_body::{self, ResponseBody};
use super::{ServedSandbox, access, control, request_body};
use crate::exchange::Lost;
use crate::faults::Fault;
use crate::response::Response as JsonResponse;

/// The first bytes of each HTTP/2 connection.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Accepts connections. Dropping the future closes them.
pub(super) async fn accept(listener: TcpListener, served: Arc<ServedSandbox>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&served)));
                }
                // Most likely the process has no file descriptors left: wait until some are free.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(mut stream: TcpStream, served: Arc<ServedSandbox>) {
    // Small responses must not wait for an acknowledgement. Only the speed depends on it.
    let _ = stream.set_nodelay(true);
    let request_timeout = served.request_timeout;
    let first_bytes = timeout(request_timeout, read_version(&mut stream)).await;
    let Ok(Ok(first_bytes)) = first_bytes else {
        return;
    };
    let is_http2 = first_bytes.starts_with(HTTP2_PREFACE);
    let (reader, writer) = stream.into_split();
    let stream = TokioIo::new(join(Cursor::new(first_bytes).chain(reader), writer));
    let service = service_fn(move |request| respond(request, Arc::clone(&served)));
    // The client notices a broken connection by itself. An error of the service closes it on purpose.
    if is_http2 {
        let mut server = http2::Builder::new(TokioExecutor::new());
        server
            .timer(TokioTimer::new())
            .keep_alive_interval(request_timeout)
            .keep_alive_timeout(request_timeout);
        let _ = server.serve_connection(stream, service).await;
    } else {
        let mut server = http1::Builder::new();
        server
            .timer(TokioTimer::new())
            .header_read_timeout(request_timeout);
        let _ = server.serve_connection(stream, service).await;
    }
}

/// Reads until the bytes show the version of HTTP. Returns all bytes that it read.
async fn read_version(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4096);
    while HTTP2_PREFACE.starts_with(&bytes) && bytes.len() < HTTP2_PREFACE.len() {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(bytes)
}

/// Responds to a request. An error closes the connection without a response.
async fn respond(
    request: Request<Incoming>,
    served: Arc<ServedSandbox>,
) -> io::Result<Response<ResponseBody>> {
    let (head, body) = request.into_parts();
    // Before the body is read, so that a foreign page cannot fill the memory.
    if let Err(refusal) = access::check(&head, served.address.ip(), &served.allowed_hosts) {
        let response = JsonResponse::from(refusal).into_http();
        return Ok(response.map(response_body::complete));
    }
    if control::is_control(&head) {
        let body = request_body::read(&head, body, served.request_timeout).await;
        return Ok(control::respond(&served, &head, body));
    }
    let fault = served.with(|sandbox, _| sandbox.choose_fault(&head.method, &head.uri));
    let closes_early = fault.as_ref().is_some_and(Fault::closes_before_request);
    let body = if closes_early {
        Ok(Bytes::new())
    } else {
        request_body::read(&head, body, served.request_timeout).await
    };
    let (body, refusal) = match body {
        Ok(body) => (body, None),
        Err(refusal) => (Bytes::new(), Some(refusal)),
    };
    let request = Request::from_parts(head, body);
    let exchange =
        served.with(|sandbox, now| sandbox.exchange_with_fault(now, request, refusal, fault));
    if !exchange.delay.is_zero() {
        tokio::time::sleep(exchange.delay).await;
    }
    match exchange.result {
        Ok(response) => Ok(response.map(response_body::complete)),
        Err(Lost::MidResponse(response)) => Ok(response.map(response_body::broken_off)),
        Err(Lost::BeforeRequest | Lost::BeforeResponse) => {
            Err(io::ErrorKind::ConnectionAborted.into())
        }
    }
}
