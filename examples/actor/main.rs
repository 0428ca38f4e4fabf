//! Drives all calls of a program in one loop, on one thread, over paystack-core. `docs/own-runtime.md` explains it.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use paystack_core::customers::{CreateCustomer, ListCustomers};
use paystack_core::time::OffsetDateTime;
use paystack_core::{Api, BoxedCall, Call, Email, Error, Mode, RateLimiter, SecretKey};
use paystack_core::{Settings, Step, TransportError};
use paystack_core::{bytes::Bytes, http};
use paystack_sandbox::Sandbox;

/// The result of an attempt.
type Exchanged = Result<http::Response<Bytes>, TransportError>;

pub enum Message {
    Start(BoxedCall),
    /// The number of a call, its attempt, and the result.
    Exchanged(u64, u32, Exchanged),
    Stop,
}

/// Drives all calls of a program in one loop, on one thread.
pub struct Actor<E> {
    limiter: RateLimiter,
    calls: BTreeMap<u64, BoxedCall>,
    /// Your IO: sends a request, and returns its response within the time limit.
    exchange: Arc<E>,
    inbox: Sender<Message>,
}

impl<E> Actor<E>
where
    E: Fn(http::Request<Bytes>, Option<Duration>) -> Exchanged + Send + Sync + 'static,
{
    pub fn new(limiter: RateLimiter, exchange: E, inbox: Sender<Message>) -> Self {
        Self {
            limiter,
            calls: BTreeMap::new(),
            exchange: Arc::new(exchange),
            inbox,
        }
    }

    /// Runs until [`Message::Stop`], which drops the calls that have not ended.
    pub fn run(mut self, messages: Receiver<Message>) {
        let started = Instant::now();
        for number in 0.. {
            let pause = self.step_all(started.elapsed());
            match messages.recv_timeout(pause) {
                Ok(Message::Start(call)) => drop(self.calls.insert(number, call)),
                Ok(Message::Exchanged(number, attempt, result)) => {
                    match (self.calls.get_mut(&number), result) {
                        (Some(call), Ok(response)) => call.handle_response(attempt, response),
                        (Some(call), Err(error)) => call.handle_error(attempt, error),
                        (None, _) => {} // the call has ended
                    }
                }
                Ok(Message::Stop) => return,
                Err(_) => {} // the pause is over
            }
        }
    }

    /// Steps each call until it waits. Returns the shortest wait.
    fn step_all(&mut self, now: Duration) -> Duration {
        let Self {
            limiter,
            calls,
            exchange,
            inbox,
        } = self;
        let mut pause = Duration::from_secs(3_600);
        calls.retain(|number, call| {
            loop {
                match call.step(limiter, now) {
                    Step::Send {
                        request,
                        within,
                        attempt,
                        ..
                    } => {
                        let (number, exchange, inbox) =
                            (*number, Arc::clone(exchange), inbox.clone());
                        thread::spawn(move || {
                            let result = exchange(request, within);
                            let _ = inbox.send(Message::Exchanged(number, attempt, result));
                        });
                    }
                    Step::Wait(duration) => {
                        pause = pause.min(duration);
                        return true;
                    }
                    Step::Done(_) => return false, // the function of the call has the result
                }
            }
        });
        pause
    }
}

pub fn main() -> Result<(), Error> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    let sandbox = Mutex::new(Sandbox::new(1)); // in place of a socket
    let exchange = move |request, _| {
        let mut sandbox = sandbox.lock().expect("no thread panics");
        Ok(sandbox.handle(OffsetDateTime::UNIX_EPOCH, request))
    };
    let (inbox, messages) = channel();
    let actor = Actor::new(RateLimiter::new(Mode::Test, 7), exchange, inbox.clone());
    let actor = thread::spawn(move || actor.run(messages));

    let (created, codes) = channel();
    for address in ["ada@example.com", "tunde@example.com"] {
        let create = CreateCustomer::new(Email::new(address)?);
        let created = created.clone();
        let create = Call::new(&api, create, Settings::new()).boxed(move |result| {
            let _ = created.send(result.map(|reply| reply.data.customer_code));
        });
        inbox.send(Message::Start(create)).expect("the actor runs");
    }
    for code in codes.iter().take(2) {
        println!("created {}", code?);
    }

    let (listed, count) = channel();
    let list = Call::new(&api, ListCustomers::new(), Settings::new()).boxed(move |result| {
        let _ = listed.send(result.map(|reply| reply.data.len()));
    });
    inbox.send(Message::Start(list)).expect("the actor runs");
    println!("{} customers", count.recv().expect("a result")?);
    inbox.send(Message::Stop).expect("the actor runs");
    actor.join().expect("the actor does not panic");
    Ok(())
}
