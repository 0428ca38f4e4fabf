//! The routes of direct debit, one file each, and the parsing and pagination that they share.

mod charge_activation;
mod initialize_authorization;
mod initialize_direct_debit;
mod list_integration_mandate_authorizations;
mod list_mandate_authorizations;
mod trigger_activation_charge;
mod verify_authorization;

use serde::Serialize;
use time::Duration;

use super::cursor;
use crate::integration::Integration;
use crate::request::{Fields, Request};
use crate::response::{ListedMandate, Refusal, Response};
use crate::state::{Account, Customer, Mandate};

/// The duration of an activation charge.
const CHARGE_DELAY: Duration = Duration::seconds(2);

/// Dispatches a request to its route.
pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
    segments: &[&str],
) -> Result<Response, Refusal> {
    match (request.method.as_str(), segments) {
        ("POST", ["customer", "authorization", "initialize"]) => {
            initialize_authorization::respond(integration, request)
        }
        ("GET", ["customer", "authorization", "verify", reference]) => {
            verify_authorization::respond(integration, reference)
        }
        ("POST", ["customer", id, "initialize-direct-debit"]) => {
            initialize_direct_debit::respond(integration, request, id)
        }
        ("PUT", ["customer", id, "directdebit-activation-charge"]) => {
            charge_activation::respond(integration, request, id)
        }
        ("PUT", ["directdebit", "activation-charge"]) => {
            trigger_activation_charge::respond(integration, request)
        }
        ("GET", ["customer", id, "directdebit-mandate-authorizations"]) => {
            list_mandate_authorizations::respond(integration, request, id)
        }
        ("GET", ["directdebit", "mandate-authorizations"]) => {
            list_integration_mandate_authorizations::respond(integration, request)
        }
        (_, ["customer", "authorization", "initialize"])
        | (_, ["customer", _, "initialize-direct-debit"]) => {
            Err(Refusal::method_not_allowed("POST"))
        }
        (_, ["customer", _, "directdebit-activation-charge"])
        | (_, ["directdebit", "activation-charge"]) => Err(Refusal::method_not_allowed("PUT")),
        (_, ["customer", "authorization", "verify", _])
        | (_, ["customer", _, "directdebit-mandate-authorizations"])
        | (_, ["directdebit", "mandate-authorizations"]) => {
            Err(Refusal::method_not_allowed("GET, HEAD"))
        }
        _ => Err(Refusal::route_not_found()),
    }
}

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
