//! TCP connections, whose errors show no address.

use std::error::Error as StdError;
use std::fmt;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use tower_service::Service;

use super::open::{OpenConnection, OpenConnections};
use super::{BoxError, Connecting};

/// hyper-util's TCP connector, whose errors show no address.
#[derive(Clone)]
pub(crate) struct TcpConnector {
    pub(crate) connector: HttpConnector,
    /// The connections that it has made.
    pub(crate) open: OpenConnections,
}

type TcpError = <HttpConnector as Service<Uri>>::Error;

impl Service<Uri> for TcpConnector {
    type Response = OpenConnection;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.connector.call(uri);
        let open = self.open.clone();
        Box::pin(async move {
            let stream = connecting.await.map_err(without_address)?;
            Ok(open.add(stream.into_inner())?)
        })
    }
}

fn without_address(error: TcpError) -> BoxError {
    Box::new(WithoutAddress(Box::new(error)))
}

/// Replaces hyper-util's TCP error in an error of the caller's connector.
pub(super) fn replace_address(error: BoxError) -> BoxError {
    match error.downcast::<TcpError>() {
        Ok(error) => Box::new(WithoutAddress(error)),
        Err(error) => error,
    }
}

/// Whether an error is that of a name look-up.
pub(crate) fn is_name_lookup(error: &(dyn StdError + 'static)) -> bool {
    let error = error.downcast_ref::<WithoutAddress>();
    // hyper-util marks the phase with this text only.
    error.is_some_and(|error| error.0.to_string() == "dns error")
}

/// hyper-util's TCP error, whose own `Debug` shows the address.
struct WithoutAddress(Box<TcpError>);

impl fmt::Debug for WithoutAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TcpError").field(&self.source()).finish()
    }
}

impl fmt::Display for WithoutAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl StdError for WithoutAddress {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
