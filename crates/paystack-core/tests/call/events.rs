//! What may come of a request, and the answer that it is.

use std::time::Duration;

use paystack_core::bytes::Bytes;
use paystack_core::{Sent, TransportErrorKind, http};

/// What comes of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Event {
    Lost(TransportErrorKind, Sent),
    Answer(Answer),
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the body is Paystack's own.
    pub(crate) own: bool,
    /// What `Retry-After` says, in seconds.
    pub(crate) retry_after: Option<u64>,
    /// What is left of the limit, and for how many seconds.
    pub(crate) left: Option<(u64, u64)>,
}

/// An answer without a word on the rate limit.
pub(crate) fn answer(status: u16, own: bool, retry_after: Option<u64>) -> Event {
    Event::Answer(Answer {
        status,
        own,
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
            _ => Self::Answer(Answer::any(random)),
        }
    }

    /// Whether the request may have been carried out.
    pub(crate) fn fate_is_unknown(self) -> bool {
        match self {
            Self::Nothing | Self::Lost(_, Sent::Maybe) => true,
            Self::Answer(Answer { status, own, .. }) => !own || status == 408 || status >= 500,
            Self::Lost(..) => false,
        }
    }

    pub(crate) fn is_success(self) -> bool {
        matches!(
            self,
            Self::Answer(Answer {
                status: 200 | 202,
                own: true,
                ..
            })
        )
    }

    pub(crate) fn wait(self) -> Duration {
        match self {
            Self::Answer(answer) => answer.wait(),
            _ => Duration::ZERO,
        }
    }

    pub(crate) fn response(self) -> http::Response<Bytes> {
        let Self::Answer(answer) = self else {
            panic!("{self:?} is no answer")
        };
        answer.response()
    }
}

impl Answer {
    pub(crate) fn any(random: &mut fastrand::Rng) -> Self {
        let statuses = [200, 200, 202, 400, 404, 429, 429, 500, 502, 503, 504, 521];
        let left = (random.u64(..3) * 40, random.u64(..=61));
        Self {
            status: one(random, &statuses),
            own: random.u8(..4) > 0,
            retry_after: one(random, &[None, None, Some(0), Some(1), Some(20), Some(90)]),
            left: one(random, &[None, Some(left)]),
        }
    }

    pub(crate) fn response(self) -> http::Response<Bytes> {
        let body = match (self.status, self.own) {
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

    /// What it asks to wait for: until the window ends, too, if nothing is left in it.
    pub(crate) fn wait(self) -> Duration {
        let window = self
            .left
            .map_or(0, |(left, reset)| if left == 0 { reset } else { 0 });
        Duration::from_secs(window.max(self.retry_after.unwrap_or(0)))
    }
}

/// One of several, all equally likely.
pub(crate) fn one<T: Copy>(random: &mut fastrand::Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}
