//! The list of operations. Every test about all operations uses this list.
//!
//! `tests/operations/sources.rs` compares it with the sources of `paystack-core` and names each
//! missing operation.

use std::any::{Any, type_name};
use std::fmt::Debug;
use std::pin::pin;
use std::task::{Context, Waker};

use paystack_transport::Operation;
use paystack_transport::Position;
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, TriggerActivationCharge,
    VerifyAuthorization,
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

/// An operation of the list, with its responses.
pub struct Entry<O> {
    /// An example with only the required fields.
    pub small: O,
    /// An example with all fields.
    pub full: O,
    /// The bodies of the responses that Paystack documents.
    pub documented: &'static [&'static str],
}

/// Code that runs for each operation.
pub trait Visitor {
    fn visit<O: Example>(&mut self, entry: Entry<O>);
}

/// Async code that runs for each operation.
pub trait AsyncVisitor {
    fn visit<O: Example>(&mut self, entry: Entry<O>) -> impl Future<Output = ()>;
}

/// Visits each operation once.
pub fn each_operation(values: &Values, visitor: &mut impl Visitor) {
    struct Ready<'a, V>(&'a mut V);

    impl<V: Visitor> AsyncVisitor for Ready<'_, V> {
        async fn visit<O: Example>(&mut self, entry: Entry<O>) {
            self.0.visit(entry);
        }
    }

    let mut ready = Ready(visitor);
    let visited = pin!(each_operation_async(values, &mut ready));
    let polled = visited.poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

/// Visits each operation once. This is the list.
pub async fn each_operation_async(values: &Values, visitor: &mut impl AsyncVisitor) {
    let v = values.clone();

    let create = CreateCustomer::new(&v.new_email);
    let full = create.clone().first_name(&*v.name).last_name(&*v.name);
    let entry = Entry {
        full: full.phone(&*v.phone).metadata(v.metadata.clone()),
        small: create,
        documented: &[include_str!("../fixtures/create.json")],
    };
    visitor.visit(entry).await;

    let start = Position::After(v.cursor.clone());
    let entry = Entry {
        small: ListCustomers::new(),
        full: ListCustomers::new().per_page(100).start(start),
        documented: &[
            include_str!("../fixtures/list_by_page.json"),
            include_str!("../fixtures/list_by_cursor.json"),
        ],
    };
    visitor.visit(entry).await;

    let entry = Entry {
        small: FetchCustomer::new(&v.code),
        full: FetchCustomer::new(&v.email),
        documented: &[
            include_str!("../fixtures/fetch.json"),
            include_str!("../fixtures/fetch_with_dedicated_account.json"),
        ],
    };
    visitor.visit(entry).await;

    let update = UpdateCustomer::new(&v.code);
    let full = update.clone().first_name(&*v.name).last_name(&*v.name);
    let entry = Entry {
        full: full.phone(&*v.phone).metadata(v.metadata),
        small: update,
        documented: &[include_str!("../fixtures/update.json")],
    };
    visitor.visit(entry).await;

    let (bvn, name) = (&v.bank_account.bvn, &*v.name);
    let entry = Entry {
        small: ValidateCustomer::new(&v.code, v.bank_account.clone()),
        full: ValidateCustomer::bvn(&v.email, "NG", bvn, name, name).middle_name(name),
        documented: &[include_str!("../fixtures/validate.json")],
    };
    visitor.visit(entry).await;

    let entry = Entry {
        small: SetRiskAction::new(&v.code, v.risk_action.clone()),
        full: SetRiskAction::new(&v.email, v.risk_action),
        documented: &[include_str!("../fixtures/set_risk_action.json")],
    };
    visitor.visit(entry).await;

    let deactivate = DeactivateAuthorization::new(&v.authorization);
    let entry = Entry {
        small: deactivate.clone(),
        full: deactivate,
        documented: &[include_str!("../fixtures/deactivate_authorization.json")],
    };
    visitor.visit(entry).await;

    let initialize = InitializeAuthorization::new(&v.email);
    let full = initialize.clone().callback_url(&*v.callback_url);
    let entry = Entry {
        full: full.account(v.account.clone()).address(v.address.clone()),
        small: initialize,
        documented: &[include_str!("../fixtures/initialize_authorization.json")],
    };
    visitor.visit(entry).await;

    let verify = VerifyAuthorization::new(&v.reference);
    let entry = Entry {
        small: verify.clone(),
        full: verify,
        documented: &[include_str!("../fixtures/verify_authorization.json")],
    };
    visitor.visit(entry).await;

    let initialize = InitializeDirectDebit::new(v.id, v.account, v.address);
    let entry = Entry {
        small: initialize.clone(),
        full: initialize,
        documented: &[include_str!("../fixtures/initialize_direct_debit.json")],
    };
    visitor.visit(entry).await;

    let charge = ChargeActivation::new(v.id, v.authorization_id);
    let entry = Entry {
        small: charge.clone(),
        full: charge,
        documented: &[include_str!("../fixtures/charge_activation.json")],
    };
    visitor.visit(entry).await;

    let entry = Entry {
        small: TriggerActivationCharge::new([v.id]).unwrap(),
        full: TriggerActivationCharge::new([v.id, v.id]).unwrap(),
        documented: &[r#"{"status":true,"message":"Mandate is queued for retry"}"#],
    };
    visitor.visit(entry).await;

    let list = ListMandateAuthorizations::new(v.id);
    let entry = Entry {
        full: list.clone().after(v.mandate_cursor.clone()),
        small: list,
        documented: &[include_str!("../fixtures/list_mandate_authorizations.json")],
    };
    visitor.visit(entry).await;

    let list = ListIntegrationMandateAuthorizations::new();
    let full = list.clone().per_page(20).after(v.mandate_cursor);
    let entry = Entry {
        full: full.status(v.mandate_status),
        small: list,
        documented: &[include_str!("../fixtures/list_mandate_authorizations.json")],
    };
    visitor.visit(entry).await;
}

/// Returns the small example of one operation.
pub fn example<O: 'static>(values: &Values) -> O {
    struct Wanted<O>(Option<O>);

    impl<W: 'static> Visitor for Wanted<W> {
        fn visit<O: Example>(&mut self, Entry { small, .. }: Entry<O>) {
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
        fn visit<O: Example>(&mut self, _: Entry<O>) {
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
