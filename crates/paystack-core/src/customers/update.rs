//! `PUT /customer/{code_or_id}`

use http::Method;
use serde::{Deserialize, Serialize};

use super::Customer;
use crate::json::MetadataObject;
use crate::{CodeOrId, Metadata, Operation, Path, RetryRule, Sensitive};

/// Updates a customer: `PUT /customer/{code_or_id}`. Fields that are neither set nor cleared stay unchanged.
///
/// ```
/// use paystack_core::customers::UpdateCustomer;
/// use paystack_core::{CustomerCode, CustomerId};
///
/// let update = UpdateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?)
///     .first_name("BoJack")
///     .clear_phone();
/// let by_id = UpdateCustomer::new(CustomerId::new(1173)).last_name("Horseman");
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// A client retries it after an unknown outcome, which sets the same values again. A change made in
/// between is lost.
///
/// Paystack refuses with 404, or with 400 and the code `invalid_params`: no such customer in the mode of the key.
/// After the 400, [`is_validation`](crate::Error::is_validation) holds, and `is_not_found` does not.
///
/// See <https://paystack.com/docs/api/customer/#update>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct UpdateCustomer {
    customer: CodeOrId,
    #[serde(default, skip_serializing_if = "Change::is_leave")]
    first_name: Change<Sensitive>,
    #[serde(default, skip_serializing_if = "Change::is_leave")]
    last_name: Change<Sensitive>,
    #[serde(default, skip_serializing_if = "Change::is_leave")]
    phone: Change<Sensitive>,
    #[serde(default, skip_serializing_if = "Change::is_leave")]
    metadata: Change<Metadata>,
}

impl UpdateCustomer {
    /// An update of the customer with this code or numeric id, without changes so far.
    pub fn new(customer: impl Into<CodeOrId>) -> Self {
        Self {
            customer: customer.into(),
            first_name: Change::Leave,
            last_name: Change::Leave,
            phone: Change::Leave,
            metadata: Change::Leave,
        }
    }

    /// Sets the first name.
    pub fn first_name(mut self, first_name: impl Into<Sensitive>) -> Self {
        self.first_name = Change::Set(first_name.into());
        self
    }

    /// Clears the first name.
    pub fn clear_first_name(mut self) -> Self {
        self.first_name = Change::Clear;
        self
    }

    /// Sets the last name.
    pub fn last_name(mut self, last_name: impl Into<Sensitive>) -> Self {
        self.last_name = Change::Set(last_name.into());
        self
    }

    /// Clears the last name.
    pub fn clear_last_name(mut self) -> Self {
        self.last_name = Change::Clear;
        self
    }

    /// Sets the phone number, preferably in international form.
    pub fn phone(mut self, phone: impl Into<Sensitive>) -> Self {
        self.phone = Change::Set(phone.into());
        self
    }

    /// Clears the phone number.
    pub fn clear_phone(mut self) -> Self {
        self.phone = Change::Clear;
        self
    }

    /// Replaces all data of your own.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Change::Set(metadata);
        self
    }

    /// Clears the data of your own.
    pub fn clear_metadata(mut self) -> Self {
        self.metadata = Change::Clear;
        self
    }
}

impl Operation for UpdateCustomer {
    const NAME: &'static str = "customers.update";
    const METHOD: Method = Method::PUT;
    const PATH: &'static str = "/customer/{code_or_id}";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Customer;

    fn path(&self) -> Path {
        let path = Path::new(Self::PATH);
        match &self.customer {
            CodeOrId::Code(code) => path.segment(code),
            CodeOrId::Id(id) => path.number(id.get()),
        }
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(Body {
            first_name: self.first_name.in_request(),
            last_name: self.last_name.in_request(),
            phone: self.phone.in_request(),
            metadata: self
                .metadata
                .in_request()
                .map(|change| change.map(MetadataObject)),
        })
    }
}

/// The JSON of the request. A field is absent if it stays unchanged, and null if it is cleared.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<Option<&'a Sensitive>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<Option<&'a Sensitive>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<Option<&'a Sensitive>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Option<MetadataObject<'a>>>,
}

/// The change of a field. It is stored with a tag: TOML has no null, and serde's buffers do not read plain enums
/// from YAML.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "change", content = "to", rename_all = "snake_case")]
enum Change<T> {
    #[default]
    Leave,
    Clear,
    Set(T),
}

impl<T> Change<T> {
    fn is_leave(&self) -> bool {
        matches!(self, Self::Leave)
    }

    /// The field in the request: absent, null, or a value.
    fn in_request(&self) -> Option<Option<&T>> {
        match self {
            Self::Leave => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::snapshot;
    use crate::{CustomerCode, CustomerId};

    fn update() -> UpdateCustomer {
        UpdateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap())
    }

    #[test]
    fn update_without_fields_sends_an_empty_object() {
        insta::assert_snapshot!(snapshot(&update()), @"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {}
        ");
    }

    #[test]
    fn update_by_id_has_the_id_in_its_path() {
        let update = UpdateCustomer::new(CustomerId::new(9_387_490_384)).first_name("BoJack");
        insta::assert_snapshot!(snapshot(&update), @r#"
        PUT https://api.paystack.co/customer/9387490384
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "first_name": "BoJack"
        }
        "#);
    }

    #[test]
    fn update_with_all_fields_sends_all_fields() {
        let update = update()
            .first_name("BoJack")
            .last_name("Horseman")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold"})).unwrap());
        insta::assert_snapshot!(snapshot(&update), @r#"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "first_name": "BoJack",
          "last_name": "Horseman",
          "phone": "+2348123456789",
          "metadata": {
            "plan": "gold"
          }
        }
        "#);
    }

    #[test]
    fn cleared_fields_are_null_and_others_absent() {
        insta::assert_snapshot!(snapshot(&update().first_name("BoJack").clear_phone()), @r#"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "first_name": "BoJack",
          "phone": null
        }
        "#);
    }

    #[test]
    fn update_that_clears_all_fields_sends_nulls() {
        let update = update()
            .clear_first_name()
            .clear_last_name()
            .clear_phone()
            .clear_metadata();
        insta::assert_snapshot!(snapshot(&update), @r#"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "first_name": null,
          "last_name": null,
          "phone": null,
          "metadata": null
        }
        "#);
    }

    #[test]
    fn last_change_of_a_field_is_sent() {
        let update = update()
            .clear_phone()
            .phone("1")
            .clear_last_name()
            .last_name("H");
        insta::assert_snapshot!(snapshot(&update), @r#"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "last_name": "H",
          "phone": "1"
        }
        "#);
    }
}
