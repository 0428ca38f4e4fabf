//! Direct debit: the operations on mandates, and their models.
//!
//! | operation | request |
//! | --- | --- |
//! | [`InitializeAuthorization`] | `POST /customer/authorization/initialize` |
//! | [`VerifyAuthorization`] | `GET /customer/authorization/verify/{reference}` |
//! | [`InitializeDirectDebit`] | `POST /customer/{id}/initialize-direct-debit` |
//! | [`ChargeActivation`] | `PUT /customer/{id}/directdebit-activation-charge` |
//! | [`TriggerActivationCharge`] | `PUT /directdebit/activation-charge` |
//! | [`ListMandateAuthorizations`] | `GET /customer/{id}/directdebit-mandate-authorizations` |
//! | [`ListIntegrationMandateAuthorizations`] | `GET /directdebit/mandate-authorizations` |
//!
//! A customer agrees to a mandate at a link. The mandate becomes active some time later, which a webhook
//! reports. Operations that need the numeric id do not compile with a customer code:
//!
//! ```compile_fail,E0308
//! use paystack_core::CustomerCode;
//! use paystack_core::customers::direct_debit::ListMandateAuthorizations;
//!
//! let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
//! let list = ListMandateAuthorizations::new(code);
//! ```
//!
//! ```compile_fail,E0308
//! use paystack_core::CustomerCode;
//! use paystack_core::customers::direct_debit::{AuthorizationId, ChargeActivation};
//!
//! let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
//! let charge = ChargeActivation::new(code, AuthorizationId::new(1069309917));
//! ```
//!
//! ```compile_fail,E0308
//! # use paystack_core::customers::direct_debit::{Account, Address};
//! # fn example(account: Account, address: Address) {
//! use paystack_core::CustomerCode;
//! use paystack_core::customers::direct_debit::InitializeDirectDebit;
//!
//! let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
//! let initialize = InitializeDirectDebit::new(code, account, address);
//! # }
//! ```
//!
//! See <https://paystack.com/docs/payments/direct-debit/>.

mod account_and_address;
mod authorization_link;
mod authorization_owner;
mod charge_activation;
mod initialize_authorization;
mod initialize_direct_debit;
mod list_integration_mandate_authorizations;
mod list_mandate_authorizations;
mod mandate_authorization;
mod trigger_activation_charge;
mod verify_authorization;

pub use self::account_and_address::{Account, Address};
pub use self::authorization_link::AuthorizationLink;
pub use self::authorization_owner::AuthorizationOwner;
pub use self::charge_activation::ChargeActivation;
pub use self::initialize_authorization::InitializeAuthorization;
pub use self::initialize_direct_debit::InitializeDirectDebit;
pub use self::list_integration_mandate_authorizations::ListIntegrationMandateAuthorizations;
pub use self::list_mandate_authorizations::ListMandateAuthorizations;
pub use self::mandate_authorization::{AuthorizationId, MandateAuthorization, MandateStatus};
pub use self::trigger_activation_charge::TriggerActivationCharge;
pub use self::verify_authorization::{VerifiedAuthorization, VerifyAuthorization};
