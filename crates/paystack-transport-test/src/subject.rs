//! What the suite needs of a transport, be it async or blocking.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{BlockingTransport, LocalTransport, TransportError, http};

/// What came of a request; none if it was given up before.
pub(crate) type Sending = Option<Result<http::Response<Bytes>, TransportError>>;

pub(crate) trait Subject {
    /// Sends a request and gives it up after a while.
    async fn send(&self, request: http::Request<Bytes>, within: Duration) -> Sending;

    /// Sends requests at once; none if this cannot be done.
    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        within: Duration,
    ) -> Option<Vec<Sending>>;

    async fn sleep(&self, duration: Duration);

    fn now(&self) -> Duration;
}

/// Gives up by dropping, as the client does.
pub(crate) struct Async<'a, T>(pub(crate) &'a T);

impl<T: LocalTransport> Subject for Async<'_, T> {
    async fn send(&self, request: http::Request<Bytes>, within: Duration) -> Sending {
        let mut sending = self.0.send(request);
        let mut sleeping = self.0.sleep(within);
        poll_fn(|context| match sending.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => sleeping.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        within: Duration,
    ) -> Option<Vec<Sending>> {
        let sending = requests.into_iter().map(|one| self.send(one, within));
        Some(all(sending.collect()).await)
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.now()
    }
}

/// Is told how long it may take. All its futures are ready at once.
pub(crate) struct Blocking<'a, T> {
    pub(crate) transport: &'a T,
    pub(crate) send_all: SendAll<T>,
}

type SendAll<T> = fn(&T, Vec<http::Request<Bytes>>, Duration) -> Option<Vec<Sending>>;

impl<T: BlockingTransport> Subject for Blocking<'_, T> {
    async fn send(&self, request: http::Request<Bytes>, within: Duration) -> Sending {
        Some(self.transport.send(request, Some(within)))
    }

    async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
        within: Duration,
    ) -> Option<Vec<Sending>> {
        (self.send_all)(self.transport, requests, within)
    }

    async fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration);
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }
}

/// A thread a request.
pub(crate) fn on_threads<T: BlockingTransport + Sync>(
    transport: &T,
    requests: Vec<http::Request<Bytes>>,
    within: Duration,
) -> Option<Vec<Sending>> {
    thread::scope(|scope| {
        let send = |request| scope.spawn(move || transport.send(request, Some(within)));
        let threads: Vec<_> = requests.into_iter().map(send).collect();
        // A thread that panicked has told so already.
        let join = |thread: thread::ScopedJoinHandle<'_, _>| thread.join().ok();
        Some(threads.into_iter().map(join).collect())
    })
}

/// Runs what never waits for anybody to wake it.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
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

/// Waits for all of them at once.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<Joined<F>> = futures
        .into_iter()
        .map(|future| Joined::Running(Box::pin(future)))
        .collect();
    poll_fn(|context| {
        let mut is_ready = true;
        for joined in &mut futures {
            is_ready &= joined.poll(context);
        }
        if is_ready {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
    let outputs = futures.into_iter().filter_map(|joined| match joined {
        Joined::Running(_) => None,
        Joined::Done(output) => Some(output),
    });
    outputs.collect()
}

enum Joined<F: Future> {
    Running(Pin<Box<F>>),
    Done(F::Output),
}

impl<F: Future> Joined<F> {
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        if let Self::Running(future) = self {
            let Poll::Ready(output) = future.as_mut().poll(context) else {
                return false;
            };
            *self = Self::Done(output);
        }
        true
    }
}
