//! Calls in simulation, against a sandbox and all that can happen on the way: nothing is written
//! twice, a storm is not made worse, and after it all is as before.

mod simulation;

use std::time::Duration;

use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit,
};
use paystack_core::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, ListCustomers, ValidateCustomer,
};
use paystack_core::{
    Api, AuthorizationCode, CustomerCode, CustomerId, Domain, Email, NoData, Operation, Pace,
    SecretKey, Settings,
};
use paystack_sandbox::Sandbox;
use simulation::{Fate, START, Simulation};

fn api() -> Api {
    Api::new(SecretKey::new("sk_live_3f2a9c").unwrap())
}

/// Runs schedules of faults over calls of one operation; says how often something was carried out
/// more than once, and how many requests were made.
fn schedules<O: Operation<Output = NoData>>(
    schedules: u64,
    operation: impl Fn(u64) -> O,
) -> (usize, usize, usize) {
    let (mut twice, mut requests, mut retries) = (0, 0, 0);
    for seed in 0..schedules {
        let pace = Pace::new(Domain::Live, seed);
        let mut sandbox = Sandbox::new(seed).without_rate_limits();
        let customer = CustomerCode::new("CUS_x").unwrap();
        let email = Email::new("ada@example.com").unwrap();
        sandbox.seed_customer(&Domain::Live, &customer, &email, START);
        let mut simulation = Simulation::new(seed, sandbox, vec![pace]);
        let mut settings = Settings::default();
        settings.attempts = 6;
        for call in 0..4 {
            let at = Duration::from_millis(simulation.random.u64(..2_000));
            simulation.call(at, 0, &api(), operation(call), settings);
        }
        simulation.run(|random, _| Fate::any(random));
        requests += simulation.grants.len();
        let mut acted = [0; 4];
        for call in &simulation.carried_out {
            acted[*call] += 1;
        }
        twice += acted.iter().filter(|acts| **acts > 1).count();
        retries += simulation.grants.len() - 4;
    }
    (twice, requests, retries)
}

#[test]
fn ten_thousand_schedules_of_faults_write_nothing_twice() {
    let code = CustomerCode::new("CUS_x").unwrap();
    let email = |call| Email::new(format!("customer-{call}@example.com")).unwrap();
    let account = || Account {
        number: "0123456789".into(),
        bank_code: "058".into(),
    };
    let address = || Address {
        street: "1 Main Street".into(),
        city: "Ikeja".into(),
        state: "Lagos".into(),
    };
    let each = 1_700;
    let id = CustomerId::new(4_294_967_296);
    let results = [
        schedules(each, |call| CreateCustomer::new(email(call)).answering()),
        schedules(each, |_| {
            ValidateCustomer::new(&code, BankAccount::test_credential())
        }),
        schedules(each, |call| {
            DeactivateAuthorization::new(AuthorizationCode::new(format!("AUTH_{call}")).unwrap())
        }),
        schedules(each, |_| {
            InitializeAuthorization::new(Email::new("ada@example.com").unwrap()).answering()
        }),
        schedules(each, |_| {
            InitializeDirectDebit::new(id, account(), address()).answering()
        }),
        schedules(each, |_| ChargeActivation::new(id, AuthorizationId::new(1))),
    ];
    for (twice, requests, retries) in results {
        println!(
            "{each} schedules, {requests} requests, {retries} of them retries: {twice} written twice"
        );
        assert_eq!(twice, 0);
        assert!(retries > 500, "what was surely not sent is tried again");
    }
}

#[test]
fn faults_would_be_noticed_if_everything_were_sent_again() {
    // The same schedules, with a caller who asks for it, do write twice.
    let mut twice = 0;
    for seed in 0..200 {
        let sandbox = Sandbox::new(seed).without_rate_limits();
        let pace = Pace::new(Domain::Live, seed);
        let mut simulation = Simulation::new(seed, sandbox, vec![pace]);
        let mut settings = Settings::default();
        settings.resend = Some(paystack_core::Resend::Always);
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        simulation.call(Duration::ZERO, 0, &api(), create, settings);
        simulation.run(|random, _| Fate::any(random));
        twice += usize::from(simulation.carried_out.len() > 1);
    }
    assert!(twice > 10, "only {twice}");
}

fn list() -> ListCustomers {
    ListCustomers::new().per_page(1)
}

#[test]
fn a_storm_is_not_made_worse_by_retries() {
    let pace = Pace::new(Domain::Live, 1).without_limit();
    let mut simulation = Simulation::new(1, Sandbox::new(1), vec![pace]);
    for call in 0..10_000 {
        simulation.call(
            Duration::from_millis(call * 10),
            0,
            &api(),
            list(),
            Settings::default(),
        );
    }
    simulation.run(|_, _| Fate::Status {
        status: 503,
        carried_out: false,
    });
    let requests = simulation.grants.len();
    let late = simulation
        .grants
        .iter()
        .filter(|(_, call)| *call >= 5_000)
        .count();
    println!("{requests} requests for 10,000 calls; {late} for the last 5,000");
    assert!(requests <= 11_000);
    assert_eq!(
        late, 5_000,
        "once the bucket is empty, nothing is tried twice"
    );
}

#[test]
fn after_an_outage_the_quota_is_used_again_within_a_window() {
    for seed in 1..=3 {
        let pace = Pace::new(Domain::Live, seed);
        let mut simulation = Simulation::new(seed, Sandbox::new(1), vec![pace]);
        let mut settings = Settings::default();
        settings.deadline = None;
        for _ in 0..4_000 {
            simulation.call(Duration::ZERO, 0, &api(), list(), settings);
        }
        let outage = Duration::from_secs(70)..Duration::from_secs(190);
        simulation.run(|_, now| {
            if outage.contains(&now) {
                Fate::Status {
                    status: 502,
                    carried_out: false,
                }
            } else {
                Fate::Delivered
            }
        });
        let from = outage.end + Duration::from_secs(60);
        let window = from..from + Duration::from_secs(60);
        let answers = simulation.answers.iter();
        let served = answers
            .filter(|(at, status)| window.contains(at) && *status == 200)
            .count();
        println!("seed {seed}: {served} served in the second minute after the outage");
        assert!(served >= 570, "seed {seed}: {served}");
    }
}
