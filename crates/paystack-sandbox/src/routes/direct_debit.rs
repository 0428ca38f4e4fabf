//! The routes of mandates, one file each, and the parsing and pagination that they share.

pub(super) mod charge_activation;
pub(super) mod initialize_authorization;
pub(super) mod initialize_direct_debit;
pub(super) mod list_integration_mandate_authorizations;
pub(super) mod list_mandate_authorizations;
pub(super) mod verify_authorization;

use serde::Serialize;

use super::cursor;
use crate::integration::Integration;
use crate::request::{Field, Fields, Request};
use crate::response::{ListedMandate, Refusal, Response};
use crate::state::{Account, Customer, Mandate};

/// Returns the customer with a numeric id. Rejects a customer code.
fn customer<'a>(integration: &'a Integration, id: &str) -> Result<&'a Customer, Refusal> {
    let id = id
        .parse()
        .map_err(|_| Refusal::invalid("Customer id must be a number"))?;
    integration
        .by_id(id)
        .ok_or_else(Refusal::customer_not_found)
}

/// Decodes the account of a body. An account requires an address.
fn account(body: &Fields) -> Result<Option<Account>, Refusal> {
    #[derive(serde::Deserialize)]
    struct Address {
        #[serde(rename = "street")]
        _street: String,
        #[serde(rename = "city")]
        _city: String,
        #[serde(rename = "state")]
        _state: String,
    }

    let account: Field<Account> =
        body.object("account", "account must have number and bank_code")?;
    let address: Field<Address> =
        body.object("address", "address must have street, city and state")?;
    match (account.value(), address.value()) {
        (account, Some(_)) => Ok(account),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::missing("address is required")),
    }
}

/// Returns a page of the mandates that a filter selects, newest first, after the cursor of the request.
fn page(
    integration: &Integration,
    request: &Request,
    per_page: u64,
    filter: impl Fn(&Mandate) -> bool,
) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Meta {
        per_page: u64,
        next: Option<String>,
        count: usize,
        total: usize,
    }

    let after = cursor::decode(&request.query, "cursor", "mandate")?;
    let all = integration.mandates().iter().rev();
    let all = all.filter(|mandate| filter(mandate));
    let total = all.clone().count();
    let mut remaining = all.skip_while(|mandate| after.is_some_and(|id| mandate.id >= id));
    let rows: Vec<_> = remaining.by_ref().take(cursor::size(per_page)).collect();
    let last = rows.last().filter(|_| remaining.next().is_some());
    let meta = Meta {
        per_page,
        next: last.map(|mandate| cursor::encode("mandate", mandate.id)),
        count: rows.len(),
        total,
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|mandate| ListedMandate::new(mandate, integration.id))
        .collect();
    Ok(Response::page(
        "Mandate authorizations retrieved successfully",
        rows,
        meta,
    ))
}
