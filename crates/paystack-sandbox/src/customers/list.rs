//! `GET /customer`

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use crate::answer::{Answer, Refusal};
use crate::customer::Customer;
use crate::integration::Integration;
use crate::request::{Query, Request};

const MESSAGE: &str = "Customers retrieved";

pub(super) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let query = &request.query;
    let from = moment(query, "from")?;
    let to = moment(query, "to")?;
    // Customers are kept in the order of their creation.
    let all = integration.customers();
    let first = from.map_or(0, |from| {
        all.partition_point(|customer| customer.created_at < from)
    });
    let end = to.map_or(all.len(), |to| {
        all.partition_point(|customer| customer.created_at <= to)
    });
    let customers = all.get(first..end).unwrap_or_default();

    let per_page = query.count("perPage", 50)?;
    let next = cursor(query, "next", "customer")?;
    let previous = cursor(query, "previous", "customer")?;
    if query.flag("use_cursor") || next.is_some() || previous.is_some() {
        Ok(by_cursor(customers, per_page, next, previous))
    } else {
        Ok(by_page(customers, per_page, query.count("page", 1)?))
    }
}

/// A page by its number, newest first.
fn by_page(customers: &[Customer], per_page: u64, page: u64) -> Answer {
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
    let end = total.saturating_sub(size(skipped));
    let rows = customers
        .get(end.saturating_sub(size(per_page))..end)
        .unwrap_or_default();
    let total = u64::try_from(total).unwrap_or(u64::MAX);
    let meta = Meta {
        total,
        skipped,
        per_page,
        page,
        page_count: total.div_ceil(per_page),
    };
    page_of(rows, meta)
}

/// A page by a cursor, newest first.
fn by_cursor(
    customers: &[Customer],
    per_page: u64,
    next: Option<u64>,
    previous: Option<u64>,
) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        next: Option<String>,
        previous: Option<String>,
        per_page: u64,
    }

    let per_page_size = size(per_page);
    let (start, end) = match (next, previous) {
        // The nearest newer ones.
        (None, Some(id)) => {
            let start = customers.partition_point(|customer| customer.id <= id);
            (
                start,
                start.saturating_add(per_page_size).min(customers.len()),
            )
        }
        (Some(id), _) => {
            let end = customers.partition_point(|customer| customer.id < id);
            (end.saturating_sub(per_page_size), end)
        }
        (None, None) => (
            customers.len().saturating_sub(per_page_size),
            customers.len(),
        ),
    };
    let rows = customers.get(start..end).unwrap_or_default();
    let token = |customer: &Customer| token("customer", customer.id);
    let meta = Meta {
        next: rows.first().filter(|_| start > 0).map(token),
        previous: rows.last().filter(|_| end < customers.len()).map(token),
        per_page,
    };
    page_of(rows, meta)
}

fn page_of(rows: &[Customer], meta: impl Serialize) -> Answer {
    let rows: Vec<_> = rows.iter().rev().map(Customer::listed).collect();
    Answer::page(MESSAGE, rows, meta)
}

pub(super) fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The cursor for an id.
pub(super) fn token(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("{kind}:{id}"))
}

/// The id that a cursor stands for.
pub(super) fn cursor(
    query: &Query,
    name: &'static str,
    kind: &str,
) -> Result<Option<u64>, Refusal> {
    let Some(text) = query.text(name).filter(|text| *text != "null") else {
        return Ok(None);
    };
    let id = STANDARD.decode(text).ok().and_then(|bytes| {
        let text = String::from_utf8(bytes).ok()?;
        text.strip_prefix(kind)?.strip_prefix(':')?.parse().ok()
    });
    id.map(Some)
        .ok_or_else(|| Refusal::invalid(format!("{name} is not a valid cursor")))
}

/// A moment, in one of the forms that clients send. A day stands for its first moment.
fn moment(query: &Query, name: &'static str) -> Result<Option<OffsetDateTime>, Refusal> {
    let Some(text) = query.text(name) else {
        return Ok(None);
    };
    let day = format_description!("[year]-[month]-[day]");
    let without_offset = format_description!(
        version = 2,
        "[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]"
    );
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| Date::parse(text, &day).map(|day| day.with_time(Time::MIDNIGHT).assume_utc()))
        .or_else(|_| {
            PrimitiveDateTime::parse(text, &Iso8601::DEFAULT)
                .or_else(|_| PrimitiveDateTime::parse(text, &without_offset))
                .map(PrimitiveDateTime::assume_utc)
        });
    moment
        .map(Some)
        .map_err(|_| Refusal::invalid(format!("{name} must be a valid date")))
}
