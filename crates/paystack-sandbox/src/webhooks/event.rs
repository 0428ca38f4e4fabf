//! The bodies of the events, in the shapes of Paystack's examples.

use paystack_transport::Mode;
use paystack_transport::customers::RiskAction;
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;

use super::webhook::UnsignedWebhook;
use crate::state::{Authorization, Customer, Identification, Mandate};

const IDENTIFIED: &str = "customeridentification.success";
const NOT_IDENTIFIED: &str = "customeridentification.failed";
const AUTHORIZATION_CREATED: &str = "direct_debit.authorization.created";
const AUTHORIZATION_ACTIVE: &str = "direct_debit.authorization.active";

/// Creates the webhook of a successful validation.
pub(crate) fn identified(
    mode: Mode,
    due: OffsetDateTime,
    customer: &Customer,
    identification: &Identification,
) -> UnsignedWebhook {
    // As in Paystack's examples, the id is a string of digits here and a number in `failed`.
    let data = IdentificationData {
        customer_id: customer.id.to_string(),
        customer_code: &customer.code,
        email: &customer.email,
        identification,
        reason: None,
    };
    Event::new(IDENTIFIED, data).into_webhook(mode, due)
}

/// Creates the webhook of a failed validation.
pub(crate) fn not_identified(
    mode: Mode,
    due: OffsetDateTime,
    customer: &Customer,
    identification: &Identification,
) -> UnsignedWebhook {
    let data = IdentificationData {
        customer_id: customer.id,
        customer_code: &customer.code,
        email: &customer.email,
        identification,
        reason: Some("Account number or BVN is incorrect"),
    };
    Event::new(NOT_IDENTIFIED, data).into_webhook(mode, due)
}

/// Creates the webhook of a mandate that a customer agreed to.
///
/// As in Paystack's example, its envelope also has the fields of a response envelope.
pub(crate) fn authorization_created(
    mode: Mode,
    due: OffsetDateTime,
    customer: &Customer,
    mandate: &Mandate,
) -> UnsignedWebhook {
    let data = AuthorizationData {
        authorization: mandate.authorization(),
        integration: None,
        mode: None,
        reference: None,
        customer: MandateCustomer::new(customer),
    };
    let event = Event {
        status: Some(true),
        message: Some("Authorization retrieved successfully"),
        ..Event::new(AUTHORIZATION_CREATED, data)
    };
    event.into_webhook(mode, due)
}

/// Creates the webhook of a mandate that became active.
pub(crate) fn authorization_active(
    mode: Mode,
    integration: u64,
    due: OffsetDateTime,
    customer: &Customer,
    mandate: &Mandate,
) -> UnsignedWebhook {
    let data = AuthorizationData {
        authorization: mandate.authorization(),
        integration: Some(integration),
        mode: Some(mode.clone()),
        reference: Some(&mandate.reference),
        customer: MandateCustomer::new(customer),
    };
    Event::new(AUTHORIZATION_ACTIVE, data).into_webhook(mode, due)
}

#[derive(Serialize)]
struct Event<D> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    data: D,
}

impl<D: Serialize> Event<D> {
    fn new(event: &'static str, data: D) -> Self {
        Self {
            event,
            status: None,
            message: None,
            data,
        }
    }

    fn into_webhook(self, mode: Mode, due: OffsetDateTime) -> UnsignedWebhook {
        UnsignedWebhook {
            mode,
            event: self.event,
            // Serializing an event cannot fail.
            body: serde_json::to_vec(&self).unwrap_or_default().into(),
            due,
        }
    }
}

#[derive(Serialize)]
struct IdentificationData<'a, I> {
    customer_id: I,
    customer_code: &'a str,
    email: &'a str,
    identification: &'a Identification,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct AuthorizationData<'a> {
    #[serde(flatten)]
    authorization: Authorization,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration: Option<u64>,
    #[serde(rename = "domain", skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    customer: MandateCustomer<'a>,
}

/// A customer as direct-debit events serialize it: with `code`, and an empty string for a missing phone.
#[derive(Serialize)]
struct MandateCustomer<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    code: &'a str,
    email: &'a str,
    phone: &'a str,
    metadata: Option<&'a RawValue>,
    risk_action: &'a RiskAction,
}

impl<'a> MandateCustomer<'a> {
    fn new(customer: &'a Customer) -> Self {
        Self {
            first_name: customer.first_name.as_deref(),
            last_name: customer.last_name.as_deref(),
            code: &customer.code,
            email: &customer.email,
            phone: customer.phone.as_deref().unwrap_or_default(),
            metadata: customer.metadata.as_deref(),
            risk_action: &customer.risk_action,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_verifier_recognizes() {
        let names = [
            IDENTIFIED,
            NOT_IDENTIFIED,
            AUTHORIZATION_CREATED,
            AUTHORIZATION_ACTIVE,
        ];
        assert_eq!(paystack_webhook::Event::NAMES, names);
    }
}
