//! The reaction of the sandbox to a request: a response, or a lost connection.

use std::fmt;
use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderValue, StatusCode};

use crate::faults::{FaultKind, PageFormat, cloudflare};

/// The reaction of the sandbox to a request.
#[non_exhaustive]
pub struct Exchange {
    /// How long to wait before the response is sent or the connection is closed.
    pub delay: Duration,
    /// The response, or how the connection was lost.
    pub result: Result<http::Response<Bytes>, Lost>,
}

/// Prints the status and no body, which contains personal data.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("delay", &self.delay)
            .field("result", &self.result.as_ref().map(http::Response::status))
            .finish()
    }
}

/// How a fault closed the connection.
#[non_exhaustive]
pub enum Lost {
    /// Before the request was read.
    BeforeRequest,
    /// After the request was read, without a response. The request may have taken effect.
    BeforeResponse,
    /// In the middle of this response. Its body is the part that was sent; its `Content-Length` is that of the whole.
    MidResponse(http::Response<Bytes>),
}

/// Prints no body, which contains personal data.
impl fmt::Debug for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeRequest => "BeforeRequest",
            Self::BeforeResponse => "BeforeResponse",
            Self::MidResponse(_) => "MidResponse",
        })
    }
}

impl Exchange {
    pub(crate) fn completed(response: http::Response<Bytes>) -> Self {
        Self {
            delay: Duration::ZERO,
            result: Ok(response),
        }
    }

    /// Applies a fault to the response of a request. The rate limit is that of its key.
    pub(crate) fn with_fault(
        kind: &FaultKind,
        response: http::Response<Bytes>,
        rate_limit: u64,
        random: &mut fastrand::Rng,
    ) -> Self {
        match kind {
            FaultKind::Delay { milliseconds } => Self {
                delay: Duration::from_millis(*milliseconds),
                result: Ok(response),
            },
            FaultKind::Truncated {} => Self::lost(Lost::MidResponse(first_half(response))),
            FaultKind::Garbage {} => {
                let response = response.map(|body| body.iter().map(|_| random.u8(..)).collect());
                Self::completed(response)
            }
            FaultKind::Gzip {} => Self::completed(gzip(response)),
            FaultKind::ConnectionClosed {} => Self::lost(Lost::BeforeRequest),
            FaultKind::RequestLost {} | FaultKind::AnswerLost {} => {
                Self::lost(Lost::BeforeResponse)
            }
            other => Self::completed(other.replacement(rate_limit).unwrap_or(response)),
        }
    }

    fn lost(lost: Lost) -> Self {
        Self {
            delay: Duration::ZERO,
            result: Err(lost),
        }
    }

    /// Returns the response that was sent, if any was.
    pub(crate) fn response(&self) -> Option<&http::Response<Bytes>> {
        match &self.result {
            Ok(response) | Err(Lost::MidResponse(response)) => Some(response),
            Err(_) => None,
        }
    }

    /// Returns the response, or that of a proxy whose connection to the sandbox was lost.
    pub(crate) fn into_response(self) -> http::Response<Bytes> {
        const UNKNOWN_ERROR: u16 = 520;
        let unknown_error =
            || StatusCode::from_u16(UNKNOWN_ERROR).unwrap_or(StatusCode::BAD_GATEWAY);
        self.result
            .unwrap_or_else(|_| cloudflare::response(unknown_error(), PageFormat::Html))
    }
}

/// Cuts the body of a response, whose `Content-Length` counts all of it.
fn first_half(mut response: http::Response<Bytes>) -> http::Response<Bytes> {
    let length = response.body().len();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response.map(|body| body.slice(..length.div_euclid(2)))
}

fn gzip(response: http::Response<Bytes>) -> http::Response<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let encoded = encoder.write_all(response.body());
    // Writing to memory never fails.
    let Ok(body) = encoded.and_then(|()| encoder.finish()) else {
        return response;
    };
    let mut response = response.map(|_| Bytes::from(body));
    let length = HeaderValue::from(response.body().len());
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}
