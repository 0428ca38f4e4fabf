//! The state of one integration in one mode, and its rate limiter and scheduled events.

mod document;
mod mandates;
mod rate_limiter;
mod schedule;

use std::collections::{BTreeMap, HashMap};

use paystack_transport::customers::RiskAction;
use paystack_transport::customers::direct_debit::MandateStatus;
use paystack_transport::{Mode, SecretKey};
use time::{Duration, OffsetDateTime};

use self::mandates::Mandates;
use self::rate_limiter::RateLimiter;
use crate::state::{Account, Authorization, Authorizations, Customer, Mandate, Owner, Timestamp};
use crate::webhooks::Webhook;

pub(crate) use self::document::ModeState;
pub(crate) use self::rate_limiter::RateLimitStatus;
pub(crate) use self::schedule::ScheduledEvent;

/// The time from the initialization of a mandate until the customer agrees.
const AGREEMENT_DELAY: Duration = Duration::seconds(2);

/// The time from the initialization of a mandate until the bank activates it.
const ACTIVATION_DELAY: Duration = Duration::seconds(10);

/// The state of one integration in one mode. The two modes share nothing.
#[derive(Debug)]
pub(crate) struct Integration {
    pub(crate) mode: Mode,
    pub(crate) id: u64,
    pub(crate) limiter: RateLimiter,
    pub(crate) may_set_risk_actions: bool,
    /// The number of writes so far.
    pub(crate) writes: u64,
    random: fastrand::Rng,
    customers: Vec<Customer>,
    by_code: HashMap<Box<str>, usize>,
    by_email: HashMap<Box<str>, usize>,
    /// The index of the customer who owns an authorization, and its number there.
    by_authorization: HashMap<Box<str>, (usize, u64)>,
    mandates: Mandates,
    /// The events that are not due yet, by their time and the order in which they were scheduled.
    scheduled: BTreeMap<(OffsetDateTime, u64), ScheduledEvent>,
    /// The number of events that were scheduled so far.
    events: u64,
    pub(crate) webhooks: Vec<Webhook>,
    /// The key of the last request, which signs webhooks by default.
    pub(crate) last_key: Option<SecretKey>,
    /// The key that signs webhooks instead of `last_key`.
    pub(crate) webhook_key: Option<SecretKey>,
}

impl Integration {
    /// The first id does not fit 32 bits, because Paystack's ids exceed them.
    const FIRST_CUSTOMER: u64 = 4_294_967_296;
    const FIRST_MANDATE: u64 = 164_098;

    pub(crate) fn new(mode: Mode, seed: u64) -> Self {
        let (id, limit) = match mode {
            Mode::Live => (463_434, 600),
            _ => (463_433, 100),
        };
        Self {
            mode,
            id,
            limiter: RateLimiter::new(limit),
            may_set_risk_actions: true,
            writes: 0,
            random: fastrand::Rng::with_seed(seed ^ id),
            customers: Vec::new(),
            by_code: HashMap::new(),
            by_email: HashMap::new(),
            by_authorization: HashMap::new(),
            mandates: Mandates::default(),
            scheduled: BTreeMap::new(),
            events: 0,
            webhooks: Vec::new(),
            last_key: None,
            webhook_key: None,
        }
    }

    /// Returns the customers, oldest first.
    pub(crate) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(crate) fn by_id(&self, id: u64) -> Option<&Customer> {
        self.customers.get(self.index(id)?)
    }

    pub(crate) fn by_code(&mut self, code: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_code.get(code)?)
    }

    pub(crate) fn by_code_or_id(&mut self, identifier: &str) -> Option<&mut Customer> {
        let index = self.by_code.get(identifier).copied();
        let index = index.or_else(|| self.index(identifier.parse().ok()?));
        self.customers.get_mut(index?)
    }

    pub(crate) fn by_email(&mut self, email: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_email.get(email)?)
    }

    pub(crate) fn by_email_or_code(&mut self, identifier: &str) -> Option<&mut Customer> {
        let index = self.by_email.get(identifier);
        let index = index.or_else(|| self.by_code.get(identifier));
        self.customers.get_mut(*index?)
    }

    fn index(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(Self::FIRST_CUSTOMER)?).ok()
    }

    /// Creates a customer with the next id and a random code, without inserting it.
    pub(crate) fn new_customer(&mut self, email: &str, now: OffsetDateTime) -> Customer {
        let index = u64::try_from(self.customers.len()).unwrap_or(u64::MAX);
        // Truncate to the precision of responses, so that clients can filter by the times they received. Never
        // precede the last customer, so that customers stay in order.
        let last = self.customers.last().map_or(now, |last| last.created_at.0);
        let now = Timestamp(now.max(last).truncate_to_millisecond());
        Customer {
            integration: self.id,
            first_name: None,
            last_name: None,
            email: email.into(),
            phone: None,
            metadata: None,
            mode: self.mode.clone(),
            code: self.new_code("CUS_", 15),
            risk_action: RiskAction::Default,
            id: Self::FIRST_CUSTOMER.saturating_add(index),
            created_at: now,
            updated_at: now,
            identification: None,
            validated: Vec::new(),
            authorizations: Authorizations::default(),
        }
    }

    /// Inserts a customer.
    pub(crate) fn insert(&mut self, customer: Customer) {
        let index = self.customers.len();
        self.by_code.insert(customer.code.clone(), index);
        self.by_email.insert(customer.email.clone(), index);
        self.customers.push(customer);
    }

    /// Adds a card to a customer. Returns false if the customer does not exist, or if the code is not new.
    pub(crate) fn add_card(&mut self, customer_code: &str, code: &str) -> bool {
        if self.check_new_authorization(code).is_err() {
            return false;
        }
        let signature = random_code(&mut self.random, "SIG_", 20);
        let card = Authorization::card(code.into(), signature.into());
        self.add_authorization(customer_code, card).is_some()
    }

    /// Adds an authorization to a customer, and returns the customer.
    fn add_authorization(
        &mut self,
        customer_code: &str,
        authorization: Authorization,
    ) -> Option<&mut Customer> {
        let index = *self.by_code.get(customer_code)?;
        let customer = self.customers.get_mut(index)?;
        let code = authorization.authorization_code.clone();
        let number = customer.authorizations.push(authorization);
        self.by_authorization.insert(code, (index, number));
        Some(customer)
    }

    /// Removes an authorization and revokes its mandate. Returns whether the authorization existed.
    pub(crate) fn deactivate(&mut self, authorization_code: &str) -> bool {
        let Some((index, number)) = self.by_authorization.remove(authorization_code) else {
            return false;
        };
        if let Some(customer) = self.customers.get_mut(index) {
            customer.authorizations.remove(number);
        }
        if let Some(mandate) = self.mandates.by_authorization_mut(authorization_code) {
            mandate.status = MandateStatus::Revoked;
        }
        true
    }

    pub(crate) fn mandates(&self) -> &Mandates {
        &self.mandates
    }

    /// Creates a mandate and schedules the agreement of the customer and the activation by the bank.
    pub(crate) fn create_mandate(
        &mut self,
        customer: Owner,
        account: Option<Account>,
        now: OffsetDateTime,
    ) -> Mandate {
        let mandate = self.new_mandate(customer, account);
        let agreement = ScheduledEvent::CustomerAgrees {
            mandate: mandate.id,
        };
        let activation = ScheduledEvent::BankActivates {
            mandate: mandate.id,
        };
        self.schedule(agreement, now, AGREEMENT_DELAY);
        self.schedule(activation, now, ACTIVATION_DELAY);
        self.mandates.insert(mandate.clone());
        mandate
    }

    /// Returns a random code that no record has. A loaded document may have codes of the same seed.
    fn new_code(&mut self, prefix: &str, length: usize) -> Box<str> {
        loop {
            let code = random_code(&mut self.random, prefix, length);
            let is_taken = self.by_code.contains_key(&*code)
                || self.by_authorization.contains_key(&*code)
                || self.mandates.has_code(&code);
            if !is_taken {
                return code.into();
            }
        }
    }

    /// Creates a mandate with the next id and random codes, without inserting it.
    fn new_mandate(&mut self, customer: Owner, account: Option<Account>) -> Mandate {
        let number = u64::try_from(self.mandates.len()).unwrap_or(u64::MAX);
        let access_code = random_code(&mut self.random, "", 15);
        let (reference, authorization_code) = (self.new_code("", 15), self.new_code("AUTH_", 10));
        Mandate {
            id: Self::FIRST_MANDATE.saturating_add(number),
            customer,
            reference,
            authorization_code,
            signature: random_code(&mut self.random, "SIG_", 20).into(),
            access_code: access_code.into(),
            account: account.unwrap_or_else(Account::of_test_bank),
            status: MandateStatus::Pending,
            authorized_at: None,
        }
    }

    /// Takes over the records of another integration. Keeps the keys, the use of the rate limit, the number of writes
    /// and the random numbers to come.
    pub(crate) fn replace_records(&mut self, other: Self) {
        *self = Self {
            limiter: self.limiter.clone(),
            writes: self.writes,
            random: self.random.clone(),
            last_key: self.last_key.take(),
            ..other
        };
    }

    /// Returns a new integration with the same settings.
    pub(crate) fn emptied(&self, seed: u64) -> Self {
        Self {
            may_set_risk_actions: self.may_set_risk_actions,
            webhook_key: self.webhook_key.clone(),
            ..Self::new(self.mode.clone(), seed)
        }
    }
}

/// Returns a prefix followed by `length` random letters and digits.
pub(crate) fn random_code(random: &mut fastrand::Rng, prefix: &str, length: usize) -> String {
    let letters = (0..length).map(|_| random.digit(36));
    prefix.chars().chain(letters).collect()
}
