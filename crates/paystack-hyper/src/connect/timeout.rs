//! A time-out for all steps to a connection.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use tower_service::Service;

use super::tcp::replace_address;
use super::{BoxError, Connecting};

/// A connector with a time-out for the name look-up, TCP, the proxy and the TLS handshake together. The time-outs
/// of TCP connectors exclude the handshake.
#[derive(Clone)]
pub(crate) struct ConnectTimeout<C> {
    /// Shared, because hyper-util clones it for each request.
    connector: Arc<C>,
    limit: Duration,
}

impl<C> ConnectTimeout<C> {
    pub(crate) fn new(connector: C, limit: Duration) -> Self {
        Self {
            connector: Arc::new(connector),
            limit,
        }
    }
}

impl<C> Service<Uri> for ConnectTimeout<C>
where
    C: Service<Uri> + Clone + Send + 'static,
    C::Error: Into<BoxError>,
    C::Future: Send,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Connecting<C::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let mut connector = C::clone(&self.connector);
        let limit = self.limit;
        Box::pin(async move {
            let connecting = async {
                poll_fn(|context| connector.poll_ready(context)).await?;
                connector.call(uri).await
            };
            match tokio::time::timeout(limit, connecting).await {
                Ok(Ok(connected)) => Ok(connected),
                Ok(Err(error)) => Err(replace_address(error.into())),
                Err(_) => Err(BoxError::from("connecting timed out")),
            }
        })
    }
}
