//! `GET /customer`: lists customers, newest first, by page number or by cursor.

use serde::Serialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use super::cursor;
use crate::integration::Integration;
use crate::request::{Query, Request};
use crate::response::{Refusal, Response};
use crate::state::Customer;

const MESSAGE: &str = "Customers retrieved";

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let query = &request.query;
    let from = time(query, "from")?;
    let to = time(query, "to")?;
    // The integration stores customers in the order of their creation.
    let all = integration.customers();
    let first = from.map_or(0, |from| {
        all.partition_point(|customer| customer.created_at.0 < from)
    });
    let end = to.map_or(all.len(), |to| {
        all.partition_point(|customer| customer.created_at.0 <= to)
    });
    let customers = all.get(first..end).unwrap_or_default();

    let per_page = query.positive("perPage", 50)?;
    let next = cursor::decode(query, "next", "customer")?;
    let previous = cursor::decode(query, "previous", "customer")?;
    if query.flag("use_cursor")? || next.is_some() || previous.is_some() {
        Ok(by_cursor(customers, per_page, next, previous))
    } else {
        Ok(by_page(customers, per_page, query.positive("page", 1)?))
    }
}

/// Returns a page by its number.
fn by_page(customers: &[Customer], per_page: u64, page: u64) -> Response {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        total: u64,
        skipped: u64,
        per_page: u64,
        page: u64,
        page_count: u64,
    }

    let total = customers.len();
    let skipped = page.saturating_sub(1).saturating_mul(per_page);
    let end = total.saturating_sub(cursor::size(skipped));
    let rows = customers
        .get(end.saturating_sub(cursor::size(per_page))..end)
        .unwrap_or_default();
    let total = u64::try_from(total).unwrap_or(u64::MAX);
    let meta = Meta {
        total,
        skipped,
        per_page,
        page,
        page_count: total.div_ceil(per_page),
    };
    page_response(rows, meta)
}

/// Returns the page before or after a cursor.
fn by_cursor(
    customers: &[Customer],
    per_page: u64,
    next: Option<u64>,
    previous: Option<u64>,
) -> Response {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        next: Option<String>,
        previous: Option<String>,
        per_page: u64,
    }

    let size = cursor::size(per_page);
    let (start, end) = match (next, previous) {
        // The rows that are newer than the cursor and nearest to it.
        (None, Some(id)) => {
            let start = customers.partition_point(|customer| customer.id <= id);
            (start, start.saturating_add(size).min(customers.len()))
        }
        (Some(id), _) => {
            let end = customers.partition_point(|customer| customer.id < id);
            (end.saturating_sub(size), end)
        }
        (None, None) => (customers.len().saturating_sub(size), customers.len()),
    };
    let rows = customers.get(start..end).unwrap_or_default();
    let encode = |customer: &Customer| cursor::encode("customer", customer.id);
    let meta = Meta {
        next: rows.first().filter(|_| start > 0).map(encode),
        previous: rows.last().filter(|_| end < customers.len()).map(encode),
        per_page,
    };
    page_response(rows, meta)
}

fn page_response(rows: &[Customer], meta: impl Serialize) -> Response {
    let rows: Vec<_> = rows.iter().rev().collect();
    Response::page(MESSAGE, rows, meta)
}

/// Parses a time in any format that clients send. A date means the start of the day in UTC.
fn time(query: &Query, name: &str) -> Result<Option<OffsetDateTime>, Refusal> {
    let Some(text) = query.text(name)? else {
        return Ok(None);
    };
    let date = format_description!("[year]-[month]-[day]");
    let without_offset = format_description!(
        version = 2,
        "[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]"
    );
    let time = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| {
            Date::parse(text, &date).map(|date| date.with_time(Time::MIDNIGHT).assume_utc())
        })
        .or_else(|_| OffsetDateTime::parse(text, &Iso8601::DEFAULT))
        .or_else(|_| {
            PrimitiveDateTime::parse(text, &Iso8601::DEFAULT)
                .or_else(|_| PrimitiveDateTime::parse(text, &without_offset))
                .map(PrimitiveDateTime::assume_utc)
        });
    time.map(Some)
        .map_err(|_| Refusal::wrong_type(name, "a valid date"))
}
