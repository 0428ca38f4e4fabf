//! What Paystack tells a merchant on its own account.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Uri};
use paystack_client::customers::RiskAction;
use paystack_client::{Domain, SecretKey};
use paystack_webhook::{SIGNATURE_HEADER, sign};
use serde::Serialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::customer::{Authorization, Customer, Identification};
use crate::mandate::Mandate;

/// A webhook, signed and ready to be sent.
///
/// `Debug` shows the size of the body only: it tells of people.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The mode that it belongs to.
    pub domain: Domain,
    /// The event's name: `customeridentification.success`.
    pub event: &'static str,
    /// The body, as it is sent.
    pub body: Bytes,
    /// The value of the header `x-paystack-signature`.
    pub signature: HeaderValue,
    /// When it is sent for the first time.
    pub due: OffsetDateTime,
}

impl Webhook {
    /// The request that it is sent as.
    pub fn request(&self, url: &Uri) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.clone();
        let headers = request.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json);
        headers.insert(SIGNATURE_HEADER, self.signature.clone());
        request
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("domain", &self.domain)
            .field("event", &self.event)
            .field("body_bytes", &self.body.len())
            .field("due", &self.due)
            .finish()
    }
}

/// A validation has succeeded.
pub(crate) fn identified(
    domain: Domain,
    due: OffsetDateTime,
    customer: &Customer,
    identification: &Identification,
) -> Unsigned {
    // A string of digits here and a number where it failed, as in Paystack's own examples.
    let data = Verdict {
        customer_id: customer.id.to_string(),
        customer_code: &customer.code,
        email: &customer.email,
        identification,
        reason: None,
    };
    Unsigned::new(
        domain,
        due,
        Event::new("customeridentification.success", data),
    )
}

/// A validation has failed.
pub(crate) fn not_identified(
    domain: Domain,
    due: OffsetDateTime,
    customer: &Customer,
    identification: &Identification,
    reason: &str,
) -> Unsigned {
    let data = Verdict {
        customer_id: customer.id,
        customer_code: &customer.code,
        email: &customer.email,
        identification,
        reason: Some(reason),
    };
    Unsigned::new(
        domain,
        due,
        Event::new("customeridentification.failed", data),
    )
}

/// A customer has agreed to a mandate. This one also has what an answer has around its data.
pub(crate) fn authorization_created(
    domain: Domain,
    due: OffsetDateTime,
    customer: &Customer,
    mandate: &Mandate,
) -> Unsigned {
    let data = Mandated {
        authorization: mandate.authorization(),
        integration: None,
        domain: None,
        reference: None,
        customer: Charged::new(customer),
    };
    let event = Event {
        status: Some(true),
        message: Some("Authorization retrieved successfully"),
        ..Event::new("direct_debit.authorization.created", data)
    };
    Unsigned::new(domain, due, event)
}

/// A mandate can be charged now.
pub(crate) fn authorization_active(
    domain: Domain,
    integration: u64,
    due: OffsetDateTime,
    customer: &Customer,
    mandate: &Mandate,
) -> Unsigned {
    let data = Mandated {
        authorization: mandate.authorization(),
        integration: Some(integration),
        domain: Some(domain.clone()),
        reference: Some(&mandate.reference),
        customer: Charged::new(customer),
    };
    Unsigned::new(
        domain,
        due,
        Event::new("direct_debit.authorization.active", data),
    )
}

/// A webhook that nobody has signed yet.
pub(crate) struct Unsigned {
    domain: Domain,
    event: &'static str,
    body: Bytes,
    due: OffsetDateTime,
}

impl Unsigned {
    fn new<D: Serialize>(domain: Domain, due: OffsetDateTime, event: Event<D>) -> Self {
        Self {
            domain,
            event: event.event,
            // Nothing in an event can fail to serialize.
            body: serde_json::to_vec(&event).unwrap_or_default().into(),
            due,
        }
    }

    pub(crate) fn sign(self, key: &SecretKey) -> Webhook {
        Webhook {
            signature: sign(key, &self.body),
            domain: self.domain,
            event: self.event,
            body: self.body,
            due: self.due,
        }
    }
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

impl<D> Event<D> {
    fn new(event: &'static str, data: D) -> Self {
        Self {
            event,
            status: None,
            message: None,
            data,
        }
    }
}

#[derive(Serialize)]
struct Verdict<'a, I> {
    customer_id: I,
    customer_code: &'a str,
    email: &'a str,
    identification: &'a Identification,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Mandated<'a> {
    #[serde(flatten)]
    authorization: Authorization,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    customer: Charged<'a>,
}

/// A customer as direct debit has it: with `code`, and empty text for no phone.
#[derive(Serialize)]
struct Charged<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    code: &'a str,
    email: &'a str,
    phone: &'a str,
    metadata: Option<&'a RawValue>,
    risk_action: &'a RiskAction,
}

impl<'a> Charged<'a> {
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
