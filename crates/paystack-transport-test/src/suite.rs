//! The suite: its settings, and the entry points that check a transport.

use std::time::Duration;

use paystack_transport::BlockingTransport;
use paystack_transport::local::LocalTransport;

use crate::checks;
use crate::clause::Clause;
use crate::failing_stream::FailingStream;
use crate::harness::{CheckError, CheckResult, Harness};
use crate::report::{Outcome, Report};
use crate::transport_under_test::{self, Async, Blocking, TransportUnderTest};

/// The conformance suite and its settings.
///
/// | setting | default |
/// | --- | --- |
/// | [`Suite::body_limit`]: the largest response body that the transport accepts | 8 MiB |
/// | [`Suite::timeout`]: how long the suite waits for an event that should happen at once | 2 s |
/// | [`Suite::not_applicable`]: clauses that do not apply | none |
#[derive(Clone, Debug)]
pub struct Suite {
    body_limit: usize,
    timeout: Duration,
    exceptions: Vec<(Clause, String)>,
}

impl Suite {
    /// Creates the suite with the defaults, which match the transports of this SDK.
    pub fn new() -> Self {
        Self {
            body_limit: 8 * 1024 * 1024,
            timeout: Duration::from_secs(2),
            exceptions: Vec::new(),
        }
    }

    /// Sets the largest response body that the transport accepts, in bytes.
    ///
    /// Pass the limit that the transport is configured with. A smaller limit makes the suite faster.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets how long the suite waits for an event that should happen at once.
    ///
    /// Raise it on a busy machine.
    #[must_use]
    pub fn timeout(mut self, duration: Duration) -> Self {
        self.timeout = duration;
        self
    }

    /// Declares that a clause does not apply, with the reason.
    ///
    /// The suite checks the clause all the same. If the transport keeps it, the report does not
    /// [pass](Report::is_passed), so that no exception outlives its reason.
    ///
    /// ```
    /// use paystack_transport_test::{Clause, Suite};
    ///
    /// let suite = Suite::new().not_applicable(Clause::RequestHeaders, "a layer adds x-shop");
    /// ```
    #[must_use]
    pub fn not_applicable(mut self, clause: Clause, reason: impl Into<String>) -> Self {
        self.exceptions.push((clause, reason.into()));
        self
    }

    /// Checks a [`LocalTransport`]. Every [`Transport`](paystack_transport::Transport) is one.
    ///
    /// Await the future on the transport's own runtime. It is not `Send`, so it cannot be spawned on another
    /// thread.
    pub async fn check<T: LocalTransport>(&self, transport: &T) -> Report {
        self.run(&Async(transport)).await
    }

    /// Checks a [`BlockingTransport`] on this thread and, for [`Clause::AtOnce`], on 64 more.
    pub fn check_blocking<T: BlockingTransport + Sync>(&self, transport: &T) -> Report {
        transport_under_test::block_on(self.run(&Blocking::on_threads(transport)))
    }

    /// Checks a [`BlockingTransport`] that cannot be shared between threads. Skips [`Clause::AtOnce`].
    pub fn check_on_one_thread<T: BlockingTransport>(&self, transport: &T) -> Report {
        transport_under_test::block_on(self.run(&Blocking::on_one_thread(transport)))
    }

    /// Checks only [`Clause::ErrorNumbers`], over connections that accept a request, or a part of it, and then fail.
    ///
    /// Some of the errors look like errors from before a connection exists. Use it for transports that run over
    /// connections of the caller. `connect` creates a transport that connects to the stream.
    pub async fn check_failing_streams<T: LocalTransport>(
        &self,
        connect: impl Fn(FailingStream) -> T,
    ) -> Report {
        let mut result = Ok(());
        for stream in FailingStream::all() {
            let transport = connect(stream.clone());
            let checked = self.check_failing_stream(&Async(&transport), &stream).await;
            result = result.and(checked);
        }
        Report::new(vec![self.outcome(Clause::ErrorNumbers, result)])
    }

    /// Checks only [`Clause::ErrorNumbers`], like [`Suite::check_failing_streams`], for a
    /// [`BlockingTransport`].
    pub fn check_failing_streams_blocking<T: BlockingTransport>(
        &self,
        connect: impl Fn(FailingStream) -> T,
    ) -> Report {
        let mut result = Ok(());
        for stream in FailingStream::all() {
            let transport = connect(stream.clone());
            let transport = Blocking::on_one_thread(&transport);
            let checked = self.check_failing_stream(&transport, &stream);
            result = result.and(transport_under_test::block_on(checked));
        }
        Report::new(vec![self.outcome(Clause::ErrorNumbers, result)])
    }

    async fn check_failing_stream<T: TransportUnderTest>(
        &self,
        transport: &T,
        stream: &FailingStream,
    ) -> CheckResult {
        let harness = Harness::new(transport, self.body_limit, self.timeout);
        checks::failing_stream(&harness, stream).await
    }

    async fn run<T: TransportUnderTest>(&self, transport: &T) -> Report {
        let harness = Harness::new(transport, self.body_limit, self.timeout);
        let mut outcomes = Vec::new();
        for &clause in Clause::ALL {
            let result = Box::pin(checks::check(clause, &harness)).await;
            outcomes.push(self.outcome(clause, result));
        }
        Report::new(outcomes)
    }

    fn outcome(&self, clause: Clause, result: CheckResult) -> (Clause, Outcome) {
        let mut declared = self.exceptions.iter();
        let declared = declared.find(|(other, _)| *other == clause);
        let reason = declared.map(|(_, reason)| reason.clone());
        let outcome = match (result, reason) {
            (Ok(()), None) => Outcome::Passed,
            (Ok(()), Some(reason)) => Outcome::UnexpectedlyPassed(reason),
            (Err(CheckError::Failed(fault)), None) => Outcome::Failed(fault),
            (Err(CheckError::Unchecked(cause)), None) => Outcome::Unchecked(cause),
            (Err(_), Some(reason)) => Outcome::NotApplicable(reason),
        };
        (clause, outcome)
    }
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}
