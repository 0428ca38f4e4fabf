//! Connections: TLS with the ring provider, and one time-out for all steps to a connection.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use paystack_transport::TransportErrorKind;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::turns::InTurns;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<S> = Pin<Box<dyn Future<Output = Result<S, BoxError>> + Send>>;

/// Connects over TCP and, for https, TLS by rustls with the ring provider. ALPN selects HTTP/1.1 or HTTP/2.
///
/// It does not use the process-wide provider: rustls panics in a program that contains two.
#[derive(Clone)]
pub struct TlsConnector {
    /// An error, such as a provider without cipher suites, fails each connection.
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

    /// Trusts the certificates of the operating system.
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
    // TLS is added on top for https.
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tls.https_or_http()
        .enable_all_versions()
        .wrap_connector(tcp)
}

/// A connector with a time-out for the name look-up, TCP and the TLS handshake together. The time-outs of TCP
/// connectors exclude the handshake. HTTP/2 connections are read [in turns](InTurns).
#[derive(Clone, Debug)]
pub struct ConnectTimeout<C> {
    connector: C,
    limit: Duration,
}

impl<C> ConnectTimeout<C> {
    /// Limits the time of this connector.
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

/// The cause of an error that a connector returned.
pub(crate) fn kind_of(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error
            .downcast_ref()
            .is_some_and(WithoutAddress::is_name_lookup)
        {
            return TransportErrorKind::NameLookup;
        }
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return TransportErrorKind::UntrustedCertificate;
        }
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return TransportErrorKind::ConnectionRefused;
        }
        // The `source` of an `io::Error` skips the error inside it.
        cause = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    TransportErrorKind::Connect
}

fn without_address(error: BoxError) -> BoxError {
    match error.downcast::<TcpError>() {
        Ok(error) => Box::new(WithoutAddress(error)),
        Err(error) => error,
    }
}

/// hyper-util's TCP error, whose own `Debug` shows the address.
struct WithoutAddress(Box<TcpError>);

impl WithoutAddress {
    /// hyper-util marks the phase with this text only.
    fn is_name_lookup(&self) -> bool {
        self.0.to_string() == "dns error"
    }
}

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
