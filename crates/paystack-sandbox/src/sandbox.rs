//! The sandbox itself: a request in, an answer out, nothing else.

use std::fmt;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use paystack_client::{AuthorizationCode, CustomerCode, Domain, Email, SecretKey};
use time::{OffsetDateTime, UtcOffset};

use crate::answer::{Answer, Refusal};
use crate::customers;
use crate::deliveries::{Deliveries, Delivery, DeliveryId};
use crate::integration::{Integration, random_code};
use crate::rate_limit::Verdict;
use crate::request::Request;
use crate::webhook::Webhook;

/// Paystack's Customers API in a box.
///
/// It takes any secret key; those for test and for live mode see different customers. It is
/// pure: the same seed, times and requests give the same bytes.
///
/// ```
/// use paystack_client::{Api, Email, SecretKey, customers::CreateCustomer, time};
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
    rate_limits: bool,
    webhook_url: Option<Uri>,
    deliveries: Deliveries,
}

impl Sandbox {
    /// An empty sandbox. The seed decides on the codes that it gives out.
    pub fn new(seed: u64) -> Self {
        Self {
            test: Integration::new(Domain::Test, seed),
            live: Integration::new(Domain::Live, seed),
            request_ids: fastrand::Rng::with_seed(!seed),
            rate_limits: true,
            webhook_url: None,
            deliveries: Deliveries::default(),
        }
    }

    /// Lets everything in, however fast it comes, and says nothing about limits.
    #[must_use]
    pub fn without_rate_limits(mut self) -> Self {
        self.rate_limits = false;
        self
    }

    /// Refuses to set risk actions, as Paystack does for integrations that may not.
    #[must_use]
    pub fn without_risk_actions(mut self) -> Self {
        self.test.may_set_risk_actions = false;
        self.live.may_set_risk_actions = false;
        self
    }

    /// Sends the webhooks of both modes there. A `Server` does so by itself.
    #[must_use]
    pub fn with_webhook_url(mut self, url: Uri) -> Self {
        self.webhook_url = Some(url);
        self
    }

    /// Signs the webhooks of this key's mode with it. Otherwise the key of the mode's last request
    /// signs, whichever that was.
    #[must_use]
    pub fn with_webhook_key(mut self, key: SecretKey) -> Self {
        let domain = key.domain();
        self.integration(&domain).webhook_key = Some(key);
        self
    }

    /// Answers a request that arrives now. Every answer is JSON, errors too.
    ///
    /// The time should not go back from one request to the next; where it does, customers keep the
    /// order of their creation.
    pub fn handle(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let now = now.to_offset(UtcOffset::UTC);
        let mut limit = None;
        let answer = self
            .answer(now, request, &mut limit)
            .unwrap_or_else(Answer::from);
        let mut response = answer.into_response();
        let headers = response.headers_mut();
        if let Some(limit) = limit {
            limit.write(headers);
        }
        if let Ok(id) = HeaderValue::try_from(random_code(&mut self.request_ids, "req_", 16)) {
            headers.insert("x-request-id", id);
        }
        response
    }

    /// Creates customers, one a second up to `now`: `customer-1@example.com` and so on, numbered on
    /// from those that there are.
    ///
    /// None of them is older than a customer that is there already.
    pub fn seed_customers(&mut self, domain: &Domain, count: u32, now: OffsetDateTime) {
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(domain);
        let there = integration.customers().len();
        for number in 1..=count {
            let ago = time::Duration::seconds(i64::from(count.saturating_sub(number)));
            let number = there.saturating_add(usize::try_from(number).unwrap_or(usize::MAX));
            let email = format!("customer-{number}@example.com");
            let customer = integration.new_customer(&email, now.saturating_sub(ago));
            integration.keep(customer);
        }
    }

    /// Creates a customer with a code and an address of the caller's choice.
    pub fn seed_customer(
        &mut self,
        domain: &Domain,
        code: &CustomerCode,
        email: &Email,
        now: OffsetDateTime,
    ) {
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(domain);
        let mut customer = integration.new_customer(email.as_str(), now);
        customer.code = code.as_str().into();
        integration.keep(customer);
    }

    /// Gives a customer a card that can be charged again, as a first payment would. Whether there is
    /// such a customer.
    pub fn seed_authorization(
        &mut self,
        domain: &Domain,
        customer: &CustomerCode,
        authorization: &AuthorizationCode,
    ) -> bool {
        let integration = self.integration(domain);
        integration.add_card(customer.as_str(), authorization.as_str())
    }

    /// How many writes it has carried out, in both modes together. A retry that writes twice counts
    /// twice.
    pub fn writes(&self) -> u64 {
        self.test.writes.saturating_add(self.live.writes)
    }

    /// Takes the webhooks that are due, in the order in which they became so, for a caller who sees to
    /// their delivery. For [`Sandbox::webhook_deliveries`] they are gone.
    pub fn take_webhooks(&mut self, now: OffsetDateTime) -> Vec<Webhook> {
        let now = now.to_offset(UtcOffset::UTC);
        let mut due = Vec::new();
        for integration in [&mut self.test, &mut self.live] {
            integration.settle(now);
            due.append(&mut integration.webhooks);
        }
        due.sort_by_key(|webhook: &Webhook| webhook.due);
        due
    }

    /// The webhooks to be sent now: new ones, and those whose last delivery failed long enough ago.
    ///
    /// Tell of each what became of it, with [`Sandbox::webhook_answered`] or
    /// [`Sandbox::webhook_unanswered`]; one of which nothing is told within 30 s failed.
    ///
    /// What failed is sent again as Paystack does: in live mode four times after 3 minutes each, then
    /// hourly for 72 hours; in test mode hourly for 10 hours.
    ///
    /// ```
    /// use paystack_client::{Api, CustomerCode, Domain, Email, SecretKey, http, time};
    /// use paystack_client::customers::{BankAccount, ValidateCustomer};
    /// use paystack_sandbox::Sandbox;
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let ada = CustomerCode::new("CUS_ada")?;
    /// let now = time::OffsetDateTime::UNIX_EPOCH;
    /// let mut sandbox = Sandbox::new(1);
    /// sandbox.seed_customer(&Domain::Test, &ada, &Email::new("ada@example.com")?, now);
    /// let validate = ValidateCustomer::new(&ada, BankAccount::test_credential());
    /// assert_eq!(sandbox.handle(now, api.request(&validate)?).status(), 202);
    ///
    /// let soon = sandbox.next_webhook().expect("the verdict");
    /// let deliveries = sandbox.webhook_deliveries(soon);
    /// assert!(deliveries[0].request.headers().contains_key("x-paystack-signature"));
    /// sandbox.webhook_answered(deliveries[0].id, http::StatusCode::BAD_GATEWAY);
    /// assert_eq!(sandbox.next_webhook(), Some(soon + time::Duration::HOUR));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn webhook_deliveries(&mut self, now: OffsetDateTime) -> Vec<Delivery> {
        for webhook in self.take_webhooks(now) {
            self.deliveries.add(webhook);
        }
        let url = self.webhook_url.clone().unwrap_or_default();
        self.deliveries.due(now, &url)
    }

    /// A webhook was answered: it is delivered with 200, and sent again after anything else.
    pub fn webhook_answered(&mut self, id: DeliveryId, status: StatusCode) {
        match status {
            StatusCode::OK => self.deliveries.delivered(id),
            _ => self.deliveries.failed(id),
        }
    }

    /// A webhook was not answered, or nobody was there: it is sent again.
    pub fn webhook_unanswered(&mut self, id: DeliveryId) {
        self.deliveries.failed(id);
    }

    /// Sends the last webhook that was sent once more, whatever became of it. Whether there was one.
    pub fn resend_last_webhook(&mut self, now: OffsetDateTime) -> bool {
        self.deliveries.resend_last(now)
    }

    /// When to ask for [`Sandbox::webhook_deliveries`] next; `None` if nothing is planned.
    pub fn next_webhook(&self) -> Option<OffsetDateTime> {
        let happenings = [&self.test, &self.live].map(Integration::next);
        let waiting = [&self.test, &self.live].into_iter();
        let waiting = waiting.flat_map(|integration| &integration.webhooks);
        let waiting = waiting.map(|webhook| webhook.due).min();
        let next = happenings
            .into_iter()
            .chain([waiting, self.deliveries.next()]);
        next.flatten().min()
    }

    #[cfg(feature = "server")]
    pub(crate) fn webhook_url(&self) -> Option<&Uri> {
        self.webhook_url.as_ref()
    }

    fn answer(
        &mut self,
        now: OffsetDateTime,
        request: http::Request<Bytes>,
        limit: &mut Option<Verdict>,
    ) -> Result<Answer, Refusal> {
        let key = authorize(request.headers())?;
        let rate_limits = self.rate_limits;
        let integration = self.integration(&key.domain());
        integration.last_key = Some(key);
        integration.settle(now);
        if rate_limits {
            let verdict = integration.limiter.admit(now);
            *limit = Some(verdict);
            if !verdict.admitted {
                return Err(Refusal::rate_limited());
            }
        }
        let request = Request::read(now, request)?;
        let answer = customers::answer(integration, &request)?;
        if request.method != Method::GET {
            integration.writes = integration.writes.saturating_add(1);
        }
        Ok(answer)
    }

    fn integration(&mut self, domain: &Domain) -> &mut Integration {
        match domain {
            Domain::Live => &mut self.live,
            _ => &mut self.test,
        }
    }
}

/// How many customers there are, and nothing about them.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("test_customers", &self.test.customers().len())
            .field("live_customers", &self.live.customers().len())
            .finish_non_exhaustive()
    }
}

/// The key that a request brings.
fn authorize(headers: &HeaderMap) -> Result<SecretKey, Refusal> {
    let refuse = |message: &'static str| Refusal::plain(StatusCode::UNAUTHORIZED, message);
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Err(refuse("No Authorization Header was found"));
    };
    let Some((scheme, key)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Err(refuse("Format is Authorization: Bearer [secret key]"));
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refuse("Format is Authorization: Bearer [secret key]"));
    }
    SecretKey::new(key).map_err(|_| refuse("Invalid key"))
}
