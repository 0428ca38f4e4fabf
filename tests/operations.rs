//! The operations against the sandbox, with the same assertions in process and over a
//! socket.

use std::sync::Arc;
use std::time::Duration;

use paystack_client::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateStatus, VerifyAuthorization,
};
use paystack_client::customers::{
    BankAccount, Channel, CreateCustomer, Customer, DeactivateAuthorization, FetchCustomer,
    ListCustomers, RiskAction, SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    Api, AuthorizationCode, Client, CustomerId, Domain, Email, Error, ErrorCode, ErrorKind,
    Metadata, Operation, Pace, Reference, SecretKey, Sent, SharedPace, Transport,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use serde_json::json;
use time::OffsetDateTime;

/// A sandbox, however it is reached, and a client to reach it by.
struct World<T> {
    client: Client<T>,
    behind: Box<dyn Behind>,
}

/// What a test does behind the client's back.
trait Behind {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime));
    fn advance(&self, duration: Duration);
}

impl Behind for SandboxTransport {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime)) {
        self.with(act);
    }

    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }
}

impl Behind for Server {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime)) {
        self.with(act);
    }

    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }
}

impl<T: Transport> World<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        self.client.send(operation).await.map(|reply| reply.data)
    }

    async fn ada(&self) -> Customer {
        let create = CreateCustomer::new(email("ada@example.com"))
            .first_name("Ada")
            .last_name("Obi")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold"})).unwrap());
        self.send(create).await.unwrap()
    }
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn email(address: &str) -> Email {
    Email::new(address).unwrap()
}

/// A client that the sandbox alone keeps within the rate limit.
fn client<T: Transport>(api: Api, transport: T) -> Client<T> {
    let unlimited = Pace::new(Domain::Test, 7).without_limit();
    Client::with_pace(api, transport, SharedPace::new(unlimited))
}

fn in_process() -> World<SandboxTransport> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), transport.clone()),
        behind: Box::new(transport),
    }
}

/// The same, chosen at run time.
fn in_process_by_dyn() -> World<Arc<dyn Transport>> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), Arc::new(transport.clone())),
        behind: Box::new(transport),
    }
}

async fn over_a_socket() -> World<HyperTransport> {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let api = api().with_base_url(&server.url()).unwrap();
    World {
        client: client(api, HyperTransport::new()),
        behind: Box::new(server),
    }
}

/// Each behaviour once in process and once over a socket.
macro_rules! everywhere {
    ($($behaviour:ident,)+) => {
        mod in_process {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(super::in_process()).await;
            })+
        }
        mod in_process_by_dyn {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(super::in_process_by_dyn()).await;
            })+
        }
        mod over_a_socket {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(super::over_a_socket().await).await;
            })+
        }
    };
}

everywhere![
    create_keeps_what_it_is_given,
    create_answers_with_the_customer_that_exists,
    fetch_finds_by_code_and_by_email,
    list_walks_by_page,
    list_walks_by_cursor_in_both_directions,
    list_filters_by_date,
    update_sets_clears_and_leaves,
    validation_is_decided_later_and_told_by_webhook,
    validation_that_fails_says_why,
    risk_action_is_set_and_undone,
    authorizations_are_shown_and_deactivated_once,
    test_and_live_mode_share_nothing,
    refusals_are_typed,
    the_rate_limit_is_told_and_kept,
    a_mandate_goes_from_pending_to_active_and_is_told_by_webhook,
    an_activation_charge_hurries_a_mandate,
    a_mandate_is_an_authorization_that_can_be_deactivated,
    mandates_are_listed_by_customer_by_status_and_by_cursor,
    the_mandates_of_one_customer_fill_more_than_a_page,
    direct_debit_refusals_are_typed,
];

async fn create_keeps_what_it_is_given(world: World<impl Transport>) {
    let ada = world.ada().await;
    assert!(ada.customer_code.as_str().starts_with("CUS_"));
    assert_eq!(ada.email.as_str(), "ada@example.com");
    assert_eq!(ada.first_name.as_deref(), Some("Ada"));
    assert_eq!(ada.last_name.as_deref(), Some("Obi"));
    assert_eq!(ada.phone.as_deref(), Some("+2348123456789"));
    assert_eq!(ada.metadata.unwrap().as_str(), r#"{"plan":"gold"}"#);
    assert_eq!(ada.domain, Some(Domain::Test));
    assert_eq!(ada.identified, Some(false));
    assert_eq!(ada.identifications, None);

    let reply = world
        .client
        .send(CreateCustomer::new(email("bare@example.com")))
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.message, "Customer created");
    assert!(reply.request_id().is_some());
    assert_eq!(reply.data.first_name, None);
    assert_eq!(reply.data.metadata, None);
}

async fn create_answers_with_the_customer_that_exists(world: World<impl Transport>) {
    let ada = world.ada().await;
    let again = CreateCustomer::new(email("ada@example.com")).first_name("Somebody");
    let same = world.send(again).await.unwrap();
    assert_eq!(same.id, ada.id);
    assert_eq!(same.first_name.as_deref(), Some("Ada"));
}

async fn fetch_finds_by_code_and_by_email(world: World<impl Transport>) {
    let ada = world.ada().await;
    let by_code = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    let by_email = world.send(FetchCustomer::new(&ada.email)).await.unwrap();
    assert_eq!(by_code, by_email);
    assert_eq!(by_code.created_at, ada.created_at);
    assert_eq!(by_code.total_transactions, Some(0));
    assert_eq!(by_code.authorizations.as_deref(), Some(&[][..]));

    let plus = world
        .send(CreateCustomer::new(email("a+b/c?d#e%@example.com")))
        .await
        .unwrap();
    let same = world.send(FetchCustomer::new(&plus.email)).await.unwrap();
    assert_eq!(same.id, plus.id);
}

async fn list_walks_by_page(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Domain::Test, 25, now));
    let mut seen = Vec::new();
    for page in 1..=3 {
        let list = ListCustomers::new().per_page(10).start(Start::Page(page));
        let reply = world.client.send(list).await.unwrap();
        let meta = reply.meta.unwrap();
        assert_eq!(
            (meta.total, meta.page, meta.page_count),
            (Some(25), Some(page), Some(3))
        );
        assert_eq!(
            (meta.skipped, meta.per_page),
            (Some((page - 1) * 10), Some(10))
        );
        seen.extend(reply.data.into_iter().map(|customer| customer.id));
    }
    assert_eq!(seen.len(), 25);
    assert!(
        seen.is_sorted_by(|newer, older| newer > older),
        "newest first, each once"
    );
    let beyond = world
        .send(ListCustomers::new().per_page(10).start(Start::Page(4)))
        .await;
    assert_eq!(beyond.unwrap(), []);
    let default = world.client.send(ListCustomers::new()).await.unwrap();
    assert_eq!(
        (default.data.len(), default.meta.unwrap().per_page),
        (25, Some(50))
    );
}

async fn list_walks_by_cursor_in_both_directions(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Domain::Test, 25, now));
    let mut pages = Vec::new();
    let mut start = Start::Cursor;
    let last = loop {
        let list = ListCustomers::new().per_page(10).start(start);
        let reply = world.client.send(list).await.unwrap();
        pages.push(reply.data);
        let meta = reply.meta.unwrap();
        match meta.next {
            Some(next) => start = Start::After(next),
            None => break meta.previous,
        }
    };
    let ids: Vec<_> = pages.iter().flatten().map(|customer| customer.id).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    assert!(
        ids.is_sorted_by(|newer, older| newer > older),
        "newest first, each once"
    );

    let back = ListCustomers::new()
        .per_page(10)
        .start(Start::Before(last.unwrap()));
    assert_eq!(world.send(back).await.unwrap(), pages[1]);
}

async fn list_filters_by_date(world: World<impl Transport>) {
    let mut seeded = OffsetDateTime::UNIX_EPOCH;
    world.behind.with(&mut |sandbox, now| {
        seeded = now;
        sandbox.seed_customers(&Domain::Test, 10, now);
    });
    let ago = |seconds| seeded - time::Duration::seconds(seconds);
    let count = |list: ListCustomers| async { world.send(list).await.unwrap().len() };
    assert_eq!(count(ListCustomers::new().created_from(ago(4))).await, 5);
    assert_eq!(count(ListCustomers::new().created_to(ago(5))).await, 5);
    let between = ListCustomers::new().created_from(ago(6)).created_to(ago(4));
    assert_eq!(count(between).await, 3);
    let tomorrow = seeded.date().next_day().unwrap();
    assert_eq!(count(ListCustomers::new().created_from(tomorrow)).await, 0);
    assert_eq!(count(ListCustomers::new().created_to(tomorrow)).await, 10);
}

async fn update_sets_clears_and_leaves(world: World<impl Transport>) {
    let ada = world.ada().await;
    let update = UpdateCustomer::new(&ada.customer_code)
        .first_name("Augusta")
        .clear_phone()
        .metadata(Metadata::new(&json!({"plan": "silver"})).unwrap());
    let updated = world.send(update).await.unwrap();
    assert_eq!(updated.first_name.as_deref(), Some("Augusta"));
    assert_eq!(updated.last_name.as_deref(), Some("Obi"));
    assert_eq!(updated.phone, None);
    assert_eq!(updated.metadata.unwrap().as_str(), r#"{"plan":"silver"}"#);

    let nothing = world
        .send(UpdateCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    assert_eq!(nothing.first_name.as_deref(), Some("Augusta"));
    let cleared = UpdateCustomer::new(&ada.customer_code)
        .clear_metadata()
        .clear_last_name();
    let cleared = world.send(cleared).await.unwrap();
    assert_eq!((cleared.metadata, cleared.last_name), (None, None));
}

/// The bodies of the webhooks that are due.
fn webhooks(world: &World<impl Transport>) -> Vec<serde_json::Value> {
    let mut bodies = Vec::new();
    world.behind.with(&mut |sandbox, now| {
        let due = sandbox.take_webhooks(now);
        bodies = due
            .iter()
            .map(|webhook| serde_json::from_slice(&webhook.body).unwrap())
            .collect();
    });
    bodies
}

async fn validation_is_decided_later_and_told_by_webhook(world: World<impl Transport>) {
    let ada = world.ada().await;
    let validate = ValidateCustomer::new(&ada.customer_code, BankAccount::test_credential());
    let reply = world.client.send(validate).await.unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(reply.message, "Customer Identification in progress");
    let fetch = FetchCustomer::new(&ada.customer_code);
    assert_eq!(world.send(&fetch).await.unwrap().identified, Some(false));

    world.behind.advance(Duration::from_secs(10));
    let told = webhooks(&world);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["event"], "customeridentification.success");
    assert_eq!(told[0]["data"]["customer_code"], ada.customer_code.as_str());
    assert_eq!(
        told[0]["data"]["identification"]["account_number"],
        "011*****111"
    );
    assert_eq!(
        webhooks(&world),
        Vec::<serde_json::Value>::new(),
        "each once"
    );
    let identified = world.send(&fetch).await.unwrap();
    assert_eq!(identified.identified, Some(true));
    assert_eq!(identified.identifications.unwrap().len(), 1);
}

async fn validation_that_fails_says_why(world: World<impl Transport>) {
    let ada = world.ada().await;
    let wrong = BankAccount {
        last_name: "Obi".into(),
        ..BankAccount::test_credential()
    };
    world
        .send(ValidateCustomer::new(&ada.customer_code, wrong))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(10));
    let told = webhooks(&world);
    assert_eq!(told[0]["event"], "customeridentification.failed");
    assert_eq!(
        told[0]["data"]["reason"],
        "Account number or BVN is incorrect"
    );
    let fetched = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    assert_eq!(fetched.identified, Some(false));

    let short = BankAccount {
        bvn: "1".into(),
        ..BankAccount::test_credential()
    };
    let refused = world
        .send(ValidateCustomer::new(&ada.customer_code, short))
        .await
        .unwrap_err();
    assert_eq!(refused.to_string(), "customers.validate: 400: Invalid BVN");
    assert!(refused.is_validation());
}

async fn risk_action_is_set_and_undone(world: World<impl Transport>) {
    let ada = world.ada().await;
    let deny = SetRiskAction::new(&ada.customer_code, RiskAction::Deny);
    assert_eq!(
        world.send(deny).await.unwrap().risk_action,
        Some(RiskAction::Deny)
    );
    let allow = SetRiskAction::new(&ada.email, RiskAction::Allow);
    assert_eq!(
        world.send(allow).await.unwrap().risk_action,
        Some(RiskAction::Allow)
    );
    let undo = SetRiskAction::new(&ada.customer_code, RiskAction::Default);
    assert_eq!(
        world.send(undo).await.unwrap().risk_action,
        Some(RiskAction::Default)
    );

    let unknown = SetRiskAction::new(&ada.customer_code, RiskAction::from("banish"));
    assert!(world.send(unknown).await.unwrap_err().is_validation());
}

async fn authorizations_are_shown_and_deactivated_once(world: World<impl Transport>) {
    let ada = world.ada().await;
    let card = AuthorizationCode::new("AUTH_ekk8t49ogj").unwrap();
    world.behind.with(&mut |sandbox, _| {
        assert!(sandbox.seed_authorization(&Domain::Test, &ada.customer_code, &card));
    });
    let fetch = FetchCustomer::new(&ada.customer_code);
    let authorizations = world.send(&fetch).await.unwrap().authorizations.unwrap();
    assert_eq!(authorizations.len(), 1);
    assert_eq!(authorizations[0].authorization_code.as_ref(), Some(&card));
    assert_eq!(authorizations[0].channel, Some(Channel::Card));
    assert_eq!(authorizations[0].card_type.as_deref(), Some("visa"));

    let deactivate = DeactivateAuthorization::new(card);
    let reply = world.client.send(&deactivate).await.unwrap();
    assert_eq!(reply.message, "Authorization has been deactivated");
    assert_eq!(
        world.send(&fetch).await.unwrap().authorizations.unwrap(),
        []
    );
    let again = world.send(&deactivate).await.unwrap_err();
    assert!(again.is_not_found());
    assert_eq!(
        again.to_string(),
        "customers.deactivate_authorization: 404: Authorization code not found."
    );
}

async fn test_and_live_mode_share_nothing(world: World<impl Transport>) {
    world.ada().await;
    let live = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
    let request = live
        .request(&FetchCustomer::new(email("ada@example.com")))
        .unwrap();
    let mut response = None;
    world
        .behind
        .with(&mut |sandbox, now| response = Some(sandbox.handle(now, request.clone())));
    let refused = live.read(
        &FetchCustomer::new(email("ada@example.com")),
        response.unwrap(),
    );
    let refused = refused.unwrap_err();
    assert!(refused.is_not_found());
    assert!(refused.to_string().contains("invalid for your live domain"));
}

async fn refusals_are_typed(world: World<impl Transport>) {
    let nobody = FetchCustomer::new(
        "CUS_nobody"
            .parse::<paystack_client::CustomerCode>()
            .unwrap(),
    );
    let error = world.send(nobody).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.was_sent(), Sent::Yes);
    assert_eq!(error.attempts(), 1);
    let ErrorKind::Api(refusal) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.code(), Some(&ErrorCode::CustomerNotFound));
    assert!(refusal.next_step().is_some());
    assert!(refusal.answer().request_id().is_some());

    let nothing = AuthorizationCode::new(" ").unwrap();
    assert!(
        world
            .send(DeactivateAuthorization::new(nothing))
            .await
            .unwrap_err()
            .is_not_found()
    );
}

async fn the_rate_limit_is_told_and_kept(world: World<impl Transport>) {
    let list = ListCustomers::new().per_page(1);
    for left in (0..100).rev() {
        let limit = world.client.send(&list).await.unwrap().rate_limit();
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(left)));
        assert!(limit.reset.unwrap() <= Duration::from_secs(60));
    }
    let once = world.client.with(|settings| settings.attempts = 1);
    let error = once.send(&list).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert!(error.is_retryable());
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
    world.behind.advance(wait);
    world.send(&list).await.unwrap();
}

fn account() -> Account {
    Account {
        number: "0123456789".into(),
        bank_code: "058".into(),
    }
}

fn address() -> Address {
    Address {
        street: "1 Main Street".into(),
        city: "Ikeja".into(),
        state: "Lagos".into(),
    }
}

async fn a_mandate_goes_from_pending_to_active_and_is_told_by_webhook(
    world: World<impl Transport>,
) {
    let ada = world.ada().await;
    let initialize = InitializeAuthorization::new(&ada.email)
        .callback_url("https://shop.example/mandates")
        .account(account())
        .address(address());
    let link = world.send(initialize).await.unwrap();
    assert!(
        link.redirect_url
            .ends_with(&**link.access_code.as_ref().unwrap())
    );
    let verify = VerifyAuthorization::new(&link.reference);
    let list = ListMandateAuthorizations::new(ada.id);
    let early = world.send(&verify).await.unwrap_err();
    assert!(early.is_not_found());
    let pending = world.send(&list).await.unwrap();
    assert_eq!(pending[0].status, MandateStatus::Pending);
    assert_eq!(pending[0].authorized_at, None);

    world.behind.advance(Duration::from_secs(3));
    let agreed = world.send(&verify).await.unwrap();
    assert_eq!(agreed.active, Some(false));
    assert_eq!(agreed.channel, Some(Channel::DirectDebit));
    assert_eq!(
        agreed.customer.unwrap().customer_code,
        Some(ada.customer_code.clone())
    );
    let told = webhooks(&world);
    assert_eq!(told[0]["event"], "direct_debit.authorization.created");
    assert_eq!(told[0]["status"], true, "as an answer has it");
    assert_eq!(
        told[0]["data"]["customer"]["code"],
        ada.customer_code.as_str()
    );

    world.behind.advance(Duration::from_secs(10));
    assert_eq!(world.send(&verify).await.unwrap().active, Some(true));
    let active = world.send(&list).await.unwrap().remove(0);
    assert_eq!(active.status, MandateStatus::Active);
    assert!(active.authorized_at.is_some());
    assert_eq!(active.account_number.unwrap(), "0123456789");
    assert_eq!(active.customer.unwrap().id, Some(ada.id));
    let told = webhooks(&world);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["event"], "direct_debit.authorization.active");
    assert_eq!(told[0]["data"]["reference"], link.reference.as_str());
}

async fn an_activation_charge_hurries_a_mandate(world: World<impl Transport>) {
    let ada = world.ada().await;
    world
        .send(InitializeDirectDebit::new(ada.id, account(), address()))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(3));
    let list = ListMandateAuthorizations::new(ada.id);
    let mandate = world.send(&list).await.unwrap().remove(0);
    let charge = ChargeActivation::new(ada.id, mandate.authorization_id);
    let reply = world.client.send(charge).await.unwrap();
    assert_eq!(reply.message, "Mandate is queued for retry");
    world.behind.advance(Duration::from_secs(3));
    assert_eq!(
        world.send(&list).await.unwrap()[0].status,
        MandateStatus::Active
    );
}

async fn a_mandate_is_an_authorization_that_can_be_deactivated(world: World<impl Transport>) {
    let ada = world.ada().await;
    world
        .send(InitializeDirectDebit::new(ada.id, account(), address()))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(20));
    let fetched = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    let mandate = fetched.authorizations.unwrap().remove(0);
    assert_eq!(mandate.channel, Some(Channel::DirectDebit));
    assert_eq!(mandate.active, Some(true));
    assert_eq!(mandate.exp_year.unwrap(), "2034", "which comes as a number");
    assert_eq!(mandate.last4.unwrap(), "6789");

    let code = mandate.authorization_code.unwrap();
    world
        .send(DeactivateAuthorization::new(code))
        .await
        .unwrap();
    let revoked = world
        .send(ListMandateAuthorizations::new(ada.id))
        .await
        .unwrap();
    assert_eq!(revoked[0].status, MandateStatus::Revoked);
}

async fn mandates_are_listed_by_customer_by_status_and_by_cursor(world: World<impl Transport>) {
    let ada = world.ada().await;
    let ben = world
        .send(CreateCustomer::new(email("ben@example.com")))
        .await
        .unwrap();
    for customer in [&ada, &ben, &ada, &ada] {
        world
            .send(InitializeDirectDebit::new(
                customer.id,
                account(),
                address(),
            ))
            .await
            .unwrap();
    }
    let of_ada = world
        .client
        .send(ListMandateAuthorizations::new(ada.id))
        .await;
    let of_ada = of_ada.unwrap();
    let meta = of_ada.meta.unwrap();
    assert_eq!(
        (of_ada.data.len(), meta.count, meta.total, meta.next),
        (3, Some(3), Some(3), None)
    );

    let all = || ListIntegrationMandateAuthorizations::new().per_page(3);
    let reply = world.client.send(all()).await.unwrap();
    let meta = reply.meta.unwrap();
    assert_eq!(
        (reply.data.len(), meta.count, meta.total, meta.per_page),
        (3, Some(3), Some(4), Some(3))
    );
    let rest = all().after(meta.next.unwrap());
    let rest = world.client.send(rest).await.unwrap();
    assert_eq!((rest.data.len(), rest.meta.unwrap().next), (1, None));
    let pending = all().status(MandateStatus::Pending);
    assert_eq!(world.send(pending).await.unwrap().len(), 3);
    let active = all().status(MandateStatus::Active);
    assert_eq!(world.send(active).await.unwrap(), []);
}

async fn the_mandates_of_one_customer_fill_more_than_a_page(world: World<impl Transport>) {
    let ada = world.ada().await;
    for _ in 0..52 {
        let initialize = InitializeDirectDebit::new(ada.id, account(), address());
        world.send(initialize).await.unwrap();
    }
    let first = world
        .client
        .send(ListMandateAuthorizations::new(ada.id))
        .await;
    let first = first.unwrap();
    let meta = first.meta.unwrap();
    assert_eq!((first.data.len(), meta.total), (50, Some(52)));
    let rest = ListMandateAuthorizations::new(ada.id).after(meta.next.unwrap());
    let rest = world.client.send(rest).await.unwrap();
    assert_eq!((rest.data.len(), rest.meta.unwrap().next), (2, None));
    assert!(rest.data[0].id < first.data[49].id, "newest first");
}

async fn direct_debit_refusals_are_typed(world: World<impl Transport>) {
    let ada = world.ada().await;
    let nobody = CustomerId::new(1);
    let refused = [
        world
            .send(InitializeAuthorization::new(email("no@example.com")))
            .await
            .unwrap_err(),
        world
            .send(InitializeDirectDebit::new(nobody, account(), address()))
            .await
            .unwrap_err(),
        world
            .send(ChargeActivation::new(ada.id, AuthorizationId::new(1)))
            .await
            .unwrap_err(),
        world
            .send(ListMandateAuthorizations::new(nobody))
            .await
            .unwrap_err(),
        world
            .send(VerifyAuthorization::new(Reference::new("x").unwrap()))
            .await
            .unwrap_err(),
    ];
    for error in &refused {
        assert!(error.is_not_found(), "{error}");
    }
    assert_eq!(
        refused[4].to_string(),
        "customers.verify_authorization: 404 api_error/unknown: Authorization does not exist or \
         does not belong to integration (Try again later)"
    );
    let by_card = InitializeAuthorization::new(&ada.email).channel(Channel::Card);
    assert!(world.send(by_card).await.unwrap_err().is_validation());
    let half = InitializeAuthorization::new(&ada.email).account(account());
    assert!(world.send(half).await.unwrap_err().is_validation());
}
