//! The records of a sandbox: created for a test, saved, loaded and reset.

use paystack_transport::{AuthorizationCode, CustomerCode, Email, InvalidInput, Mode};
use time::{OffsetDateTime, UtcOffset};

use super::Sandbox;
use crate::saved_state::{InvalidState, State};
use crate::webhooks::DeliveryQueue;

impl Sandbox {
    /// Creates customers with the addresses `customer-1@example.com`, `customer-2@example.com` and so on.
    ///
    /// The numbers continue after the number of existing customers, and skip the addresses that exist. The creation
    /// times are one second apart and end at `now`, but never precede an existing customer.
    pub fn seed_customers(&mut self, mode: &Mode, count: u32, now: OffsetDateTime) {
        self.mark_changed();
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(mode);
        let existing = integration.customers().len();
        let mut emails =
            (existing.saturating_add(1)..).map(|number| format!("customer-{number}@example.com"));
        for seconds in (0..count).rev() {
            let Some(email) = emails.find(|email| integration.by_email(email).is_none()) else {
                return;
            };
            let ago = time::Duration::seconds(seconds.into());
            let customer = integration.new_customer(&email, now.saturating_sub(ago));
            integration.insert(customer);
        }
    }

    /// Creates a customer with the given code and e-mail address.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if a customer with the code or the address exists, or if the API would refuse the address.
    pub fn seed_customer(
        &mut self,
        mode: &Mode,
        code: &CustomerCode,
        email: &Email,
        now: OffsetDateTime,
    ) -> Result<(), InvalidInput> {
        let now = now.to_offset(UtcOffset::UTC);
        let integration = self.integration(mode);
        integration.check_new_email(email.as_str())?;
        integration.check_new_code(code.as_str())?;
        let mut customer = integration.new_customer(email.as_str(), now);
        customer.code = code.as_str().into();
        integration.insert(customer);
        self.mark_changed();
        Ok(())
    }

    /// Adds a reusable card to a customer, as a first payment does.
    ///
    /// Returns false if the customer does not exist, or if the code of the authorization is not new.
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

    /// Replaces the customers, mandates and scheduled events, and clears the webhooks, the faults and the journal.
    ///
    /// [`Sandbox::reset`] returns to this state from now on.
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
    /// The same as those of [`Sandbox::load`].
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
}
