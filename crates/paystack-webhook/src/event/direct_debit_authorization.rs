//! The events that report the progress of a direct-debit mandate.

use paystack_core::customers::Authorization;
use paystack_core::customers::direct_debit::AuthorizationOwner;
use paystack_core::{JsonError, Reference, optional_unless_empty, optional_value};
use serde::Deserialize;

use crate::envelope::decode_data;

/// A customer agreed to a mandate. It cannot be charged before it becomes active.
///
/// See <https://paystack.com/docs/payments/direct-debit/>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectDebitAuthorizationCreated {
    /// The mandate.
    pub authorization: Authorization,
    /// The customer who owns the mandate.
    pub customer: Option<AuthorizationOwner>,
}

impl DirectDebitAuthorizationCreated {
    pub(super) fn decode(body: &[u8]) -> Result<Self, JsonError> {
        let context: Context = decode_data(body)?;
        Ok(Self {
            authorization: decode_data(body)?,
            customer: context.customer,
        })
    }
}

/// A mandate became active and can be charged.
///
/// The customer may have revoked it since. Before charging it, check it with
/// [`VerifyAuthorization`](paystack_core::customers::direct_debit::VerifyAuthorization).
///
/// See <https://paystack.com/docs/payments/direct-debit/>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectDebitAuthorizationActive {
    /// The mandate.
    pub authorization: Authorization,
    /// The customer who owns the mandate.
    pub customer: Option<AuthorizationOwner>,
    /// The reference that Paystack returned when the mandate was initialized.
    pub reference: Option<Reference>,
}

impl DirectDebitAuthorizationActive {
    pub(super) fn decode(body: &[u8]) -> Result<Self, JsonError> {
        let context: Context = decode_data(body)?;
        Ok(Self {
            authorization: decode_data(body)?,
            customer: context.customer,
            reference: context.reference,
        })
    }
}

/// The fields of the data beside those of the authorization, decoded in a pass of their own.
#[derive(Deserialize)]
struct Context {
    #[serde(default, deserialize_with = "optional_unless_empty")]
    customer: Option<AuthorizationOwner>,
    #[serde(default, deserialize_with = "optional_value")]
    reference: Option<Reference>,
}
