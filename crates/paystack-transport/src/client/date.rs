//! The time at which a response was received.

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderValue, Response};
use paystack_core::time::OffsetDateTime;
use paystack_core::time::format_description::well_known::Rfc2822;

/// Adds the time of receipt as `Date` to a response without one, if it has a date in `Retry-After` or a time since
/// 1970: those are measured from it.
pub(crate) fn add_date(
    response: &mut Response<Bytes>,
    unix_time: impl FnOnce() -> Option<Duration>,
) {
    let headers = response.headers_mut();
    if headers.contains_key(DATE) {
        return;
    }
    // Nine digits are seconds from now.
    let is_long = |value: &HeaderValue| value.len() > 9;
    let needs_date = headers.get(RETRY_AFTER).is_some_and(is_long)
        || headers.get("x-ratelimit-reset").is_some_and(is_long);
    if needs_date && let Some(date) = unix_time().and_then(http_date) {
        headers.insert(DATE, date);
    }
}

fn http_date(unix_time: Duration) -> Option<HeaderValue> {
    let seconds = i64::try_from(unix_time.as_secs()).ok()?;
    let date = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let date = date.format(&Rfc2822).ok()?.replace("+0000", "GMT");
    HeaderValue::try_from(date).ok()
}
