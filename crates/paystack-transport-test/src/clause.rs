//! The clauses of the contract, each with its name and what it says.

use std::fmt;

/// A clause of the [contract](paystack_client::Transport#contract) that a transport keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Clause {
    /// `statuses`: Every final status, 200 to 599, is `Ok`.
    Statuses,
    /// `redirects`: No redirect is followed: the key goes to no other host.
    Redirects,
    /// `request-line`: Method, path and query go out as they are.
    RequestLine,
    /// `request-headers`: Each header goes out as it is; only `Host`, `Content-Length` and those of the connection are added.
    RequestHeaders,
    /// `request-body`: The body goes out byte for byte, with its `Content-Length`.
    RequestBody,
    /// `sent-once`: What may have been sent is not sent again: a connection that closes then is `Maybe`.
    SentOnce,
    /// `repeated-headers`: Headers that come more than once are all kept, in order.
    RepeatedHeaders,
    /// `header-bytes`: The values of headers are kept byte for byte, ASCII or not.
    HeaderBytes,
    /// `body-bytes`: The body that comes back is whole and not decoded.
    BodyBytes,
    /// `interim-answers`: Interim answers, as 100 and 103, are skipped.
    InterimAnswers,
    /// `http-1.0`: HTTP/1.0 is understood.
    Http10,
    /// `chunked`: Chunks are put together, trailers and extensions left out.
    Chunked,
    /// `no-length`: A body without a length ends with the connection.
    NoLength,
    /// `cut-off`: A body that ends early is an error, and not `No`.
    CutOff,
    /// `limit-told`: A body that says it is over the limit is `TooLarge`, unread.
    LimitTold,
    /// `limit-streamed`: A body that grows over the limit is `TooLarge`.
    LimitStreamed,
    /// `keep-alive`: A connection may be used again; whatever the answer before, the next one is right.
    KeepAlive,
    /// `pool-renewed`: A kept connection whose end could be noticed is not used.
    PoolRenewed,
    /// `at-once`: 64 calls may be under way at once.
    AtOnce,
    /// `refused`: A refused connection is `Connect` and `No`.
    Refused,
    /// `unknown-name`: A host name that cannot be looked up is `Connect` and `No`.
    UnknownName,
    /// `broken`: A connection that breaks after the first byte is `Io` or `Other`, and `Maybe`.
    Broken,
    /// `error-numbers`: Once a byte of a request may be written, no error is `No`, whatever its number.
    ErrorNumbers,
    /// `time-outs`: A limit of time that passes is `Timeout`, and not `No` once anything may have been sent.
    TimeOuts,
    /// `dropped`: A request that is given up is not waited for: its connection is closed, or what is left is read.
    Dropped,
    /// `timer`: `sleep` takes as long as it should by `now`, which never goes back.
    Timer,
    /// `secrets`: No error shows the key or the URL, nor do its sources, in `Display` or `Debug`.
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
        Self::ErrorNumbers,
        Self::TimeOuts,
        Self::Dropped,
        Self::Timer,
        Self::Secrets,
    ];

    /// Its name in the contract and in reports. It does not change.
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What it says, as the contract has it.
    pub const fn text(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Statuses => ("statuses", "Every final status, 200 to 599, is `Ok`."),
            Self::Redirects => (
                "redirects",
                "No redirect is followed: the key goes to no other host.",
            ),
            Self::RequestLine => ("request-line", "Method, path and query go out as they are."),
            Self::RequestHeaders => (
                "request-headers",
                "Each header goes out as it is; only `Host`, `Content-Length` and those of the connection are added.",
            ),
            Self::RequestBody => (
                "request-body",
                "The body goes out byte for byte, with its `Content-Length`.",
            ),
            Self::SentOnce => (
                "sent-once",
                "What may have been sent is not sent again: a connection that closes then is `Maybe`.",
            ),
            Self::RepeatedHeaders => (
                "repeated-headers",
                "Headers that come more than once are all kept, in order.",
            ),
            Self::HeaderBytes => (
                "header-bytes",
                "The values of headers are kept byte for byte, ASCII or not.",
            ),
            Self::BodyBytes => (
                "body-bytes",
                "The body that comes back is whole and not decoded.",
            ),
            Self::InterimAnswers => (
                "interim-answers",
                "Interim answers, as 100 and 103, are skipped.",
            ),
            Self::Http10 => ("http-1.0", "HTTP/1.0 is understood."),
            Self::Chunked => (
                "chunked",
                "Chunks are put together, trailers and extensions left out.",
            ),
            Self::NoLength => (
                "no-length",
                "A body without a length ends with the connection.",
            ),
            Self::CutOff => (
                "cut-off",
                "A body that ends early is an error, and not `No`.",
            ),
            Self::LimitTold => (
                "limit-told",
                "A body that says it is over the limit is `TooLarge`, unread.",
            ),
            Self::LimitStreamed => (
                "limit-streamed",
                "A body that grows over the limit is `TooLarge`.",
            ),
            Self::KeepAlive => (
                "keep-alive",
                "A connection may be used again; whatever the answer before, the next one is right.",
            ),
            Self::PoolRenewed => (
                "pool-renewed",
                "A kept connection whose end could be noticed is not used.",
            ),
            Self::AtOnce => ("at-once", "64 calls may be under way at once."),
            Self::Refused => ("refused", "A refused connection is `Connect` and `No`."),
            Self::UnknownName => (
                "unknown-name",
                "A host name that cannot be looked up is `Connect` and `No`.",
            ),
            Self::Broken => (
                "broken",
                "A connection that breaks after the first byte is `Io` or `Other`, and `Maybe`.",
            ),
            Self::ErrorNumbers => (
                "error-numbers",
                "Once a byte of a request may be written, no error is `No`, whatever its number.",
            ),
            Self::TimeOuts => (
                "time-outs",
                "A limit of time that passes is `Timeout`, and not `No` once anything may have been sent.",
            ),
            Self::Dropped => (
                "dropped",
                "A request that is given up is not waited for: its connection is closed, or what is left is read.",
            ),
            Self::Timer => (
                "timer",
                "`sleep` takes as long as it should by `now`, which never goes back.",
            ),
            Self::Secrets => (
                "secrets",
                "No error shows the key or the URL, nor do its sources, in `Display` or `Debug`.",
            ),
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variant_is_among_all_and_documented_as_it_says() {
        let source = include_str!("clause.rs");
        let documented = source.lines().filter(|line| line.starts_with("    /// `"));
        let clauses = Clause::ALL.iter();
        let expected = clauses.map(|clause| format!("    /// `{clause}`: {}", clause.text()));
        assert_eq!(documented.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
}
