//! `POST /customer`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{Customer, FetchCustomer};
use crate::json::MetadataObject;
use crate::{Email, Metadata, Operation, RetryRule, Sensitive};

/// Creates a customer: `POST /customer`.
///
/// If a customer with the address exists, Paystack returns that customer and applies none of the new fields;
/// compare the reply with the request. Paystack does not document this, so the SDK does not rely on it: it does not
/// retry after an unknown outcome.
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
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 400: an invalid address.
///
/// See <https://paystack.com/docs/api/customer/#create>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct CreateCustomer {
    email: Email,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<Sensitive>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<Sensitive>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<Sensitive>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
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
    pub fn first_name(mut self, first_name: impl Into<Sensitive>) -> Self {
        self.first_name = Some(first_name.into());
        self
    }

    /// Sets the last name.
    pub fn last_name(mut self, last_name: impl Into<Sensitive>) -> Self {
        self.last_name = Some(last_name.into());
        self
    }

    /// Sets the phone number, preferably in international form.
    pub fn phone(mut self, phone: impl Into<Sensitive>) -> Self {
        self.phone = Some(phone.into());
        self
    }

    /// Sets data of your own.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Returns the fetch by e-mail that shows whether the customer exists, for use after an
    /// [unknown outcome](crate::Outcome::Unknown).
    ///
    /// Compare the names with those of the request: the customer may have existed before.
    ///
    /// ```
    /// use paystack_core::customers::CreateCustomer;
    /// use paystack_core::{Email, Operation};
    ///
    /// let create = CreateCustomer::new(Email::new("ada@example.com")?);
    /// assert_eq!(create.verify_with().path().as_str(), "/customer/ada%40example.com");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self) -> FetchCustomer {
        FetchCustomer::new(&self.email)
    }
}

impl Operation for CreateCustomer {
    const NAME: &'static str = "customers.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = Customer;

    fn body(&self) -> Option<impl Serialize> {
        Some(Body {
            email: &self.email,
            first_name: self.first_name.as_ref(),
            last_name: self.last_name.as_ref(),
            phone: self.phone.as_ref(),
            metadata: self.metadata.as_ref().map(MetadataObject),
        })
    }
}

/// The JSON of the request.
#[derive(Serialize)]
struct Body<'a> {
    email: &'a Email,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<MetadataObject<'a>>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn create_with_only_an_email_sends_only_the_email() {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        insta::assert_snapshot!(snapshot(&create), @r#"
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
    fn create_with_all_fields_sends_all_fields() {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap())
            .first_name("Ada")
            .last_name("Obi")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold", "seats": 3})).unwrap());
        insta::assert_snapshot!(snapshot(&create), @r#"
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
        insta::assert_snapshot!(snapshot(&create), @r#"
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
