//! Whose a mandate is, as direct debit tells of it.

use serde::{Deserialize, Serialize};

use crate::lenient::{self, Object};
use crate::{CustomerCode, CustomerId, Email, Personal};

/// Whose a mandate is, as direct debit tells of it: less than a customer, and any of it may be
/// untold. To know more, fetch the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct AuthorizationOwner {
    /// The numeric id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<CustomerId>,
    /// The code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_code: Option<CustomerCode>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Personal>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Personal>,
}

/// The same as it comes: some bodies have `code` for `customer_code`.
#[derive(Deserialize)]
struct Body {
    #[serde(default, deserialize_with = "lenient::optional_value")]
    id: Option<CustomerId>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    customer_code: Option<CustomerCode>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    code: Option<CustomerCode>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    email: Option<Email>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    first_name: Option<Personal>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    last_name: Option<Personal>,
}

impl From<Object<Body>> for AuthorizationOwner {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            id: body.id,
            customer_code: body.customer_code.or(body.code),
            email: body.email,
            first_name: body.first_name,
            last_name: body.last_name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_comes_under_two_names_and_all_of_it_may_be_absent() {
        for json in [
            r#"{"code":"CUS_x"}"#,
            r#"{"customer_code":"CUS_x"}"#,
            r#"{"customer_code":"CUS_x","code":"CUS_x","id":null}"#,
            r#"{"customer_code":"","code":"CUS_x","id":""}"#,
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
            let nobody: AuthorizationOwner = serde_json::from_str(nothing).unwrap();
            assert_eq!(nobody, AuthorizationOwner::default(), "{nothing}");
        }
    }
}
