//! A request, decoded before any route validates it. A part that cannot be decoded is refused, not dropped.

mod email;
mod fields;
mod form;
mod json;
mod query;

use bytes::Bytes;
use http::Method;
use time::OffsetDateTime;

use crate::response::Refusal;

pub(crate) use self::email::check_email;
pub(crate) use self::fields::{Field, Fields};
pub(crate) use self::json::check as check_json;
pub(crate) use self::query::Query;

/// A request that passed authentication and the rate limit.
pub(crate) struct Request {
    pub(crate) now: OffsetDateTime,
    /// The method. HEAD counts as GET, because only its response differs.
    pub(crate) method: Method,
    /// The segments of the path, percent-decoded. `@` and `%40` are equal.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Query,
    pub(crate) body: Fields,
}

impl Request {
    pub(crate) fn parse(
        now: OffsetDateTime,
        request: http::Request<Bytes>,
    ) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let method = match head.method {
            Method::HEAD => Method::GET,
            method => method,
        };
        let segments = segments(head.uri.path()).map(str::as_bytes);
        let segments = segments
            .map(form::decode_segment)
            .collect::<Result<_, _>>()?;
        let query = Query::parse(head.uri.query().unwrap_or_default())?;
        // Many clients send a `Content-Type` with a GET, and some send a body.
        let body = match method {
            Method::GET => Fields::default(),
            _ => Fields::parse(&head.headers, &body)?,
        };
        Ok(Self {
            now,
            method,
            segments,
            query,
            body,
        })
    }
}

/// Returns the segments of a path, as the client encoded them.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    // Some clients end a path with a slash.
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/')
}
