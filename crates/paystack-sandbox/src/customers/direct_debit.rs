//! The operations on mandates, one file each.

pub(super) mod charge_activation;
pub(super) mod initialize_authorization;
pub(super) mod initialize_direct_debit;
pub(super) mod list_integration_mandate_authorizations;
pub(super) mod list_mandate_authorizations;
pub(super) mod verify_authorization;

use serde::Serialize;

use crate::answer::{Answer, Refusal};
use crate::customer::Customer;
use crate::customers::list;
use crate::integration::Integration;
use crate::mandate::{Account, Mandate};
use crate::request::{Fields, Request, Said};

/// The customer with a numeric id; a code is no such thing.
fn customer<'a>(integration: &'a Integration, id: &str) -> Result<&'a Customer, Refusal> {
    let id = id
        .parse()
        .map_err(|_| Refusal::invalid("Customer id must be a number"))?;
    integration
        .by_id(id)
        .ok_or_else(Refusal::customer_not_found)
}

/// The account and the address of a body, which come together or not at all.
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

    let account: Said<Account> =
        body.object("account", "account must have number and bank_code")?;
    let address: Said<Address> =
        body.object("address", "address must have street, city and state")?;
    match (account.set(), address.set()) {
        (account, Some(_)) => Ok(account),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::missing("address is required")),
    }
}

/// A page of the mandates that fit, newest first, after the cursor that a request names.
fn page(
    integration: &Integration,
    request: &Request,
    per_page: u64,
    fits: impl Fn(&Mandate) -> bool,
) -> Result<Answer, Refusal> {
    #[derive(Serialize)]
    struct Meta {
        per_page: u64,
        next: Option<String>,
        count: usize,
        total: usize,
    }

    let after = list::cursor(&request.query, "cursor", "mandate")?;
    let all = integration.mandates().iter().rev();
    let all = all.filter(|mandate| fits(mandate));
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
