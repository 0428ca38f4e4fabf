//! The customer who owns a mandate.

use serde::{Deserialize, Serialize};

use crate::json::lenient::optional_value;
use crate::{CustomerCode, CustomerId, Email, Sensitive};

/// The customer who owns a mandate. Every field is optional; fetch the customer for further fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Received")]
#[non_exhaustive]
pub struct AuthorizationOwner {
    /// The numeric id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<CustomerId>,
    /// The code. Some responses call it `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_code: Option<CustomerCode>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Sensitive>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Sensitive>,
}

/// An owner as received. Its code has two names, which may occur together; an alias would reject that as a
/// repeated field.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Received {
    #[serde(deserialize_with = "optional_value")]
    id: Option<CustomerId>,
    #[serde(deserialize_with = "optional_value")]
    code: Option<CustomerCode>,
    #[serde(deserialize_with = "optional_value")]
    customer_code: Option<CustomerCode>,
    #[serde(deserialize_with = "optional_value")]
    email: Option<Email>,
    #[serde(deserialize_with = "optional_value")]
    first_name: Option<Sensitive>,
    #[serde(deserialize_with = "optional_value")]
    last_name: Option<Sensitive>,
}

impl From<Received> for AuthorizationOwner {
    fn from(received: Received) -> Self {
        Self {
            id: received.id,
            customer_code: received.customer_code.or(received.code),
            email: received.email,
            first_name: received.first_name,
            last_name: received.last_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_code_decodes_under_both_of_its_names() {
        for json in [
            r#"{"code":"CUS_x"}"#,
            r#"{"customer_code":"CUS_x"}"#,
            r#"{"code":"CUS_x","id":null}"#,
            r#"{"customer_code":"CUS_x","id":""}"#,
            r#"{"customer_code":"CUS_x","code":"CUS_x"}"#,
            r#"{"customer_code":null,"code":"CUS_x"}"#,
        ] {
            let owner: AuthorizationOwner = serde_json::from_str(json).unwrap();
            assert_eq!(
                owner.customer_code,
                Some(CustomerCode::new("CUS_x").unwrap())
            );
        }
        for nothing in [
            "{}",
            r#"{"email":"","first_name":"","last_name":""}"#,
            r#"{"email":[],"first_name":[],"last_name":[]}"#,
        ] {
            let owner: AuthorizationOwner = serde_json::from_str(nothing).unwrap();
            assert_eq!(owner, AuthorizationOwner::default(), "{nothing}");
        }
    }
}
