//! Cursors of paginated lists: the kind and the id of a row in Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::request::Query;
use crate::response::Refusal;

/// Converts a count from a query to a size. A count that does not fit becomes the largest size.
pub(super) fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Encodes the cursor of a row.
pub(super) fn encode(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("{kind}:{id}"))
}

/// Decodes the row id of the cursor in a query parameter.
pub(super) fn decode(query: &Query, name: &str, kind: &str) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.text(name)?.filter(|text| *text != "null") else {
        return Ok(None);
    };
    let id = STANDARD.decode(text).ok().and_then(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        text.strip_prefix(kind)?.strip_prefix(':')?.parse().ok()
    });
    id.map(Some)
        .ok_or_else(|| Refusal::wrong_type(name, "a valid cursor"))
}
