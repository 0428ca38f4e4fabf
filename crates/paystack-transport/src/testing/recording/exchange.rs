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

    /// The texts of the request and of the response, for redaction.
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
                // A line that looks like the first line of a part.
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
            (Some(title), previous) => {
                let (name, _number) = title.split_once(' ').ok_or(INVALID)?;
                // An empty line separates the exchanges.
                if let Some((_, text)) = previous
                    && name == "request"
                    && text.ends_with("\n\n")
                {
                    text.pop();
                }
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
            result: result(name, text)?,
        }),
        _ => None,
    });
    exchanges.collect::<Option<_>>().ok_or(INVALID)
}

fn result(name: &str, text: &str) -> Option<Recorded> {
    match name {
        "response" => to_response(text).map(|_| Recorded::Response(text.to_owned())),
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Text<'a>(&'a [Exchange]);

    impl fmt::Display for Text<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write(f, self.0)
        }
    }

    #[test]
    fn written_exchanges_are_parsed_unchanged() {
        let request = "GET https://example.com/\naccept: */*\n".to_owned();
        let responses = [
            "204 No Content\n",
            "200 OK\nretry-after: 7\n\nbody\n",
            "200 OK\n\n\\n --- \n--- request 1\n\\\\\n\n\n",
        ];
        let responses = responses.map(|text| Recorded::Response(text.to_owned()));
        let errors = KINDS.map(|kind| Recorded::Error(kind, Sent::No));
        let results = responses
            .into_iter()
            .chain(errors)
            .chain([Recorded::Nothing]);
        for last in [true, false] {
            let mut exchanges: Vec<_> = results
                .clone()
                .map(|result| Exchange {
                    request: request.clone(),
                    result,
                })
                .collect();
            if last {
                exchanges.truncate(3);
            }
            let text = Text(&exchanges).to_string();
            let parsed = parse(&text).unwrap();
            assert_eq!(parsed.len(), exchanges.len());
            for (parsed, expected) in parsed.iter().zip(&exchanges) {
                assert_eq!(parsed.request, expected.request);
                match (&parsed.result, &expected.result) {
                    (Recorded::Response(parsed), Recorded::Response(expected)) => {
                        assert_eq!(parsed, expected);
                    }
                    (Recorded::Error(kind, sent), Recorded::Error(expected, _)) => {
                        assert_eq!((kind, *sent), (expected, Sent::No));
                    }
                    (parsed, _) => assert!(matches!(parsed, Recorded::Nothing)),
                }
            }
        }
    }

    #[test]
    fn response_is_parsed_with_its_headers_and_body() {
        let text = "429 Too Many Requests\nretry-after: 7\nretry-after: 8\n\na\n\nb\n";
        let response = to_response(text).unwrap();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        let values: Vec<_> = response.headers().get_all("retry-after").iter().collect();
        assert_eq!(values, ["7", "8"]);
        assert_eq!(response.body(), "a\n\nb");
        for text in ["", "OK\n", "200 OK\nno header\n", "99 Too small\n"] {
            assert!(to_response(text).is_none(), "{text}");
        }
    }
}
