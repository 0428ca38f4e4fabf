//! The operations on customers, one file each, and their models.
//!
//! | operation | request |
//! | --- | --- |
//! | [`CreateCustomer`] | `POST /customer` |
//! | [`ListCustomers`] | `GET /customer` |
//! | [`FetchCustomer`] | `GET /customer/{email_or_code}` |
//! | [`UpdateCustomer`] | `PUT /customer/{code_or_id}` |
//! | [`ValidateCustomer`] | `POST /customer/{email_or_code}/identification` |
//! | [`SetRiskAction`] | `POST /customer/set_risk_action` |
//! | [`DeactivateAuthorization`] | `POST /customer/authorization/deactivate` |
//!
//! The operations on mandates are in [`direct_debit`].
//!
//! Operations can be stored as JSON, in a queue for example, and sent later. The JSON contains personal data
//! in clear: protect the queue like a database.
//!
//! ```
//! use paystack_core::customers::{CreateCustomer, UpdateCustomer};
//! use paystack_core::{Api, CustomerCode, SecretKey, read_json};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(tag = "operation", rename_all = "snake_case")]
//! enum Job {
//!     Create(CreateCustomer),
//!     Update(UpdateCustomer),
//! }
//!
//! let update = UpdateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?).first_name("Ada");
//! let stored = serde_json::to_string(&Job::Update(update))?;
//!
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
//! let request = match read_json(stored.as_bytes())? {
//!     Job::Create(create) => api.request(&create)?,
//!     Job::Update(update) => api.request(&update)?,
//! };
//! assert_eq!(request.uri().path(), "/customer/CUS_xnxdt6s1zg1f4nx");
//! assert_eq!(request.body(), r#"{"first_name":"Ada"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! See <https://paystack.com/docs/api/customer/>.

mod authorization;
mod channel;
mod create;
mod currency_amount;
mod customer;
mod deactivate_authorization;
mod dedicated_account;
pub mod direct_debit;
mod fetch;
mod identification;
mod list;
mod risk_action;
mod set_risk_action;
mod update;
mod validate;

pub use self::authorization::Authorization;
pub use self::channel::Channel;
pub use self::create::CreateCustomer;
pub use self::currency_amount::CurrencyAmount;
pub use self::customer::Customer;
pub use self::deactivate_authorization::DeactivateAuthorization;
pub use self::dedicated_account::{
    DedicatedAccount, DedicatedAccountAssignment, DedicatedAccountBank,
};
pub use self::fetch::FetchCustomer;
pub use self::identification::{Identification, IdentificationType};
pub use self::list::{ListBound, ListCustomers};
pub use self::risk_action::RiskAction;
pub use self::set_risk_action::SetRiskAction;
pub use self::update::UpdateCustomer;
pub use self::validate::{BankAccount, ValidateCustomer};
