//! The transport under test, async or blocking, behind one trait.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::local::LocalTransport;
use paystack_transport::{BlockingTransport, TransportError, http};

/// The result of sending a request, or `None` if the suite cancelled it first.
pub(crate) type SendResult = Option<Result<http::Response<Bytes>, TransportError>>;

pub(crate) trait TransportUnderTest {
    /// Sends a request and cancels it after a timeout.
    async fn send(&self, request: http::Request<Bytes>, timeout: Duration) -> SendResult;

    /// Sends requests concurrently. Returns `None` if the transport cannot.
    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        timeout: Duration,
    ) -> Option<Vec<SendResult>>;

    async fn sleep(&self, duration: Duration);

    fn now(&self) -> Duration;
}

/// An async transport. Cancels a request by dropping its future, as the client does.
pub(crate) struct Async<'a, T>(pub(crate) &'a T);

impl<T: LocalTransport> TransportUnderTest for Async<'_, T> {
    async fn send(&self, request: http::Request<Bytes>, timeout: Duration) -> SendResult {
        let mut sending = self.0.send(request);
        let mut sleeping = self.0.sleep(timeout);
        poll_fn(|context| match sending.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => sleeping.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        timeout: Duration,
    ) -> Option<Vec<SendResult>> {
        let sending = requests
            .into_iter()
            .map(|request| self.send(request, timeout));
        Some(join_all(sending.collect()).await)
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.now()
    }
}

/// A blocking transport, which receives the timeout as an argument. Its futures never return `Pending`.
pub(crate) struct Blocking<'a, T> {
    transport: &'a T,
    send_all: SendAll<T>,
}

type SendAll<T> = fn(&T, Vec<http::Request<Bytes>>, Duration) -> Option<Vec<SendResult>>;

impl<'a, T: BlockingTransport> Blocking<'a, T> {
    /// Sends concurrent requests on one thread each.
    pub(crate) fn on_threads(transport: &'a T) -> Self
    where
        T: Sync,
    {
        let send_all = send_on_threads;
        Self {
            transport,
            send_all,
        }
    }

    /// Sends no concurrent requests.
    pub(crate) fn on_one_thread(transport: &'a T) -> Self {
        let send_all = |_: &T, _, _| None;
        Self {
            transport,
            send_all,
        }
    }
}

impl<T: BlockingTransport> TransportUnderTest for Blocking<'_, T> {
    async fn send(&self, request: http::Request<Bytes>, timeout: Duration) -> SendResult {
        Some(self.transport.send(request, Some(timeout)))
    }

    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        timeout: Duration,
    ) -> Option<Vec<SendResult>> {
        (self.send_all)(self.transport, requests, timeout)
    }

    async fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration);
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }
}

/// Sends each request on a thread of its own.
fn send_on_threads<T: BlockingTransport + Sync>(
    transport: &T,
    requests: Vec<http::Request<Bytes>>,
    timeout: Duration,
) -> Option<Vec<SendResult>> {
    thread::scope(|scope| {
        let send = |request| scope.spawn(move || transport.send(request, Some(timeout)));
        let threads: Vec<_> = requests.into_iter().map(send).collect();
        // A thread that panicked has already printed its message.
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().ok();
        Some(threads.into_iter().map(join).collect())
    })
}

/// Runs a future that needs no waker.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
        thread::yield_now();
    }
}

/// Polls all futures concurrently until every one is done.
async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures
        .into_iter()
        .map(|future| (Some(Box::pin(future)), None))
        .collect();
    poll_fn(|context| {
        for (future, output) in &mut futures {
            if let Some(running) = future
                && let Poll::Ready(ready) = running.as_mut().poll(context)
            {
                *output = Some(ready);
                *future = None;
            }
        }
        match futures.iter().all(|(future, _)| future.is_none()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    futures
        .into_iter()
        .filter_map(|(_, output)| output)
        .collect()
}
