//! The sandbox as a pure function: a time and a request in, a response out.

use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use paystack_transport::{AuthorizationCode, CustomerCode, Email, Mode, SecretKey};
use time::{OffsetDateTime, UtcOffset};

use crate::integration::{Integration, RateLimitStatus, random_code};
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::routes;
use crate::webhooks::{Delivery, DeliveryId, DeliveryQueue, Webhook};

/// An in-memory imitation of Paystack's Customers API.
///
/// The sandbox accepts any key that begins with `sk_test_` or `sk_live_`. Test keys and live keys see different customers. The sandbox is
/// deterministic: the same seed, times and requests produce the same bytes.
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
    test: Integration,
    live: Integration,
    request_ids: fastrand::Rng,
    has_rate_limits: bool,
    webhook_url: Option<Uri>,
    queue: DeliveryQueue,
}

impl Sandbox {
    /// Creates an empty sandbox. The seed determines the random codes that it generates.
    pub fn new(seed: u64) -> Self {
        Self {
            test: Integration::new(Mode::Test, seed),
            live: Integration::new(Mode::Live, seed),
            request_ids: fastrand::Rng::with_seed(!seed),
            has_rate_limits: true,
            webhook_url: None,
            queue: DeliveryQueue::default(),
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

    /// Responds to a request that arrives at `now`. Every response is JSON, including errors.
    ///
    /// The time should not go back between requests. If it does, customers keep the order of their creation.
    pub fn handle(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let now = now.to_offset(UtcOffset::UTC);
        let method = request.method().clone();
        let mut rate_limit = None;
        let response = self
            .respond(now, request, &mut rate_limit)
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

    /// Creates customers with the addresses `customer-1@example.com`, `customer-2@example.com` and so on.
    ///
    /// The numbers continue after the number of existing customers. The creation times are one second apart and
    /// end at `now`, but never precede an existing customer.
    pub fn seed_customers(&mut self, mode: &Mode, count: u32, now: OffsetDateTime) {
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
        let integration = self.integration(mode);
        integration.add_card(customer.as_str(), authorization.as_str())
    }

    /// Returns the number of writes in both modes. A retry that writes twice counts twice.
    pub fn writes(&self) -> u64 {
        self.test.writes.saturating_add(self.live.writes)
    }

    /// Removes and returns the webhooks that are due, in the order of their times.
    ///
    /// The caller delivers them: [`Sandbox::webhook_deliveries`] does not return them again.
    pub fn take_webhooks(&mut self, now: OffsetDateTime) -> Vec<Webhook> {
        let now = now.to_offset(UtcOffset::UTC);
        let mut due = Vec::new();
        for integration in [&mut self.test, &mut self.live] {
            integration.run_due_events(now);
            due.append(&mut integration.webhooks);
        }
        due.sort_by_key(|webhook: &Webhook| webhook.due);
        due
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
        for webhook in self.take_webhooks(now) {
            self.queue.push(webhook);
        }
        let url = self.webhook_url.clone().unwrap_or_default();
        self.queue.due(now, &url)
    }

    /// Reports the status of the response to a delivery. Any status but 200 schedules a retry.
    pub fn webhook_response(&mut self, id: DeliveryId, status: StatusCode) {
        match status {
            StatusCode::OK => self.queue.succeed(id),
            _ => self.queue.fail(id),
        }
    }

    /// Reports that a delivery got no response, which schedules a retry.
    pub fn webhook_failed(&mut self, id: DeliveryId) {
        self.queue.fail(id);
    }

    /// Queues the last webhook that was sent once more, even if it was delivered.
    ///
    /// Returns false if no webhook was sent yet.
    pub fn resend_last_webhook(&mut self, now: OffsetDateTime) -> bool {
        self.queue.resend_last(now)
    }

    /// Returns when to call [`Sandbox::webhook_deliveries`] next, or `None` if nothing is scheduled.
    pub fn next_webhook(&self) -> Option<OffsetDateTime> {
        let integrations = [&self.test, &self.live];
        let events = integrations.into_iter().filter_map(Integration::next_event);
        let webhooks = integrations
            .into_iter()
            .flat_map(|integration| &integration.webhooks)
            .map(|webhook| webhook.due);
        events.chain(webhooks).chain(self.queue.next_time()).min()
    }

    #[cfg(feature = "server")]
    pub(crate) fn webhook_url(&self) -> Option<&Uri> {
        self.webhook_url.as_ref()
    }

    fn respond(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        rate_limit: &mut Option<RateLimitStatus>,
    ) -> Result<Response, Refusal> {
        let key = authenticate(request.headers())?;
        let has_rate_limits = self.has_rate_limits;
        let integration = self.integration(&key.mode());
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
