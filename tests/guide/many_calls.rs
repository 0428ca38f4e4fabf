//! The actor of `examples/actor` drives different operations in one loop.

#[path = "../../examples/actor/main.rs"]
mod program;

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use paystack_core::customers::{FetchCustomer, ListCustomers};
use paystack_core::{Call, ErrorKind, RateLimiter, Sent, Settings, TransportError};
use paystack_core::{Mode, TransportErrorKind, http};
use paystack_tests::values::{api, email};

use self::program::{Actor, Message};

#[test]
fn actor_drives_different_operations_in_one_loop() {
    program::main().unwrap();
}

#[test]
fn actor_times_out_a_request_and_retries_another() {
    let (inbox, messages) = channel();
    // The response to the fetch arrives after its time-out.
    let (late, held) = channel::<()>();
    let held = Mutex::new(held);
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let exchange = move |request: http::Request<_>, within| match request.uri().query() {
        Some(_) if attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 => {
            Err(TransportError::new(TransportErrorKind::Connect, Sent::No))
        }
        Some(_) => Ok(http::Response::new(r#"{"status":true,"data":[]}"#.into())),
        None => {
            // This IO ignores its time limit, so the call times it out.
            assert_eq!(within, Some(Duration::from_millis(10)));
            held.lock().unwrap().recv().unwrap();
            Ok(http::Response::default())
        }
    };
    let actor = Actor::new(RateLimiter::new(Mode::Test, 7), exchange, inbox.clone());
    let actor = thread::spawn(move || actor.run(messages));

    let hurried = Settings::new()
        .attempts(1)
        .attempt_timeout(Duration::from_millis(10));
    let (timed_out, fetched) = channel();
    let fetch = FetchCustomer::new(email("ada@example.com"));
    let fetch = Call::new(&api(), fetch, hurried)
        .boxed(move |result| timed_out.send(result.err().unwrap()).unwrap());
    let (found, listed) = channel();
    let list = Call::new(&api(), ListCustomers::new().per_page(1), Settings::new())
        .boxed(move |result| found.send(result.unwrap()).unwrap());
    inbox.send(Message::Start(fetch)).unwrap();
    inbox.send(Message::Start(list)).unwrap();
    let error = fetched.recv().unwrap();
    assert!(
        matches!(error.kind(), ErrorKind::Transport(error) if error.kind() == TransportErrorKind::Timeout)
    );
    late.send(()).unwrap();
    assert_eq!(listed.recv().unwrap().attempts(), 2);
    inbox.send(Message::Stop).unwrap();
    actor.join().unwrap();
}
