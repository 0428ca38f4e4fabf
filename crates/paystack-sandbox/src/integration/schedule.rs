//! The events that an integration runs later by itself, such as the result of a validation.

use paystack_transport::SecretKey;
use paystack_transport::customers::direct_debit::MandateStatus;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::Integration;
use crate::state::{Identification, Timestamp};
use crate::webhooks::{UnsignedWebhook, event};

/// An event that the sandbox runs when it is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ScheduledEvent {
    /// The validation of the customer with this code succeeds.
    ValidationSucceeds {
        customer: Box<str>,
        identification: Identification,
    },
    /// The validation of the customer with this code fails.
    ValidationFails {
        customer: Box<str>,
        identification: Identification,
    },
    /// The customer agrees to the mandate with this id.
    CustomerAgrees { mandate: u64 },
    /// The bank activates the mandate with this id.
    BankActivates { mandate: u64 },
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
        // The events of a loaded state wait until a request brings a key that can sign their webhooks.
        let Some(key) = self.signing_key().cloned() else {
            return;
        };
        while let Some(first) = self.scheduled.first_entry()
            && first.key().0 <= now
        {
            let ((due, _), event) = first.remove_entry();
            let webhook = self.run(due, event);
            self.webhooks
                .extend(webhook.map(|webhook| webhook.sign(&key)));
        }
    }

    fn signing_key(&self) -> Option<&SecretKey> {
        self.webhook_key.as_ref().or(self.last_key.as_ref())
    }

    /// Returns when the next event is due.
    pub(crate) fn next_event(&self) -> Option<OffsetDateTime> {
        self.signing_key()?;
        self.scheduled.keys().map(|(due, _)| *due).next()
    }

    fn run(&mut self, due: OffsetDateTime, event: ScheduledEvent) -> Option<UnsignedWebhook> {
        let mode = self.mode.clone();
        match event {
            ScheduledEvent::ValidationSucceeds {
                customer,
                identification,
            } => {
                let customer = self.by_code(&customer)?;
                let webhook = event::identified(mode, due, customer, &identification);
                customer.identify(identification, Timestamp(due));
                Some(webhook)
            }
            ScheduledEvent::ValidationFails {
                customer,
                identification,
            } => {
                let customer = self.by_code(&customer)?;
                let webhook = event::not_identified(mode, due, customer, &identification);
                Some(webhook)
            }
            ScheduledEvent::CustomerAgrees { mandate } => {
                let mandate = self.mandates.by_id_mut(mandate)?;
                // An edited state may have the event of a mandate that is authorized or revoked.
                if mandate.authorized_at.is_some() || mandate.status != MandateStatus::Pending {
                    return None;
                }
                mandate.authorized_at = Some(Timestamp(due));
                let mandate = mandate.clone();
                let customer =
                    self.add_authorization(&mandate.customer.code, mandate.authorization())?;
                Some(event::authorization_created(mode, due, customer, &mandate))
            }
            ScheduledEvent::BankActivates { mandate } => {
                let integration = self.id;
                let mandate = self.mandates.by_id_mut(mandate)?;
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
