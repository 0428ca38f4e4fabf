//! The programs of `docs/after-an-unknown-outcome.md` detect the outcome of a write whose response or request was lost,
//! even if reads fail.

mod charge_activation;
mod create;
mod deactivate_authorization;
mod delivering;
mod request_mandate;
mod set_risk_action;
mod trigger_activation_charge;
mod update;
mod validate;

use std::any::type_name;
use std::path::Path;
use std::time::Duration;

use paystack_hyper::customers::direct_debit::{
    AuthorizationId, ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListMandateAuthorizations, TriggerActivationCharge,
};
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, RiskAction, UpdateCustomer,
    ValidateCustomer,
};
use paystack_hyper::{AuthorizationCode, CustomerId, Mode, Reference, Timer, Transport, http};
use paystack_sandbox::Fault;
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, account, address, api, email};

use self::create::SignUp;
use self::delivering::World;
use self::request_mandate::MandateRequest;
use self::validate::Validation;

#[tokio::test]
async fn create_with_a_lost_answer_is_found_by_email() {
    let world = World::new().await;
    world.fail_writes(&Fault::answer_lost(), 1);
    let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
    let SignUp::Created(tunde) = tunde.unwrap() else {
        panic!("not created")
    };
    assert_eq!(tunde.email.as_str(), "tunde@example.com");
    assert_eq!(world.writes(), 2);
}

#[tokio::test]
async fn create_of_an_existing_customer_is_recognized() {
    let world = World::new().await;
    for losses in [0, 1] {
        world.fail_writes(&Fault::answer_lost(), losses);
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
    world.fail_writes(&Fault::request_lost(), 1);
    let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
    assert!(matches!(tunde, Ok(SignUp::NotCreated)), "{tunde:?}");
    assert_eq!(world.writes(), 1);
}

#[tokio::test]
async fn create_that_arrives_late_is_found() {
    let world = World::new().await;
    world.fail_writes(&Fault::request_lost(), 1);
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

/// The client makes three attempts of each read.
const ATTEMPTS: u64 = 3;

fn failures_of_reads() -> [Fault; 2] {
    let unavailable = Fault::status(http::StatusCode::SERVICE_UNAVAILABLE);
    [Fault::connection_closed(), unavailable]
}

#[tokio::test]
async fn create_is_found_after_failed_reads() {
    for fault in failures_of_reads() {
        let world = World::new().await;
        world.fail_writes(&Fault::answer_lost(), 1);
        world.fail_reads(&fault, 3 * ATTEMPTS);
        let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
        assert!(matches!(tunde, Ok(SignUp::Created(_))), "{tunde:?}");
        assert_eq!(world.writes(), 2);
    }
}

#[tokio::test]
async fn create_with_failed_reads_is_an_error_of_the_read() {
    for fault in failures_of_reads() {
        let world = World::new().await;
        world.fail_writes(&Fault::answer_lost(), 1);
        world.fail_reads(&fault, 4 * ATTEMPTS);
        let tunde = create::sign_up(&world.client, email("tunde@example.com"), "Tunde").await;
        assert_eq!(tunde.unwrap_err().operation(), Some("customers.fetch"));
    }
}

#[tokio::test]
async fn create_that_only_an_early_read_missed_is_an_error() {
    let world = World::new().await;
    world.fail_writes(&Fault::request_lost(), 1);
    let outage = async {
        while world.client.transport().now() < Duration::from_secs(10) {
            tokio::task::yield_now().await;
        }
        world.fail_reads(&Fault::connection_closed(), 3 * ATTEMPTS);
    };
    let sign_up = create::sign_up(&world.client, email("tunde@example.com"), "Tunde");
    let (tunde, ()) = tokio::join!(sign_up, outage);
    assert_eq!(tunde.unwrap_err().operation(), Some("customers.fetch"));
}

#[tokio::test]
async fn wait_goes_on_after_failed_reads() {
    for fault in failures_of_reads() {
        let world = World::new().await;
        world.fail_writes(&Fault::answer_lost(), ATTEMPTS);
        world.fail_reads(&fault, 2 * ATTEMPTS);
        let denied = set_risk_action::deny(&world.client, &world.ada.customer_code).await;
        assert!(denied.unwrap(), "{fault:?}");
    }
}

#[tokio::test]
async fn update_goes_on_after_refused_connections() {
    let world = World::new().await;
    world.fail_writes(&Fault::answer_lost(), ATTEMPTS);
    world.fail_writes(&Fault::connection_closed(), 2 * ATTEMPTS);
    let update = UpdateCustomer::new(&world.ada.customer_code).first_name("Adaeze");
    let ada = update::update(&world.client, &update).await.unwrap();
    assert_eq!(ada.first_name.as_deref(), Some("Adaeze"));
    assert_eq!(world.writes(), 5);
}

#[tokio::test]
async fn update_with_lost_answers_or_requests_takes_effect() {
    for lost in [Fault::answer_lost(), Fault::request_lost()] {
        let world = World::new().await;
        // The client makes three attempts. The program sends it again after these.
        world.fail_writes(&lost, 4);
        let update = UpdateCustomer::new(&world.ada.customer_code).first_name("Adaeze");
        let ada = update::update(&world.client, &update).await.unwrap();
        assert_eq!(ada.first_name.as_deref(), Some("Adaeze"));
        let repeats = if lost == Fault::answer_lost() { 4 } else { 0 };
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
    for (lost, expected) in [(Fault::answer_lost(), true), (Fault::request_lost(), false)] {
        let world = World::new().await;
        world.fail_writes(&lost, 3);
        let denied = set_risk_action::deny(&world.client, &world.ada.customer_code).await;
        assert_eq!(denied.unwrap(), expected, "{lost:?}");
        let is_denied = world.fetch().await.risk_action == Some(RiskAction::Deny);
        assert_eq!(is_denied, expected, "{lost:?}");
    }
}

#[tokio::test]
async fn validation_with_a_lost_answer_succeeds() {
    let mut world = World::new().await;
    world.fail_writes(&Fault::answer_lost(), 1);
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(&world.ada.customer_code, account);
    let result = validate::validate(&world.client, &validate, &mut world.failures).await;
    assert!(matches!(result, Ok(Validation::Succeeded)), "{result:?}");
    assert_eq!(world.writes(), 2);
}

#[tokio::test]
async fn validation_with_a_lost_answer_fails_by_webhook() {
    let mut world = World::new().await;
    world.fail_writes(&Fault::answer_lost(), 1);
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
    world.fail_writes(&Fault::request_lost(), 1);
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(&world.ada.customer_code, account);
    let result = validate::validate(&world.client, &validate, &mut world.failures).await;
    assert!(matches!(result, Ok(Validation::NotValidated)), "{result:?}");
    assert_eq!(world.writes(), 1);
}

#[tokio::test]
async fn deactivation_is_read_from_the_authorizations() {
    for (lost, expected) in [(Fault::answer_lost(), true), (Fault::request_lost(), false)] {
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
        world.fail_writes(&lost, 1);
        let gone = deactivate_authorization::deactivate(&world.client, code, &card).await;
        assert_eq!(gone.unwrap(), expected, "{lost:?}");
        let left = world.fetch().await.authorizations.unwrap().len();
        assert_eq!(left, if expected { 1 } else { 2 }, "{lost:?}");
    }
}

#[tokio::test]
async fn mandate_with_a_lost_link_is_listed() {
    for (lost, expected) in [(Fault::answer_lost(), true), (Fault::request_lost(), false)] {
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

        world.fail_writes(&lost, 1);
        let list = by_id.verify_with();
        let second = request_mandate::request_mandate(client, &by_id, list).await;
        world.fail_writes(&lost, 1);
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
    world.fail_writes(&Fault::answer_lost(), 1);
    let charge = ChargeActivation::new(world.ada.id, id);
    let is_active = charge_activation::activate(&world.client, &charge, &reference).await;
    assert!(is_active.unwrap());
    assert_eq!(world.writes(), 3);
    // Without the charge, the bank activates it after ten seconds.
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
    world.fail_writes(&Fault::request_lost(), 1);
    let charge = ChargeActivation::new(world.ada.id, id);
    let is_active = charge_activation::activate(&world.client, &charge, &reference).await;
    assert!(!is_active.unwrap());
    assert_eq!(world.writes(), 3);
}

/// Creates a second customer, and a mandate of each to which they have agreed.
async fn two_mandates(world: &World) -> [CustomerId; 2] {
    let create = CreateCustomer::new(email("tunde@example.com"));
    let tunde = world.client.send(create).await.unwrap().data;
    let ids = [world.ada.id, tunde.id];
    for id in ids {
        let initialize = InitializeDirectDebit::new(id, account(), address());
        world.client.send(initialize).await.unwrap();
    }
    let transport = world.client.transport();
    transport.sleep(Duration::from_secs(4)).await;
    ids
}

#[tokio::test]
async fn charges_with_a_lost_answer_are_listed() {
    let world = World::new().await;
    let charge = TriggerActivationCharge::new(two_mandates(&world).await).unwrap();
    world.fail_writes(&Fault::answer_lost(), 1);
    world.fail_reads(&Fault::connection_closed(), ATTEMPTS);
    let pending = trigger_activation_charge::activate_all(&world.client, &charge).await;
    assert_eq!(pending.unwrap(), []);
    assert_eq!(world.writes(), 5);
    // Without the charge, the bank activates them after ten seconds.
    assert!(world.client.transport().now() < Duration::from_secs(10));
}

#[tokio::test]
async fn charges_with_a_lost_request_are_pending_in_an_hour() {
    let world = World::new().await;
    let charge = TriggerActivationCharge::new(two_mandates(&world).await).unwrap();
    // The bank does not activate them either.
    *world.client.transport().stopped_for.lock().unwrap() = Some(Duration::ZERO);
    world.fail_writes(&Fault::request_lost(), 1);
    let pending = trigger_activation_charge::activate_all(&world.client, &charge).await;
    assert_eq!(pending.unwrap().len(), 2);
    assert_eq!(world.writes(), 4);
    let minutes = world.client.transport().now().as_secs() / 60;
    assert_eq!(minutes, 60);
}

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
const PAGE: &str = include_str!("../../docs/after-an-unknown-outcome.md");

/// Collects the writes without a row that links to a program.
struct WithoutProgram(Vec<&'static str>);

impl Visitor for WithoutProgram {
    fn visit<O: Example>(&mut self, _: Entry<O>) {
        let name = type_name::<O>().rsplit("::").next().unwrap();
        let row = PAGE.split_once(&format!("\n| [`{name}`](../tests/guide/"));
        let link = row.and_then(|(_, rest)| rest.split_once(')'));
        let has_program = link.is_some_and(|(file, _)| {
            let file = Path::new(DOCS).join("../tests/guide").join(file);
            file.is_file()
        });
        if O::METHOD != http::Method::GET && !has_program {
            self.0.push(name);
        }
    }
}

#[test]
fn every_write_has_a_row_and_a_program() {
    let mut writes = WithoutProgram(Vec::new());
    each_operation(&Values::default(), &mut writes);
    let lacking = writes.0;
    assert!(
        lacking.is_empty(),
        "docs/after-an-unknown-outcome.md lacks {lacking:?}"
    );
}
