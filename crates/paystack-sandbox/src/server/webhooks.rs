//! Sends webhooks as they become due.

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
use url::{Host, Url};

use super::{Shared, Task};
use crate::deliveries::{ANSWER_WITHIN, Delivery};

/// How long to wait where nothing is planned.
const LONG: Duration = Duration::from_secs(3600);

/// Where webhooks are sent to: plain http on loopback, as a sandbox has no business elsewhere.
#[derive(Clone)]
pub(super) struct Receiver {
    /// Host and port, as a socket takes them.
    address: (String, u16),
    host: HeaderValue,
}

impl Receiver {
    pub(super) fn new(url: &Uri) -> io::Result<Self> {
        Self::on_loopback(url).ok_or_else(|| {
            let message = "webhooks are sent to http://127.0.0.1, [::1] or localhost only";
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })
    }

    fn on_loopback(uri: &Uri) -> Option<Self> {
        let url = Url::parse(&uri.to_string()).ok()?;
        let host = match url.host()? {
            Host::Domain("localhost") => "localhost".to_owned(),
            Host::Ipv4(address) if address.is_loopback() => address.to_string(),
            Host::Ipv6(address) if address.is_loopback() => address.to_string(),
            _ => return None,
        };
        if url.scheme() != "http" {
            return None;
        }
        Some(Self {
            address: (host, url.port_or_known_default()?),
            host: HeaderValue::from_str(uri.authority()?.as_str().rsplit('@').next()?).ok()?,
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
            // What breaks shows in the answer.
            let _ = connection.await;
        });
        let response = sender.send_request(request.map(Full::new)).await?;
        Ok(response.status())
    }
}

/// Sends webhooks as they become due, until it is dropped.
pub(super) async fn send(receiver: Receiver, shared: Arc<Shared>) {
    let mut sending = JoinSet::new();
    loop {
        let (due, wait) = shared.clocked.with(|sandbox, now| {
            let due = sandbox.webhook_deliveries(now);
            (due, wait_until(sandbox.next_webhook(), now))
        });
        for delivery in due {
            sending.spawn(deliver(receiver.clone(), Arc::clone(&shared), delivery));
        }
        tokio::select! {
            () = shared.touched.notified() => {}
            () = tokio::time::sleep(wait) => {}
            Some(_) = sending.join_next() => {}
        }
    }
}

fn wait_until(next: Option<OffsetDateTime>, now: OffsetDateTime) -> Duration {
    let Some(next) = next else { return LONG };
    let [next, now] = [next, now].map(OffsetDateTime::unix_timestamp_nanos);
    let wait = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
    Duration::from_nanos(wait)
}

async fn deliver(receiver: Receiver, shared: Arc<Shared>, delivery: Delivery) {
    let within = ANSWER_WITHIN.unsigned_abs();
    let answer = tokio::time::timeout(within, receiver.post(delivery.request)).await;
    shared.clocked.with(|sandbox, _| match answer {
        Ok(Ok(status)) => sandbox.webhook_answered(delivery.id, status),
        Ok(Err(_)) | Err(_) => sandbox.webhook_unanswered(delivery.id),
    });
}
