//! The list of operations. Every test about all operations uses this list.
//!
//! `tests/operations/sources.rs` compares it with the sources of `paystack-core` and names each
//! missing operation.

use std::any::{Any, type_name};
use std::collections::BTreeSet;
use std::fmt::Debug;

use paystack_transport::Operation;
use paystack_transport::Position;
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, VerifyAuthorization,
};
use paystack_transport::customers::{
    CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, SetRiskAction,
    UpdateCustomer, ValidateCustomer,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::values::Values;

/// An operation of the list.
pub trait Example:
    Operation<Output: Debug + Send>
    + Clone
    + Debug
    + Serialize
    + DeserializeOwned
    + Send
    + Sync
    + 'static
{
}

impl<O> Example for O where
    O: Operation<Output: Debug + Send>
        + Clone
        + Debug
        + Serialize
        + DeserializeOwned
        + Send
        + Sync
        + 'static
{
}

/// Code that runs for each operation.
pub trait Visitor {
    /// Receives two examples of one operation: only required fields, and all fields.
    fn visit<O: Example>(&mut self, small: O, full: O);
}

/// Visits each operation once.
pub fn each_operation(values: &Values, visitor: &mut impl Visitor) {
    let v = values.clone();

    let create = CreateCustomer::new(&v.new_email);
    let full = create.clone().first_name(&*v.name).last_name(&*v.name);
    let full = full.phone(&*v.phone).metadata(v.metadata.clone());
    visitor.visit(create, full);

    let start = Position::After(v.cursor.clone());
    let full = ListCustomers::new().per_page(100).start(start);
    visitor.visit(ListCustomers::new(), full);

    visitor.visit(FetchCustomer::new(&v.code), FetchCustomer::new(&v.email));

    let update = UpdateCustomer::new(&v.code);
    let full = update.clone().first_name(&*v.name).last_name(&*v.name);
    let full = full.phone(&*v.phone).metadata(v.metadata);
    visitor.visit(update, full);

    let validate = ValidateCustomer::new(&v.code, v.bank_account.clone());
    let full = validate.clone().middle_name(&*v.name);
    visitor.visit(validate, full.value(v.bank_account.bvn));

    visitor.visit(
        SetRiskAction::new(&v.code, v.risk_action.clone()),
        SetRiskAction::new(&v.email, v.risk_action),
    );

    let deactivate = DeactivateAuthorization::new(&v.authorization);
    visitor.visit(deactivate.clone(), deactivate);

    let initialize = InitializeAuthorization::new(&v.email);
    let full = initialize.clone().callback_url(&*v.callback_url);
    let full = full.account(v.account.clone()).address(v.address.clone());
    visitor.visit(initialize, full);

    let verify = VerifyAuthorization::new(&v.reference);
    visitor.visit(verify.clone(), verify);

    let initialize = InitializeDirectDebit::new(v.id, v.account, v.address);
    visitor.visit(initialize.clone(), initialize);

    let charge = ChargeActivation::new(v.id, v.authorization_id);
    visitor.visit(charge.clone(), charge);

    let list = ListMandateAuthorizations::new(v.id);
    visitor.visit(list.clone(), list.after(v.cursor.clone()));

    let list = ListIntegrationMandateAuthorizations::new();
    let full = list.clone().per_page(20).after(v.cursor);
    visitor.visit(list, full.status(v.mandate_status));
}

/// Returns the small example of one operation.
pub fn example<O: 'static>(values: &Values) -> O {
    struct Wanted<O>(Option<O>);

    impl<W: 'static> Visitor for Wanted<W> {
        fn visit<O: Example>(&mut self, small: O, _: O) {
            let small: Box<dyn Any> = Box::new(small);
            if let Ok(small) = small.downcast() {
                self.0 = Some(*small);
            }
        }
    }

    let mut wanted = Wanted(None);
    each_operation(values, &mut wanted);
    let missing = || panic!("the list of operations lacks {}", type_name::<O>());
    wanted.0.unwrap_or_else(missing)
}

/// The names of one operation.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// `Operation::NAME`, such as `customers.create`.
    pub operation: &'static str,
    /// The name of the Rust type, such as `CreateCustomer`.
    pub type_name: &'static str,
}

/// Returns the names of all operations.
pub fn names() -> Vec<Name> {
    struct Names(Vec<Name>);

    impl Visitor for Names {
        fn visit<O: Example>(&mut self, _: O, _: O) {
            self.0.push(Name {
                operation: O::NAME,
                type_name: type_name::<O>().rsplit("::").next().unwrap(),
            });
        }
    }

    let mut names = Names(Vec::new());
    each_operation(&Values::default(), &mut names);
    names.0
}

/// Panics if a test has sent fewer than all operations, and names the missing ones.
pub fn assert_all_sent(sent: &BTreeSet<&'static str>) {
    let names = names().into_iter().map(|name| name.operation);
    let missing: Vec<_> = names.filter(|name| !sent.contains(name)).collect();
    assert!(missing.is_empty(), "the test does not send {missing:?}");
}
