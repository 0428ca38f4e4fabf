//! The transport: each request blocks its thread on a connection of ureq's pool.

use std::fmt;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use http::{HeaderMap, HeaderValue, Method, header};
use paystack_transport::connections::LONGEST_TIMEOUT;
#[cfg(feature = "gzip")]
use paystack_transport::connections::take_gzip;
use paystack_transport::{
    BlockingTransport, InvalidInput, Sent, TransportError, TransportErrorKind,
};
use ureq::{Agent, Body, Error, SendBody};

use crate::connect::Proxies;
use crate::error::classify;
#[cfg(feature = "gzip")]
use crate::gzip;

/// Sends requests over ureq, and blocks the thread until the response is complete.
///
/// | setting | default |
/// | --- | --- |
/// | TLS | rustls with ring; Mozilla's roots |
/// | HTTP | 1.1 |
/// | proxy | none; [`proxy_from_env`](crate::UreqTransportBuilder::proxy_from_env) reads the environment |
/// | name look-up | 3 s |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections | 10, dropped after 30 s |
/// | largest response body | 8 MiB |
/// | response headers | 64 KiB, and 128 of them |
/// | line before a chunk of a body | 20 bytes, extensions included; longer ones are errors |
/// | interim responses | skipped, but `100 Continue` with headers is an error |
/// | redirects | not followed |
///
/// [`builder`](Self::builder) changes them.
///
/// Each request ends when its time is up, unless [an HTTP proxy](crate::UreqTransportBuilder::proxy) is slow. A
/// time-out of more than a day counts as a day.
///
/// An error is [`Sent::No`] only if the name look-up or the connector failed, the proxy and the TLS handshake
/// included. Both run before a connection exists, so no byte of the request can have been written. Every later error
/// is [`Sent::Maybe`], for any error number: Linux returns `ConnectionRefused` on established connections as well.
///
/// ureq writes to `log`, where the level `trace` shows the key and the bodies of responses:
/// [keep it at `debug`](crate#logs).
#[derive(Clone)]
pub struct UreqTransport {
    /// An error, such as a provider of TLS without cipher suites, fails each request.
    connections: Result<Connections, InvalidInput>,
    body_limit: usize,
    accept_encoding: &'static str,
    started: Instant,
}

/// An agent, and the proxy for each of its requests.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) agent: Agent,
    pub(crate) proxies: Proxies,
}

impl UreqTransport {
    pub(crate) fn from_parts(
        connections: Result<Connections, InvalidInput>,
        body_limit: usize,
        accept_encoding: &'static str,
    ) -> Self {
        Self {
            connections,
            body_limit,
            accept_encoding,
            started: Instant::now(),
        }
    }

    fn receive(
        &self,
        Connections { agent, proxies }: &Connections,
        request: http::Request<SendBody<'_>>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, Error> {
        let config = agent.config();
        let own = config.timeouts();
        let within = [within, own.global].into_iter().flatten().min();
        let proxy = proxies.intercept(request.uri());
        let request = agent.configure_request(request);
        let request = request
            .http_status_as_error(false)
            .max_redirects(0)
            .accept("")
            // Another crate may enable ureq's decompression.
            .accept_encoding(self.accept_encoding)
            .proxy(proxy)
            .timeout_global(within.map(clamp))
            .timeout_per_call(own.per_call.map(clamp))
            .timeout_resolve(own.resolve.map(clamp))
            .timeout_connect(own.connect.map(clamp))
            .timeout_send_request(own.send_request.map(clamp))
            .timeout_await_100(own.await_100.map(clamp))
            .timeout_send_body(own.send_body.map(clamp))
            .timeout_recv_response(own.recv_response.map(clamp))
            .timeout_recv_body(own.recv_body.map(clamp))
            .timeout_per_read(config.timeout_per_read().map(clamp))
            .timeout_per_write(config.timeout_per_write().map(clamp));
        let (mut head, body) = agent.run(request.build())?.into_parts();
        let body = self.read(&mut head.headers, body)?;
        Ok(http::Response::from_parts(head, body.into()))
    }

    /// Reads a whole body. A body with a declared length beyond the limit is not read.
    #[cfg_attr(
        not(feature = "gzip"),
        allow(unused_variables, reason = "there is no encoding")
    )]
    fn read(&self, headers: &mut HeaderMap, body: Body) -> Result<Vec<u8>, Error> {
        let limit = u64::try_from(self.body_limit).unwrap_or(u64::MAX);
        #[cfg(feature = "gzip")]
        if !self.accept_encoding.is_empty() && take_gzip(headers) {
            return gzip::decode(body, limit);
        }
        let declared = body.content_length();
        if declared.is_some_and(|declared| declared > limit) {
            return Err(Error::BodyExceedsLimit(limit));
        }
        body.into_with_config().limit(limit).read_to_vec()
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

impl BlockingTransport for UreqTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let connections = self.connections.as_ref().map_err(|invalid| {
            TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(*invalid)
        })?;
        let (mut head, body) = request.into_parts();
        if !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&head.method) {
            // Without it, ureq would send an empty body in chunks.
            let length = HeaderValue::from(body.len());
            head.headers.insert(header::CONTENT_LENGTH, length);
        }
        let body = match body.is_empty() {
            true => SendBody::none(),
            false => SendBody::from_owned_reader(body.reader()),
        };
        let request = http::Request::from_parts(head, body);
        let received = self.receive(connections, request, within);
        received.map_err(classify)
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

fn clamp(timeout: Duration) -> Duration {
    timeout.min(LONGEST_TIMEOUT)
}
