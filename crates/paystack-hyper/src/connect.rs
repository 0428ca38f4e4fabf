//! Connections: TLS with the ring provider, and one limit over all the steps to a connection.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::turns::InTurns;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<S> = Pin<Box<dyn Future<Output = Result<S, BoxError>> + Send>>;

/// Connects over TCP and, for https, TLS by rustls with the ring provider. HTTP/1.1 or HTTP/2 is
/// agreed on by ALPN.
///
/// The provider is named here, not taken from the process: a program that holds another one as well
/// would panic.
#[derive(Clone)]
pub struct TlsConnector {
    /// An error here, which a provider without cipher suites would be, is that of each connection.
    connector: Result<HttpsConnector<HttpConnector>, rustls::Error>,
}

impl TlsConnector {
    /// Trusts Mozilla's roots.
    pub(crate) fn with_webpki_roots() -> Self {
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(provider);
        Self {
            connector: builder.map(over_tcp),
        }
    }

    /// Trusts what the operating system trusts.
    #[cfg(feature = "platform-verifier")]
    pub(crate) fn with_platform_verifier() -> std::io::Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        let builder = HttpsConnectorBuilder::new().with_provider_and_platform_verifier(provider)?;
        Ok(Self {
            connector: Ok(over_tcp(builder)),
        })
    }
}

impl Service<Uri> for TlsConnector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match &mut self.connector {
            Ok(connector) => connector.poll_ready(context),
            Err(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match &mut self.connector {
            Ok(connector) => connector.call(uri),
            Err(error) => Box::pin(ready(Err(error.clone().into()))),
        }
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConnector")
    }
}

fn over_tcp(
    tls: HttpsConnectorBuilder<hyper_rustls::builderstates::WantsSchemes>,
) -> HttpsConnector<HttpConnector> {
    let mut tcp = HttpConnector::new();
    // TLS is laid over it for https.
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tls.https_or_http()
        .enable_all_versions()
        .wrap_connector(tcp)
}

/// A connector that gives up after a while, wherever it is then: in the name look-up, in TCP or in
/// the TLS handshake. Limits of TCP connectors do not cover the handshake. What it connects to is read
/// [in turns](InTurns), if it is HTTP/2.
#[derive(Clone, Debug)]
pub struct ConnectTimeout<C> {
    connector: C,
    limit: Duration,
}

impl<C> ConnectTimeout<C> {
    /// Gives this connector up after this long.
    pub fn new(connector: C, limit: Duration) -> Self {
        Self { connector, limit }
    }
}

impl<C> Service<Uri> for ConnectTimeout<C>
where
    C: Service<Uri>,
    C::Response: Connection,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
{
    type Response = InTurns<C::Response>;
    type Error = BoxError;
    type Future = Connecting<InTurns<C::Response>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.connector.call(uri);
        let limit = self.limit;
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(Ok(connected)) => Ok(InTurns::new(connected)),
                Ok(Err(error)) => Err(without_address(error.into())),
                Err(_) => Err(BoxError::from("no connection in time")),
            }
        })
    }
}

type TcpError = <HttpConnector as Service<Uri>>::Error;

fn without_address(error: BoxError) -> BoxError {
    match error.downcast::<TcpError>() {
        Ok(error) => Box::new(WithoutAddress(error)),
        Err(error) => error,
    }
}

/// hyper-util's error of TCP, whose `Debug` shows the address that was tried.
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
