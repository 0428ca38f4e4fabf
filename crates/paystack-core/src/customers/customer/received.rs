//! A customer as received.

use serde::Deserialize;
use time::OffsetDateTime;

use super::Customer;
use crate::customers::{
    Authorization, CurrencyAmount, DedicatedAccount, Identification, RiskAction,
};
use crate::json::{Object, lenient};
use crate::{CustomerCode, CustomerId, Email, Metadata, Mode, RawJson, Sensitive};

/// A customer as received. Its times have two spellings, which may occur together; an alias would reject that
/// as a repeated field.
#[derive(Deserialize)]
pub(super) struct Received {
    id: CustomerId,
    customer_code: CustomerCode,
    email: Email,
    first_name: Option<Sensitive>,
    last_name: Option<Sensitive>,
    phone: Option<Sensitive>,
    metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    #[serde(rename = "domain")]
    mode: Option<Mode>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    integration: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    risk_action: Option<RiskAction>,
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    identified: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    identifications: Option<Vec<Identification>>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    authorizations: Option<Vec<Authorization>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    subscriptions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    transactions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    total_transactions: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    total_transaction_value: Option<Vec<CurrencyAmount>>,
    #[serde(default, deserialize_with = "lenient::optional_unless_empty")]
    dedicated_account: Option<Box<DedicatedAccount>>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    dedicated_accounts: Option<Vec<DedicatedAccount>>,
    #[serde(
        default,
        rename = "createdAt",
        deserialize_with = "lenient::optional_time"
    )]
    created_at_camel: Option<OffsetDateTime>,
    #[serde(
        default,
        rename = "updatedAt",
        deserialize_with = "lenient::optional_time"
    )]
    updated_at_camel: Option<OffsetDateTime>,
    #[serde(default, deserialize_with = "lenient::optional_time")]
    created_at: Option<OffsetDateTime>,
    #[serde(default, deserialize_with = "lenient::optional_time")]
    updated_at: Option<OffsetDateTime>,
}

impl From<Object<Received>> for Customer {
    fn from(Object(received): Object<Received>) -> Self {
        // Cheaper than `optional_value`, for fields that nearly every customer has.
        let is_not_empty = |text: &Sensitive| !text.as_str().is_empty();
        Self {
            id: received.id,
            customer_code: received.customer_code,
            email: received.email,
            first_name: received.first_name.filter(is_not_empty),
            last_name: received.last_name.filter(is_not_empty),
            phone: received.phone.filter(is_not_empty),
            metadata: received.metadata,
            mode: received.mode,
            integration: received.integration,
            risk_action: received.risk_action,
            identified: received.identified,
            identifications: received.identifications,
            authorizations: received.authorizations,
            subscriptions: received.subscriptions,
            transactions: received.transactions,
            total_transactions: received.total_transactions,
            total_transaction_value: received.total_transaction_value,
            dedicated_account: received
                .dedicated_account
                .filter(|account| **account != DedicatedAccount::default()),
            dedicated_accounts: received.dedicated_accounts,
            created_at: received.created_at_camel.or(received.created_at),
            updated_at: received.updated_at_camel.or(received.updated_at),
        }
    }
}
