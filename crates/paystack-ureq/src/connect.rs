//! Connections: the name look-up, TCP, a proxy and TLS.

mod no_proxy;
mod proxy;
mod tls;

use std::io;

use http::Uri;
use paystack_transport::TransportErrorKind;
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

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
    type Out = Connected<C::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let connected = self.0.connect(details, chained);
        match connected {
            Ok(transport) => Ok(transport.map(Connected)),
            Err(error) => Err(NotConnected::marked(connect_error_kind(&error), error)),
        }
    }
}

/// A connection whose errors never end a body.
#[derive(Debug)]
pub(crate) struct Connected<T>(T);

impl<T: Transport> Transport for Connected<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        use io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};

        self.0.await_input(timeout).map_err(|error| match error {
            // ureq accepts these as the end of a body without a length. rustls reports `UnexpectedEof` if the server
            // closes without `close_notify`.
            Error::Io(error)
                if matches!(
                    error.kind(),
                    ConnectionAborted | ConnectionReset | UnexpectedEof
                ) =>
            {
                Error::Io(io::Error::other(error))
            }
            error => error,
        })
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
