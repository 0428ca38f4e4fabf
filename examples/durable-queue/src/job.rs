//! A write of one row, and the read that shows whether it took effect.

use paystack_hyper::customers::{
    CreateCustomer, Customer, DeactivateAuthorization, FetchCustomer, SetRiskAction,
    UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    AuthorizationCode, Client, CustomerCode, EmailOrCode, Error, Metadata, Operation, Outcome,
    Transport,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

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

    /// Sends the write. Returns whether the reply proves that Paystack applied it.
    ///
    /// For a customer who exists, Paystack returns that customer from a creation, and applies nothing. For a new
    /// customer, it may leave out the fields.
    pub(crate) async fn send(&self, client: &Client<impl Transport>) -> Result<bool, Error> {
        match self {
            Self::Create(create) => match client.send(create).await {
                Ok(reply) => Ok(self.took_effect(&reply.data)),
                Err(error) if error.outcome() == Outcome::Processed => Ok(false),
                Err(error) => Err(error),
            },
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
            Self::Create(create) => has_values(customer, create),
            Self::Update(_, update) => has_values(customer, update),
            Self::SetRiskAction(set) => has_values(customer, set),
            Self::Validate(_) => customer.identified == Some(true),
            Self::DeactivateAuthorization(_, code) => {
                customer.authorizations.is_some() && !has_authorization(customer, code)
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

pub(crate) fn has_authorization(customer: &Customer, code: &AuthorizationCode) -> bool {
    let mut all = customer.authorizations.iter().flatten();
    all.any(|one| one.authorization_code.as_ref() == Some(code))
}

/// Returns whether a customer has the values that an operation sets.
fn has_values(customer: &Customer, operation: &impl Operation) -> bool {
    // Paystack may return the metadata inside a string, or null if it is empty.
    let metadata = customer.metadata.as_ref().and_then(Metadata::as_object);
    let found = json!({
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "phone": customer.phone,
        "metadata": metadata.unwrap_or_default(),
        "risk_action": customer.risk_action,
    });
    let sent = serde_json::to_value(operation.body()).unwrap_or_default();
    let mut sent = sent.as_object().into_iter().flatten();
    sent.all(|(field, value)| found.get(field).is_none_or(|found| found == value))
}
