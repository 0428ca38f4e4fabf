//! Connections: the name look-up, TCP, a proxy and TLS.

mod no_proxy;
mod proxy;
mod tls;

use http::Uri;
use paystack_transport::TransportErrorKind;
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

pub(crate) use self::proxy::Proxies;
pub(crate) use self::tls::TlsConnector;
use crate::error::{NotConnected, connect_error_kind};

/// A name look-up or a connector. It marks its errors: they occur before a connection exists.
#[derive(Debug)]
pub(crate) struct Connecting<T>(pub(crate) T);

impl<R: Resolver> Resolver for Connecting<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let resolved = self.0.resolve(uri, config, timeout);
        resolved.map_err(|error| NotConnected::marked(TransportErrorKind::NameLookup, error))
    }
}

impl<C: Connector> Connector for Connecting<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let connected = self.0.connect(details, chained);
        connected.map_err(|error| NotConnected::marked(connect_error_kind(&error), error))
    }
}
