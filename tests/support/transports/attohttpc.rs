//! A blocking transport over attohttpc, which has its own HTTP implementation.
//!
//! By default, the client follows redirects, has no body limit, accepts a truncated body as complete, uses the proxy of
//! the environment, and times out after 30 s without a byte. Its default features request gzip and deflate, of which the
//! conformance suite checks gzip only, and use the TLS of the operating system. `tls-rustls-webpki-roots-ring` alone uses rustls.

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use paystack_transport::{BlockingTransport, Sent, TransportError, TransportErrorKind as Kind};
use paystack_transport::{bytes::Bytes, http};

const LIMIT: u64 = 8 * 1024 * 1024;

pub struct AttoHttpc(pub Instant);

impl BlockingTransport for AttoHttpc {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let day = Duration::from_secs(86_400); // a longer time-out panics
        let within = within.unwrap_or(day).min(day);
        let no_proxy = attohttpc::ProxySettings::builder().build();
        let request = attohttpc::RequestBuilder::new(head.method, head.uri.to_string());
        let request = request.connect_timeout(within).proxy_settings(no_proxy);
        let mut request = request.timeout(within).bytes(body).follow_redirects(false);
        *request.headers_mut() = head.headers;
        let (status, headers, body) = request.send().map_err(lost)?.split();
        let declared = headers.get(http::header::CONTENT_LENGTH);
        let declared: Option<u64> = declared.and_then(|value| value.to_str().ok()?.parse().ok());
        let (declared, mut whole) = (declared.unwrap_or(0), Vec::new());
        let mut body = body.take(if declared > LIMIT { 0 } else { LIMIT + 1 });
        let length = body.read_to_end(&mut whole).map_err(lost)? as u64;
        if length.max(declared) > LIMIT {
            return Err(TransportError::new(Kind::TooLarge, Sent::Maybe));
        }
        // attohttpc accepts a truncated body. The length of a 304 counts a body that is not sent.
        if length < declared && status != http::StatusCode::NOT_MODIFIED {
            return Err(TransportError::new(Kind::Io, Sent::Maybe));
        }
        let mut response = http::Response::new(Bytes::from(whole));
        (*response.status_mut(), *response.headers_mut()) = (status, headers);
        Ok(response)
    }
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// attohttpc's errors name neither the phase nor the URL, so every request may have been sent.
pub fn lost(error: impl Into<attohttpc::Error>) -> TransportError {
    let attohttpc::ErrorKind::Io(error) = error.into().into_kind() else {
        return TransportError::new(Kind::Io, Sent::Maybe);
    };
    let kind = match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Kind::Timeout,
        _ => Kind::Io,
    };
    TransportError::new(kind, Sent::Maybe).with_source(error)
}
