//! The generated results of an attempt, and their responses.

use std::time::Duration;

use paystack_core::bytes::Bytes;
use paystack_core::{Sent, TransportErrorKind, http};

/// The result of an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Event {
    Lost(TransportErrorKind, Sent),
    Response(Response),
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Whether Paystack sent the response, and not a proxy.
    pub(crate) is_paystacks_own: bool,
    /// The value of `Retry-After`, in seconds.
    pub(crate) retry_after: Option<u64>,
    /// The remaining requests in the window, and the seconds until it ends.
    pub(crate) left: Option<(u64, u64)>,
}

/// A response without rate limit headers.
pub(crate) fn response(status: u16, is_paystacks_own: bool, retry_after: Option<u64>) -> Event {
    Event::Response(Response {
        status,
        is_paystacks_own,
        retry_after,
        left: None,
    })
}

impl Event {
    pub(crate) fn any(random: &mut fastrand::Rng) -> Self {
        use TransportErrorKind::{Connect, Io, Other, Timeout, TooLarge};
        match random.u8(..10) {
            0 => Self::Nothing,
            1..=3 => {
                let kind = one(random, &[Connect, Timeout, Io, TooLarge, Other]);
                Self::Lost(kind, one(random, &[Sent::No, Sent::Maybe]))
            }
            _ => Self::Response(Response::any(random)),
        }
    }

    /// Whether Paystack may have processed the request.
    pub(crate) fn outcome_is_unknown(self) -> bool {
        match self {
            Self::Nothing | Self::Lost(_, Sent::Maybe) => true,
            Self::Response(Response {
                status,
                is_paystacks_own,
                ..
            }) => !is_paystacks_own || status == 408 || status >= 500,
            Self::Lost(..) => false,
        }
    }

    pub(crate) fn is_success(self) -> bool {
        matches!(
            self,
            Self::Response(Response {
                status: 200 | 202,
                is_paystacks_own: true,
                ..
            })
        )
    }

    pub(crate) fn wait(self) -> Duration {
        match self {
            Self::Response(response) => response.wait(),
            _ => Duration::ZERO,
        }
    }

    pub(crate) fn to_http(self) -> http::Response<Bytes> {
        let Self::Response(response) = self else {
            panic!("{self:?} is not a response")
        };
        response.to_http()
    }
}

impl Response {
    pub(crate) fn any(random: &mut fastrand::Rng) -> Self {
        let statuses = [200, 200, 202, 400, 404, 429, 429, 500, 502, 503, 504, 521];
        let left = (random.u64(..3) * 40, random.u64(..=61));
        Self {
            status: one(random, &statuses),
            is_paystacks_own: random.u8(..4) > 0,
            retry_after: one(random, &[None, None, Some(0), Some(1), Some(20), Some(90)]),
            left: one(random, &[None, Some(left)]),
        }
    }

    pub(crate) fn to_http(self) -> http::Response<Bytes> {
        let body = match (self.status, self.is_paystacks_own) {
            (200 | 202, true) => {
                r#"{"status":true,"message":"","data":{"id":1,"customer_code":"C","email":"a@b"}}"#
            }
            (_, true) => r#"{"status":false,"message":"No"}"#,
            _ => "<html>",
        };
        let mut response = http::Response::builder().status(self.status);
        if let Some(wait) = self.retry_after {
            response = response.header("retry-after", wait);
        }
        if let Some((remaining, reset)) = self.left {
            response = response
                .header("x-ratelimit-limit", 100)
                .header("x-ratelimit-remaining", remaining)
                .header("x-ratelimit-reset", reset);
        }
        response.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    /// The wait that the response requires: the longer of `Retry-After` and the rest of an exhausted window.
    pub(crate) fn wait(self) -> Duration {
        let window = self
            .left
            .map_or(0, |(left, reset)| if left == 0 { reset } else { 0 });
        Duration::from_secs(window.max(self.retry_after.unwrap_or(0)))
    }
}

/// Picks an element at random, all with equal probability.
pub(crate) fn one<T: Copy>(random: &mut fastrand::Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}
