//! The programs of `docs/after-an-unknown-outcome.md` equal the files here, and find out what happened: whether the
//! connection lost the answer to a write, or the request.

mod charge_activation;
mod create;
mod deactivate_authorization;
mod request_mandate;
mod set_risk_action;
mod update;
mod validate;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::direct_debit::{
    AuthorizationId, ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListMandateAuthorizations,
};
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, Customer, DeactivateAuthorization, FetchCustomer, RiskAction,
    UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    AuthorizationCode, Client, Mode, Reference, SecretKey, Sent, Timer, Transport, TransportError,
    TransportErrorKind, async_trait, http,
};
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::values::{account, address, api, email};
use paystack_webhook::{CustomerIdentificationFailed, Event, Verifier};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use self::create::SignUp;
use self::request_mandate::MandateRequest;
use self::validate::Validation;
use crate::pages::assert_program_equals;

/// What a connection loses of a write.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lost {
    /// The answer, after the write took effect.
    Answer,
    /// The request: the write takes no effect.
    Request,
}

/// The sandbox behind a connection that breaks during writes. It delivers the webhooks while the client sleeps.
#[derive(Clone)]
struct Breaking {
    sandbox: SandboxTransport,
    /// What the next writes lose.
    losses: Arc<Mutex<Vec<Lost>>>,
    failures: Sender<CustomerIdentificationFailed>,
}

#[async_trait]
impl Timer for Breaking {
    async fn sleep(&self, duration: Duration) {
        self.sandbox.advance(duration);
        self.sandbox.deliver_webhooks(|request| {
            let key = SecretKey::new("sk_test_3f2a9c").unwrap();
            let event = Verifier::new(&key).verify(&request).unwrap();
            if let Event::CustomerIdentificationFailed(failed) = event.event().unwrap() {
                self.failures.try_send(failed).unwrap();
            }
            http::StatusCode::OK
        });
        tokio::task::yield_now().await;
    }

    fn now(&self) -> Duration {
        self.sandbox.now()
    }
}

#[async_trait]
impl Transport for Breaking {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let loss = match request.method() {
            &http::Method::GET => None,
            _ => self.losses.lock().unwrap().pop(),
        };
        let broken = TransportError::new(TransportErrorKind::Io, Sent::Maybe);
        match loss {
            None => self.sandbox.send(request).await,
            Some(Lost::Answer) => {
                self.sandbox.send(request).await?;
                Err(broken)
            }
            Some(Lost::Request) => Err(broken),
        }
    }
}

/// A client of a sandbox with one customer.
struct World {
    client: Client<Breaking>,
    ada: Customer,
    failures: Receiver<CustomerIdentificationFailed>,
}

impl World {
    async fn new() -> Self {
        let url = "http://127.0.0.1:1/paystack".parse().unwrap();
        let (sender, failures) = channel(8);
        let transport = Breaking {
            sandbox: SandboxTransport::new(Sandbox::new(1).with_webhook_url(url)),
            losses: Arc::default(),
            failures: sender,
        };
        let client = Client::new(api(), transport);
        let create = CreateCustomer::new(email("ada@example.com")).first_name("Ada");
        let ada = client.send(create).await.unwrap().data;
        Self {
            client,
            ada,
            failures,
        }
    }

    /// From now on, this many writes lose their answer or their request.
    fn lose(&self, what: Lost, writes: usize) {
        *self.client.transport().losses.lock().unwrap() = vec![what; writes];
    }

    fn writes(&self) -> u64 {
        self.client
            .transport()
            .sandbox
            .with(|sandbox, _| sandbox.writes())
    }

    async fn fetch(&self) -> Customer {
        let fetch = FetchCustomer::new(&self.ada.customer_code);
        self.client.send(fetch).await.unwrap().data
    }
}

#[tokio::test]
async fn create_with_a_lost_answer_is_found_by_email() {
    let world = World::new().await;
    world.lose(Lost::Answer, 1);
    let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
    let SignUp::Created(tunde) = tunde.unwrap() else {
        panic!("not created")
    };
    assert_eq!(tunde.email.as_str(), "tunde@example.com");
    assert_eq!(world.writes(), 2);
}

#[tokio::test]
async fn create_of_an_existing_customer_is_told_apart() {
    let world = World::new().await;
    for losses in [0, 1] {
        world.lose(Lost::Answer, losses);
        let other = create::sign_up(&world.client, email("ada@example.com"), "Adaeze").await;
        let SignUp::Existed(ada) = other.unwrap() else {
            panic!("not existing")
        };
        assert_eq!(ada.id, world.ada.id);
    }
}

#[tokio::test]
async fn create_with_a_lost_request_is_not_created() {
    let world = World::new().await;
    world.lose(Lost::Request, 1);
    let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
    assert!(matches!(tunde, Ok(SignUp::NotCreated)), "{tunde:?}");
    assert_eq!(world.writes(), 1);
}

#[tokio::test]
async fn create_that_arrives_late_is_found() {
    let world = World::new().await;
    world.lose(Lost::Request, 1);
    let transport = world.client.transport();
    let arrival = async {
        while transport.now() < Duration::from_secs(50) {
            tokio::task::yield_now().await;
        }
        let create = CreateCustomer::new(email("tunde@example.com")).first_name("Tunde");
        let request = api().request(&create).unwrap();
        transport.sandbox.send(request).await.unwrap();
    };
    let sign_up = create::sign_up(&world.client, email("tunde@example.com"), "Tunde");
    let (tunde, ()) = tokio::join!(sign_up, arrival);
    assert!(matches!(tunde, Ok(SignUp::Created(_))), "{tunde:?}");
}

#[tokio::test]
async fn update_with_lost_answers_or_requests_takes_effect() {
    for lost in [Lost::Answer, Lost::Request] {
        let world = World::new().await;
        // The client makes three attempts. The program sends it again after these.
        world.lose(lost, 4);
        let update = UpdateCustomer::new(&world.ada.customer_code).first_name("Adaeze");
        let ada = update::update(&world.client, &update).await.unwrap();
        assert_eq!(ada.first_name.as_deref(), Some("Adaeze"));
        let repeats = if lost == Lost::Answer { 4 } else { 0 };
        assert_eq!(world.writes(), 2 + repeats);
        assert_eq!(
            world.fetch().await.first_name.as_deref(),
            Some("Adaeze"),
            "{lost:?}"
        );
    }
}

#[tokio::test]
async fn risk_action_is_read_after_lost_answers_and_requests() {
    for (lost, expected) in [(Lost::Answer, true), (Lost::Request, false)] {
        let world = World::new().await;
        world.lose(lost, 3);
        let denied = set_risk_action::deny(&world.client, &world.ada.customer_code).await;
        assert_eq!(denied.unwrap(), expected, "{lost:?}");
        let is_denied = world.fetch().await.risk_action == Some(RiskAction::Deny);
        assert_eq!(is_denied, expected, "{lost:?}");
    }
}

#[tokio::test]
async fn validation_with_a_lost_answer_succeeds() {
    let mut world = World::new().await;
    world.lose(Lost::Answer, 1);
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(&world.ada.customer_code, account);
    let result = validate::validate(&world.client, &validate, &mut world.failures).await;
    assert!(matches!(result, Ok(Validation::Succeeded)), "{result:?}");
    assert_eq!(world.writes(), 2);
}

#[tokio::test]
async fn validation_with_a_lost_answer_fails_by_webhook() {
    let mut world = World::new().await;
    world.lose(Lost::Answer, 1);
    let mut account = BankAccount::test_credential();
    account.bvn = "11111111111".into();
    let validate = ValidateCustomer::new(&world.ada.customer_code, account);
    let result = validate::validate(&world.client, &validate, &mut world.failures).await;
    let Ok(Validation::Failed(failed)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(failed.customer_code, world.ada.customer_code);
}

#[tokio::test]
async fn validation_with_a_lost_request_has_no_result() {
    let mut world = World::new().await;
    world.lose(Lost::Request, 1);
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(&world.ada.customer_code, account);
    let result = validate::validate(&world.client, &validate, &mut world.failures).await;
    assert!(matches!(result, Ok(Validation::NotValidated)), "{result:?}");
    assert_eq!(world.writes(), 1);
}

#[tokio::test]
async fn deactivation_is_read_from_the_authorizations() {
    for (lost, expected) in [(Lost::Answer, true), (Lost::Request, false)] {
        let world = World::new().await;
        let (code, card) = (
            &world.ada.customer_code,
            AuthorizationCode::new("AUTH_card").unwrap(),
        );
        for authorization in [&card, &AuthorizationCode::new("AUTH_other").unwrap()] {
            let sandbox = &world.client.transport().sandbox;
            let is_seeded = sandbox
                .with(|sandbox, _| sandbox.seed_authorization(&Mode::Test, code, authorization));
            assert!(is_seeded);
        }
        world.lose(lost, 1);
        let gone = deactivate_authorization::deactivate(&world.client, code, &card).await;
        assert_eq!(gone.unwrap(), expected, "{lost:?}");
        let left = world.fetch().await.authorizations.unwrap().len();
        assert_eq!(left, if expected { 1 } else { 2 }, "{lost:?}");
    }
}

#[tokio::test]
async fn mandate_with_a_lost_link_is_listed() {
    for (lost, expected) in [(Lost::Answer, true), (Lost::Request, false)] {
        let world = World::new().await;
        let (client, id) = (&world.client, world.ada.id);
        // One mandate exists before.
        let by_id = InitializeDirectDebit::new(id, account(), address());
        let list = by_id.verify_with();
        let first = request_mandate::request_mandate(client, &by_id, list).await;
        let MandateRequest::Link(link) = first.unwrap() else {
            panic!("nothing is lost")
        };
        assert!(link.redirect_url.starts_with("https://"));
        let listed = client.send(by_id.verify_with()).await.unwrap();
        let before = &listed.data[0];

        world.lose(lost, 1);
        let list = by_id.verify_with();
        let second = request_mandate::request_mandate(client, &by_id, list).await;
        world.lose(lost, 1);
        let by_email = InitializeAuthorization::new(&world.ada.email);
        let list = by_email.verify_with(id);
        let third = request_mandate::request_mandate(client, &by_email, list).await;
        for requested in [second, third] {
            match requested.unwrap() {
                MandateRequest::WithoutLink(mandate) if expected => {
                    assert_ne!(mandate.id, before.id);
                }
                MandateRequest::NotRequested if !expected => {}
                other => panic!("{lost:?}: {other:?}"),
            }
        }
        let all = client.send(by_id.verify_with()).await.unwrap().data;
        assert_eq!(all.len(), if expected { 3 } else { 1 }, "{lost:?}");
    }
}

/// Returns the ids of a mandate to which the customer has agreed, and the reference of its link.
async fn agreed(world: &World) -> (AuthorizationId, Reference) {
    let initialize = InitializeDirectDebit::new(world.ada.id, account(), address());
    let link = world.client.send(initialize).await.unwrap().data;
    let transport = world.client.transport();
    transport.sleep(Duration::from_secs(4)).await;
    let list = ListMandateAuthorizations::new(world.ada.id);
    let mandate = world.client.send(list).await.unwrap().data.remove(0);
    assert!(mandate.authorized_at.is_some());
    (mandate.authorization_id, link.reference)
}

#[tokio::test]
async fn activation_with_a_lost_answer_is_verified() {
    let world = World::new().await;
    let (id, reference) = agreed(&world).await;
    world.lose(Lost::Answer, 1);
    let charge = ChargeActivation::new(world.ada.id, id);
    let is_active = charge_activation::activate(&world.client, &charge, &reference).await;
    assert!(is_active.unwrap());
    assert_eq!(world.writes(), 3);
    // By its bank alone, it would become active after ten seconds.
    assert!(world.client.transport().now() < Duration::from_secs(10));
}

#[tokio::test]
async fn activation_with_a_lost_request_is_not_active() {
    let world = World::new().await;
    let (id, reference) = agreed(&world).await;
    // The bank does not activate a revoked mandate by itself.
    let fetched = world.fetch().await.authorizations.unwrap().remove(0);
    let revoke = DeactivateAuthorization::new(fetched.authorization_code.unwrap());
    world.client.send(revoke).await.unwrap();
    world.lose(Lost::Request, 1);
    let charge = ChargeActivation::new(world.ada.id, id);
    let is_active = charge_activation::activate(&world.client, &charge, &reference).await;
    assert!(!is_active.unwrap());
    assert_eq!(world.writes(), 3);
}

#[test]
fn programs_in_the_guide_equal_the_tested_files() {
    let page = include_str!("../../docs/after-an-unknown-outcome.md");
    for (heading, file) in [
        ("## Create\n", include_str!("unknown_outcomes/create.rs")),
        ("## Update\n", include_str!("unknown_outcomes/update.rs")),
        (
            "## Set risk action\n",
            include_str!("unknown_outcomes/set_risk_action.rs"),
        ),
        (
            "## Validate\n",
            include_str!("unknown_outcomes/validate.rs"),
        ),
        (
            "## Deactivate an authorization\n",
            include_str!("unknown_outcomes/deactivate_authorization.rs"),
        ),
        (
            "## Request a mandate\n",
            include_str!("unknown_outcomes/request_mandate.rs"),
        ),
        (
            "## Charge to activate\n",
            include_str!("unknown_outcomes/charge_activation.rs"),
        ),
    ] {
        assert_program_equals(page, heading, file);
    }
}
