//! `GET /customer/{id}/directdebit-mandate-authorizations` and
//! `GET /directdebit/mandate-authorizations`

use serde::Serialize;

use crate::answer::{Answer, Refusal};
use crate::customers::list;
use crate::integration::Integration;
use crate::request::Request;

pub(crate) fn answer(
    integration: &mut Integration,
    request: &Request,
    id: Option<&str>,
) -> Result<Answer, Refusal> {
    #[derive(Serialize)]
    struct Meta {
        per_page: u64,
        next: Option<String>,
        count: usize,
        total: usize,
    }

    let customer = match id {
        Some(id) => Some(super::customer(integration, id)?.id),
        None => None,
    };
    let query = &request.query;
    let per_page = query.count("per_page", 50)?;
    let after = list::cursor(query, "cursor", "mandate")?;
    let status = query.text("status");
    // Newest first.
    let all = integration.mandates().iter().rev().filter(|mandate| {
        customer.is_none_or(|id| mandate.customer.id == id)
            && status.is_none_or(|status| mandate.status.as_str() == status)
    });
    let total = all.clone().count();
    let mut rest = all.skip_while(|mandate| after.is_some_and(|id| mandate.id >= id));
    let rows: Vec<_> = rest.by_ref().take(list::size(per_page)).collect();
    let last = rows.last().filter(|_| rest.next().is_some());
    let meta = Meta {
        per_page,
        next: last.map(|mandate| list::token("mandate", mandate.id)),
        count: rows.len(),
        total,
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|mandate| mandate.listed(integration.id))
        .collect();
    Ok(Answer::page(
        "Mandate authorizations retrieved successfully",
        rows,
        meta,
    ))
}
