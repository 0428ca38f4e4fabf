//! The client: operations in, replies out.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use paystack_core::{
    Api, Error, ErrorKind, Operation, Reply, Sent, TransportError, TransportErrorKind,
};

use crate::trace;
use crate::transport::Transport;

/// How long an answer may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends operations over a transport and reads their answers.
///
/// It is cheap to clone, and all clones are one client. The transport may be a type of its own or,
/// chosen at run time, an `Arc<dyn Transport>`.
pub struct Client<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    api: Api,
    transport: T,
}

impl<T: Transport> Client<T> {
    /// A client of this API over this transport.
    pub fn new(api: Api, transport: T) -> Self {
        Self {
            shared: Arc::new(Shared { api, transport }),
        }
    }

    /// Where the API is and who asks.
    pub fn api(&self) -> &Api {
        &self.shared.api
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        &self.shared.transport
    }

    /// Sends an operation and reads the answer, which may take 30 seconds.
    ///
    /// # Errors
    ///
    /// [`Error`] says what went wrong and whether anything was sent.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let Shared { api, transport } = &*self.shared;
        trace::call(O::NAME, transport, async move {
            let request = api.request(&operation)?;
            match send_within(transport, request, ATTEMPT_TIMEOUT).await {
                Ok(response) => api.read(&operation, response),
                Err(lost) => Err(Error::new(O::NAME, ErrorKind::Transport(lost))),
            }
        })
        .await
    }
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.shared.api)
    }
}

/// Sends a request and gives it up after a while. The sleep is only made if there is no answer at
/// once.
async fn send_within<T: Transport>(
    transport: &T,
    request: http::Request<Bytes>,
    limit: Duration,
) -> Result<http::Response<Bytes>, TransportError> {
    let mut send = transport.send(request);
    let mut sleep = None;
    poll_fn(|context| {
        if let Poll::Ready(sent) = send.as_mut().poll(context) {
            return Poll::Ready(sent);
        }
        let sleep = sleep.get_or_insert_with(|| transport.sleep(limit));
        let given_up = TransportError::new(TransportErrorKind::Timeout, Sent::Maybe);
        sleep.as_mut().poll(context).map(|()| Err(given_up))
    })
    .await
}
