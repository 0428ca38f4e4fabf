//! Webhooks: their events, their signatures, and the queue that redelivers them.

pub(crate) mod event;
mod queue;
mod queued;
mod webhook;

pub(crate) use self::queue::DeliveryQueue;
pub use self::queue::{Delivery, DeliveryId};
#[cfg(feature = "server")]
pub(crate) use self::queued::RESPONSE_TIMEOUT;
pub use self::queued::{DeliveryAttempt, QueuedWebhook};
pub(crate) use self::webhook::UnsignedWebhook;
pub use self::webhook::Webhook;
