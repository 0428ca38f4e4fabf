//! The operations on customers, one file each, and their models.
//!
//! | operation | request |
//! | --- | --- |
//! | [`CreateCustomer`] | `POST /customer` |
//! | [`ListCustomers`] | `GET /customer` |
//! | [`FetchCustomer`] | `GET /customer/{email_or_code}` |
//! | [`UpdateCustomer`] | `PUT /customer/{code}` |
//! | [`ValidateCustomer`] | `POST /customer/{code}/identification` |
//! | [`SetRiskAction`] | `POST /customer/set_risk_action` |
//! | [`DeactivateAuthorization`] | `POST /customer/authorization/deactivate` |
//!
//! The operations on mandates are in [`direct_debit`].
//!
//! See <https://paystack.com/docs/api/customer/>.

mod authorization;
mod channel;
mod create;
mod currency_amount;
mod customer;
mod deactivate_authorization;
pub mod direct_debit;
mod fetch;
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
pub use self::fetch::FetchCustomer;
pub use self::list::{ListBound, ListCustomers};
pub use self::risk_action::RiskAction;
pub use self::set_risk_action::SetRiskAction;
pub use self::update::UpdateCustomer;
pub use self::validate::{BankAccount, IdentificationType, ValidateCustomer};
