//! The sandbox as a pure function: a time and a request in, a response out.

mod records;
mod webhooks;

use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use paystack_transport::{InvalidInput, Mode, SecretKey};
use time::{OffsetDateTime, UtcOffset};

use crate::exchange::Exchange;
use crate::faults::{Fault, InjectedFault, InjectedFaults};
use crate::integration::{Integration, RateLimitStatus, random_code};
use crate::journal::{self, Journal, JournalEntry};
use crate::operations;
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::routes;
use crate::saved_state::State;
use crate::webhooks::{DeliveryQueue, Webhook};

/// An in-memory imitation of Paystack's Customers API.
///
/// The sandbox accepts any key that begins with `sk_test_` or `sk_live_`. Test keys and live keys see different
/// customers. The sandbox is deterministic: the same seed, times and requests produce the same bytes.
///
/// ```
/// use paystack_transport::{Api, Email, SecretKey, customers::CreateCustomer, time};
/// use paystack_sandbox::Sandbox;
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let create = CreateCustomer::new(Email::new("ada@example.com")?);
///
/// let mut sandbox = Sandbox::new(1);
/// let now = time::OffsetDateTime::UNIX_EPOCH;
/// let response = sandbox.handle(now, api.request(&create)?);
/// let ada = api.read(&create, response)?.data;
/// assert_eq!(ada.created_at, Some(now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sandbox {
    seed: u64,
    test: Integration,
    live: Integration,
    request_ids: fastrand::Rng,
    has_rate_limits: bool,
    allows_live_keys: bool,
    webhook_url: Option<Uri>,
    queue: DeliveryQueue,
    faults: InjectedFaults,
    journal: Journal,
    /// How often something changed, other than the journal and the webhooks.
    changes: u64,
    resets: u64,
    /// The state to which a reset returns, and when it was loaded.
    start: Option<(State, OffsetDateTime)>,
}

impl Sandbox {
    /// Creates an empty sandbox. The seed determines the random codes that it generates.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            test: Integration::new(Mode::Test, seed),
            live: Integration::new(Mode::Live, seed),
            request_ids: fastrand::Rng::with_seed(!seed),
            has_rate_limits: true,
            allows_live_keys: true,
            webhook_url: None,
            queue: DeliveryQueue::default(),
            faults: InjectedFaults::new(seed),
            journal: Journal::default(),
            changes: 0,
            resets: 0,
            start: None,
        }
    }

    /// Disables the rate limits and their response headers.
    #[must_use]
    pub fn without_rate_limits(mut self) -> Self {
        self.has_rate_limits = false;
        self
    }

    /// Rejects requests that set a risk action with 403, as Paystack does for integrations without permission.
    #[must_use]
    pub fn without_risk_actions(mut self) -> Self {
        self.test.may_set_risk_actions = false;
        self.live.may_set_risk_actions = false;
        self
    }

    /// Sets the URL that receives the webhooks of both modes. A `Server` delivers them by itself.
    #[must_use]
    pub fn with_webhook_url(mut self, url: Uri) -> Self {
        self.webhook_url = Some(url);
        self
    }

    /// Sets the key that signs the webhooks of its mode.
    ///
    /// By default the key of the last request in that mode signs them.
    #[must_use]
    pub fn with_webhook_key(mut self, key: SecretKey) -> Self {
        let mode = key.mode();
        self.integration(&mode).webhook_key = Some(key);
        self
    }

    /// Responds to a request that arrives at `now`. Every response is JSON, including errors, unless a fault
    /// replaces it.
    ///
    /// This function cannot lose a connection: where a fault does, it returns the page of a proxy in front of the
    /// sandbox, with status 520. [`Sandbox::exchange`] reports lost connections and delays.
    ///
    /// The time should not go back between requests. If it does, customers keep the order of their creation.
    pub fn handle(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        self.exchange(now, request).into_response()
    }

    /// Reacts to a request that arrives at `now`: with a response, or with a lost connection if a fault causes one.
    pub fn exchange(&mut self, now: OffsetDateTime, request: http::Request<Bytes>) -> Exchange {
        let fault = self.choose_fault(request.method(), request.uri());
        self.exchange_with_fault(now, request, None, fault)
    }

    /// Chooses the fault that affects a request.
    pub(crate) fn choose_fault(&mut self, method: &Method, uri: &Uri) -> Option<Fault> {
        let operation = operations::name_of(method, uri.path());
        self.faults.for_request(method, operation)
    }

    /// Reacts to a request. The server may have refused its body.
    pub(crate) fn exchange_with_fault(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        refusal: Option<Refusal>,
        fault: Option<Fault>,
    ) -> Exchange {
        let now = now.to_offset(UtcOffset::UTC);
        let operation = operations::name_of(request.method(), request.uri().path());
        let recorded = journal::redacted(&request);
        let rate_limit = self.rate_limit(request.headers());
        let writes = self.writes();
        let mut mode = None;
        let response = if fault.as_ref().is_none_or(Fault::processes) {
            let response = self.process(now, request, refusal, &mut mode);
            self.run_due_events(now);
            response
        } else {
            http::Response::default()
        };
        let exchange = match &fault {
            None => Exchange::completed(response),
            Some(fault) => {
                Exchange::with_fault(&fault.kind, response, rate_limit, &mut self.request_ids)
            }
        };
        let took_effect = self.writes() > writes;
        if took_effect || fault.is_some() {
            self.mark_changed();
        }
        self.journal.push(JournalEntry {
            number: 0, // the journal numbers it
            time: now,
            mode,
            operation,
            request: recorded,
            response: exchange.response().cloned(),
            took_effect,
            fault: fault.map(|fault| fault.kind.name()),
            delay: exchange.delay,
        });
        exchange
    }

    fn process(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        refusal: Option<Refusal>,
        mode: &mut Option<Mode>,
    ) -> http::Response<Bytes> {
        let method = request.method().clone();
        let mut rate_limit = None;
        let response = match refusal {
            Some(refusal) => Err(refusal),
            None => self.respond(now, request, mode, &mut rate_limit),
        };
        let response = response.unwrap_or_else(Response::from);
        let mut response = response.into_http_for(&method);
        let headers = response.headers_mut();
        if let Some(rate_limit) = rate_limit {
            rate_limit.insert_into(headers);
        }
        if let Ok(id) = HeaderValue::try_from(random_code(&mut self.request_ids, "req_", 16)) {
            headers.insert("x-request-id", id);
        }
        response
    }

    /// Injects a fault, and returns its number.
    ///
    /// Faults apply in the order of their injection. A sandbox keeps 1,000 of them. Beyond that, it removes the oldest,
    /// but first those that have reached their [`times`](Fault::times).
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] names the setting. The JSON form rejects the same ones:
    ///
    /// - a status below 200, below 400 for [`Fault::cloudflare`], or below 500 for [`Fault::server_error`]
    /// - a probability that is not from 0 to 1
    /// - a name of no operation or event that the fault can affect
    pub fn inject(&mut self, fault: Fault) -> Result<u64, InvalidInput> {
        fault.check()?;
        self.mark_changed();
        Ok(self.faults.add(fault))
    }

    /// Returns the injected faults, oldest first, and how often each took effect.
    pub fn faults(&self) -> impl Iterator<Item = &InjectedFault> {
        self.faults.iter()
    }

    /// Removes the fault with this number. Returns false if there is none.
    pub fn remove_fault(&mut self, number: u64) -> bool {
        self.mark_changed();
        self.faults.remove(number)
    }

    /// Removes all faults.
    pub fn clear_faults(&mut self) {
        self.mark_changed();
        self.faults.clear();
    }

    /// Returns the requests so far, oldest first, each with its response and its fault.
    ///
    /// A sandbox keeps the last 10,000 requests, up to 32 MiB with their responses.
    ///
    /// ```
    /// use paystack_transport::{Api, SecretKey, customers::ListCustomers, time::OffsetDateTime};
    /// use paystack_sandbox::Sandbox;
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let mut sandbox = Sandbox::new(1);
    /// sandbox.handle(OffsetDateTime::UNIX_EPOCH, api.request(&ListCustomers::new())?);
    /// let entry = sandbox.requests().next().expect("one request");
    /// assert_eq!(entry.operation, Some("customers.list"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn requests(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        self.journal.entries()
    }

    /// Returns the number of writes in both modes. A retry that writes twice counts twice.
    pub fn writes(&self) -> u64 {
        self.test.writes.saturating_add(self.live.writes)
    }

    /// Runs the events that are due, and queues their webhooks in the order of their times.
    pub(crate) fn run_due_events(&mut self, now: OffsetDateTime) {
        let now = now.to_offset(UtcOffset::UTC);
        let mut due = Vec::new();
        for integration in [&mut self.test, &mut self.live] {
            integration.run_due_events(now);
            due.append(&mut integration.webhooks);
        }
        if !due.is_empty() {
            self.mark_changed();
        }
        due.sort_by_key(|webhook: &Webhook| webhook.due);
        for webhook in due {
            self.queue.push(webhook, &mut self.faults);
        }
    }

    /// Returns when the next scheduled event is due, such as the result of a validation.
    pub(crate) fn next_event(&self) -> Option<OffsetDateTime> {
        let integrations = [&self.test, &self.live];
        let events = integrations.into_iter().filter_map(Integration::next_event);
        events.min()
    }

    /// Records a change for readers of events.
    pub(crate) fn mark_changed(&mut self) {
        self.changes = self.changes.saturating_add(1);
    }

    #[cfg(feature = "server")]
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    #[cfg(feature = "server")]
    pub(crate) fn resets(&self) -> u64 {
        self.resets
    }

    #[cfg(feature = "server")]
    pub(crate) fn webhook_changes(&self) -> u64 {
        self.queue.changes()
    }

    #[cfg(feature = "server")]
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    #[cfg(feature = "server")]
    pub(crate) fn has_rate_limits(&self) -> bool {
        self.has_rate_limits
    }

    #[cfg(feature = "server")]
    pub(crate) fn allows_live_keys(&self) -> bool {
        self.allows_live_keys
    }

    #[cfg(feature = "server")]
    pub(crate) fn set_live_keys_allowed(&mut self, allowed: bool) {
        self.allows_live_keys = allowed;
    }

    #[cfg(feature = "server")]
    pub(crate) fn webhook_url(&self) -> Option<&Uri> {
        self.webhook_url.as_ref()
    }

    fn respond(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        mode: &mut Option<Mode>,
        rate_limit: &mut Option<RateLimitStatus>,
    ) -> Result<Response, Refusal> {
        let key = authenticate(request.headers())?;
        if key.mode() == Mode::Live && !self.allows_live_keys {
            return Err(Refusal::live_key());
        }
        let has_rate_limits = self.has_rate_limits;
        let integration = self.integration(mode.insert(key.mode()));
        integration.last_key = Some(key);
        integration.run_due_events(now);
        if has_rate_limits {
            let status = integration.limiter.check(now);
            *rate_limit = Some(status);
            if !status.is_admitted {
                return Err(Refusal::rate_limited());
            }
        }
        let request = Request::parse(now, request)?;
        let response = routes::respond(integration, &request)?;
        if request.method != Method::GET {
            integration.writes = integration.writes.saturating_add(1);
        }
        Ok(response)
    }

    /// Returns the rate limit of the mode of a request's key. Without a valid key, it is that of test mode.
    fn rate_limit(&mut self, headers: &HeaderMap) -> u64 {
        let mode = authenticate(headers).map_or(Mode::Test, |key| key.mode());
        self.integration(&mode).limiter.limit()
    }

    fn integration(&mut self, mode: &Mode) -> &mut Integration {
        match mode {
            Mode::Live => &mut self.live,
            _ => &mut self.test,
        }
    }
}

/// Prints the numbers of customers, and none of their data.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("test_customers", &self.test.customers().len())
            .field("live_customers", &self.live.customers().len())
            .finish_non_exhaustive()
    }
}

/// Returns the secret key of a request. Any key with the prefix of a secret key is valid.
fn authenticate(headers: &HeaderMap) -> Result<SecretKey, Refusal> {
    let unauthorized = |message: &'static str| Refusal::plain(StatusCode::UNAUTHORIZED, message);
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Err(unauthorized("No Authorization Header was found"));
    };
    let value = value.to_str().map_err(|_| Refusal::invalid_key())?;
    let (scheme, key) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized("Format is Authorization: Bearer [secret key]"));
    }
    SecretKey::new(key).map_err(|_| Refusal::invalid_key())
}
