//! `TowerTransport` around a stack of layers, an axum router and reqwest.

use std::error::Error;
use std::iter::successors;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use http_body_util::Full;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use paystack_sandbox::SandboxTransport;
use paystack_tower::TowerTransport;
use paystack_transport::bytes::Bytes;
use paystack_transport::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tower::{ServiceBuilder, service_fn};
use tower_http::set_header::SetRequestHeaderLayer;
use tower_http::timeout::{ResponseBodyTimeoutLayer, TimeoutError};

/// hyper's client with two layers: an additional header, and a time limit on body frames.
pub fn hyper_with_layers(silence: Duration) -> impl Transport {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let name = HeaderName::from_static("x-shop");
    let shop = HeaderValue::from_static("lagos-1");
    let stack = ServiceBuilder::new()
        .layer(SetRequestHeaderLayer::overriding(name, shop))
        .layer(ResponseBodyTimeoutLayer::new(silence))
        .service(service_fn(move |request| {
            let client = client.clone();
            in_a_task(async move { client.request(request).await })
        }));
    TowerTransport::new(stack, TokioTimer::new()).classify_body(|error| {
        let kind = match error.is::<TimeoutError>() {
            true => TransportErrorKind::Timeout,
            false => TransportErrorKind::Io,
        };
        TransportError::new(kind, Sent::Maybe)
    })
}

/// Runs an exchange as a task that lets the runtime look at its sockets first: hyper's pool, which reqwest uses as
/// well, would hand out connections that were closed meanwhile.
async fn in_a_task<T: Send + 'static>(exchange: impl Future<Output = T> + Send + 'static) -> T {
    let mut tasks = tokio::task::JoinSet::new(); // aborts the task when it is dropped
    tasks.spawn(async {
        tokio::task::yield_now().await;
        exchange.await
    });
    tasks.join_next().await.unwrap().unwrap()
}

/// The sandbox behind an axum router, without a socket.
pub fn axum(sandbox: SandboxTransport) -> impl Transport {
    async fn answer(State(sandbox): State<SandboxTransport>, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, 1024 * 1024).await.unwrap();
        let request = http::Request::from_parts(head, body);
        sandbox.send(request).await.unwrap().map(Body::from)
    }
    let router = axum::Router::new().fallback(answer).with_state(sandbox);
    TowerTransport::new(router, TokioTimer::new())
}

/// reqwest, without redirects and without the proxy of the environment.
///
/// Converts from and to reqwest's own request and response types.
pub fn reqwest(limit: Duration) -> impl Transport {
    let client = reqwest::Client::builder().no_proxy().timeout(limit);
    let client = client.redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let service = service_fn(move |request: http::Request<Full<Bytes>>| {
        let client = client.clone();
        async move {
            let request = request.map(reqwest::Body::wrap).try_into()?;
            let response = in_a_task(async move { client.execute(request).await }).await?;
            Ok(http::Response::<reqwest::Body>::from(response))
        }
    });
    let transport = TowerTransport::new(service, TokioTimer::new()).classify(without_url);
    transport.classify_body(|error| match error.downcast() {
        Ok(error) => without_url(*error),
        Err(_) => TransportError::new(TransportErrorKind::Io, Sent::Maybe),
    })
}

/// Removes the URL from reqwest's errors.
///
/// The `Debug` output of a cause shows the address, so the error keeps only the text.
fn without_url(error: reqwest::Error) -> TransportError {
    let (kind, sent) = if error.is_connect() {
        (TransportErrorKind::Connect, Sent::No)
    } else if error.is_timeout() {
        (TransportErrorKind::Timeout, Sent::Maybe)
    } else {
        (TransportErrorKind::Io, Sent::Maybe)
    };
    let error = error.without_url();
    let causes = successors(Some(&error as &(dyn Error + 'static)), |&error| {
        error.source()
    });
    let text: Vec<_> = causes.map(ToString::to_string).collect();
    TransportError::new(kind, sent).with_source(text.join(": "))
}

#[derive(Clone)]
pub struct TokioTimer {
    started: Instant,
}

impl TokioTimer {
    pub fn new() -> Self {
        let started = Instant::now();
        Self { started }
    }
}

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}
