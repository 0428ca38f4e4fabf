//! `POST /customer`

use http::Method;
use serde::Serialize;

use super::Customer;
use crate::metadata::Sendable;
use crate::{Email, Metadata, Operation, Path, Personal, Resend};

/// Creates a customer: `POST /customer`.
///
/// If the address belongs to a customer already, Paystack answers with that customer and applies
/// nothing of what was sent; compare what came back. That is not documented, so a creation whose
/// fate is unknown is not sent again by itself.
///
/// ```
/// use paystack_core::customers::CreateCustomer;
/// use paystack_core::{Email, Metadata};
///
/// let create = CreateCustomer::new(Email::new("ada@example.com")?)
///     .first_name("Ada")
///     .last_name("Obi")
///     .phone("+2348123456789")
///     .metadata(Metadata::new(&serde_json::json!({"plan": "gold"}))?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Refused with 400: an address that Paystack does not take, metadata that is no object.
///
/// See <https://paystack.com/docs/api/customer/#create>.
#[derive(Clone, Debug, Serialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct CreateCustomer {
    email: Email,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<Personal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<Personal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<Personal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Sendable>,
}

impl CreateCustomer {
    /// A customer with this address.
    pub fn new(email: impl Into<Email>) -> Self {
        Self {
            email: email.into(),
            first_name: None,
            last_name: None,
            phone: None,
            metadata: None,
        }
    }

    /// Sets the first name.
    pub fn first_name(mut self, first_name: impl Into<Personal>) -> Self {
        self.first_name = Some(first_name.into());
        self
    }

    /// Sets the last name.
    pub fn last_name(mut self, last_name: impl Into<Personal>) -> Self {
        self.last_name = Some(last_name.into());
        self
    }

    /// Sets the phone number, best in international form.
    pub fn phone(mut self, phone: impl Into<Personal>) -> Self {
        self.phone = Some(phone.into());
        self
    }

    /// Sets data of the caller's own: `Metadata::new(&value)?`, of an object.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(Sendable(metadata));
        self
    }
}

impl Operation for CreateCustomer {
    const NAME: &'static str = "customers.create";
    const METHOD: Method = Method::POST;
    const RESEND: Resend = Resend::OnlyIfUnsent;
    type Output = Customer;

    fn path(&self) -> Path {
        Path::new("customer")
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::wire_text;

    #[test]
    fn smallest() {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        insta::assert_snapshot!(wire_text(&create), @r#"
        POST https://api.paystack.co/customer
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ada@example.com"
        }
        "#);
    }

    #[test]
    fn fullest() {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap())
            .first_name("Ada")
            .last_name("Obi")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold", "seats": 3})).unwrap());
        insta::assert_snapshot!(wire_text(&create), @r#"
        POST https://api.paystack.co/customer
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ada@example.com",
          "first_name": "Ada",
          "last_name": "Obi",
          "phone": "+2348123456789",
          "metadata": {
            "plan": "gold",
            "seats": 3
          }
        }
        "#);
    }

    #[test]
    fn empty_metadata_is_an_empty_object() {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap())
            .metadata(Metadata::new(&json!({})).unwrap());
        insta::assert_snapshot!(wire_text(&create), @r#"
        POST https://api.paystack.co/customer
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ada@example.com",
          "metadata": {}
        }
        "#);
    }
}
