//! Sends every operation to the sandbox, by any client.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::operations::assert_all_sent;
use paystack_tests::transports::std_socket::StdSocket;
use paystack_tests::values::{account, address};
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, MandateStatus,
    VerifyAuthorization,
};
use paystack_transport::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::{
    AuthorizationCode, BlockingClient, BlockingTransport, Client, Email, Error, Mode, Operation,
    Reply, Transport,
};

/// A client that sends operations.
pub(crate) trait Caller {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error>;
}

impl<T: Transport> Caller for Client<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        Client::send(self, operation).await
    }
}

impl<T: LocalTransport> Caller for LocalClient<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        LocalClient::send(self, operation).await
    }
}

impl<T: BlockingTransport> Caller for BlockingClient<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        BlockingClient::send(self, operation)
    }
}

impl Caller for StdSocket {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        StdSocket::send(self, operation)
    }
}

/// Access to the sandbox without a client.
pub(crate) trait Behind {
    fn advance(&self, duration: Duration);
    fn with(&self, act: impl FnOnce(&mut Sandbox));
}

impl Behind for Server {
    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }

    fn with(&self, act: impl FnOnce(&mut Sandbox)) {
        self.with(|sandbox, _| act(sandbox));
    }
}

impl Behind for SandboxTransport {
    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }

    fn with(&self, act: impl FnOnce(&mut Sandbox)) {
        self.with(|sandbox, _| act(sandbox));
    }
}

/// A client that records the names of the operations.
struct Recorded<'a, C> {
    caller: &'a C,
    names: Mutex<BTreeSet<&'static str>>,
}

impl<C: Caller> Caller for Recorded<'_, C> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        self.names.lock().unwrap().insert(O::NAME);
        self.caller.send(operation).await
    }
}

/// Sends every operation, checks each reply, and checks one refusal.
pub(crate) async fn send_every_operation(caller: &impl Caller, behind: &impl Behind) {
    let names = Mutex::default();
    let recorded = Recorded { caller, names };
    customers(&recorded, behind).await;
    direct_debit(&recorded, behind).await;
    assert_all_sent(&recorded.names.into_inner().unwrap());
    let nobody = FetchCustomer::new(Email::new("nobody@example.com").unwrap());
    let refused = caller.send(nobody).await.unwrap_err();
    assert!(refused.is_not_found());
    assert_eq!(refused.attempts(), 1);
}

async fn customers(caller: &impl Caller, behind: &impl Behind) {
    // The path needs percent-encoding, and the body is not ASCII.
    let email = Email::new("a+b/c?d#e%@example.com").unwrap();
    let create = CreateCustomer::new(email.clone()).first_name("Adé");
    let created = caller.send(create).await.unwrap();
    assert_eq!(created.status(), 200);
    assert!(created.rate_limit().remaining.is_some());
    let ada = created.data;
    let code = &ada.customer_code;
    assert_eq!(ada.first_name.as_deref(), Some("Adé"));

    let fetched = caller.send(FetchCustomer::new(email)).await.unwrap().data;
    assert_eq!(fetched.id, ada.id);

    let update = UpdateCustomer::new(code).last_name("Obi");
    let updated = caller.send(update).await.unwrap().data;
    assert_eq!(updated.last_name.as_deref(), Some("Obi"));

    let validate = ValidateCustomer::new(code, BankAccount::test_credential());
    assert_eq!(caller.send(validate).await.unwrap().status(), 202);

    let deny = SetRiskAction::new(code, RiskAction::Deny);
    let denied = caller.send(deny).await.unwrap().data;
    assert_eq!(denied.risk_action, Some(RiskAction::Deny));

    let card = AuthorizationCode::new("AUTH_ekk8t49ogj").unwrap();
    behind.with(|sandbox| assert!(sandbox.seed_authorization(&Mode::Test, code, &card)));
    let deactivate = DeactivateAuthorization::new(card);
    let deactivated = caller.send(deactivate).await.unwrap();
    assert_eq!(deactivated.message, "Authorization has been deactivated");

    let listed = caller.send(ListCustomers::new()).await.unwrap();
    assert_eq!(listed.meta.unwrap().total, Some(1));
    assert_eq!(listed.data[0].id, ada.id);
}

async fn direct_debit(caller: &impl Caller, behind: &impl Behind) {
    let ben = Email::new("ben@example.com").unwrap();
    let ben = caller.send(CreateCustomer::new(ben)).await.unwrap().data;
    let initialize = InitializeAuthorization::new(&ben.email)
        .account(account())
        .address(address());
    let link = caller.send(initialize).await.unwrap().data;
    behind.advance(Duration::from_secs(13));
    let verify = VerifyAuthorization::new(&link.reference);
    let verified = caller.send(verify).await.unwrap().data;
    assert_eq!(verified.active, Some(true));

    let initialize = InitializeDirectDebit::new(ben.id, account(), address());
    caller.send(initialize).await.unwrap();
    behind.advance(Duration::from_secs(3));
    let list = ListMandateAuthorizations::new(ben.id);
    let mandates = caller.send(list).await.unwrap().data;
    let pending = |status: &MandateStatus| *status == MandateStatus::Pending;
    let mandate = mandates.iter().find(|mandate| pending(&mandate.status));
    let everyones = ListIntegrationMandateAuthorizations::new();
    let everyones = caller.send(everyones).await.unwrap().data;
    assert_eq!(everyones.len(), mandates.len());
    let charge = ChargeActivation::new(ben.id, mandate.unwrap().authorization_id);
    let charged = caller.send(charge).await.unwrap();
    assert_eq!(charged.message, "Mandate is queued for retry");
}
