//! Where a customer agrees to be debited.

use serde::{Deserialize, Serialize};

use crate::lenient::Object;
use crate::{Personal, Reference};

/// Where a customer agrees to be debited: the answer to
/// [`InitializeAuthorization`](super::InitializeAuthorization) and
/// [`InitializeDirectDebit`](super::InitializeDirectDebit).
///
/// See <https://paystack.com/docs/api/customer/#initialize-authorization>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
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

/// A link as it comes.
#[derive(Deserialize)]
struct Body {
    redirect_url: Personal,
    access_code: Option<Personal>,
    reference: Reference,
}

impl From<Object<Body>> for AuthorizationLink {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            redirect_url: body.redirect_url,
            access_code: body.access_code,
            reference: body.reference,
        }
    }
}
