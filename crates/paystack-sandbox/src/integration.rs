//! What one integration has in one mode: its customers, its limiter, what is still to happen.

use std::collections::HashMap;

use paystack_client::customers::RiskAction;
use paystack_client::customers::direct_debit::MandateStatus;
use paystack_client::{Domain, SecretKey};
use time::{Duration, OffsetDateTime};

use crate::customer::{Authorization, Customer, Identification};
use crate::mandate::{Account, Mandate};
use crate::rate_limit::RateLimiter;
use crate::webhook::{self, Unsigned, Webhook};

/// How long a customer takes to agree to a mandate.
const AGREED_AFTER: Duration = Duration::seconds(2);

/// How long it takes from the first step to an active mandate.
const ACTIVE_AFTER: Duration = Duration::seconds(10);

/// What one integration has in one mode. Test and live share nothing.
#[derive(Debug)]
pub(crate) struct Integration {
    pub(crate) domain: Domain,
    pub(crate) id: u64,
    pub(crate) limiter: RateLimiter,
    pub(crate) may_set_risk_actions: bool,
    /// How many writes were carried out.
    pub(crate) writes: u64,
    random: fastrand::Rng,
    customers: Vec<Customer>,
    by_code: HashMap<Box<str>, usize>,
    by_email: HashMap<Box<str>, usize>,
    /// The customer that an authorization belongs to.
    by_authorization: HashMap<Box<str>, usize>,
    mandates: Vec<Mandate>,
    upcoming: Vec<(OffsetDateTime, Happening)>,
    pub(crate) webhooks: Vec<Webhook>,
    /// The key of the last request.
    pub(crate) last_key: Option<SecretKey>,
    /// The key that signs webhooks in place of that one.
    pub(crate) webhook_key: Option<SecretKey>,
}

impl Integration {
    /// Ids begin where 32 bits end, since Paystack's outgrow them.
    const FIRST_CUSTOMER: u64 = 4_294_967_296;
    const FIRST_MANDATE: u64 = 164_098;

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
            writes: 0,
            random: fastrand::Rng::with_seed(seed ^ id),
            customers: Vec::new(),
            by_code: HashMap::new(),
            by_email: HashMap::new(),
            by_authorization: HashMap::new(),
            mandates: Vec::new(),
            upcoming: Vec::new(),
            webhooks: Vec::new(),
            last_key: None,
            webhook_key: None,
        }
    }

    /// The customers, oldest first.
    pub(crate) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(crate) fn by_id(&self, id: u64) -> Option<&Customer> {
        self.customers.get(self.position(id)?)
    }

    pub(crate) fn by_code(&mut self, code: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_code.get(code)?)
    }

    pub(crate) fn by_email(&mut self, email: &str) -> Option<&mut Customer> {
        self.customers.get_mut(*self.by_email.get(email)?)
    }

    /// The customer that a client names by its code, its address or its id.
    pub(crate) fn named(&mut self, name: &str) -> Option<&mut Customer> {
        let position = self
            .by_code
            .get(name)
            .or_else(|| self.by_email.get(name))
            .copied();
        let position = position.or_else(|| self.position(name.parse().ok()?));
        self.customers.get_mut(position?)
    }

    fn position(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(Self::FIRST_CUSTOMER)?).ok()
    }

    /// A customer with the next id and a code of its own, which is not kept yet.
    pub(crate) fn new_customer(&mut self, email: &str, now: OffsetDateTime) -> Customer {
        let position = u64::try_from(self.customers.len()).unwrap_or(u64::MAX);
        // To the precision that is shown, so that filters by what was shown fit, and never before the
        // last one, so that customers stay in order.
        let last = self.customers.last().map_or(now, |last| last.created_at);
        let now = now.max(last).truncate_to_millisecond();
        Customer {
            integration: self.id,
            domain: self.domain.clone(),
            id: Self::FIRST_CUSTOMER.saturating_add(position),
            code: random_code(&mut self.random, "CUS_", 15).into(),
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

    /// Gives a customer a card to be charged through; false if there is no such customer.
    pub(crate) fn add_card(&mut self, customer_code: &str, code: &str) -> bool {
        let signature = random_code(&mut self.random, "SIG_", 20);
        let position = self.by_code.get(customer_code).copied();
        let Some(position) = position else {
            return false;
        };
        let Some(customer) = self.customers.get_mut(position) else {
            return false;
        };
        let card = Authorization::card(code.into(), signature.into());
        customer.authorizations.push(card);
        self.by_authorization.insert(code.into(), position);
        true
    }

    /// Forgets an authorization; false if there is none with this code.
    pub(crate) fn deactivate(&mut self, authorization_code: &str) -> bool {
        let position = self.by_authorization.remove(authorization_code);
        let Some(customer) = position.and_then(|position| self.customers.get_mut(position)) else {
            return false;
        };
        for mandate in &mut self.mandates {
            if *mandate.authorization_code == *authorization_code {
                mandate.status = MandateStatus::Revoked;
            }
        }
        customer
            .authorizations
            .retain(|kept| *kept.authorization_code != *authorization_code);
        true
    }

    /// The mandates, oldest first.
    pub(crate) fn mandates(&self) -> &[Mandate] {
        &self.mandates
    }

    pub(crate) fn mandate(&self, reference: &str) -> Option<&Mandate> {
        self.mandates
            .iter()
            .find(|mandate| *mandate.reference == *reference)
    }

    /// Opens a mandate, which the customer agrees to and the bank makes active by themselves.
    pub(crate) fn open_mandate(
        &mut self,
        customer: &Customer,
        account: Option<Account>,
        now: OffsetDateTime,
    ) -> Mandate {
        let number = u64::try_from(self.mandates.len()).unwrap_or(u64::MAX);
        let access_code = random_code(&mut self.random, "", 15);
        let mandate = Mandate {
            id: Self::FIRST_MANDATE.saturating_add(number),
            customer: customer.owner(),
            reference: random_code(&mut self.random, "", 15).into(),
            authorization_code: random_code(&mut self.random, "AUTH_", 10).into(),
            signature: random_code(&mut self.random, "SIG_", 20).into(),
            access_code: access_code.into(),
            account: account.unwrap_or_else(Account::of_test_bank),
            status: MandateStatus::Pending,
            authorized_at: None,
        };
        let agreed = Happening::Agreed(mandate.id);
        let active = Happening::Active(mandate.id);
        self.expect(agreed, now, AGREED_AFTER);
        self.expect(active, now, ACTIVE_AFTER);
        self.mandates.push(mandate.clone());
        mandate
    }

    /// Plans something for later.
    pub(crate) fn expect(&mut self, happening: Happening, now: OffsetDateTime, after: Duration) {
        let due = now.saturating_add(after);
        self.upcoming.push((due, happening));
    }

    /// Carries out all that is due by now, in the order of its time.
    pub(crate) fn settle(&mut self, now: OffsetDateTime) {
        let mut due: Vec<_> = self
            .upcoming
            .extract_if(.., |(due, _)| *due <= now)
            .collect();
        due.sort_by_key(|(due, _)| *due);
        for (due, happening) in due {
            let told = self.happen(due, happening);
            // Nothing happens before a request has brought a key.
            let key = self.webhook_key.as_ref().or(self.last_key.as_ref());
            if let (Some(told), Some(key)) = (told, key) {
                self.webhooks.push(told.sign(key));
            }
        }
    }

    /// When the next of what is planned happens.
    pub(crate) fn next(&self) -> Option<OffsetDateTime> {
        self.upcoming.iter().map(|(due, _)| *due).min()
    }

    fn happen(&mut self, due: OffsetDateTime, happening: Happening) -> Option<Unsigned> {
        let domain = self.domain.clone();
        match happening {
            Happening::Identified(code, identification) => {
                let customer = self.by_code(&code)?;
                let webhook = webhook::identified(domain, due, customer, &identification);
                customer.identification = Some(identification);
                customer.updated_at = due;
                Some(webhook)
            }
            Happening::NotIdentified(code, identification, reason) => {
                let customer = self.by_code(&code)?;
                Some(webhook::not_identified(
                    domain,
                    due,
                    customer,
                    &identification,
                    reason,
                ))
            }
            Happening::Agreed(id) => {
                let mandate = self.mandates.iter_mut().find(|mandate| mandate.id == id)?;
                mandate.authorized_at = Some(due);
                let mandate = mandate.clone();
                let position = *self.by_code.get(&mandate.customer.code)?;
                let customer = self.customers.get_mut(position)?;
                customer.authorizations.push(mandate.authorization());
                self.by_authorization
                    .insert(mandate.authorization_code.clone(), position);
                Some(webhook::authorization_created(
                    domain, due, customer, &mandate,
                ))
            }
            Happening::Active(id) => {
                let integration = self.id;
                let mandate = self.mandates.iter_mut().find(|mandate| mandate.id == id)?;
                // A second charge finds it active, and a revoked one stays so.
                if mandate.authorized_at.is_none() || mandate.status != MandateStatus::Pending {
                    return None;
                }
                mandate.status = MandateStatus::Active;
                let mandate = mandate.clone();
                let customer = self.by_code(&mandate.customer.code)?;
                for kept in &mut customer.authorizations {
                    if kept.authorization_code == mandate.authorization_code {
                        *kept = mandate.authorization();
                    }
                }
                Some(webhook::authorization_active(
                    domain,
                    integration,
                    due,
                    customer,
                    &mandate,
                ))
            }
        }
    }
}

/// A code of so many letters and digits behind a prefix.
pub(crate) fn random_code(random: &mut fastrand::Rng, prefix: &str, length: usize) -> String {
    let letters = (0..length).map(|_| random.digit(36));
    prefix.chars().chain(letters).collect()
}

/// What the sandbox does later on its own account.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A customer, by its code, is identified.
    Identified(Box<str>, Identification),
    /// A customer is not, for a reason.
    NotIdentified(Box<str>, Identification, &'static str),
    /// A customer agrees to the mandate with this id.
    Agreed(u64),
    /// The bank makes the mandate with this id active.
    Active(u64),
}
