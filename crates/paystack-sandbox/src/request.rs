//! A request, read the way a lenient web framework reads it: whatever a client in any language
//! sends should be understood before it is judged.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use time::OffsetDateTime;
use url::form_urlencoded;

use crate::answer::Refusal;

/// A request that is let in.
pub(crate) struct Request {
    pub(crate) now: OffsetDateTime,
    pub(crate) method: Method,
    /// The path's segments, decoded. A raw `@` and an encoded one are the same.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Query,
    pub(crate) body: Fields,
}

impl Request {
    pub(crate) fn read(
        now: OffsetDateTime,
        request: http::Request<Bytes>,
    ) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let segments = path.trim_matches('/').split('/');
        let segments = segments
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let query = Query::read(head.uri.query().unwrap_or_default());
        // Many clients send a Content-Type, and some a body, with every GET.
        let body = match head.method {
            Method::GET => Fields::default(),
            _ => Fields::read(&head.headers, &body)?,
        };
        Ok(Self {
            now,
            method: head.method,
            segments,
            query,
            body,
        })
    }
}

/// The pairs of a query. Of a repeated name the last one counts; an empty value is none.
#[derive(Debug, Default)]
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    fn read(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number of at least 1, or the default where there is none.
    pub(crate) fn count(&self, name: &'static str, default: u64) -> Result<u64, Refusal> {
        match self.text(name) {
            None => Ok(default),
            Some(digits) => match digits.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(Refusal::invalid(format!(
                    "{name} must be a positive number"
                ))),
            },
        }
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        // Python writes True.
        let is = |word: &str| word.eq_ignore_ascii_case("true") || word == "1";
        self.text(name).is_some_and(is)
    }
}

/// The fields of a body.
#[derive(Debug, Default)]
pub(crate) struct Fields(BTreeMap<String, Box<RawValue>>);

impl Fields {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        const FORM: &[u8] = b"application/x-www-form-urlencoded";
        let content_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
        let sort = content_type.and_then(|value| value.get(..FORM.len()));
        if sort.is_some_and(|sort| sort.eq_ignore_ascii_case(FORM)) {
            let pairs = form_urlencoded::parse(body).into_owned();
            let fields = pairs.filter_map(|(name, value)| Some((name, to_raw_value(&value).ok()?)));
            return Ok(Self(fields.collect()));
        }
        // PHP writes an empty object as an empty list.
        if matches!(body.trim_ascii(), b"" | b"null" | b"[]") {
            return Ok(Self::default());
        }
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| Refusal::invalid("Invalid JSON in the request body"))
    }

    /// Whether a text is absent, null or given.
    pub(crate) fn text(&self, name: &'static str) -> Result<Said<String>, Refusal> {
        self.get(name, || {
            Refusal::invalid(format!("{name} must be a string"))
        })
    }

    /// A text that has to be there.
    pub(crate) fn required(&self, name: &'static str) -> Result<String, Refusal> {
        match self.text(name)?.set() {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(Refusal::missing(format!("{name} is required"))),
        }
    }

    /// Whether a whole number is absent, null or given.
    pub(crate) fn number(&self, name: &'static str) -> Result<Said<u64>, Refusal> {
        self.get(name, || {
            Refusal::invalid(format!("{name} must be a number"))
        })
    }

    /// Whether an object is absent, null or given.
    pub(crate) fn object<T: DeserializeOwned>(
        &self,
        name: &str,
        otherwise: &'static str,
    ) -> Result<Said<T>, Refusal> {
        self.get(name, || Refusal::invalid(otherwise))
    }

    /// Whether metadata, which has to be an object, is absent, null or given.
    pub(crate) fn metadata(&self) -> Result<Said<Box<RawValue>>, Refusal> {
        let not_an_object = || Refusal::invalid("Metadata must be a valid JSON object");
        let metadata: Said<Box<RawValue>> = self.get("metadata", not_an_object)?;
        match metadata {
            Said::Value(raw) if !raw.get().starts_with('{') => Err(not_an_object()),
            said => Ok(said),
        }
    }

    fn get<T: DeserializeOwned>(
        &self,
        name: &str,
        otherwise: impl FnOnce() -> Refusal,
    ) -> Result<Said<T>, Refusal> {
        match self.0.get(name).map(|raw| raw.get()) {
            None => Ok(Said::Nothing),
            Some("null") => Ok(Said::Null),
            Some(json) => match serde_json::from_str(json) {
                Ok(value) => Ok(Said::Value(value)),
                Err(_) => Err(otherwise()),
            },
        }
    }
}

/// What a body says about a field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said<T> {
    /// The field is absent.
    Nothing,
    /// The field is null.
    Null,
    Value(T),
}

impl<T> Said<T> {
    /// The value, where null is the same as nothing.
    pub(crate) fn set(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Null => None,
        }
    }

    /// Changes a field: nothing leaves it, null clears it.
    pub(crate) fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Nothing => {}
            Self::Null => *field = None,
            Self::Value(value) => *field = Some(value),
        }
    }
}
