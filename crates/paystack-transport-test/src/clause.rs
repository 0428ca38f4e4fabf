//! The clauses of the transport contract: their names and texts.

use std::fmt;

/// Declares the clauses: variant, name and text of each, in the order of the contract.
macro_rules! clauses {
    ($($variant:ident, $name:literal, $text:literal;)+) => {
        /// A clause of the [transport contract](paystack_transport::Transport#contract).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Clause {
            $(#[doc = concat!("`", $name, "`: ", $text)] $variant,)+
        }

        impl Clause {
            /// All clauses, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the name of the clause in the contract and in reports. Names are stable.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Returns the text of the clause in the contract.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

clauses! {
    Statuses, "statuses",
        "Returns every final status, 200 to 599, as `Ok`.";
    Redirects, "redirects",
        "Follows no redirect, so that no other host receives the key.";
    RequestLine, "request-line",
        "Sends the method, path and query unchanged.";
    RequestHeaders, "request-headers",
        "Sends each header unchanged and adds only `Host`, `Content-Length`, `Accept-Encoding` and connection headers.";
    RequestBody, "request-body",
        "Sends the body byte for byte, with its `Content-Length`.";
    SentOnce, "sent-once",
        "Does not resend a request that it may have sent: a connection that closes then is `Maybe`.";
    RepeatedHeaders, "repeated-headers",
        "Keeps all values of repeated response headers, in order.";
    HeaderBytes, "header-bytes",
        "Keeps response header values byte for byte, ASCII or not.";
    BodyBytes, "body-bytes",
        "Returns the whole response body, and decodes only an encoding that the transport requested.";
    InterimResponses, "interim-responses",
        "Skips interim responses such as 100 and 103.";
    Http10, "http-1.0",
        "Accepts HTTP/1.0 responses.";
    Chunked, "chunked",
        "Joins the chunks of a body and drops trailers and extensions.";
    NoLength, "no-length",
        "Ends a body without a length when the connection closes.";
    CutOff, "cut-off",
        "Reports a truncated body as an error, and not as `No`.";
    LimitDeclared, "limit-declared",
        "Reports a body whose declared length exceeds the limit as `TooLarge`, without reading it.";
    LimitStreamed, "limit-streamed",
        "Reports a body that grows beyond the limit as `TooLarge`.";
    KeepAlive, "keep-alive",
        "May reuse a connection; the next response is correct after any response.";
    PoolRenewed, "pool-renewed",
        "Does not reuse a closed connection, even if its runtime was starved or its process was frozen.";
    AtOnce, "at-once",
        "Allows 64 concurrent calls.";
    Refused, "refused",
        "Reports a refused connection as `ConnectionRefused` or `Connect`, and `No`.";
    UnknownName, "unknown-name",
        "Reports a failed host name lookup as `NameLookup` or `Connect`, and `No`.";
    Broken, "broken",
        "Reports a connection that breaks after the first byte as `Io` or `Other`, and `Maybe`.";
    ErrorNumbers, "error-numbers",
        "Reports no error as `No` once a byte of a request may be written, for any error number.";
    TimeOuts, "time-outs",
        "Reports a request that exceeds its time as `Timeout`, and not as `No` once anything may have been sent. A connect time-out may be `Connect`.";
    Dropped, "dropped",
        "Does not wait for a cancelled request: closes its connection or reads the rest of the response.";
    Timer, "timer",
        "`sleep` lasts as long as requested, measured by `now`, which never goes back.";
    Secrets, "secrets",
        "Shows neither the key nor the URL in the `Display` or `Debug` of an error or its sources.";
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
