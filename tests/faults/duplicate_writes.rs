//! Schedules of faults never repeat a write that the sandbox has carried out.

use std::fmt::Debug;
use std::ops::Range;
use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_tests::network::{Fate, START, Simulation, paused};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation, example};
use paystack_tests::ureq_in_memory::{Fate as UreqFate, OverUreq, Server, Then, encode};
use paystack_tests::values::{CONNECTION_ERRORS, Values, account, address, email, live_api};
use paystack_transport::BlockingClient;
use paystack_transport::bytes::Bytes;
use paystack_transport::customers::direct_debit::{AuthorizationId, InitializeDirectDebit};
use paystack_transport::customers::{BankAccount, CreateCustomer};
use paystack_transport::{
    AuthorizationCode, CustomerId, Mode, Operation, RateLimiter, RetryRule, Settings, http,
};

const SCHEDULES: u64 = 1_700;

/// The ids that the sandbox assigns first.
const ADA: CustomerId = CustomerId::new(4_294_967_296);
const MANDATE: AuthorizationId = AuthorizationId::new(1_069_309_917);

/// The values for one of four calls.
fn values(call: u64) -> Values {
    // The sandbox refuses to validate the same account twice.
    let mut bank_account = BankAccount::test_credential();
    bank_account.account_number = format!("011111111{call}").into();
    Values {
        bank_account,
        new_email: email(&format!("customer-{call}@example.com")),
        id: ADA,
        authorization: AuthorizationCode::new(format!("AUTH_{call}")).unwrap(),
        authorization_id: MANDATE,
        ..Values::default()
    }
}

/// Returns a sandbox with a customer, four cards and a mandate, and without rate limits.
fn sandbox(seed: u64) -> Sandbox {
    let mut sandbox = Sandbox::new(seed).without_rate_limits();
    let Values { code, email, .. } = Values::default();
    sandbox
        .seed_customer(&Mode::Live, &code, &email, START)
        .unwrap();
    for call in 0..4 {
        let card = values(call).authorization;
        assert!(sandbox.seed_authorization(&Mode::Live, &code, &card));
    }
    let initialize = InitializeDirectDebit::new(ADA, account(), address());
    let request = live_api().request(&initialize).unwrap();
    assert_eq!(sandbox.handle(START, request).status(), 200);
    sandbox
}

/// The results of the schedules for one operation.
#[derive(Debug, Default)]
struct Tally {
    requests: usize,
    retries: usize,
    /// Writes that the sandbox carried out.
    written: usize,
}

#[derive(Clone, Copy)]
enum Over {
    Network,
    Ureq,
}

/// Runs schedules for each operation that must not be repeated.
struct Schedules {
    over: Over,
    tallies: Vec<(&'static str, Tally)>,
}

impl Visitor for Schedules {
    fn visit<O: Example>(&mut self, _: Entry<O>) {
        if O::RETRY == RetryRule::Idempotent {
            return;
        }
        let calls: Vec<O> = (0..4).map(|call| example(&values(call))).collect();
        let first = self.tallies.len() as u64 * SCHEDULES;
        let seeds = first..first + SCHEDULES;
        let tally = match self.over {
            Over::Network => paused().block_on(over_network(seeds, &calls)),
            Over::Ureq => over_ureq(seeds, &calls),
        };
        self.tallies.push((O::NAME, tally));
    }
}

fn run_schedules(over: Over) {
    let mut schedules = Schedules {
        over,
        tallies: Vec::new(),
    };
    each_operation(&Values::default(), &mut schedules);
    assert!(schedules.tallies.len() >= 6);
    for (name, tally) in schedules.tallies {
        println!("{name}: {tally:?}");
        assert!(tally.written > 2_000, "{name}: too few schedules write");
        assert!(
            tally.retries > 500,
            "{name}: too few unsent requests are retried"
        );
    }
}

#[test]
fn fault_never_repeats_a_write() {
    run_schedules(Over::Network);
}

#[test]
fn fault_over_ureq_never_repeats_a_write() {
    run_schedules(Over::Ureq);
}

/// Returns the number of calls that occur more than once.
fn repeated(calls: &[usize]) -> usize {
    (0..4)
        .filter(|call| calls.iter().filter(|one| *one == call).count() > 1)
        .count()
}

/// Runs schedules of faults over four calls each.
async fn over_network<O>(seeds: Range<u64>, calls: &[O]) -> Tally
where
    O: Operation + Clone + Send + Sync + 'static,
    O::Output: Send,
{
    let mut tally = Tally::default();
    for seed in seeds {
        let settings = Settings::new().attempts(6);
        let limiters = vec![RateLimiter::new(Mode::Live, seed)];
        let mut simulation = Simulation::new(seed, &live_api(), sandbox(seed), limiters);
        for call in calls {
            let at = simulation.network.state().random.u64(..2_000);
            simulation.call(Duration::from_millis(at), 0, call.clone(), settings);
        }
        simulation.run(|request| Fate::any(request.random)).await;
        let state = simulation.network.state();
        tally.requests += state.requests.len();
        tally.retries += state.requests.len() - 4;
        tally.written += state.written.len();
        let repeated = repeated(&state.written) + repeated(&state.arrived);
        assert_eq!(repeated, 0, "{} with seed {seed}", O::NAME);
    }
    tally
}

/// A sandbox, and the fates of the requests to it.
struct World {
    sandbox: Sandbox,
    random: fastrand::Rng,
    fate: Fate,
    /// Requests of the current call: sent, arrived, and carried out as a write.
    requests: usize,
    arrived: usize,
    written: usize,
}

impl Server for World {
    fn fate(&mut self) -> UreqFate {
        self.requests += 1;
        self.fate = Fate::any(&mut self.random);
        let error = self.random.choice(CONNECTION_ERRORS).unwrap();
        match self.fate {
            Fate::Refused => UreqFate::NotConnected(error),
            Fate::LostBefore if self.random.bool() => UreqFate::FirstByte(error),
            Fate::LostBefore | Fate::LostAfter => UreqFate::Answer(Vec::new(), Then::Fail(error)),
            Fate::Hangs { .. } | Fate::Delivered => UreqFate::Answer(Vec::new(), Then::Stall),
            Fate::Status { status, .. } => {
                let mut response = http::Response::new(Bytes::new());
                *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
                UreqFate::Answer(encode(&response), Then::Stall)
            }
            Fate::RateLimited => unreachable!("`Fate::any` never draws it"),
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
        (self.fate == Fate::Delivered).then(|| encode(&response))
    }
}

/// Runs the schedules over ureq's transport. Connections stay open between calls.
fn over_ureq<O: Operation + Clone>(seeds: Range<u64>, calls: &[O]) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let world = World {
            sandbox: sandbox(seed),
            random: fastrand::Rng::with_seed(seed),
            fate: Fate::Refused,
            requests: 0,
            arrived: 0,
            written: 0,
        };
        let api = live_api().with_base_url("http://127.0.0.1").unwrap();
        let limiter = RateLimiter::new(Mode::Live, seed);
        let client = BlockingClient::new(api, OverUreq::new(world, 1 << 20))
            .with_rate_limiter(limiter)
            .with_settings(Settings::new().attempts(6));
        for call in calls {
            let _ = client.send(call.clone());
            let world = &mut client.transport().state().server;
            let context = format!("{} with seed {seed}", O::NAME);
            assert!(world.arrived <= 1 && world.written <= 1, "{context}");
            tally.requests += world.requests;
            tally.retries += world.requests - 1;
            tally.written += world.written;
            (world.requests, world.arrived, world.written) = (0, 0, 0);
        }
    }
    tally
}

#[tokio::test(start_paused = true)]
async fn retrying_every_error_repeats_writes() {
    // Proves that the schedules above can detect a repeated write.
    let mut written_twice = 0;
    for seed in 0..200 {
        let limiters = vec![RateLimiter::new(Mode::Live, seed)];
        let mut simulation = Simulation::new(seed, &live_api(), sandbox(seed), limiters);
        let settings = Settings::new().retry_rule(RetryRule::Idempotent);
        let create = CreateCustomer::new(email("bisi@example.com"));
        simulation.call(Duration::ZERO, 0, create, settings);
        simulation.run(|request| Fate::any(request.random)).await;
        written_twice += repeated(&simulation.network.state().written);
    }
    assert!(written_twice > 10, "only {written_twice}");
}
