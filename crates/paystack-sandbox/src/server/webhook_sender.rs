//! The task that sends webhooks when they are due.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, StatusCode, Uri};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use time::OffsetDateTime;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::{Host, Url};

use super::{ServedSandbox, Task};
use crate::webhooks::{Delivery, RESPONSE_TIMEOUT};

/// How long to sleep if no delivery is scheduled.
const IDLE_SLEEP: Duration = Duration::from_secs(3600);

/// The most deliveries in flight.
const MOST_IN_FLIGHT: usize = 64;

/// The receiver of webhooks. It must be plain HTTP, because the server has no TLS.
#[derive(Clone)]
pub(super) struct Receiver {
    /// The host and port for the socket.
    address: (String, u16),
    host: HeaderValue,
}

impl Receiver {
    pub(super) fn new(url: &Uri) -> io::Result<Self> {
        Self::over_plain_http(url).ok_or_else(|| {
            let message = "webhook URL must be http, with a host and without a user";
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })
    }

    fn over_plain_http(uri: &Uri) -> Option<Self> {
        let url = Url::parse(&uri.to_string()).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        if url.scheme() != "http" || !url.username().is_empty() {
            return None;
        }
        Some(Self {
            address: (host, url.port_or_known_default()?),
            host: HeaderValue::from_str(uri.authority()?.as_str()).ok()?,
        })
    }

    async fn post(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map_or_else(Uri::default, Uri::from);
        request.headers_mut().insert(HOST, self.host.clone());
        let (host, port) = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let _connection = Task::spawn(async move {
            // `send_request` returns the error of a broken connection.
            let _ = connection.await;
        });
        let response = sender.send_request(request.map(Full::new)).await?;
        Ok(response.status())
    }
}

/// Sends webhooks when they are due, until the future is dropped.
pub(super) async fn run(receiver: Receiver, served: Arc<ServedSandbox>) {
    let mut sending = JoinSet::new();
    let mut changed = served.changed.subscribe();
    loop {
        let free = MOST_IN_FLIGHT.saturating_sub(sending.len());
        // The others wait in the queue, where their time-out has not begun.
        if free == 0 {
            sending.join_next().await;
            continue;
        }
        let (due, sleep, is_changed) = served.sandbox.with(|sandbox, now| {
            let before = sandbox.webhook_changes();
            let due = sandbox.webhook_deliveries_up_to(free, now);
            let is_changed = sandbox.webhook_changes() > before;
            (due, duration_until(sandbox.next_webhook(), now), is_changed)
        });
        if is_changed {
            served.changed.send_replace(());
        }
        for delivery in due {
            sending.spawn(deliver(receiver.clone(), Arc::clone(&served), delivery));
        }
        tokio::select! {
            // The sender lives as long as the sandbox.
            _ = changed.changed() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(_) = sending.join_next() => {}
        }
    }
}

/// Returns the time until the next event. Without one it is an hour.
pub(super) fn duration_until(next: Option<OffsetDateTime>, now: OffsetDateTime) -> Duration {
    let Some(next) = next else { return IDLE_SLEEP };
    let [next, now] = [next, now].map(OffsetDateTime::unix_timestamp_nanos);
    let nanoseconds = u64::try_from(next.saturating_sub(now).max(0)).unwrap_or(u64::MAX);
    Duration::from_nanos(nanoseconds)
}

/// Sends a webhook, and reports the result.
async fn deliver(receiver: Receiver, served: Arc<ServedSandbox>, delivery: Delivery) {
    let result = timeout(
        RESPONSE_TIMEOUT.unsigned_abs(),
        receiver.post(delivery.request),
    );
    let result = result.await;
    served.with(|sandbox, _| match result {
        Ok(Ok(status)) => sandbox.webhook_response(delivery.id, status),
        Ok(Err(_)) | Err(_) => sandbox.webhook_failed(delivery.id),
    });
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn event_in_a_far_year_is_not_due() {
        let now = datetime!(2026-01-01 0:00 UTC);
        let far = datetime!(9999-12-31 0:00 UTC);
        assert!(duration_until(Some(far), now) > IDLE_SLEEP);
        assert_eq!(duration_until(Some(now), far), Duration::ZERO);
    }
}
