//! The webhooks of a sandbox, and their deliveries.

use http::StatusCode;
use time::OffsetDateTime;

use super::Sandbox;
use crate::webhooks::{Delivery, DeliveryId, QueuedWebhook, Webhook};

impl Sandbox {
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

    /// Returns the webhooks that are due and were not sent yet, in the order of their times.
    ///
    /// The caller delivers them: they count as delivered, and [`Sandbox::webhook_deliveries`] does not return them.
    pub fn take_webhooks(&mut self, now: OffsetDateTime) -> Vec<Webhook> {
        self.run_due_events(now);
        self.queue.take(now)
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
    /// sandbox.seed_customer(&Mode::Test, &ada, &Email::new("ada@example.com")?, now)?;
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
        self.webhook_deliveries_up_to(usize::MAX, now)
    }

    /// Returns at most this many of the webhooks to send now.
    pub(crate) fn webhook_deliveries_up_to(
        &mut self,
        most: usize,
        now: OffsetDateTime,
    ) -> Vec<Delivery> {
        self.run_due_events(now);
        let url = self.webhook_url.clone().unwrap_or_default();
        self.queue.due(now, &url, most)
    }

    /// Reports the status of the response to a delivery. Any status but 200 schedules a retry.
    pub fn webhook_response(&mut self, id: DeliveryId, status: StatusCode) {
        self.queue.finish(id, Some(status));
    }

    /// Reports that a delivery got no response, which schedules a retry.
    pub fn webhook_failed(&mut self, id: DeliveryId) {
        self.queue.finish(id, None);
    }

    /// Queues the webhook that was sent last once more, even if it was delivered.
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
}
