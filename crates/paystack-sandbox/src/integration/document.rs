//! The state of an integration as a document that can be saved, edited and loaded.

use paystack_transport::customers::RiskAction;
use paystack_transport::customers::direct_debit::MandateStatus;
use paystack_transport::{AuthorizationCode, CustomerCode, InvalidInput, Reference};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::{Duration, OffsetDateTime};

use super::{Integration, ScheduledEvent, random_code};
use crate::request::{check_email, check_json};
use crate::state::{
    Account, Authorization, Credentials, Customer, Identification, Mandate, Owner, Timestamp,
};

/// The state of one mode. Only the e-mail address of a customer and the customer of a mandate are required.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ModeState {
    customers: Vec<CustomerState>,
    mandates: Vec<MandateState>,
    scheduled: Vec<Scheduled>,
}

/// A customer with the names of Paystack's fields.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerState {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    customer_code: Option<Box<str>>,
    email: Box<str>,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    metadata: Option<Box<RawValue>>,
    #[serde(default)]
    risk_action: Option<RiskAction>,
    #[serde(default, rename = "createdAt")]
    created_at: Option<Timestamp>,
    #[serde(default, rename = "updatedAt")]
    updated_at: Option<Timestamp>,
    #[serde(default)]
    identification: Option<Identification>,
    #[serde(default)]
    validated: Vec<Credentials>,
    #[serde(default)]
    cards: Vec<Card>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    authorization_code: Box<str>,
    #[serde(default)]
    signature: Option<Box<str>>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MandateState {
    #[serde(default)]
    id: Option<u64>,
    /// The code of the customer.
    customer: Box<str>,
    /// The names of the customer at the initialization. By default they are the present names.
    #[serde(default)]
    holder: Option<Holder>,
    #[serde(default)]
    reference: Option<Box<str>>,
    #[serde(default)]
    access_code: Option<Box<str>>,
    #[serde(default)]
    authorization_code: Option<Box<str>>,
    #[serde(default)]
    signature: Option<Box<str>>,
    #[serde(default)]
    account: Option<Account>,
    #[serde(default)]
    status: Option<MandateStatus>,
    /// When the customer agreed.
    #[serde(default)]
    authorized_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holder {
    first_name: Option<String>,
    last_name: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Scheduled {
    due: Timestamp,
    #[serde(flatten)]
    event: ScheduledEvent,
}

type Result<T = ()> = std::result::Result<T, InvalidInput>;

impl ModeState {
    /// Appends the records of another document.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.customers.append(&mut other.customers);
        self.mandates.append(&mut other.mandates);
        self.scheduled.append(&mut other.scheduled);
    }

    /// Returns the numbers of customers and mandates.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.customers.len(), self.mandates.len())
    }
}

impl Integration {
    /// Returns the state with the newest customers and mandates, at most this many of each.
    pub(crate) fn document(&self, newest: usize) -> ModeState {
        let customers = self.customers.len().saturating_sub(newest);
        let mandates = self.mandates.len().saturating_sub(newest);
        ModeState {
            customers: self
                .customers
                .iter()
                .skip(customers)
                .map(customer_state)
                .collect(),
            mandates: self
                .mandates
                .iter()
                .skip(mandates)
                .map(mandate_state)
                .collect(),
            scheduled: self
                .scheduled
                .iter()
                .map(|((due, _), event)| Scheduled {
                    due: Timestamp(*due),
                    event: event.clone(),
                })
                .collect(),
        }
    }

    /// Adds the records of a document to an empty integration. The error has the place of the invalid record.
    pub(crate) fn load(
        &mut self,
        state: ModeState,
        now: OffsetDateTime,
    ) -> std::result::Result<(), (String, InvalidInput)> {
        for (index, customer) in state.customers.into_iter().enumerate() {
            let loaded = self.load_customer(customer, now);
            loaded.map_err(|error| (format!("customers[{index}]"), error))?;
        }
        for (index, mandate) in state.mandates.into_iter().enumerate() {
            let loaded = self.load_mandate(mandate);
            loaded.map_err(|error| (format!("mandates[{index}]"), error))?;
        }
        for (index, Scheduled { due, event }) in state.scheduled.into_iter().enumerate() {
            if !self.has_subject(&event) {
                let error = InvalidInput::new("event", "must name an existing record");
                return Err((format!("scheduled[{index}]"), error));
            }
            self.schedule(event, due.0, Duration::ZERO);
        }
        Ok(())
    }

    fn load_customer(&mut self, state: CustomerState, now: OffsetDateTime) -> Result {
        self.check_new_email(&state.email)?;
        let last = self.customers.last().map(|last| last.created_at);
        if last > state.created_at && state.created_at.is_some() {
            let problem = "must not precede the customer before it";
            return Err(InvalidInput::new("createdAt", problem));
        }
        let created_at = state.created_at.map_or(now, |created_at| created_at.0);
        let mut customer = self.new_customer(&state.email, created_at);
        expect("id", state.id, customer.id)?;
        if let Some(code) = state.customer_code {
            CustomerCode::new(&*code)?;
            customer.code = code;
        }
        self.check_new_code(&customer.code)?;
        let metadata = state.metadata.as_deref().map_or("{}", RawValue::get);
        if !metadata.starts_with('{') || check_json(metadata.as_bytes()).is_err() {
            let problem = "must be an object without repeated names and with at most 128 levels";
            return Err(InvalidInput::new("metadata", problem));
        }
        if let Some(RiskAction::Unrecognized(_)) = state.risk_action {
            let problem = "must be default, allow or deny";
            return Err(InvalidInput::new("risk_action", problem));
        }
        customer.first_name = state.first_name;
        customer.last_name = state.last_name;
        customer.phone = state.phone;
        customer.metadata = state.metadata;
        customer.risk_action = state.risk_action.unwrap_or(RiskAction::Default);
        customer.updated_at = state.updated_at.unwrap_or(customer.created_at);
        customer.identification = state.identification;
        customer.validated = state.validated;
        let code = customer.code.clone();
        self.insert(customer);
        for card in state.cards {
            self.load_card(&code, card)?;
        }
        Ok(())
    }

    /// Checks the e-mail address of a new customer.
    pub(crate) fn check_new_email(&self, email: &str) -> Result {
        check_email(email)?;
        match self.by_email.contains_key(email) {
            true => Err(InvalidInput::new("email", "must be unique")),
            false => Ok(()),
        }
    }

    /// Checks the code of a new customer.
    pub(crate) fn check_new_code(&self, code: &str) -> Result {
        match self.by_code.contains_key(code) {
            true => Err(InvalidInput::new("customer_code", "must be unique")),
            false => Ok(()),
        }
    }

    fn load_card(&mut self, customer_code: &str, card: Card) -> Result {
        let signature = card.signature;
        let signature =
            signature.unwrap_or_else(|| random_code(&mut self.random, "SIG_", 20).into());
        self.check_new_authorization(&card.authorization_code)?;
        let card = Authorization::card(card.authorization_code, signature);
        self.add_authorization(customer_code, card);
        Ok(())
    }

    fn load_mandate(&mut self, state: MandateState) -> Result {
        let customer = self
            .by_code(&state.customer)
            .ok_or_else(|| InvalidInput::new("customer", "must be the code of a customer"))?;
        let mut owner = Owner::from(&*customer);
        if let Some(Holder {
            first_name,
            last_name,
        }) = state.holder
        {
            (owner.first_name, owner.last_name) = (first_name, last_name);
        }
        let mut mandate = self.new_mandate(owner, state.account);
        expect("id", state.id, mandate.id)?;
        for (field, value) in [
            (&mut mandate.reference, state.reference),
            (&mut mandate.access_code, state.access_code),
            (&mut mandate.authorization_code, state.authorization_code),
            (&mut mandate.signature, state.signature),
        ] {
            if let Some(value) = value {
                *field = value;
            }
        }
        self.check_new_authorization(&mandate.authorization_code)?;
        Reference::new(&*mandate.reference)?;
        if self.mandates.has_code(&mandate.reference) {
            return Err(InvalidInput::new("reference", "must be unique"));
        }
        if mandate.account.bank_name().is_none() {
            let problem = "must be the code of a bank that supports direct debit";
            return Err(InvalidInput::new("bank_code", problem));
        }
        mandate.status = state.status.unwrap_or(MandateStatus::Pending);
        if let MandateStatus::Unrecognized(_) = mandate.status {
            let problem = "must be pending, active or revoked";
            return Err(InvalidInput::new("status", problem));
        }
        mandate.authorized_at = state.authorized_at;
        if mandate.status == MandateStatus::Active && mandate.authorized_at.is_none() {
            let problem = "must be set in an active mandate";
            return Err(InvalidInput::new("authorized_at", problem));
        }
        if mandate.authorized_at.is_some() && mandate.status != MandateStatus::Revoked {
            self.add_authorization(&mandate.customer.code, mandate.authorization());
        }
        self.mandates.insert(mandate);
        Ok(())
    }

    pub(super) fn check_new_authorization(&self, code: &str) -> Result {
        AuthorizationCode::new(code)?;
        if self.by_authorization.contains_key(code) || self.mandates.has_code(code) {
            return Err(InvalidInput::new("authorization_code", "must be unique"));
        }
        Ok(())
    }

    /// Returns whether the customer or the mandate of an event exists.
    fn has_subject(&self, event: &ScheduledEvent) -> bool {
        match event {
            ScheduledEvent::ValidationSucceeds { customer, .. }
            | ScheduledEvent::ValidationFails { customer, .. } => {
                self.by_code.contains_key(customer)
            }
            ScheduledEvent::CustomerAgrees { mandate }
            | ScheduledEvent::BankActivates { mandate } => self.mandates.by_id(*mandate).is_some(),
        }
    }
}

/// Checks an id, which follows from the position of its record.
fn expect(field: &'static str, id: Option<u64>, expected: u64) -> Result {
    match id {
        Some(id) if id != expected => {
            let problem = "must be omitted, or be the id that follows from the position";
            Err(InvalidInput::new(field, problem))
        }
        _ => Ok(()),
    }
}

fn customer_state(customer: &Customer) -> CustomerState {
    let cards = customer.authorizations.iter();
    let cards = cards.filter(|authorization| authorization.channel == "card");
    CustomerState {
        id: Some(customer.id),
        customer_code: Some(customer.code.clone()),
        email: customer.email.clone(),
        first_name: customer.first_name.clone(),
        last_name: customer.last_name.clone(),
        phone: customer.phone.clone(),
        metadata: customer.metadata.clone(),
        risk_action: Some(customer.risk_action.clone()),
        created_at: Some(customer.created_at),
        updated_at: Some(customer.updated_at),
        identification: customer.identification.clone(),
        validated: customer.validated.clone(),
        cards: cards
            .map(|card| Card {
                authorization_code: card.authorization_code.clone(),
                signature: Some(card.signature.clone()),
            })
            .collect(),
    }
}

fn mandate_state(mandate: &Mandate) -> MandateState {
    MandateState {
        id: Some(mandate.id),
        customer: mandate.customer.code.clone(),
        holder: Some(Holder {
            first_name: mandate.customer.first_name.clone(),
            last_name: mandate.customer.last_name.clone(),
        }),
        reference: Some(mandate.reference.clone()),
        access_code: Some(mandate.access_code.clone()),
        authorization_code: Some(mandate.authorization_code.clone()),
        signature: Some(mandate.signature.clone()),
        account: Some(mandate.account.clone()),
        status: Some(mandate.status.clone()),
        authorized_at: mandate.authorized_at,
    }
}
