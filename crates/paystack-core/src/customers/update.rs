//! `PUT /customer/{code}`

use http::Method;
use serde::{Serialize, Serializer};

use super::Customer;
use crate::metadata::Sendable;
use crate::{CustomerCode, Metadata, Operation, Path, Personal, Resend};

/// Changes a customer: `PUT /customer/{code}`. What is not named stays as it is.
///
/// ```
/// use paystack_core::CustomerCode;
/// use paystack_core::customers::UpdateCustomer;
///
/// let update = UpdateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?)
///     .first_name("BoJack") // set
///     .clear_phone(); // cleared; the last name is left
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It may be sent again after an attempt whose fate is unknown: the same values are set twice. If
/// something else changed the customer in between, that change is undone.
///
/// Refused with 404: no such customer in the mode of the key.
///
/// See <https://paystack.com/docs/api/customer/#update>.
#[derive(Clone, Debug, Serialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct UpdateCustomer {
    #[serde(skip)]
    customer: CustomerCode,
    #[serde(skip_serializing_if = "Change::is_leave")]
    first_name: Change<Personal>,
    #[serde(skip_serializing_if = "Change::is_leave")]
    last_name: Change<Personal>,
    #[serde(skip_serializing_if = "Change::is_leave")]
    phone: Change<Personal>,
    #[serde(skip_serializing_if = "Change::is_leave")]
    metadata: Change<Sendable>,
}

impl UpdateCustomer {
    /// Changes nothing yet of the customer with this code.
    pub fn new(customer: impl Into<CustomerCode>) -> Self {
        Self {
            customer: customer.into(),
            first_name: Change::Leave,
            last_name: Change::Leave,
            phone: Change::Leave,
            metadata: Change::Leave,
        }
    }

    /// Sets the first name.
    pub fn first_name(mut self, first_name: impl Into<Personal>) -> Self {
        self.first_name = Change::Set(first_name.into());
        self
    }

    /// Clears the first name.
    pub fn clear_first_name(mut self) -> Self {
        self.first_name = Change::Clear;
        self
    }

    /// Sets the last name.
    pub fn last_name(mut self, last_name: impl Into<Personal>) -> Self {
        self.last_name = Change::Set(last_name.into());
        self
    }

    /// Clears the last name.
    pub fn clear_last_name(mut self) -> Self {
        self.last_name = Change::Clear;
        self
    }

    /// Sets the phone number, best in international form.
    pub fn phone(mut self, phone: impl Into<Personal>) -> Self {
        self.phone = Change::Set(phone.into());
        self
    }

    /// Clears the phone number.
    pub fn clear_phone(mut self) -> Self {
        self.phone = Change::Clear;
        self
    }

    /// Sets data of the caller's own, in place of all that was there.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = Change::Set(Sendable(metadata));
        self
    }

    /// Clears the caller's own data.
    pub fn clear_metadata(mut self) -> Self {
        self.metadata = Change::Clear;
        self
    }
}

impl Operation for UpdateCustomer {
    const NAME: &'static str = "customers.update";
    const METHOD: Method = Method::PUT;
    const RESEND: Resend = Resend::Always;
    type Output = Customer;

    fn path(&self) -> Path {
        Path::new("customer").segment(&self.customer)
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

/// What becomes of a field.
#[derive(Clone, Debug)]
enum Change<T> {
    /// It is not sent.
    Leave,
    /// It is sent as null.
    Clear,
    Set(T),
}

impl<T> Change<T> {
    fn is_leave(&self) -> bool {
        matches!(self, Self::Leave)
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leave | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::wire_text;

    fn update() -> UpdateCustomer {
        UpdateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap())
    }

    #[test]
    fn smallest() {
        insta::assert_snapshot!(wire_text(&update()), @"
        PUT https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {}
        ");
    }

    #[test]
    fn fullest() {
        let update = update()
            .first_name("BoJack")
            .last_name("Horseman")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold"})).unwrap());
        insta::assert_snapshot!(wire_text(&update), @r#"
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
    fn what_is_cleared_is_null_and_what_is_left_is_absent() {
        insta::assert_snapshot!(wire_text(&update().first_name("BoJack").clear_phone()), @r#"
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
    fn all_cleared() {
        let update = update()
            .clear_first_name()
            .clear_last_name()
            .clear_phone()
            .clear_metadata();
        insta::assert_snapshot!(wire_text(&update), @r#"
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
    fn the_last_word_on_a_field_counts() {
        let update = update()
            .clear_phone()
            .phone("1")
            .clear_last_name()
            .last_name("H");
        insta::assert_snapshot!(wire_text(&update), @r#"
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
