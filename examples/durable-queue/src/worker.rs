//! The command `work`: sends the rows that apalis delivers.

use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use apalis::prelude::{BackendExt, BoxDynError, Data, WorkerBuilder, WorkerBuilderExt};
use apalis_sqlite::SqliteStorage;
use paystack_hyper::{
    Client, Error, ErrorKind, HyperTransport, Outcome, Sent, Timer, Transport, TransportError,
    TransportErrorKind, async_trait, bytes::Bytes, http,
};
use tokio::sync::{OwnedRwLockReadGuard, RwLock, watch};

use crate::database::{Database, QUEUE, Turn};
use crate::job::{Job, has_authorization};
use crate::progress::Progress;
use crate::rows::{Next, Row};
use crate::{Output, Result};

/// How often a worker without work looks for some.
const IDLE: Duration = Duration::from_millis(500);

/// The longest wait before a row's next turn.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How long a worker waits for a database that failed, and how often.
const RETRY_DATABASE: Duration = Duration::from_secs(1);
const DATABASE_RETRIES: u32 = 60;

pub(crate) struct Settings {
    pub(crate) calls: usize,
    pub(crate) settle: Duration,
    pub(crate) heartbeat: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calls: 32,
            settle: Duration::from_secs(360),
            heartbeat: Duration::from_secs(30),
        }
    }
}

/// Why a worker stops.
#[derive(Clone, Copy, PartialEq)]
enum Stop {
    NothingLeft,
    Interrupted,
    Unauthorized,
    UntrustedCertificate,
}

impl Stop {
    /// Returns the reason to stop after an error that each row would have.
    fn after(error: &Error) -> Option<Self> {
        match error.kind() {
            _ if error.is_unauthorized() => Some(Self::Unauthorized),
            ErrorKind::Transport(lost)
                if lost.kind() == TransportErrorKind::UntrustedCertificate =>
            {
                Some(Self::UntrustedCertificate)
            }
            _ => None,
        }
    }
}

struct Worker {
    database: Database,
    client: Client,
    settle: Duration,
    stop: watch::Sender<Option<Stop>>,
    /// Each call under way holds it for reading. A worker that stops acquires it for writing.
    calls: Arc<RwLock<()>>,
}

/// Set when a delivery has recorded its intent, and dropped when it has recorded the outcome.
type Intent = Arc<OnceLock<OwnedRwLockReadGuard<()>>>;

/// Works until no row is left.
pub(crate) async fn work(
    database: Database,
    client: Client,
    settings: Settings,
    output: Output,
) -> Result<ExitCode> {
    let (stop, stopped) = watch::channel(None);
    let worker = Arc::new(Worker {
        database: database.clone(),
        client: client.with_settings(attempts_within(settings.settle, client.settings())),
        settle: settings.settle,
        stop: stop.clone(),
        calls: Arc::default(),
    });
    tokio::spawn(interrupt(stop.clone()));
    let progress = Progress::new(output, &database.counts().await?)?;
    let watched = watch_queue(database.clone(), progress, stopped.clone());
    let watched = tokio::spawn(async move {
        let watched = watched.await;
        // Standard output may be closed, which stops the worker as well.
        stop.send_if_modified(|stop| stop.is_none() && stop.replace(Stop::NothingLeft).is_none());
        watched
    });
    while stopped.borrow().is_none() {
        if let Err(error) = deliver(&worker, &settings, stopped.clone()).await {
            eprintln!("the queue failed: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    watched.await??.finish(&database.counts().await?)?;
    let reason = *stopped.borrow();
    Ok(match reason {
        Some(Stop::Interrupted) => ExitCode::from(130),
        Some(Stop::Unauthorized) => {
            return Err("Paystack refused the key; set another one, and start again".into());
        }
        Some(Stop::UntrustedCertificate) => {
            return Err(
                "untrusted certificate; check the clock, the base URL and proxies, and start again"
                    .into(),
            );
        }
        _ => ExitCode::SUCCESS,
    })
}

/// Lets apalis deliver rows, until the worker stops or the database fails.
///
/// apalis sends no heartbeats while it holds rows that wait for a free call, so it fetches one at a time.
async fn deliver(
    worker: &Arc<Worker>,
    settings: &Settings,
    mut stopped: watch::Receiver<Option<Stop>>,
) -> Result<()> {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let name = format!("{}-{}", std::process::id(), since_1970.as_nanos());
    // The stop of apalis may deadlock: it records no results while calls are under way. So the calls under way
    // finish, and then this drops apalis. Another worker gets the turns that have not begun.
    let stopped = async {
        // The sender lives as long as the program.
        let _ = stopped.wait_for(Option::is_some).await;
        worker.calls.write().await
    };
    macro_rules! run {
        ($storage:ident, $pool:expr, $config:ty) => {{
            let config = <$config>::default()
                .queue(QUEUE)
                .batch_size(1)
                .heartbeat_interval(settings.heartbeat)
                .missed_heartbeats(2)
                .lock_tasks(false);
            let backend = $storage::<Turn>::new($pool).with_config(config);
            let run = WorkerBuilder::new(name.as_str())
                .backend(backend.poll_with_interval(IDLE))
                .data(Arc::clone(worker))
                .concurrency(settings.calls)
                .build(handle)
                .run();
            tokio::select! {
                run = run => run?,
                _calls = stopped => {}
            }
        }};
    }
    match &worker.database {
        Database::Sqlite(pool) => run!(SqliteStorage, pool, apalis_sqlite::Config),
        #[cfg(feature = "postgres")]
        Database::Postgres(pool) => {
            use apalis_postgres::PostgresStorage;
            run!(PostgresStorage, pool, apalis_postgres::Config)
        }
    }
    Ok(())
}

/// Handles a delivery. After an error, apalis delivers the turn again.
async fn handle(turn: Turn, worker: Data<Arc<Worker>>) -> std::result::Result<(), BoxDynError> {
    let handled = worker.handle(turn).await;
    if handled.is_err() {
        tokio::time::sleep(RETRY_DATABASE).await;
    }
    handled
}

impl Worker {
    async fn handle(&self, turn: Turn) -> Result<()> {
        let Some(row) = self.database.load(turn).await? else {
            return Ok(()); // a late delivery of a turn that has ended
        };
        let intent = Intent::default();
        let next = match row.sent_at {
            Some(sent_at) => self.check(&row, sent_at, &intent).await,
            None => self.begin(&row, &intent).await,
        };
        let attempts = row.attempts.saturating_add(intent.get().is_some().into());
        for _ in 0..DATABASE_RETRIES {
            match self.database.finish(turn, attempts, &next).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err("another delivery has changed the row".into()),
                Err(_) => tokio::time::sleep(RETRY_DATABASE).await,
            }
        }
        Err("the database failed for too long; the row will be checked".into())
    }

    /// Sends a row that was not sent before. An authorization must exist: a check cannot tell one that was
    /// deactivated from one that never existed.
    async fn begin(&self, row: &Row, intent: &Intent) -> Next {
        if let Job::DeactivateAuthorization(_, code) = &row.job {
            match self.client.send(row.job.verify_with()).await {
                Ok(reply) if has_authorization(&reply.data, code) => {}
                Ok(_) => {
                    return Next::Failed(format!(
                        "{}: the customer does not have this authorization",
                        row.job.name()
                    ));
                }
                Err(error) if is_temporary(&error) => {
                    return Next::Send(self.wait(row, &error));
                }
                Err(error) => return Next::Failed(error.to_string()),
            }
        }
        self.send(row, intent).await
    }

    /// Checks a row with an unknown outcome. Sends it again if the write does not show after the settling time.
    async fn check(&self, row: &Row, sent_at: SystemTime, intent: &Intent) -> Next {
        match self.client.send(row.job.verify_with()).await {
            Ok(reply) if row.job.took_effect(&reply.data) => Next::Done,
            // A creation changes nothing of a customer who exists.
            Ok(_) if matches!(row.job, Job::Create(_)) => Next::Failed(
                "customers.create: the customer existed before, and has other values; Paystack changed nothing".into(),
            ),
            Err(error) if is_temporary(&error) => {
                Next::Check(self.wait(row, &error))
            }
            Err(error) if !error.is_not_found() => {
                let name = row.job.name();
                Next::Unknown(format!("{name}: unknown outcome; the check failed: {error}"))
            }
            _ if sent_at.elapsed().is_ok_and(|age| age >= self.settle) => {
                self.send(row, intent).await
            }
            _ => Next::Check(backoff(row.turn)),
        }
    }

    async fn send(&self, row: &Row, intent: &Intent) -> Next {
        let transport = Recording {
            transport: self.client.transport().clone(),
            database: self.database.clone(),
            turn: row.turn,
            attempts: row.attempts,
            calls: Arc::clone(&self.calls),
            intent: Arc::clone(intent),
        };
        // The queue repeats what may be repeated, so the client makes one attempt.
        let client = Client::new(self.client.api().clone(), transport)
            .with_settings(self.client.settings().attempts(1))
            .with_rate_limiter(self.client.rate_limiter().clone());
        match row.job.send(&client).await {
            Ok(true) => Next::Done,
            Ok(false) => Next::Check(Duration::ZERO),
            Err(error) => match error.outcome() {
                Outcome::Processed => Next::Done,
                Outcome::Unknown if intent.get().is_some() => Next::Check(backoff(row.turn)),
                _ if row.sent_at.is_some() && row.job.proves_earlier(&error) => Next::Done,
                _ if is_temporary(&error) => {
                    let wait = self.wait(row, &error);
                    // The outcome of an earlier attempt remains unknown.
                    row.sent_at.map_or(Next::Send(wait), |_| Next::Check(wait))
                }
                _ => Next::Failed(error.to_string()),
            },
        }
    }

    /// Returns how long to wait after an error, which may stop the worker.
    fn wait(&self, row: &Row, error: &Error) -> Duration {
        if let Some(reason) = Stop::after(error) {
            self.stop
                .send_if_modified(|stop| stop.replace(reason).is_none());
        }
        backoff(row.turn).max(error.retry_after().unwrap_or_default())
    }
}

/// Whether the row may succeed later.
fn is_temporary(error: &Error) -> bool {
    error.is_retryable() || Stop::after(error).is_some()
}

/// An attempt ends long before another worker may send the row again. The rate limiter has no deadline.
fn attempts_within(
    settle: Duration,
    settings: paystack_hyper::Settings,
) -> paystack_hyper::Settings {
    let longest = settings.max_attempt_time().unwrap_or(Duration::MAX);
    let settings = settings.attempt_timeout(longest.min(settle.div_f64(2.0)));
    settings.deadline(None)
}

/// Returns the wait after a turn: 1 s, 2 s, 4 s, … up to ten minutes.
fn backoff(turn: Turn) -> Duration {
    let doublings = u32::try_from(turn.number).unwrap_or(u32::MAX).min(16);
    Duration::from_secs(1 << doublings).min(LONGEST_WAIT)
}

/// A transport that records the intent to send at the last moment: after the wait for the rate limit, and before
/// the first byte. A row that still waits when its worker dies was certainly not sent.
struct Recording {
    transport: HyperTransport,
    database: Database,
    turn: Turn,
    attempts: i64,
    calls: Arc<RwLock<()>>,
    intent: Intent,
}

#[async_trait]
impl Timer for Recording {
    async fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }
}

#[async_trait]
impl Transport for Recording {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> std::result::Result<http::Response<Bytes>, TransportError> {
        let call = Arc::clone(&self.calls).read_owned().await;
        match self.database.record_intent(self.turn, self.attempts).await {
            Ok(true) => {
                let _ = self.intent.set(call);
                self.transport.send(request).await
            }
            // Another delivery is sending the row, or the database failed.
            _ => Err(TransportError::new(TransportErrorKind::Other, Sent::No)),
        }
    }
}

/// Shows the progress until no row is left, or the worker stops.
async fn watch_queue(
    database: Database,
    mut progress: Progress,
    mut stopped: watch::Receiver<Option<Stop>>,
) -> Result<Progress> {
    let mut counts = database.counts().await?;
    while counts.left() > 0 {
        progress.show(&counts)?;
        // Counting a million rows costs more than counting a few.
        let pause = if counts.left() > 10_000 { 10 } else { 1 };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(pause)) => {}
            _ = stopped.wait_for(Option::is_some) => break,
        }
        counts = match database.counts().await {
            Ok(counts) => counts,
            Err(_) => continue, // `deliver` reports it
        };
    }
    Ok(progress)
}

/// Stops the worker at the first signal, and ends the program at the second. Both lose nothing.
async fn interrupt(stop: watch::Sender<Option<Stop>>) {
    signal().await;
    eprintln!("finishing the calls under way; interrupt again to stop at once");
    stop.send_replace(Some(Stop::Interrupted));
    signal().await;
    std::process::exit(130);
}

/// Waits for Ctrl-C, or for the signal with which containers stop.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
