//! Several runtimes, one that has ended, and none.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use paystack_hyper::customers::ListCustomers;
use paystack_hyper::{
    Api, Client, HyperTransport, Outcome, SecretKey, Sent, Settings, Transport, TransportErrorKind,
};
use tokio::runtime::{Builder, Runtime};

use crate::loopback::{get, respond, serve};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server on a runtime of its own.
fn server() -> (Runtime, String) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let port = runtime.block_on(serve(|stream| respond(stream, "ok")));
    (runtime, format!("http://127.0.0.1:{port}/"))
}

#[test]
fn transport_outlives_the_runtime_of_its_connections() {
    let (_server, url) = server();
    let transport = HyperTransport::new();
    for _ in 0..3 {
        // The connection of the last runtime is in the pool, and its task has ended.
        let response = runtime().block_on(transport.send(get(&url))).unwrap();
        assert_eq!(response.body(), "ok");
    }
}

#[test]
fn connection_of_a_runtime_that_stands_still_waits_for_it() {
    let (_server, url) = server();
    let transport = HyperTransport::new();
    let (first, second) = (runtime(), runtime());
    first.block_on(transport.send(get(&url))).unwrap();
    // The pool has a connection of the first runtime, which does not run.
    let mut request = transport.send(get(&url));
    let waited = second.block_on(async {
        let limit = Duration::from_millis(50);
        tokio::time::timeout(limit, &mut request).await
    });
    assert!(waited.is_err(), "{waited:?}");
    thread::scope(|threads| {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        threads.spawn(move || first.block_on(stopped));
        assert_eq!(second.block_on(request).unwrap().body(), "ok");
        drop(stop);
    });
}

#[test]
fn paused_clock_does_not_wait_for_a_real_socket() {
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let port = server.block_on(serve(|stream| async move {
        let _stream = stream;
        std::future::pending().await
    }));
    let paused = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let (done, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let transport = HyperTransport::new();
        let request = transport.send(get(&format!("http://127.0.0.1:{port}/")));
        let hour = Duration::from_secs(60 * 60);
        let _ = paused.block_on(async { tokio::time::timeout(hour, request).await });
        done.send(())
    });
    // The clock jumps ahead whenever the runtime has nothing to do, also while it waits for a socket.
    is_done.recv_timeout(Duration::from_secs(60)).unwrap();
}

#[test]
fn request_without_a_runtime_is_an_error() {
    let transport = HyperTransport::new();
    let mut request = pin!(transport.send(get("http://127.0.0.1:1/")));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Err(error)) = request.as_mut().poll(&mut context) else {
        unreachable!("an error at once")
    };
    assert_eq!(
        (error.kind(), error.sent()),
        (TransportErrorKind::Other, Sent::No)
    );
}

#[test]
fn call_without_a_runtime_is_an_error_after_its_retries() {
    let api = Api::new(SecretKey::new("sk_test_x").unwrap());
    let millisecond = Duration::from_millis(1);
    let settings = Settings::new().backoff(millisecond, millisecond);
    let client = Client::new(api, HyperTransport::new()).with_settings(settings);
    let call = pin!(client.send(ListCustomers::new()));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Err(error)) = call.poll(&mut context) else {
        unreachable!("an error at once")
    };
    assert_eq!(
        (error.attempts(), error.outcome()),
        (3, Outcome::NotProcessed)
    );
}

#[test]
fn runtime_that_ends_during_a_request_is_an_unknown_outcome() {
    let server = runtime();
    let port = server.block_on(serve(|stream| async move {
        let _stream = stream;
        std::future::pending().await
    }));
    let (first, second) = (runtime(), runtime());
    let transport = HyperTransport::new();
    let request = {
        let _entered = first.enter();
        let request = transport.send(get(&format!("http://127.0.0.1:{port}/")));
        // Polled once, it is a task of the first runtime.
        let mut request = Box::pin(request);
        let mut context = Context::from_waker(Waker::noop());
        assert!(request.as_mut().poll(&mut context).is_pending());
        request
    };
    drop(first);
    let error = second.block_on(request).unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (TransportErrorKind::Io, Sent::Maybe)
    );
}
