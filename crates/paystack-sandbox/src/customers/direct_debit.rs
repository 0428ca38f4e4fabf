//! The operations on mandates, one file each.

pub(super) mod charge_activation;
pub(super) mod initialize_authorization;
pub(super) mod initialize_direct_debit;
pub(super) mod list_mandate_authorizations;
pub(super) mod verify_authorization;

use crate::answer::Refusal;
use crate::customer::Customer;
use crate::integration::Integration;
use crate::mandate::Account;
use crate::request::{Fields, Said};

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
