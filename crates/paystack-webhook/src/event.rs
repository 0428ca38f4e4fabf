//! The events that webhooks tell of.

use std::fmt;

use paystack_core::{Domain, EmailOrCode, JsonError, RawJson, optional_unless_empty, read_json};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::customer_identification::{
    CustomerIdentificationFailed, CustomerIdentificationSucceeded,
};
use crate::direct_debit_authorization::{
    DirectDebitAuthorizationActive, DirectDebitAuthorizationCreated,
};

const IDENTIFICATION_SUCCEEDED: &str = "customeridentification.success";
const IDENTIFICATION_FAILED: &str = "customeridentification.failed";
const AUTHORIZATION_CREATED: &str = "direct_debit.authorization.created";
const AUTHORIZATION_ACTIVE: &str = "direct_debit.authorization.active";

/// What a webhook tells of.
///
/// See <https://paystack.com/docs/payments/webhooks/#types-of-events>.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// `customeridentification.success`: a customer is identified.
    CustomerIdentificationSucceeded(CustomerIdentificationSucceeded),
    /// `customeridentification.failed`: a customer is not, and why.
    CustomerIdentificationFailed(CustomerIdentificationFailed),
    /// `direct_debit.authorization.created`: a customer has agreed to a mandate, which cannot be
    /// charged yet.
    DirectDebitAuthorizationCreated(DirectDebitAuthorizationCreated),
    /// `direct_debit.authorization.active`: a mandate can be charged.
    DirectDebitAuthorizationActive(DirectDebitAuthorizationActive),
    /// Anything else. A later version may know it; compare [`Event::name`], which keeps its meaning.
    Other {
        /// The event's name.
        name: Box<str>,
        /// The event's data as it came, if it has any.
        data: Option<RawJson>,
    },
}

impl Event {
    pub(crate) const NAMES: [&str; 4] = [
        IDENTIFICATION_SUCCEEDED,
        IDENTIFICATION_FAILED,
        AUTHORIZATION_CREATED,
        AUTHORIZATION_ACTIVE,
    ];

    pub(crate) fn read(
        envelope: &Envelope,
        body: &[u8],
        signed_in: &Domain,
    ) -> Result<Self, JsonError> {
        Ok(match envelope.name() {
            IDENTIFICATION_SUCCEEDED => Self::CustomerIdentificationSucceeded(read_data(body)?),
            IDENTIFICATION_FAILED => Self::CustomerIdentificationFailed(read_data(body)?),
            AUTHORIZATION_CREATED => {
                Self::DirectDebitAuthorizationCreated(DirectDebitAuthorizationCreated::read(body)?)
            }
            AUTHORIZATION_ACTIVE => {
                let active = DirectDebitAuthorizationActive::read(body, signed_in)?;
                Self::DirectDebitAuthorizationActive(active)
            }
            other => Self::Other {
                name: other.into(),
                data: envelope.data.clone(),
            },
        })
    }

    /// The event's name, as Paystack writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::CustomerIdentificationSucceeded(_) => IDENTIFICATION_SUCCEEDED,
            Self::CustomerIdentificationFailed(_) => IDENTIFICATION_FAILED,
            Self::DirectDebitAuthorizationCreated(_) => AUTHORIZATION_CREATED,
            Self::DirectDebitAuthorizationActive(_) => AUTHORIZATION_ACTIVE,
            Self::Other { name, .. } => name,
        }
    }

    /// The customer that it is about, as
    /// [`FetchCustomer`](paystack_core::customers::FetchCustomer) takes it: the code, or else the
    /// address. `None` if neither is told, and for events that are not known.
    pub fn customer(&self) -> Option<EmailOrCode> {
        let owner = match self {
            Self::CustomerIdentificationSucceeded(event) => {
                return Some((&event.customer_code).into());
            }
            Self::CustomerIdentificationFailed(event) => {
                return Some((&event.customer_code).into());
            }
            Self::DirectDebitAuthorizationCreated(event) => event.customer.as_ref(),
            Self::DirectDebitAuthorizationActive(event) => event.customer.as_ref(),
            Self::Other { .. } => None,
        }?;
        let code = owner.customer_code.as_ref().map(EmailOrCode::from);
        code.or_else(|| owner.email.as_ref().map(EmailOrCode::from))
    }
}

/// Without the name of an unknown event, which is anybody's guess.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CustomerIdentificationSucceeded(event) => event.fmt(f),
            Self::CustomerIdentificationFailed(event) => event.fmt(f),
            Self::DirectDebitAuthorizationCreated(event) => event.fmt(f),
            Self::DirectDebitAuthorizationActive(event) => event.fmt(f),
            Self::Other { data, .. } => f
                .debug_struct("Other")
                .field("data", data)
                .finish_non_exhaustive(),
        }
    }
}

/// What every event is wrapped in.
#[derive(Clone, Deserialize)]
pub(crate) struct Envelope {
    #[serde(rename = "event")]
    name: Box<str>,
    data: Option<RawJson>,
}

impl Envelope {
    pub(crate) fn read(body: &[u8]) -> Result<Self, JsonError> {
        read_object(body)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn data(&self) -> Option<&RawJson> {
        self.data.as_ref()
    }
}

/// Reads the data of an event whose body is this. An empty list, null or nothing at all stands for an
/// empty object.
pub(crate) fn read_data<T: DeserializeOwned>(body: &[u8]) -> Result<T, JsonError> {
    #[derive(Deserialize)]
    #[serde(bound = "T: DeserializeOwned")]
    struct Data<T> {
        #[serde(default, deserialize_with = "optional_unless_empty")]
        data: Option<T>,
    }

    match read_object::<Data<T>>(body)?.data {
        Some(data) => Ok(data),
        None => read_json(b"{}"),
    }
}

/// Reads an object and nothing that has the same fields in a list.
fn read_object<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    #[derive(Deserialize)]
    #[serde(transparent, bound = "T: DeserializeOwned")]
    struct Object<T>(#[serde(deserialize_with = "optional_unless_empty")] Option<T>);

    match read_json(json)? {
        Object(Some(object)) => Ok(object),
        Object(None) => read_json(b"{}"),
    }
}
