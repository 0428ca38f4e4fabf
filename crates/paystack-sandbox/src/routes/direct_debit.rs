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
use crate::request::{Field, Fields, Request};
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
