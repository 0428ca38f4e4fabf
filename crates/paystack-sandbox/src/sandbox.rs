//! The sandbox as a pure function: a time and a request in, a response out.

use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use paystack_transport::{AuthorizationCode, CustomerCode, Email, Mode, SecretKey};
use time::{OffsetDateTime, UtcOffset};

use crate::exchange::Exchange;
use crate::faults::{Fault, InjectedFault, InjectedFaults};
use crate::integration::{Integration, RateLimitStatus, random_code};
use crate::journal::{self, Journal, JournalEntry};
use crate::operations;
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::routes;
use crate::saved_state::{InvalidState, State};
use crate::webhooks::{Delivery, DeliveryId, DeliveryQueue, QueuedWebhook, Webhook};

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
        self.exchange_with_fault(now, request, fault)
    }

    /// Chooses the fault that affects a request.
    pub(crate) fn choose_fault(&mut self, method: &Method, uri: &Uri) -> Option<Fault> {
        let operation = operations::name_of(method, uri.path());
        self.faults.for_request(method, operation)
    }

    pub(crate) fn exchange_with_fault(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        fault: Option<Fault>,
    ) -> Exchange {
        let now = now.to_offset(UtcOffset::UTC);
        let operation = operations::name_of(request.method(), request.uri().path());
        let recorded = journal::redacted(&request);
        let writes = self.writes();
        let mut mode = None;
        let response = if fault.as_ref().is_none_or(Fault::processes) {
            let response = self.process(now, request, &mut mode);
            self.run_due_events(now);
            response
        } else {
            http::Response::default()
        };
        let exchange = match &fault {
            None => Exchange::completed(response),
            Some(fault) => Exchange::with_fault(&fault.kind, response, &mut self.request_ids),
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
        mode: &mut Option<Mode>,
    ) -> http::Response<Bytes> {
        let method = request.method().clone();
        let mut rate_limit = None;
        let response = self
            .respond(now, request, mode, &mut rate_limit)
            .unwrap_or_else(Response::from);
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
    /// Faults apply in the order of their injection. A sandbox keeps 1,000 of them; beyond that, those that have no
    /// effect left go first.
    pub fn inject(&mut self, fault: Fault) -> u64 {
        self.mark_changed();
        self.faults.add(fault)
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
    /// A sandbox keeps the last 10,000 requests, and 32 MiB of bodies.
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

    /// Creates customers with the addresses `customer-1@example.com`, `customer-2@example.com` and so on.
    ///
    /// The numbers continue after the number of existing customers. The creation times are one second apart and
    /// end at `now`, but never precede an existing customer.
    pub fn seed_customers(&mut self, mode: &Mode, count: u32, now: OffsetDateTime) {
        self.mark_changed();
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(mode);
        let existing = integration.customers().len();
        for number in 1..=count {
            let ago = time::Duration::seconds(i64::from(count.saturating_sub(number)));
            let number = existing.saturating_add(usize::try_from(number).unwrap_or(usize::MAX));
            let email = format!("customer-{number}@example.com");
            let customer = integration.new_customer(&email, now.saturating_sub(ago));
            integration.insert(customer);
        }
    }

    /// Creates a customer with the given code and e-mail address.
    pub fn seed_customer(
        &mut self,
        mode: &Mode,
        code: &CustomerCode,
        email: &Email,
        now: OffsetDateTime,
    ) {
        self.mark_changed();
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(mode);
        let mut customer = integration.new_customer(email.as_str(), now);
        customer.code = code.as_str().into();
        integration.insert(customer);
    }

    /// Adds a reusable card to a customer, as a first payment does.
    ///
    /// Returns false if the customer does not exist.
    pub fn seed_authorization(
        &mut self,
        mode: &Mode,
        customer: &CustomerCode,
        authorization: &AuthorizationCode,
    ) -> bool {
        self.mark_changed();
        let integration = self.integration(mode);
        integration.add_card(customer.as_str(), authorization.as_str())
    }

    /// Returns the customers, mandates and scheduled events.
    pub fn state(&self) -> State {
        self.newest_state(usize::MAX)
    }

    /// Returns the state with the newest customers and mandates, at most this many of each and mode.
    pub(crate) fn newest_state(&self, count: usize) -> State {
        State::new(self.test.document(count), self.live.document(count))
    }

    /// Replaces everything by a state, to which [`Sandbox::reset`] returns from now on.
    ///
    /// # Errors
    ///
    /// Returns an error if the state is invalid, for example because two customers have the same address. The
    /// sandbox is then unchanged.
    pub fn load(&mut self, state: State, now: OffsetDateTime) -> Result<(), InvalidState> {
        let mut new = self.emptied();
        new.start = Some((state.clone(), now));
        new.load_into_empty(state, now)?;
        *self = new;
        Ok(())
    }

    /// Adds the customers, mandates and scheduled events of a state. It takes time in proportion to all customers.
    ///
    /// # Errors
    ///
    /// As for [`Sandbox::load`].
    pub fn add(&mut self, state: State, now: OffsetDateTime) -> Result<(), InvalidState> {
        let mut all = self.state();
        all.append(state);
        let mut new = self.emptied();
        new.load_into_empty(all, now)?;
        self.test.replace_records(new.test);
        self.live.replace_records(new.live);
        self.mark_changed();
        Ok(())
    }

    fn load_into_empty(&mut self, state: State, now: OffsetDateTime) -> Result<(), InvalidState> {
        let now = now.to_offset(UtcOffset::UTC);
        for (integration, state, mode) in [
            (&mut self.test, state.test, "test"),
            (&mut self.live, state.live, "live"),
        ] {
            let loaded = integration.load(state, now);
            loaded.map_err(|(place, cause)| InvalidState::new(mode, place, cause))?;
        }
        Ok(())
    }

    /// Returns to the starting state: that of the last [`Sandbox::load`], or a new sandbox with the same seed and
    /// settings. The webhooks, the faults and the journal are empty.
    pub fn reset(&mut self) {
        let mut new = self.emptied();
        if let Some((state, now)) = self.start.take() {
            // It was loaded before, so it is valid.
            let _ = new.load_into_empty(state.clone(), now);
            new.start = Some((state, now));
        }
        *self = new;
    }

    /// Returns a new sandbox with the same seed and settings.
    fn emptied(&self) -> Self {
        let resets = self.resets.saturating_add(1);
        Self {
            test: self.test.emptied(self.seed),
            live: self.live.emptied(self.seed),
            has_rate_limits: self.has_rate_limits,
            allows_live_keys: self.allows_live_keys,
            webhook_url: self.webhook_url.clone(),
            changes: self.changes.saturating_add(1),
            resets,
            queue: DeliveryQueue::after_resets(resets),
            ..Self::new(self.seed)
        }
    }

    /// Returns the number of writes in both modes. A retry that writes twice counts twice.
    pub fn writes(&self) -> u64 {
        self.test.writes.saturating_add(self.live.writes)
    }

    /// Returns the webhooks so far, oldest first, delivered or not. A sandbox keeps the last 50,000.
    ///
    /// It includes webhooks that are due by `now`.
    pub fn webhooks(
        &mut self,
        now: OffsetDateTime,
    ) -> impl DoubleEndedIterator<Item = &QueuedWebhook> {
        self.run_due_events(now);
        self.queue.webhooks()
    }

    /// Removes and returns the webhooks that are due and were not sent yet, in the order of their times.
    ///
    /// The caller delivers them: [`Sandbox::webhook_deliveries`] does not return them again.
    pub fn take_webhooks(&mut self, now: OffsetDateTime) -> Vec<Webhook> {
        self.run_due_events(now);
        self.queue.take(now)
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

    /// Returns the webhooks to send now: new ones, and failed ones whose retry is due.
    ///
    /// Report the result of each delivery with [`Sandbox::webhook_response`] or
    /// [`Sandbox::webhook_failed`]. A delivery without a result within 30 s counts as failed.
    ///
    /// The sandbox retries on Paystack's schedule. In live mode it retries four times every 3 minutes, then hourly
    /// for 72 hours. In test mode it retries hourly for 10 hours. See <https://paystack.com/docs/payments/webhooks/>.
    ///
    /// ```
    /// use paystack_transport::{Api, CustomerCode, Mode, Email, SecretKey, http, time};
    /// use paystack_transport::customers::{BankAccount, ValidateCustomer};
    /// use paystack_sandbox::Sandbox;
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let ada = CustomerCode::new("CUS_ada")?;
    /// let now = time::OffsetDateTime::UNIX_EPOCH;
    /// let mut sandbox = Sandbox::new(1);
    /// sandbox.seed_customer(&Mode::Test, &ada, &Email::new("ada@example.com")?, now);
    /// let validate = ValidateCustomer::new(&ada, BankAccount::test_credential());
    /// assert_eq!(sandbox.handle(now, api.request(&validate)?).status(), 202);
    ///
    /// let due = sandbox.next_webhook().expect("the validation schedules a webhook");
    /// let deliveries = sandbox.webhook_deliveries(due);
    /// assert!(deliveries[0].request.headers().contains_key("x-paystack-signature"));
    /// sandbox.webhook_response(deliveries[0].id, http::StatusCode::BAD_GATEWAY);
    /// assert_eq!(sandbox.next_webhook(), Some(due + time::Duration::HOUR));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn webhook_deliveries(&mut self, now: OffsetDateTime) -> Vec<Delivery> {
        self.run_due_events(now);
        let url = self.webhook_url.clone().unwrap_or_default();
        self.queue.due(now, &url)
    }

    /// Reports the status of the response to a delivery. Any status but 200 schedules a retry.
    pub fn webhook_response(&mut self, id: DeliveryId, status: StatusCode) {
        self.queue.finish(id, Some(status));
    }

    /// Reports that a delivery got no response, which schedules a retry.
    pub fn webhook_failed(&mut self, id: DeliveryId) {
        self.queue.finish(id, None);
    }

    /// Queues the last webhook that was sent once more, even if it was delivered.
    ///
    /// Returns false if no webhook was sent yet.
    pub fn resend_last_webhook(&mut self, now: OffsetDateTime) -> bool {
        let last = self.queue.last_sent();
        last.is_some_and(|number| self.queue.resend(number, now))
    }

    /// Queues the webhook with this number once more, as a new one.
    ///
    /// Returns false if the sandbox does not keep it.
    pub fn resend_webhook(&mut self, number: u64, now: OffsetDateTime) -> bool {
        self.queue.resend(number, now)
    }

    /// Stops the deliveries of the webhook with this number.
    ///
    /// Returns false if the sandbox does not keep it, or if it was delivered.
    pub fn drop_webhook(&mut self, number: u64) -> bool {
        self.queue.drop_webhook(number)
    }

    /// Returns when to call [`Sandbox::webhook_deliveries`] next, or `None` if nothing is scheduled.
    pub fn next_webhook(&self) -> Option<OffsetDateTime> {
        self.next_event()
            .into_iter()
            .chain(self.queue.next_time())
            .min()
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
