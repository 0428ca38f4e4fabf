//! A write of one row, and the read that shows whether it took effect.

use paystack_hyper::customers::{
    CreateCustomer, Customer, DeactivateAuthorization, FetchCustomer, SetRiskAction,
    UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    AuthorizationCode, Client, CustomerCode, EmailOrCode, Error, Operation, Transport,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A write of one row. The database stores it as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Job {
    Create(CreateCustomer),
    Update(CustomerCode, UpdateCustomer),
    SetRiskAction(SetRiskAction),
    Validate(ValidateCustomer),
    /// Paystack needs the authorization only. The customer who owns it shows whether it is gone.
    DeactivateAuthorization(EmailOrCode, AuthorizationCode),
}

impl Job {
    /// Returns the name of the operation, such as `customers.create`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => CreateCustomer::NAME,
            Self::Update(..) => UpdateCustomer::NAME,
            Self::SetRiskAction(_) => SetRiskAction::NAME,
            Self::Validate(_) => ValidateCustomer::NAME,
            Self::DeactivateAuthorization(..) => DeactivateAuthorization::NAME,
        }
    }

    /// Sends the write. Returns whether Paystack applied it.
    ///
    /// Paystack answers the creation of a customer who exists with that customer, and applies nothing.
    pub(crate) async fn send(&self, client: &Client<impl Transport>) -> Result<bool, Error> {
        match self {
            Self::Create(create) => Ok(self.took_effect(&client.send(create).await?.data)),
            Self::Update(_, update) => client.send(update).await.map(|_| true),
            Self::SetRiskAction(set) => client.send(set).await.map(|_| true),
            Self::Validate(validate) => client.send(validate).await.map(|_| true),
            Self::DeactivateAuthorization(_, code) => {
                let deactivate = DeactivateAuthorization::new(code);
                client.send(deactivate).await.map(|_| true)
            }
        }
    }

    /// Returns the read that shows the write.
    pub(crate) fn verify_with(&self) -> FetchCustomer {
        match self {
            Self::Create(create) => create.verify_with(),
            Self::Update(customer, _) => FetchCustomer::new(customer),
            Self::SetRiskAction(set) => set.verify_with(),
            Self::Validate(validate) => validate.verify_with(),
            Self::DeactivateAuthorization(customer, code) => {
                DeactivateAuthorization::new(code).verify_with(customer)
            }
        }
    }

    /// Returns whether the customer shows the write.
    pub(crate) fn took_effect(&self, customer: &Customer) -> bool {
        match self {
            Self::Create(create) => has_fields(customer, create, &["first_name", "last_name"]),
            Self::Update(_, update) => {
                let fields = ["first_name", "last_name", "phone", "metadata"];
                has_fields(customer, update, &fields)
            }
            Self::SetRiskAction(set) => has_fields(customer, set, &["risk_action"]),
            Self::Validate(_) => customer.identified == Some(true),
            Self::DeactivateAuthorization(_, code) => {
                let mut left = customer.authorizations.iter().flatten();
                left.all(|one| one.authorization_code.as_ref() != Some(code))
            }
        }
    }

    /// Returns whether this refusal of a repeated write proves that an earlier one took effect.
    pub(crate) fn proves_earlier(&self, refusal: &Error) -> bool {
        match self {
            Self::Validate(_) => refusal.is_already_validated(),
            Self::DeactivateAuthorization(..) => refusal.is_not_found(),
            _ => false,
        }
    }
}

/// Returns whether a customer has the values that an operation sets in these fields.
fn has_fields(customer: &Customer, operation: &impl Operation, fields: &[&str]) -> bool {
    let sent = serde_json::to_value(operation.body()).unwrap_or_default();
    let found = serde_json::to_value(customer).unwrap_or_default();
    let differs = |field: &&str| match sent.get(field) {
        None => false,
        Some(value) => value != found.get(field).unwrap_or(&Value::Null),
    };
    !fields.iter().any(differs)
}
