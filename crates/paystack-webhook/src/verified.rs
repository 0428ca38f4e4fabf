//! A webhook whose signature is verified.

use std::fmt;

use paystack_core::bytes::Bytes;
use paystack_core::{JsonError, Mode, RawJson};

use crate::digest::DeliveryDigest;
use crate::envelope::Envelope;
use crate::event::Event;

/// A webhook that Paystack signed. Only a [`Verifier`](crate::Verifier) creates one.
///
/// A valid signature proves the origin, not that the event is new or still true. A webhook may arrive late,
/// twice or out of order. An attacker with a copy can replay it. Treat it as a notification, and fetch the
/// customer to learn the current state:
///
/// ```
/// use paystack_core::customers::FetchCustomer;
/// use paystack_webhook::{Event, VerifiedEvent};
///
/// fn fetch_customer(webhook: &VerifiedEvent) -> Option<FetchCustomer> {
///     let event = webhook.event().ok()?;
///     event.customer().map(FetchCustomer::new)
/// }
/// ```
///
/// `Debug` prints the digest, the size of the body and, for recognized events, the name.
#[derive(Clone)]
pub struct VerifiedEvent {
    mode: Mode,
    body: Bytes,
    digest: DeliveryDigest,
    envelope: Result<Envelope, JsonError>,
}

impl VerifiedEvent {
    pub(crate) fn new(mode: Mode, body: Bytes) -> Self {
        Self {
            mode,
            digest: DeliveryDigest::new(&body),
            envelope: Envelope::decode(&body),
            body,
        }
    }

    /// Returns the mode of the key that signed the webhook.
    ///
    /// The mode in the body is ignored: a holder of the test key could otherwise forge events about live
    /// customers.
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    /// Returns the digest of the body, which is equal for every delivery of the webhook.
    pub fn digest(&self) -> DeliveryDigest {
        self.digest
    }

    /// Returns the body, byte for byte.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the name of the event, such as `customeridentification.success`.
    ///
    /// Returns `None` if the body is not an event.
    pub fn name(&self) -> Option<&str> {
        Some(&self.envelope.as_ref().ok()?.name)
    }

    /// Returns the data of the event as raw JSON.
    ///
    /// Returns `None` if the event has no data or the body is not an event.
    pub fn data(&self) -> Option<&RawJson> {
        self.envelope.as_ref().ok()?.data.as_ref()
    }

    /// Decodes the event.
    ///
    /// # Errors
    ///
    /// Returns [`JsonError`] if the body is not an event, or if the data of a recognized event does not
    /// decode. Paystack sent the webhook all the same: store [`VerifiedEvent::body`] for inspection and
    /// respond with 200, or Paystack redelivers it for days.
    pub fn event(&self) -> Result<Event, JsonError> {
        let envelope = self.envelope.as_ref().map_err(Clone::clone)?;
        Event::decode(envelope, &self.body)
    }
}

impl fmt::Debug for VerifiedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recognized = self.name().filter(|name| Event::NAMES.contains(name));
        f.debug_struct("VerifiedEvent")
            .field("name", &recognized.unwrap_or("[unrecognized]"))
            .field("mode", &self.mode)
            .field("digest", &self.digest)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
