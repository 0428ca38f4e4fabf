//! A request, parsed leniently before any route validates it.

mod fields;
mod query;

use bytes::Bytes;
use http::Method;
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use crate::response::Refusal;

pub(crate) use self::fields::{Field, Fields};
pub(crate) use self::query::Query;

/// A request that passed authentication and the rate limit.
pub(crate) struct Request {
    pub(crate) now: OffsetDateTime,
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
        let segments = head.uri.path().trim_matches('/').split('/');
        let segments = segments
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let query = Query::parse(head.uri.query().unwrap_or_default());
        // Many clients send a `Content-Type` with a GET, and some send a body.
        let body = match head.method {
            Method::GET => Fields::default(),
            _ => Fields::parse(&head.headers, &body)?,
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
