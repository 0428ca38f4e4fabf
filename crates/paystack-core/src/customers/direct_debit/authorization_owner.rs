//! The customer who owns a mandate.

use serde::{Deserialize, Serialize};

use crate::json::lenient::optional_value;
use crate::{CustomerCode, CustomerId, Email, Sensitive};

/// The customer who owns a mandate. Every field is optional; fetch the customer for the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AuthorizationOwner {
    /// The numeric id.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<CustomerId>,
    /// The code. Some responses call it `code`.
    #[serde(alias = "code", deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_code: Option<CustomerCode>,
    /// The e-mail address.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The first name.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Sensitive>,
    /// The last name.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Sensitive>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_has_two_names() {
        for json in [
            r#"{"code":"CUS_x"}"#,
            r#"{"customer_code":"CUS_x"}"#,
            r#"{"code":"CUS_x","id":null}"#,
            r#"{"customer_code":"CUS_x","id":""}"#,
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
