//! What one integration has in one mode: its customers, its limiter, what is still to happen.

use std::collections::HashMap;

use paystack_client::Domain;
use paystack_client::customers::RiskAction;
use time::OffsetDateTime;

use crate::customer::{Authorization, Customer, Identification};
use crate::random::Random;
use crate::rate_limit::RateLimiter;
use crate::webhook::Webhook;

/// What one integration has in one mode. Test and live share nothing.
#[derive(Debug)]
pub(crate) struct Integration {
    pub(crate) domain: Domain,
    pub(crate) id: u64,
    pub(crate) limiter: RateLimiter,
    pub(crate) may_set_risk_actions: bool,
    random: Random,
    customers: Vec<Customer>,
    by_code: HashMap<Box<str>, usize>,
    by_email: HashMap<Box<str>, usize>,
    /// The customer that an authorization belongs to.
    by_authorization: HashMap<Box<str>, usize>,
    verdicts: Vec<Verdict>,
    pub(crate) webhooks: Vec<Webhook>,
}

impl Integration {
    /// Ids begin where 32 bits end, since Paystack's outgrow them.
    const FIRST_CUSTOMER: u64 = 4_294_967_296;

    pub(crate) fn new(domain: Domain, seed: u64) -> Self {
        let (id, limit) = match domain {
            Domain::Live => (463_434, 600),
            _ => (463_433, 100),
        };
        Self {
            domain,
            id,
            limiter: RateLimiter::new(limit),
            may_set_risk_actions: true,
            random: Random::new(seed ^ id),
            customers: Vec::new(),
            by_code: HashMap::new(),
            by_email: HashMap::new(),
            by_authorization: HashMap::new(),
            verdicts: Vec::new(),
            webhooks: Vec::new(),
        }
    }

    /// The customers, oldest first.
    pub(crate) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(crate) fn by_code(&mut self, code: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_code.get(code)?)
    }

    pub(crate) fn by_email(&mut self, email: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_email.get(email)?)
    }

    pub(crate) fn by_email_or_code(&mut self, email_or_code: &str) -> Option<&mut Customer> {
        if self.by_code.contains_key(email_or_code) {
            self.by_code(email_or_code)
        } else {
            self.by_email(email_or_code)
        }
    }

    /// A customer with the next id and a code of its own, which is not kept yet.
    pub(crate) fn new_customer(&mut self, email: &str, now: OffsetDateTime) -> Customer {
        let position = u64::try_from(self.customers.len()).unwrap_or(u64::MAX);
        // To the precision that is shown, so that filters by what was shown fit.
        let now = now.truncate_to_millisecond();
        Customer {
            integration: self.id,
            domain: self.domain.clone(),
            id: Self::FIRST_CUSTOMER.saturating_add(position),
            code: self.random.code("CUS_", 15).into(),
            email: email.into(),
            first_name: None,
            last_name: None,
            phone: None,
            metadata: None,
            risk_action: RiskAction::Default,
            identification: None,
            authorizations: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn keep(&mut self, customer: Customer) {
        let position = self.customers.len();
        self.by_code.insert(customer.code.clone(), position);
        self.by_email.insert(customer.email.clone(), position);
        self.customers.push(customer);
    }

    /// Gives a customer a card to be charged through.
    pub(crate) fn add_card(&mut self, customer_code: &str) -> Option<Box<str>> {
        let position = *self.by_code.get(customer_code)?;
        let code: Box<str> = self.random.code("AUTH_", 10).into();
        let signature = self.random.code("SIG_", 20);
        let customer = self.customers.get_mut(position)?;
        customer
            .authorizations
            .push(Authorization::card(code.clone(), signature.into()));
        self.by_authorization.insert(code.clone(), position);
        Some(code)
    }

    /// Forgets an authorization; false if there is none with this code.
    pub(crate) fn deactivate(&mut self, authorization_code: &str) -> bool {
        let position = self.by_authorization.remove(authorization_code);
        let Some(customer) = position.and_then(|position| self.customers.get_mut(position)) else {
            return false;
        };
        customer
            .authorizations
            .retain(|kept| *kept.authorization_code != *authorization_code);
        true
    }

    /// Has the verdict on a validation come at a later time.
    pub(crate) fn expect_verdict(&mut self, verdict: Verdict) {
        self.verdicts.push(verdict);
    }

    /// Lets happen what is due.
    pub(crate) fn settle(&mut self, now: OffsetDateTime) {
        let due = self.verdicts.extract_if(.., |verdict| verdict.due <= now);
        for Verdict {
            customer_code,
            identification,
            due,
        } in due
        {
            let position = self.by_code.get(&customer_code);
            if let Some(customer) = position.and_then(|position| self.customers.get_mut(*position))
            {
                customer.identification = Some(identification);
                customer.updated_at = due;
            }
        }
    }
}

/// A validation that will succeed.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) customer_code: Box<str>,
    pub(crate) identification: Identification,
    pub(crate) due: OffsetDateTime,
}
