//! The clauses of the contract, each with its name and what it says.

use std::fmt;

/// A clause of the [contract](paystack_client::Transport#contract) that a transport keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Clause {
    /// `statuses`
    Statuses,
    /// `redirects`
    Redirects,
    /// `request-line`
    RequestLine,
    /// `request-headers`
    RequestHeaders,
    /// `request-body`
    RequestBody,
    /// `sent-once`
    SentOnce,
    /// `repeated-headers`
    RepeatedHeaders,
    /// `header-bytes`
    HeaderBytes,
    /// `body-bytes`
    BodyBytes,
    /// `interim-answers`
    InterimAnswers,
    /// `http-1.0`
    Http10,
    /// `chunked`
    Chunked,
    /// `no-length`
    NoLength,
    /// `cut-off`
    CutOff,
    /// `limit-told`
    LimitTold,
    /// `limit-streamed`
    LimitStreamed,
    /// `keep-alive`
    KeepAlive,
    /// `pool-renewed`
    PoolRenewed,
    /// `at-once`
    AtOnce,
    /// `refused`
    Refused,
    /// `unknown-name`
    UnknownName,
    /// `broken`
    Broken,
    /// `time-outs`
    TimeOuts,
    /// `dropped`
    Dropped,
    /// `timer`
    Timer,
    /// `secrets`
    Secrets,
}

impl Clause {
    /// All of them, in the order of the contract.
    pub const ALL: &[Self] = &[
        Self::Statuses,
        Self::Redirects,
        Self::RequestLine,
        Self::RequestHeaders,
        Self::RequestBody,
        Self::SentOnce,
        Self::RepeatedHeaders,
        Self::HeaderBytes,
        Self::BodyBytes,
        Self::InterimAnswers,
        Self::Http10,
        Self::Chunked,
        Self::NoLength,
        Self::CutOff,
        Self::LimitTold,
        Self::LimitStreamed,
        Self::KeepAlive,
        Self::PoolRenewed,
        Self::AtOnce,
        Self::Refused,
        Self::UnknownName,
        Self::Broken,
        Self::TimeOuts,
        Self::Dropped,
        Self::Timer,
        Self::Secrets,
    ];

    /// Its name in the contract and in reports. It does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Statuses => "statuses",
            Self::Redirects => "redirects",
            Self::RequestLine => "request-line",
            Self::RequestHeaders => "request-headers",
            Self::RequestBody => "request-body",
            Self::SentOnce => "sent-once",
            Self::RepeatedHeaders => "repeated-headers",
            Self::HeaderBytes => "header-bytes",
            Self::BodyBytes => "body-bytes",
            Self::InterimAnswers => "interim-answers",
            Self::Http10 => "http-1.0",
            Self::Chunked => "chunked",
            Self::NoLength => "no-length",
            Self::CutOff => "cut-off",
            Self::LimitTold => "limit-told",
            Self::LimitStreamed => "limit-streamed",
            Self::KeepAlive => "keep-alive",
            Self::PoolRenewed => "pool-renewed",
            Self::AtOnce => "at-once",
            Self::Refused => "refused",
            Self::UnknownName => "unknown-name",
            Self::Broken => "broken",
            Self::TimeOuts => "time-outs",
            Self::Dropped => "dropped",
            Self::Timer => "timer",
            Self::Secrets => "secrets",
        }
    }

    /// What it says, as the contract has it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Statuses => "Every final status, 200 to 599, is `Ok`.",
            Self::Redirects => "No redirect is followed: the key goes to no other host.",
            Self::RequestLine => "Method, path and query go out as they are.",
            Self::RequestHeaders => {
                "Each header goes out as it is; only `Host`, `Content-Length` and those of the connection are added."
            }
            Self::RequestBody => "The body goes out byte for byte, with its `Content-Length`.",
            Self::SentOnce => {
                "What may have been sent is not sent again: a connection that closes then is `Maybe`."
            }
            Self::RepeatedHeaders => "Headers that come more than once are all kept, in order.",
            Self::HeaderBytes => "The values of headers are kept byte for byte, ASCII or not.",
            Self::BodyBytes => "The body that comes back is whole and not decoded.",
            Self::InterimAnswers => "Interim answers, as 100 and 103, are skipped.",
            Self::Http10 => "HTTP/1.0 is understood.",
            Self::Chunked => "Chunks are put together, trailers and extensions left out.",
            Self::NoLength => "A body without a length ends with the connection.",
            Self::CutOff => "A body that ends early is an error, and not `No`.",
            Self::LimitTold => "A body that says it is over the limit is `TooLarge`, unread.",
            Self::LimitStreamed => "A body that grows over the limit is `TooLarge`.",
            Self::KeepAlive => {
                "A connection may be used again; whatever the answer before, the next one is right."
            }
            Self::PoolRenewed => "A kept connection whose end could be noticed is not used.",
            Self::AtOnce => "64 calls may be under way at once.",
            Self::Refused => "A refused connection is `Connect` and `No`.",
            Self::UnknownName => "A host name that cannot be looked up is `Connect` and `No`.",
            Self::Broken => {
                "A connection that breaks after the first byte is `Io` or `Other`, and `Maybe`."
            }
            Self::TimeOuts => {
                "A limit of time that passes is `Timeout`, and not `No` once connected."
            }
            Self::Dropped => {
                "A request that is given up is not waited for: its connection is closed, or what is left is read."
            }
            Self::Timer => "`sleep` takes as long as it should by `now`, which never goes back.",
            Self::Secrets => {
                "No error shows the key or the URL, nor do its sources, in `Display` or `Debug`."
            }
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
