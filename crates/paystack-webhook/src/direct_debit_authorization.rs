//! How far a mandate is.

use paystack_core::customers::Authorization;
use paystack_core::customers::direct_debit::AuthorizationOwner;
use paystack_core::{Domain, JsonError, Reference, optional_unless_empty, optional_value};
use serde::Deserialize;

use crate::event::read_data;

/// A customer has agreed to a mandate. It cannot be charged before it is active.
///
/// See <https://paystack.com/docs/payments/direct-debit/>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectDebitAuthorizationCreated {
    /// The mandate.
    pub authorization: Authorization,
    /// Whose it is.
    pub customer: Option<AuthorizationOwner>,
}

impl DirectDebitAuthorizationCreated {
    pub(crate) fn read(body: &[u8]) -> Result<Self, JsonError> {
        let surroundings: Surroundings = read_data(body)?;
        Ok(Self {
            authorization: read_data(body)?,
            customer: surroundings.customer,
        })
    }
}

/// A mandate can be charged. Before you charge it, ask with
/// [`VerifyAuthorization`](paystack_core::customers::direct_debit::VerifyAuthorization) whether it still
/// is so: it may have been taken back since.
///
/// See <https://paystack.com/docs/payments/direct-debit/>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirectDebitAuthorizationActive {
    /// The mandate.
    pub authorization: Authorization,
    /// Whose it is.
    pub customer: Option<AuthorizationOwner>,
    /// The reference that its first step was answered with.
    pub reference: Option<Reference>,
    /// The mode of the key that signed it. The body's own word is not believed: a holder of the test key
    /// could otherwise forge events about live customers.
    pub domain: Domain,
}

impl DirectDebitAuthorizationActive {
    pub(crate) fn read(body: &[u8], signed_in: &Domain) -> Result<Self, JsonError> {
        let surroundings: Surroundings = read_data(body)?;
        Ok(Self {
            authorization: read_data(body)?,
            customer: surroundings.customer,
            reference: surroundings.reference,
            domain: signed_in.clone(),
        })
    }
}

/// What stands in the data among the fields of the authorization.
#[derive(Deserialize)]
struct Surroundings {
    #[serde(default, deserialize_with = "optional_unless_empty")]
    customer: Option<AuthorizationOwner>,
    #[serde(default, deserialize_with = "optional_value")]
    reference: Option<Reference>,
}
