//! Where a customer agrees to be debited.

use serde::{Deserialize, Serialize};

use crate::{Personal, Reference};

/// Where a customer agrees to be debited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthorizationLink {
    /// The page to send the customer to. Whoever has it acts as the customer.
    pub redirect_url: Personal,
    /// The last part of that page's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_code: Option<Personal>,
    /// What [`VerifyAuthorization`](super::VerifyAuthorization) asks by.
    pub reference: Reference,
}
