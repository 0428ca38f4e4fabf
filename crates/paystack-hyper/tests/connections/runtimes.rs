//! Several runtimes, one that has ended, and none.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind};
use tokio::runtime::{Builder, Runtime};

use crate::{get, respond, serve};

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
        let response = runtime().block_on(transport.send(get(&url)));
        let retried = match response {
            Ok(response) => response,
            Err(error) => {
                assert_eq!(error.sent(), Sent::No, "{error:?}");
                runtime().block_on(transport.send(get(&url))).unwrap()
            }
        };
        assert_eq!(retried.body(), "ok");
    }
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
