//! The routes of direct debit, one file each, and the parsing and pagination that they share.

pub(super) mod charge_activation;
pub(super) mod initialize_authorization;
pub(super) mod initialize_direct_debit;
pub(super) mod list_integration_mandate_authorizations;
pub(super) mod list_mandate_authorizations;
pub(super) mod trigger_activation_charge;
pub(super) mod verify_authorization;

use serde::Serialize;
use time::Duration;

use super::cursor;
use crate::integration::Integration;
use crate::request::{Fields, Request};
use crate::response::{ListedMandate, Refusal, Response};
use crate::state::{Account, Customer, Mandate};

/// The duration of an activation charge.
const CHARGE_DELAY: Duration = Duration::seconds(2);

/// Returns the customer with a numeric id. Rejects a customer code.
fn customer<'a>(integration: &'a Integration, id: &str) -> Result<&'a Customer, Refusal> {
    let id = id
        .parse()
        .map_err(|_| Refusal::invalid("Customer id must be a number"))?;
    integration
        .by_id(id)
        .ok_or_else(Refusal::customer_not_found)
}

/// Decodes the account of a body, and checks the address, which is not stored. Both are optional.
fn account(body: &Fields) -> Result<Option<Account>, Refusal> {
    if let Some(address) = body.nested("address")? {
        for name in ["street", "city", "state"] {
            required(&address, "address", name)?;
        }
    }
    let Some(account) = body.nested("account")? else {
        return Ok(None);
    };
    let account = Account {
        number: required(&account, "account", "number")?,
        bank_code: required(&account, "account", "bank_code")?,
    };
    match account.bank_name() {
        Some(_) => Ok(Some(account)),
        None => Err(Refusal::invalid("Bank not supported for direct debit")),
    }
}

/// Returns a member of an object as text.
fn required(object: &Fields, of: &str, name: &str) -> Result<String, Refusal> {
    object.required_or(name, || {
        Refusal::missing(format!("{of}.{name} is required"))
    })
}

/// Returns a page of mandates, which are sorted by age: newest first, after the cursor of the request.
fn page<'a>(
    integration_id: u64,
    request: &Request,
    per_page: u64,
    mandates: impl DoubleEndedIterator<Item = &'a Mandate> + Clone,
) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Meta {
        per_page: u64,
        next: Option<String>,
        count: usize,
        /// Absent if there are no rows.
        #[serde(skip_serializing_if = "Option::is_none")]
        total: Option<usize>,
    }

    let after = cursor::decode(&request.query, "cursor", "mandate");
    let after = after.map_err(|_| Refusal::unknown_cursor())?;
    let total = mandates.clone().count();
    let mut remaining = mandates
        .rev()
        .skip_while(|mandate| after.is_some_and(|id| mandate.id >= id));
    let rows: Vec<_> = remaining.by_ref().take(cursor::size(per_page)).collect();
    let last = rows.last().filter(|_| remaining.next().is_some());
    let meta = Meta {
        per_page,
        next: last.map(|mandate| cursor::encode("mandate", mandate.id)),
        count: rows.len(),
        total: Some(total).filter(|total| *total > 0),
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|mandate| ListedMandate::new(mandate, integration_id))
        .collect();
    Ok(Response::page(
        "Mandate authorizations retrieved successfully",
        rows,
        meta,
    ))
}
