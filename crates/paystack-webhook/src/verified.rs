//! A webhook that is Paystack's.

use std::fmt;

use paystack_core::bytes::Bytes;
use paystack_core::{Domain, JsonError, RawJson};

use crate::digest::DeliveryDigest;
use crate::event::{Envelope, Event};

/// A webhook that is Paystack's: only a [`Verifier`](crate::Verifier) makes one.
///
/// That it is Paystack's does not make it new, or true by now: it may come late, twice, or after
/// something that happened later, and whoever has once seen it can send it again. Take it for the news
/// that something happened, and fetch the customer to know how things are:
///
/// ```
/// use paystack_core::customers::FetchCustomer;
/// use paystack_webhook::{Event, VerifiedEvent};
///
/// fn what_to_fetch(webhook: &VerifiedEvent) -> Option<FetchCustomer> {
///     let event = webhook.event().ok()?;
///     event.customer().map(FetchCustomer::new)
/// }
/// ```
///
/// `Debug` shows the event's name if it is a known one, the digest, and the size of the body.
#[derive(Clone)]
pub struct VerifiedEvent {
    domain: Domain,
    body: Bytes,
    digest: DeliveryDigest,
    envelope: Result<Envelope, JsonError>,
}

impl VerifiedEvent {
    pub(crate) fn new(domain: Domain, body: Bytes) -> Self {
        Self {
            domain,
            digest: DeliveryDigest::of(&body),
            envelope: Envelope::read(&body),
            body,
        }
    }

    /// The mode of the key that it was signed with.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// What it has in common with a redelivery of itself.
    pub fn digest(&self) -> DeliveryDigest {
        self.digest
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The event's name, such as `customeridentification.success`; `None` if the body is no event.
    pub fn name(&self) -> Option<&str> {
        self.envelope.as_ref().ok().map(Envelope::name)
    }

    /// The event's data as it came; `None` if there is none, or the body is no event.
    pub fn data(&self) -> Option<&RawJson> {
        self.envelope.as_ref().ok()?.data()
    }

    /// Reads the event as a typed one.
    ///
    /// # Errors
    ///
    /// [`JsonError`] if the body is no event, or if it is one of the known names with data that does
    /// not fit. It is Paystack's all the same: keep [`VerifiedEvent::body`] for a person to look at and
    /// answer 200, or Paystack sends it again for days.
    pub fn event(&self) -> Result<Event, JsonError> {
        let envelope = self.envelope.as_ref().map_err(Clone::clone)?;
        Event::read(envelope, &self.body, &self.domain)
    }
}

impl fmt::Debug for VerifiedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.name().filter(|name| Event::NAMES.contains(name));
        f.debug_struct("VerifiedEvent")
            .field("name", &known.unwrap_or("[other]"))
            .field("domain", &self.domain)
            .field("digest", &self.digest)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
