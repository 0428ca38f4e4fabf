//! A webhook, before and after it is signed.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Uri};
use paystack_transport::{Mode, SecretKey};
use paystack_webhook::{SIGNATURE_HEADER, sign};
use time::OffsetDateTime;

/// A signed webhook.
///
/// `Debug` prints the size of the body instead of the body, which contains personal data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The mode that the event belongs to.
    pub mode: Mode,
    /// The name of the event, such as `customeridentification.success`.
    pub event: &'static str,
    /// The body as the sandbox sends it.
    pub body: Bytes,
    /// The value of the `x-paystack-signature` header.
    pub signature: HeaderValue,
    /// The time of the first delivery.
    pub due: OffsetDateTime,
}

impl Webhook {
    /// Creates the request that delivers the webhook to this URL.
    pub fn request(&self, url: &Uri) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.clone();
        let headers = request.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json);
        headers.insert(SIGNATURE_HEADER, self.signature.clone());
        request
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("mode", &self.mode)
            .field("event", &self.event)
            .field("body_bytes", &self.body.len())
            .field("due", &self.due)
            .finish()
    }
}

/// A webhook without a signature.
pub(crate) struct UnsignedWebhook {
    pub(super) mode: Mode,
    pub(super) event: &'static str,
    pub(super) body: Bytes,
    pub(super) due: OffsetDateTime,
}

impl UnsignedWebhook {
    pub(crate) fn sign(self, key: &SecretKey) -> Webhook {
        Webhook {
            signature: sign(key, &self.body),
            mode: self.mode,
            event: self.event,
            body: self.body,
            due: self.due,
        }
    }
}
