//! The events that webhooks report, decoded by name.

mod customer_identification;
mod direct_debit_authorization;

use std::fmt;

use paystack_core::{EmailOrCode, JsonError, RawJson};

use crate::envelope::{Envelope, decode_data};

pub use self::customer_identification::{
    CustomerIdentificationFailed, CustomerIdentificationSucceeded,
};
pub use self::direct_debit_authorization::{
    DirectDebitAuthorizationActive, DirectDebitAuthorizationCreated,
};

const IDENTIFICATION_SUCCEEDED: &str = "customeridentification.success";
const IDENTIFICATION_FAILED: &str = "customeridentification.failed";
const AUTHORIZATION_CREATED: &str = "direct_debit.authorization.created";
const AUTHORIZATION_ACTIVE: &str = "direct_debit.authorization.active";

/// An event, decoded from a webhook.
///
/// See <https://paystack.com/docs/payments/webhooks/#types-of-events>.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// `customeridentification.success`: the validation of a customer succeeded.
    CustomerIdentificationSucceeded(CustomerIdentificationSucceeded),
    /// `customeridentification.failed`: the validation of a customer failed, with a reason.
    CustomerIdentificationFailed(CustomerIdentificationFailed),
    /// `direct_debit.authorization.created`: a customer agreed to a mandate, which cannot be charged yet.
    DirectDebitAuthorizationCreated(DirectDebitAuthorizationCreated),
    /// `direct_debit.authorization.active`: a mandate became active and can be charged.
    DirectDebitAuthorizationActive(DirectDebitAuthorizationActive),
    /// Any other event.
    ///
    /// A later version of this crate may decode the event into a variant of its own. To match an event by
    /// name in every version, compare [`Event::name`].
    Unrecognized {
        /// The name of the event.
        name: Box<str>,
        /// The data of the event as raw JSON, if it has any.
        data: Option<RawJson>,
    },
}

impl Event {
    /// The names of the events that have a variant of their own.
    pub const NAMES: &[&str] = &[
        IDENTIFICATION_SUCCEEDED,
        IDENTIFICATION_FAILED,
        AUTHORIZATION_CREATED,
        AUTHORIZATION_ACTIVE,
    ];

    pub(crate) fn decode(envelope: &Envelope, body: &[u8]) -> Result<Self, JsonError> {
        Ok(match &*envelope.name {
            IDENTIFICATION_SUCCEEDED => Self::CustomerIdentificationSucceeded(decode_data(body)?),
            IDENTIFICATION_FAILED => Self::CustomerIdentificationFailed(decode_data(body)?),
            AUTHORIZATION_CREATED => {
                let created = DirectDebitAuthorizationCreated::decode(body)?;
                Self::DirectDebitAuthorizationCreated(created)
            }
            AUTHORIZATION_ACTIVE => {
                let active = DirectDebitAuthorizationActive::decode(body)?;
                Self::DirectDebitAuthorizationActive(active)
            }
            name => Self::Unrecognized {
                name: name.into(),
                data: envelope.data.clone(),
            },
        })
    }

    /// Returns the name of the event as Paystack writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::CustomerIdentificationSucceeded(_) => IDENTIFICATION_SUCCEEDED,
            Self::CustomerIdentificationFailed(_) => IDENTIFICATION_FAILED,
            Self::DirectDebitAuthorizationCreated(_) => AUTHORIZATION_CREATED,
            Self::DirectDebitAuthorizationActive(_) => AUTHORIZATION_ACTIVE,
            Self::Unrecognized { name, .. } => name,
        }
    }

    /// Returns the code of the event's customer, or else the e-mail address.
    ///
    /// Pass it to [`FetchCustomer`](paystack_core::customers::FetchCustomer). Returns `None` for unrecognized
    /// events and for events that contain neither.
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
            Self::Unrecognized { .. } => None,
        }?;
        let code = owner.customer_code.as_ref().map(EmailOrCode::from);
        code.or_else(|| owner.email.as_ref().map(EmailOrCode::from))
    }
}

/// Hides the name of an unrecognized event, because a name may contain anything.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CustomerIdentificationSucceeded(event) => event.fmt(f),
            Self::CustomerIdentificationFailed(event) => event.fmt(f),
            Self::DirectDebitAuthorizationCreated(event) => event.fmt(f),
            Self::DirectDebitAuthorizationActive(event) => event.fmt(f),
            Self::Unrecognized { data, .. } => f
                .debug_struct("Unrecognized")
                .field("data", data)
                .finish_non_exhaustive(),
        }
    }
}
