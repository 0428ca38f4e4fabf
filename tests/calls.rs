//! Calls in simulation, against a sandbox and all that can happen on the way: nothing is written
//! twice, a storm is not made worse, and after it all is as before.

mod over_ureq;
mod simulation;

use std::io;
use std::ops::Range;
use std::time::Duration;

use over_ureq::{Fate as UreqFate, OverUreq, Server, Then};
use paystack_client::BlockingClient;
use paystack_core::bytes::Bytes;
use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit,
};
use paystack_core::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, ListCustomers, ValidateCustomer,
};
use paystack_core::{
    Api, AuthorizationCode, CustomerCode, CustomerId, Domain, Email, NoData, Operation, Pace,
    SecretKey, Settings, http,
};
use paystack_sandbox::Sandbox;
use simulation::{Fate, START, Simulation};

fn api() -> Api {
    Api::new(SecretKey::new("sk_live_3f2a9c").unwrap())
}

/// What came of schedules of faults over calls of one operation.
#[derive(Debug, Default)]
struct Tally {
    requests: usize,
    retries: usize,
    /// Writes that the sandbox carried out.
    written: usize,
}

/// Runs schedules of faults, four calls each, over one operation: none of its writes is carried out
/// twice, or reaches the sandbox twice.
fn schedules<O: Operation<Output = NoData>>(
    seeds: Range<u64>,
    operation: impl Fn(u64) -> O,
) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let mut settings = Settings::default();
        settings.attempts = 6;
        let mut simulation =
            Simulation::new(seed, world(seed), vec![Pace::new(Domain::Live, seed)]);
        for call in 0..4 {
            let at = Duration::from_millis(simulation.random.u64(..2_000));
            simulation.call(at, 0, &api(), operation(call), settings);
        }
        simulation.run(|random, _| Fate::any(random));
        tally.requests += simulation.grants.len();
        tally.retries += simulation.grants.len() - 4;
        tally.written += simulation.written.len();
        let repeated = twice(&simulation.written) + twice(&simulation.arrived);
        assert_eq!(repeated, 0, "{} with seed {seed}", O::NAME);
    }
    tally
}

/// A customer with four cards and a mandate, and no limit but what goes wrong.
fn world(seed: u64) -> Sandbox {
    let mut sandbox = Sandbox::new(seed).without_rate_limits();
    let customer = CustomerCode::new("CUS_x").unwrap();
    let email = Email::new("ada@example.com").unwrap();
    sandbox.seed_customer(&Domain::Live, &customer, &email, START);
    for card in 0..4 {
        let card = AuthorizationCode::new(format!("AUTH_{card}")).unwrap();
        assert!(sandbox.seed_authorization(&Domain::Live, &customer, &card));
    }
    let initialize = InitializeDirectDebit::new(ADA, account(), address());
    let request = api().request(&initialize).unwrap();
    assert_eq!(sandbox.handle(START, request).status(), 200);
    sandbox
}

/// The ids that the sandbox gives out first.
const ADA: CustomerId = CustomerId::new(4_294_967_296);
const MANDATE: AuthorizationId = AuthorizationId::new(1_069_309_917);

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

/// How many calls stand there more than once.
fn twice(calls: &[usize]) -> usize {
    (0..4)
        .filter(|call| calls.iter().filter(|one| *one == call).count() > 1)
        .count()
}

/// The schedules of all writes that must not be repeated, through one of the two runners.
macro_rules! all_writes {
    ($schedules:ident) => {{
        let code = CustomerCode::new("CUS_x").unwrap();
        let email = |call| Email::new(format!("customer-{call}@example.com")).unwrap();
        let ada = || Email::new("ada@example.com").unwrap();
        let card = |call| AuthorizationCode::new(format!("AUTH_{call}")).unwrap();
        [
            $schedules(0..1_700, |call| {
                CreateCustomer::new(email(call)).answering()
            }),
            $schedules(1_700..3_400, |_| {
                ValidateCustomer::new(&code, BankAccount::test_credential())
            }),
            $schedules(3_400..5_100, |call| {
                DeactivateAuthorization::new(card(call))
            }),
            $schedules(5_100..6_800, |_| {
                InitializeAuthorization::new(ada()).answering()
            }),
            $schedules(6_800..8_500, |_| {
                InitializeDirectDebit::new(ADA, account(), address()).answering()
            }),
            $schedules(8_500..10_200, |_| ChargeActivation::new(ADA, MANDATE)),
        ]
    }};
}

fn check(results: [Tally; 6]) {
    for tally in results {
        println!("{tally:?}");
        assert!(tally.written > 2_000, "most schedules do write");
        assert!(
            tally.retries > 500,
            "what was surely not sent is tried again"
        );
    }
}

#[test]
fn ten_thousand_schedules_of_faults_write_nothing_twice() {
    check(all_writes!(schedules));
}

#[test]
fn ten_thousand_schedules_over_ureq_write_nothing_twice() {
    check(all_writes!(schedules_over_ureq));
}

/// A sandbox, and what becomes of the requests to it.
struct World {
    sandbox: Sandbox,
    random: fastrand::Rng,
    fate: Fate,
    /// Requests that were made, that arrived, and that wrote, for each call.
    requests: usize,
    arrived: usize,
    written: usize,
}

impl Server for World {
    fn fate(&mut self) -> UreqFate {
        self.requests += 1;
        self.fate = Fate::any(&mut self.random);
        let error = [
            io::ErrorKind::ConnectionRefused,
            io::ErrorKind::HostUnreachable,
            io::ErrorKind::TimedOut,
            io::ErrorKind::BrokenPipe,
            io::ErrorKind::ConnectionReset,
        ];
        let error = self.random.choice(error).unwrap();
        match self.fate {
            Fate::Refused => UreqFate::NotConnected(error),
            Fate::LostBefore if self.random.bool() => UreqFate::FirstByte(error),
            Fate::LostBefore | Fate::LostAfter => UreqFate::Answer(Vec::new(), Then::Fail(error)),
            Fate::Hangs { .. } | Fate::Delivered => UreqFate::Answer(Vec::new(), Then::Stall),
            Fate::Status { status, .. } => {
                let mut answer = http::Response::new(Bytes::new());
                *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
                UreqFate::Answer(over_ureq::written(&answer), Then::Stall)
            }
        }
    }

    fn arrived(&mut self, now: Duration, request: http::Request<Bytes>) -> Option<Vec<u8>> {
        if !self.fate.is_carried_out() {
            return None;
        }
        let writes = self.sandbox.writes();
        let response = self.sandbox.handle(START + now, request);
        self.arrived += usize::from(response.status() != 429);
        self.written += usize::from(self.sandbox.writes() > writes);
        (self.fate == Fate::Delivered).then(|| over_ureq::written(&response))
    }
}

/// The same over ureq's transport, on connections that it keeps from call to call.
fn schedules_over_ureq<O: Operation<Output = NoData>>(
    seeds: Range<u64>,
    operation: impl Fn(u64) -> O,
) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let world = World {
            sandbox: world(seed),
            random: fastrand::Rng::with_seed(seed),
            fate: Fate::Refused,
            requests: 0,
            arrived: 0,
            written: 0,
        };
        let api = api().with_base_url("http://127.0.0.1").unwrap();
        let pace = Pace::new(Domain::Live, seed);
        let client = BlockingClient::with_pace(api, OverUreq::new(world, 1 << 20), pace)
            .with(|settings| settings.attempts = 6);
        for call in 0..4 {
            let _ = client.send(operation(call));
            let world = &mut client.transport().state().server;
            let told = format!("{} with seed {seed}", O::NAME);
            assert!(world.arrived <= 1 && world.written <= 1, "{told}");
            tally.requests += world.requests;
            tally.retries += world.requests - 1;
            tally.written += world.written;
            (world.requests, world.arrived, world.written) = (0, 0, 0);
        }
    }
    tally
}

#[test]
fn faults_would_be_noticed_if_everything_were_sent_again() {
    // The same schedules, with a caller who asks for it, do write twice.
    let mut written_twice = 0;
    for seed in 0..200 {
        let mut simulation =
            Simulation::new(seed, world(seed), vec![Pace::new(Domain::Live, seed)]);
        let mut settings = Settings::default();
        settings.resend = Some(paystack_core::Resend::Always);
        let create = CreateCustomer::new(Email::new("bisi@example.com").unwrap());
        simulation.call(Duration::ZERO, 0, &api(), create, settings);
        simulation.run(|random, _| Fate::any(random));
        written_twice += twice(&simulation.written);
    }
    assert!(written_twice > 10, "only {written_twice}");
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
        let served = [0, 60].map(|later| {
            let from = outage.end + Duration::from_secs(later);
            let window = from..from + Duration::from_secs(60);
            let answers = simulation.answers.iter();
            answers
                .filter(|(at, status)| window.contains(at) && *status == 200)
                .count()
        });
        println!("seed {seed}: {served:?} served in the two minutes after the outage");
        // What failed may have been counted, so the window of the outage's end is not used up.
        let [first, second] = served;
        assert!(first >= 420 && second >= 570, "seed {seed}: {served:?}");
    }
}
