//! A customer as the responses to a creation, an update and a fetch serialize it.

use paystack_transport::Mode;
use paystack_transport::customers::RiskAction;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::state::{Authorizations, Customer, Identification, Timestamp};

/// The customer in the response to a creation. Omits fields that are not set.
#[derive(Serialize)]
pub(crate) struct CreatedCustomer<'a> {
    transactions: [(); 0],
    subscriptions: [(); 0],
    authorizations: &'a Authorizations,
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    integration: u64,
    #[serde(rename = "domain")]
    mode: &'a Mode,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    customer_code: &'a str,
    risk_action: &'a RiskAction,
    id: u64,
    identified: bool,
    identifications: Option<[&'a Identification; 1]>,
    #[serde(rename = "createdAt")]
    created_at: Timestamp,
    #[serde(rename = "updatedAt")]
    updated_at: Timestamp,
}

impl<'a> CreatedCustomer<'a> {
    pub(crate) fn new(customer: &'a Customer) -> Self {
        Self {
            transactions: [],
            subscriptions: [],
            authorizations: &customer.authorizations,
            email: &customer.email,
            first_name: customer.first_name.as_deref(),
            last_name: customer.last_name.as_deref(),
            phone: customer.phone.as_deref(),
            integration: customer.integration,
            mode: &customer.mode,
            metadata: customer.metadata.as_deref(),
            customer_code: &customer.code,
            risk_action: &customer.risk_action,
            id: customer.id,
            identified: customer.identification.is_some(),
            identifications: customer.identification.as_ref().map(|one| [one]),
            created_at: customer.created_at,
            updated_at: customer.updated_at,
        }
    }
}

/// The customer in the response to an update.
#[derive(Serialize)]
pub(crate) struct UpdatedCustomer<'a> {
    transactions: [(); 0],
    subscriptions: [(); 0],
    authorizations: &'a Authorizations,
    #[serde(flatten)]
    customer: &'a Customer,
    identified: bool,
    identifications: Option<[&'a Identification; 1]>,
}

impl<'a> UpdatedCustomer<'a> {
    pub(crate) fn new(customer: &'a Customer) -> Self {
        Self {
            transactions: [],
            subscriptions: [],
            authorizations: &customer.authorizations,
            customer,
            identified: customer.identification.is_some(),
            identifications: customer.identification.as_ref().map(|one| [one]),
        }
    }
}

/// The customer in the response to a fetch. Adds a second spelling of the times, and totals.
#[derive(Serialize)]
pub(crate) struct FetchedCustomer<'a> {
    #[serde(flatten)]
    updated: UpdatedCustomer<'a>,
    created_at: Timestamp,
    updated_at: Timestamp,
    total_transactions: u64,
    total_transaction_value: [(); 0],
    dedicated_account: Option<()>,
    dedicated_accounts: [(); 0],
}

impl<'a> FetchedCustomer<'a> {
    pub(crate) fn new(customer: &'a Customer) -> Self {
        Self {
            updated: UpdatedCustomer::new(customer),
            created_at: customer.created_at,
            updated_at: customer.updated_at,
            total_transactions: 0,
            total_transaction_value: [],
            dedicated_account: None,
            dedicated_accounts: [],
        }
    }
}
