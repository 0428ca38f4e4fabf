//! TLS by rustls, with one configuration for all connections. ureq's own connector cannot add roots to Mozilla's, and
//! panics if a private key does not belong to its certificate.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use http::Uri;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};

/// Adds TLS to the connection of the connector before it, for `https`.
pub(crate) struct TlsConnector {
    pub(crate) to_server: Arc<ClientConfig>,
    pub(crate) to_proxy: Arc<ClientConfig>,
    pub(crate) proxy: Option<Uri>,
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsStream>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(stream) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() {
            return Ok(Some(Either::A(stream)));
        }
        // For a proxy over TLS, ureq calls all connectors with the URL of the proxy first.
        let config = match self.proxy.as_ref() == Some(details.uri) {
            true => &self.to_proxy,
            false => &self.to_server,
        };
        let host = details.uri.host().unwrap_or_default();
        let host = host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| Error::Tls("invalid host name"))?;
        let mut tls = ClientConnection::new(Arc::clone(config), name)?;
        let stream: Box<dyn Transport> = Box::new(stream);
        let mut socket = TransportAdapter::new(stream, Arc::clone(&details.current_time));
        socket.set_timeout(remaining(details));
        tls.complete_io(&mut socket)?;
        let config = details.config;
        Ok(Some(Either::B(TlsStream {
            stream: StreamOwned::new(tls, socket),
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        })))
    }
}

/// The time for connecting that TCP and the proxy have left.
fn remaining(details: &ConnectionDetails<'_>) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (Duration::Exact(limit), Instant::Exact(started)) = (timeout.after, details.now) {
        timeout.after = Duration::Exact(limit.saturating_sub(started.elapsed()));
    }
    timeout
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConnector").finish_non_exhaustive()
    }
}

/// A connection over TLS.
pub(crate) struct TlsStream {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: LazyBuffers,
}

impl Transport for TlsStream {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // Bytes after a response would be the start of the next one. Session tickets are no plaintext.
        let state = self.stream.conn.process_new_packets();
        let is_quiet = state
            .is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed());
        let socket = self.stream.sock.get_mut();
        is_quiet && socket.buffers().input().is_empty() && socket.is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsStream").finish_non_exhaustive()
    }
}
