//! A recorded request and its result, as text.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use paystack_core::{
    InvalidInput, RequestSnapshot, ResponseSnapshot, Sent, TransportError, TransportErrorKind,
};

/// A recorded request and its result.
#[derive(Clone)]
pub(in crate::testing) struct Exchange {
    /// The [`RequestSnapshot`].
    pub(in crate::testing) request: String,
    pub(in crate::testing) result: Recorded,
}

#[derive(Clone)]
pub(in crate::testing) enum Recorded {
    /// The [`ResponseSnapshot`].
    Response(String),
    Error(TransportErrorKind, Sent),
    /// The client dropped the request before a response.
    Nothing,
}

impl Exchange {
    pub(super) fn begin(request: &http::Request<Bytes>) -> Self {
        Self {
            request: RequestSnapshot(request).to_string(),
            result: Recorded::Nothing,
        }
    }

    /// The texts of the request and of the response, which the redaction changes.
    pub(in crate::testing) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let response = match &mut self.result {
            Recorded::Response(response) => Some(response),
            _ => None,
        };
        [Some(&mut self.request), response].into_iter().flatten()
    }
}

impl Recorded {
    pub(super) fn of(result: &Result<http::Response<Bytes>, TransportError>) -> Self {
        match result {
            Ok(response) => Self::Response(ResponseSnapshot(response).to_string()),
            Err(error) => Self::Error(error.kind(), error.sent()),
        }
    }
}

/// The first line of a recording, with the version of its format.
const FIRST_LINE: &str = "paystack-recording 1";

const INVALID: InvalidInput = InvalidInput::new(
    "recording",
    "must begin with `paystack-recording 1` and have a request and a result in each part",
);

const KINDS: [TransportErrorKind; 8] = [
    TransportErrorKind::NameLookup,
    TransportErrorKind::ConnectionRefused,
    TransportErrorKind::UntrustedCertificate,
    TransportErrorKind::Connect,
    TransportErrorKind::Timeout,
    TransportErrorKind::Io,
    TransportErrorKind::TooLarge,
    TransportErrorKind::Other,
];

/// Writes exchanges in the format that [`parse`] reads.
pub(super) fn write(f: &mut fmt::Formatter<'_>, exchanges: &[Exchange]) -> fmt::Result {
    writeln!(f, "{FIRST_LINE}")?;
    for (number, exchange) in (1..).zip(exchanges) {
        let part = |f: &mut fmt::Formatter<'_>, name: &str, text: &str| {
            writeln!(f, "--- {name} {number}")?;
            for line in text.lines() {
                // A line that looks like the begin of a part.
                let escape = if is_special(line) { "\\" } else { "" };
                writeln!(f, "{escape}{line}")?;
            }
            Ok(())
        };
        writeln!(f)?;
        part(f, "request", &exchange.request)?;
        match &exchange.result {
            Recorded::Response(response) => part(f, "response", response)?,
            Recorded::Error(kind, sent) => part(f, "error", &format!("{kind:?} {sent:?}"))?,
            Recorded::Nothing => part(f, "nothing", "")?,
        }
    }
    Ok(())
}

fn is_special(line: &str) -> bool {
    line.starts_with("--- ") || line.starts_with('\\')
}

/// Reads the exchanges of a recording.
pub(in crate::testing) fn parse(text: &str) -> Result<Vec<Exchange>, InvalidInput> {
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        return Err(INVALID);
    }
    let mut parts: Vec<(&str, String)> = Vec::new();
    for line in lines {
        match (line.strip_prefix("--- "), parts.last_mut()) {
            (Some(title), _) => {
                let (name, _number) = title.split_once(' ').ok_or(INVALID)?;
                parts.push((name, String::new()));
            }
            (None, Some((_, text))) => {
                text.push_str(line.strip_prefix('\\').unwrap_or(line));
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    let pairs = parts.chunks(2);
    let exchanges = pairs.map(|pair| match pair {
        [(begin, request), (name, text)] if *begin == "request" => Some(Exchange {
            request: request.clone(),
            // An empty line separates the exchanges.
            result: result(
                name,
                text.strip_suffix("\n\n")
                    .map_or_else(|| text.clone(), |text| format!("{text}\n")),
            )?,
        }),
        _ => None,
    });
    exchanges.collect::<Option<_>>().ok_or(INVALID)
}

fn result(name: &str, text: String) -> Option<Recorded> {
    match name {
        "response" => to_response(&text).map(|_| Recorded::Response(text)),
        "error" => {
            let (kind, sent) = text.trim_end().split_once(' ')?;
            let kind = KINDS
                .into_iter()
                .find(|known| format!("{known:?}") == kind)?;
            let sent = match sent {
                "No" => Sent::No,
                "Maybe" => Sent::Maybe,
                _ => return None,
            };
            Some(Recorded::Error(kind, sent))
        }
        "nothing" => Some(Recorded::Nothing),
        _ => None,
    }
}

/// The response that a text describes.
pub(in crate::testing) fn to_response(text: &str) -> Option<http::Response<Bytes>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').next()?;
    let body = body.strip_suffix('\n').unwrap_or(body);
    let mut response = http::Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = status.parse::<StatusCode>().ok()?;
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let (name, value) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>());
        response.headers_mut().append(name.ok()?, value.ok()?);
    }
    Some(response)
}
