//! A customer as the API writes it.

use serde::Deserialize;
use time::OffsetDateTime;

use super::Customer;
use crate::customers::{Authorization, CurrencyAmount, RiskAction};
use crate::json::{Object, lenient};
use crate::{CustomerCode, CustomerId, Email, Metadata, Mode, RawJson, Sensitive};

/// A customer as received. Its times have two spellings, which may occur together; an alias would reject that
/// as a repeated field.
#[derive(Deserialize)]
pub(super) struct Body {
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
    #[serde(default, deserialize_with = "lenient::optional_list")]
    identifications: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    authorizations: Option<Vec<Authorization>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    subscriptions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    transactions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_number")]
    total_transactions: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    total_transaction_value: Option<Vec<CurrencyAmount>>,
    dedicated_account: Option<RawJson>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    dedicated_accounts: Option<Vec<RawJson>>,
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

impl From<Object<Body>> for Customer {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            id: body.id,
            customer_code: body.customer_code,
            email: body.email,
            first_name: body.first_name,
            last_name: body.last_name,
            phone: body.phone,
            metadata: body.metadata,
            mode: body.mode,
            integration: body.integration,
            risk_action: body.risk_action,
            identified: body.identified,
            identifications: body.identifications,
            authorizations: body.authorizations,
            subscriptions: body.subscriptions,
            transactions: body.transactions,
            total_transactions: body.total_transactions,
            total_transaction_value: body.total_transaction_value,
            dedicated_account: body.dedicated_account.filter(|account| !is_empty(account)),
            dedicated_accounts: body.dedicated_accounts,
            created_at: body.created_at_camel.or(body.created_at),
            updated_at: body.updated_at_camel.or(body.updated_at),
        }
    }
}

/// Paystack may write an empty object as an empty list, or as empty text.
fn is_empty(json: &RawJson) -> bool {
    let text: String = json.as_str().split_whitespace().collect();
    matches!(&*text, "[]" | "{}" | "\"\"")
}
