//! Where a transport is put on trial: its requests, its limits, and what its errors showed.

use std::cell::RefCell;
use std::error::Error;
use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{Sent, TransportError, http};

use crate::subject::{Sending, Subject};

/// Stands in the key, the path and the query of every request, and must not be in any error.
const CANARY: &str = "canary";

const KEY: &str = "Bearer sk_test_canary";

/// When the connection of a request that was given up has to be closed.
pub(crate) const CLOSED: Duration = Duration::from_secs(1);

pub(crate) struct Bench<'a, S> {
    pub(crate) subject: &'a S,
    pub(crate) body_limit: usize,
    /// What is not there after this long does not come.
    pub(crate) patience: Duration,
    /// The first error that showed a secret.
    leak: RefCell<Option<String>>,
}

/// Why a clause is not kept.
pub(crate) enum Unmet {
    Failed(String),
    /// This machine cannot tell.
    Unchecked(String),
}

impl From<String> for Unmet {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

impl From<io::Error> for Unmet {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("no server on loopback: {error}"))
    }
}

pub(crate) type Checked = Result<(), Unmet>;

impl<'a, S: Subject> Bench<'a, S> {
    pub(crate) fn new(subject: &'a S, body_limit: usize, patience: Duration) -> Self {
        Self {
            subject,
            body_limit,
            patience,
            leak: RefCell::default(),
        }
    }

    /// What became of a request within a time.
    pub(crate) async fn send(&self, request: http::Request<Bytes>, within: Duration) -> Sending {
        let sending = self.subject.send(request, within).await;
        self.look_for_secrets(&sending);
        sending
    }

    pub(crate) async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
    ) -> Option<Vec<Sending>> {
        let all = self.subject.send_all(requests, self.patience).await?;
        for sending in &all {
            self.look_for_secrets(sending);
        }
        Some(all)
    }

    /// The answer that there has to be.
    pub(crate) async fn answered(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, String> {
        answer(self.send(request, self.patience).await)
    }

    /// The error that there has to be.
    pub(crate) async fn fails(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<TransportError, String> {
        error(self.send(request, self.patience).await)
    }

    /// How long a server says nothing: longer than the suite waits for a transport to give up.
    pub(crate) fn stall(&self) -> Duration {
        self.patience.saturating_add(CLOSED.saturating_mul(2))
    }

    /// Waits for what another thread sees.
    pub(crate) async fn until(&self, within: Duration, is: impl Fn() -> bool) -> bool {
        const PAUSE: Duration = Duration::from_millis(5);
        let mut waited = Duration::ZERO;
        while !is() {
            if waited > within {
                return false;
            }
            self.subject.sleep(PAUSE).await;
            waited = waited.saturating_add(PAUSE);
        }
        true
    }

    pub(crate) fn leak(&self) -> Option<String> {
        self.leak.borrow().clone()
    }

    fn look_for_secrets(&self, sending: &Sending) {
        let Some(Err(error)) = sending else { return };
        let shown = all_texts(error);
        if shown.to_ascii_lowercase().contains(CANARY) {
            self.leak.borrow_mut().get_or_insert(shown);
        }
    }
}

/// A request without a body, as the client would send it, under a name.
pub(crate) fn get(server: SocketAddr, name: &str) -> http::Request<Bytes> {
    let url = format!("http://{server}{}", target(name));
    request(http::Method::GET, &url, Bytes::new())
}

/// A request with a body.
pub(crate) fn post(server: SocketAddr, name: &str, body: impl Into<Bytes>) -> http::Request<Bytes> {
    let url = format!("http://{server}{}", target(name));
    request(http::Method::POST, &url, body.into())
}

/// Path and query of the request under this name.
pub(crate) fn target(name: &str) -> String {
    format!("/customer/canary%40example.com/{name}?perPage=50&from=canary")
}

/// Nothing that is given can be refused; if it were, the server would be sent another request.
pub(crate) fn request(method: http::Method, url: &str, body: Bytes) -> http::Request<Bytes> {
    let mut key = http::HeaderValue::from_static(KEY);
    key.set_sensitive(true);
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url.parse().unwrap_or_default();
    let json = http::HeaderValue::from_static("application/json");
    if !request.body().is_empty() {
        let json = json.clone();
        request
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
    }
    let headers = request.headers_mut();
    headers.insert(http::header::ACCEPT, json);
    headers.insert(http::header::AUTHORIZATION, key);
    let agent = http::HeaderValue::from_static("paystack-transport-test");
    headers.insert(http::header::USER_AGENT, agent);
    request
}

/// What was expected to be an answer.
pub(crate) fn answer(sending: Sending) -> Result<http::Response<Bytes>, String> {
    match sending {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => Err(format!("expected an answer, seen {}", told(&error))),
        None => Err("expected an answer, none came".into()),
    }
}

/// What was expected to be an error.
pub(crate) fn error(sending: Sending) -> Result<TransportError, String> {
    match sending {
        Some(Err(error)) => Ok(error),
        Some(Ok(answer)) => Err(format!(
            "expected an error, seen an answer with status {} and {} bytes",
            answer.status().as_u16(),
            answer.body().len()
        )),
        None => Err("expected an error; neither that nor an answer came in time".into()),
    }
}

/// An error with its causes.
pub(crate) fn told(error: &TransportError) -> String {
    let mut told = format!("{:?} and {:?}: {error}", error.kind(), error.sent());
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(told, ": {error}");
        cause = error.source();
    }
    told
}

/// Holds an error to its `Sent`.
pub(crate) fn not_no(error: &TransportError) -> Result<(), String> {
    if error.sent() == Sent::No {
        return Err(format!("expected no `No`, seen {}", told(error)));
    }
    Ok(())
}

fn all_texts(error: &TransportError) -> String {
    let mut texts = String::new();
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        let _ = write!(texts, "{error} {error:?} ");
        cause = error.source();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_start_fails_its_clause() {
        let unmet = Unmet::from(io::Error::other("too many open files"));
        assert!(matches!(unmet, Unmet::Failed(why) if why.contains("too many open files")));
    }
}
