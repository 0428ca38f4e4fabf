//! The connections of a server, and the requests on them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::response_body::{self, ResponseBody};
use super::{ServedSandbox, access, control, request_body};
use crate::exchange::Lost;
use crate::faults::Fault;
use crate::response::{Refusal, Response as JsonResponse};

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

async fn serve(stream: TcpStream, served: Arc<ServedSandbox>) {
    // Small responses must not wait for an acknowledgement. Only the speed depends on it.
    let _ = stream.set_nodelay(true);
    let request_timeout = served.request_timeout;
    let service = service_fn(move |request| respond(request, Arc::clone(&served)));
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(request_timeout);
    // The client notices a broken connection by itself. An error of the service closes it on purpose.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Responds to a request. An error closes the connection without a response.
async fn respond(
    request: Request<Incoming>,
    served: Arc<ServedSandbox>,
) -> io::Result<Response<ResponseBody>> {
    let (head, body) = request.into_parts();
    // Before the body is read, so that a foreign page cannot fill the memory.
    if let Err(refusal) = access::check(&head, &served.allowed_hosts) {
        return Ok(refused(refusal));
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
    match body {
        Ok(body) => exchange(&served, Request::from_parts(head, body), fault).await,
        Err(refusal) => Ok(refused(refusal)),
    }
}

fn refused(refusal: Refusal) -> Response<ResponseBody> {
    let response = JsonResponse::from(refusal).into_http();
    response.map(response_body::complete)
}

async fn exchange(
    served: &ServedSandbox,
    request: Request<Bytes>,
    fault: Option<Fault>,
) -> io::Result<Response<ResponseBody>> {
    let exchange = served.with(|sandbox, now| sandbox.exchange_with_fault(now, request, fault));
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
