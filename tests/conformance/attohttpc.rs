use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use paystack_client::{BlockingTransport, Sent, TransportError, TransportErrorKind as Kind};
use paystack_client::{bytes::Bytes, http};

const LIMIT: u64 = 8 * 1024 * 1024;

pub struct AttoHttpc(pub Instant);

impl BlockingTransport for AttoHttpc {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.into_parts();
        let within = within.unwrap_or(Duration::from_secs(u32::MAX.into()));
        let no_proxy = attohttpc::ProxySettings::builder().build();
        let request = attohttpc::RequestBuilder::new(head.method, head.uri.to_string());
        let request = request.connect_timeout(within).proxy_settings(no_proxy);
        let mut request = request.timeout(within).bytes(body).follow_redirects(false);
        *request.headers_mut() = head.headers;
        let (status, headers, body) = request.send().map_err(lost)?.split();
        let told = headers.get(http::header::CONTENT_LENGTH);
        let told: Option<u64> = told.and_then(|told| told.to_str().ok()?.parse().ok());
        let (told, mut whole) = (told.unwrap_or(0), Vec::new());
        let mut body = body.take(if told > LIMIT { 0 } else { LIMIT + 1 });
        let length = body.read_to_end(&mut whole).map_err(lost)? as u64;
        if length.max(told) > LIMIT {
            return Err(TransportError::new(Kind::TooLarge, Sent::Maybe));
        }
        // The client does not mind less. A 304 only says how long its body would be.
        if length < told && status != http::StatusCode::NOT_MODIFIED {
            return Err(TransportError::new(Kind::Io, Sent::Maybe));
        }
        let mut answer = http::Response::new(Bytes::from(whole));
        (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
        Ok(answer)
    }
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// This client's errors do not name the phase that failed, so nothing proves that a request was not sent.
/// None of them shows the URL.
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
