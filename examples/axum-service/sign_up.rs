//! The sign-up and the readiness of the service, without a web framework.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use paystack_hyper::customers::CreateCustomer;
use paystack_hyper::{Client, Email, Error, Outcome, RateLimitGroup, RawResponse};
use paystack_hyper::{Settings, Transport};
use serde::Deserialize;

/// A sign-up waits this long for Paystack: with all attempts, and in the queue for the rate limit.
pub const DEADLINE: Duration = Duration::from_secs(5);

const CHECK_THE_ADDRESS: &str = "Please check your e-mail address.";

#[derive(Deserialize)]
pub struct SignUp {
    email: String,
    first_name: String,
}

/// The response for the customer.
pub struct Response {
    pub status: u16,
    /// The value of the header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    pub text: String,
}

pub struct SignUps {
    /// `Arc<dyn Transport>`, so that the tests can use another transport.
    paystack: Client<Arc<dyn Transport>>,
    /// Paystack refuses requests until this time, in milliseconds on the transport's clock.
    busy_until: AtomicU64,
}

impl SignUps {
    pub fn new(paystack: Client<Arc<dyn Transport>>) -> Self {
        Self {
            paystack: paystack.with_settings(Settings::new().deadline(DEADLINE)),
            busy_until: AtomicU64::new(0),
        }
    }

    /// Creates the customer.
    pub async fn sign_up(&self, form: SignUp) -> Response {
        let Ok(email) = Email::new(form.email) else {
            return Response::new(422, CHECK_THE_ADDRESS);
        };
        let create = CreateCustomer::new(email).first_name(form.first_name);
        match self.paystack.send(create).await {
            Ok(reply) => Response::new(201, reply.data.customer_code.to_string()),
            Err(error) => {
                eprintln!("{error}"); // one line without personal data
                self.note_wait(&error);
                Response::of_error(&error)
            }
        }
    }

    /// Whether a new sign-up would reach Paystack within the deadline: the queue takes less than half of it.
    pub fn is_ready(&self) -> bool {
        let limiter = self.paystack.rate_limiter();
        let queued = limiter.queue_length(RateLimitGroup::DEFAULT);
        let now = self.paystack.transport().now();
        let limit = limiter.status(RateLimitGroup::DEFAULT, now).limit;
        // The queue takes `queued` times 60 s, divided by the limit a minute.
        let is_short = limit.is_none_or(|limit| {
            (queued as u64).saturating_mul(120) < limit.saturating_mul(DEADLINE.as_secs())
        });
        is_short && self.busy_until.load(Ordering::Relaxed) <= self.now()
    }

    /// Keeps the time until which Paystack asks the client to wait. A 429 may state no time.
    fn note_wait(&self, error: &Error) {
        let error = error.last_failure().unwrap_or(error); // of the last attempt
        let asked = error.response().and_then(RawResponse::retry_after);
        let unstated = error.is_rate_limited().then_some(DEADLINE);
        if let Some(wait) = asked.or(unstated) {
            let until = self.now().saturating_add(milliseconds(wait));
            self.busy_until.fetch_max(until, Ordering::Relaxed);
        }
    }

    fn now(&self) -> u64 {
        milliseconds(self.paystack.transport().now())
    }
}

impl Response {
    fn new(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            retry_after: None,
            text: text.into(),
        }
    }

    fn of_error(error: &Error) -> Self {
        match error.outcome() {
            _ if error.is_invalid_email_address() => Self::new(422, CHECK_THE_ADDRESS),
            // Paystack is busy or down.
            Outcome::NotProcessed if error.is_retryable() => {
                let wait = error.retry_after().unwrap_or(Duration::from_secs(59));
                Self {
                    retry_after: Some(wait.as_secs().saturating_add(1)),
                    ..Self::new(503, "We are busy. Please try again later.")
                }
            }
            // The key or this program is wrong. The customer cannot change that.
            Outcome::NotProcessed => Self::new(500, "We cannot sign you up at the moment."),
            // The customer may exist in Paystack, so another try is not safe.
            _ => Self::new(202, "We are creating your account, and will write to you."),
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
