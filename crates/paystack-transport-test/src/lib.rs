//! A conformance suite for transports: it runs against your own, and says which clauses of the
//! [contract](paystack_client::Transport#contract) it keeps.
//!
//! A server on loopback misbehaves on purpose: it breaks off, stalls, redirects, sends too much, and
//! reads what it is sent byte by byte. The suite brings no runtime and needs no internet. It takes a
//! second or two, and speaks plain HTTP/1.1: TLS and HTTP/2 are not its subject.
//!
//! ```
//! use paystack_hyper::HyperTransport; // yours
//! use paystack_transport_test::Suite;
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() {
//!     let transport = HyperTransport::new();
//!     let report = Suite::new().check(&transport).await;
//!     report.assert_passed();
//! }
//! ```
//!
//! A [`Report`] has a line a clause. What does not apply to a transport is
//! [declared](Suite::not_applicable), with the reason, which the report prints.

mod bench;
mod checks;
mod clause;
mod failing_stream;
mod report;
mod server;
mod subject;

use std::time::Duration;

use paystack_client::{BlockingTransport, LocalTransport};

use self::bench::{Bench, Checked, Unmet};
use self::subject::{Async, Blocking, Subject};

pub use self::clause::Clause;
pub use self::failing_stream::FailingStream;
pub use self::report::{Outcome, Report};

/// The suite, and what it has to know of a transport.
///
/// | what | default |
/// | --- | --- |
/// | largest body of an answer | 8 MiB, see [`Suite::body_limit`] |
/// | what is not there after this long does not come | 2 s, see [`Suite::patience`] |
/// | clauses that do not apply | none, see [`Suite::not_applicable`] |
#[derive(Clone, Debug)]
pub struct Suite {
    body_limit: usize,
    patience: Duration,
    exceptions: Vec<(Clause, String)>,
}

impl Suite {
    /// The suite with the defaults, which are those of this SDK's transports.
    pub fn new() -> Self {
        Self {
            body_limit: 8 * 1024 * 1024,
            patience: Duration::from_secs(2),
            exceptions: Vec::new(),
        }
    }

    /// Says how many bytes the body of an answer may have: what the transport is set to. A smaller one
    /// makes the suite faster.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets how long the suite waits for what should come at once. A busy machine needs more.
    #[must_use]
    pub fn patience(mut self, duration: Duration) -> Self {
        self.patience = duration;
        self
    }

    /// Declares that a clause does not apply, and why. It is checked all the same, and the report says
    /// so, and does not [pass](Report::is_passed), if the transport keeps it: no exception outlives its
    /// reason.
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

    /// Checks a [`Transport`](paystack_client::Transport), or a [`LocalTransport`], which every
    /// `Transport` is. To be awaited on the transport's own runtime, and in no spawned task: the future
    /// stays on its thread.
    pub async fn check<T: LocalTransport>(&self, transport: &T) -> Report {
        self.run(&Async(transport)).await
    }

    /// Checks a [`BlockingTransport`], on this thread and, for [`Clause::AtOnce`], on 64 more.
    pub fn check_blocking<T: BlockingTransport + Sync>(&self, transport: &T) -> Report {
        let send_all = subject::on_threads;
        subject::run(self.run(&Blocking {
            transport,
            send_all,
        }))
    }

    /// Checks a [`BlockingTransport`] that stays on this thread. [`Clause::AtOnce`] is not checked.
    pub fn check_on_one_thread<T: BlockingTransport>(&self, transport: &T) -> Report {
        let send_all = |_: &T, _, _| None;
        subject::run(self.run(&Blocking {
            transport,
            send_all,
        }))
    }

    /// Checks [`Clause::ErrorNumbers`] alone, over connections that accept part of a request and then fail
    /// with an error that looks like one from before the connection. For transports that run over
    /// connections of the caller's own: `over` makes one that connects to the stream.
    pub async fn check_failing_streams<T: LocalTransport>(
        &self,
        over: impl Fn(FailingStream) -> T,
    ) -> Report {
        let mut checked = Ok(());
        for stream in FailingStream::all() {
            let transport = over(stream.clone());
            let subject = Async(&transport);
            let bench = Bench::new(&subject, self.body_limit, self.patience);
            let failed = checks::failing_stream(&bench, &stream).await;
            checked = checked.and(failed);
        }
        Report::new(vec![self.outcome(Clause::ErrorNumbers, checked)])
    }

    /// The same for a [`BlockingTransport`].
    pub fn check_failing_streams_blocking<T: BlockingTransport>(
        &self,
        over: impl Fn(FailingStream) -> T,
    ) -> Report {
        let mut checked = Ok(());
        for stream in FailingStream::all() {
            let transport = &over(stream.clone());
            let send_all = |_: &T, _, _| None;
            let subject = Blocking {
                transport,
                send_all,
            };
            let bench = Bench::new(&subject, self.body_limit, self.patience);
            let failed = subject::run(checks::failing_stream(&bench, &stream));
            checked = checked.and(failed);
        }
        Report::new(vec![self.outcome(Clause::ErrorNumbers, checked)])
    }

    async fn run<S: Subject>(&self, subject: &S) -> Report {
        let bench = Bench::new(subject, self.body_limit, self.patience);
        let mut outcomes = Vec::new();
        for &clause in Clause::ALL {
            let checked = Box::pin(checks::check(clause, &bench)).await;
            outcomes.push(self.outcome(clause, checked));
        }
        Report::new(outcomes)
    }

    fn outcome(&self, clause: Clause, checked: Checked) -> (Clause, Outcome) {
        let mut declared = self.exceptions.iter();
        let declared = declared.find(|(other, _)| *other == clause);
        let reason = declared.map(|(_, reason)| reason.clone());
        let outcome = match (checked, reason) {
            (Ok(()), None) => Outcome::Passed,
            (Ok(()), Some(reason)) => Outcome::PassedAllTheSame(reason),
            (Err(Unmet::Failed(why)), None) => Outcome::Failed(why),
            (Err(Unmet::Unchecked(why)), None) => Outcome::Unchecked(why),
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
