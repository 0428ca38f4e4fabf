//! What Paystack tells a merchant on its own account.

use bytes::Bytes;
use paystack_client::Domain;
use serde::Serialize;
use time::OffsetDateTime;

/// A webhook that waits to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The mode that it belongs to.
    pub domain: Domain,
    /// The event's name: `customeridentification.success`.
    pub event: &'static str,
    /// The body, as it is sent.
    pub body: Bytes,
    /// When it is sent for the first time.
    pub due: OffsetDateTime,
}

impl Webhook {
    pub(crate) fn new(
        domain: Domain,
        event: &'static str,
        data: impl Serialize,
        due: OffsetDateTime,
    ) -> Self {
        #[derive(Serialize)]
        struct Event<T> {
            event: &'static str,
            data: T,
        }

        let body = serde_json::to_vec(&Event { event, data }).unwrap_or_default();
        Self {
            domain,
            event,
            body: body.into(),
            due,
        }
    }
}
