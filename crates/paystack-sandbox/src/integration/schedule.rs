//! The events that an integration runs later by itself, such as the result of a validation.

use paystack_transport::customers::direct_debit::MandateStatus;
use time::{Duration, OffsetDateTime};

use super::Integration;
use crate::state::{Identification, Timestamp};
use crate::webhooks::{UnsignedWebhook, event};

/// An event that the sandbox runs when it is due.
#[derive(Debug)]
pub(crate) enum ScheduledEvent {
    /// The validation of the customer with this code succeeds.
    ValidationSucceeds(Box<str>, Identification),
    /// The validation of the customer with this code fails, for a reason.
    ValidationFails(Box<str>, Identification, &'static str),
    /// The customer agrees to the mandate with this id.
    CustomerAgrees(u64),
    /// The bank activates the mandate with this id.
    BankActivates(u64),
}

impl Integration {
    /// Schedules an event.
    pub(crate) fn schedule(&mut self, event: ScheduledEvent, now: OffsetDateTime, delay: Duration) {
        let due = now.saturating_add(delay);
        self.scheduled.insert((due, self.events), event);
        self.events = self.events.saturating_add(1);
    }

    /// Runs all events that are due, in the order of their times.
    pub(crate) fn run_due_events(&mut self, now: OffsetDateTime) {
        while let Some(first) = self.scheduled.first_entry()
            && first.key().0 <= now
        {
            let ((due, _), event) = first.remove_entry();
            let webhook = self.run(due, event);
            // Only requests schedule events, so a key is known.
            let key = self.webhook_key.as_ref().or(self.last_key.as_ref());
            if let (Some(webhook), Some(key)) = (webhook, key) {
                self.webhooks.push(webhook.sign(key));
            }
        }
    }

    /// Returns when the next event is due.
    pub(crate) fn next_event(&self) -> Option<OffsetDateTime> {
        self.scheduled.keys().map(|(due, _)| *due).next()
    }

    fn run(&mut self, due: OffsetDateTime, event: ScheduledEvent) -> Option<UnsignedWebhook> {
        let mode = self.mode.clone();
        match event {
            ScheduledEvent::ValidationSucceeds(code, identification) => {
                let customer = self.by_code(&code)?;
                let webhook = event::identified(mode, due, customer, &identification);
                customer.identify(identification, Timestamp(due));
                Some(webhook)
            }
            ScheduledEvent::ValidationFails(code, identification, reason) => {
                let customer = self.by_code(&code)?;
                Some(event::not_identified(
                    mode,
                    due,
                    customer,
                    &identification,
                    reason,
                ))
            }
            ScheduledEvent::CustomerAgrees(id) => {
                let mandate = self.mandates.by_id_mut(id)?;
                mandate.authorized_at = Some(Timestamp(due));
                let mandate = mandate.clone();
                let index = *self.by_code.get(&mandate.customer.code)?;
                let customer = self.customers.get_mut(index)?;
                let number = customer.authorizations.push(mandate.authorization());
                self.by_authorization
                    .insert(mandate.authorization_code.clone(), (index, number));
                Some(event::authorization_created(mode, due, customer, &mandate))
            }
            ScheduledEvent::BankActivates(id) => {
                let integration = self.id;
                let mandate = self.mandates.by_id_mut(id)?;
                // A charge may already have activated the mandate, and a revoked one stays revoked.
                if mandate.authorized_at.is_none() || mandate.status != MandateStatus::Pending {
                    return None;
                }
                mandate.status = MandateStatus::Active;
                let mandate = mandate.clone();
                let (index, number) = *self.by_authorization.get(&mandate.authorization_code)?;
                let customer = self.customers.get_mut(index)?;
                let authorization = mandate.authorization();
                customer.authorizations.replace(number, authorization);
                Some(event::authorization_active(
                    mode,
                    integration,
                    due,
                    customer,
                    &mandate,
                ))
            }
        }
    }
}
