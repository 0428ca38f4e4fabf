//! No error number is taken for proof that nothing was sent, over connections that fail with any error.

use std::error::Error as StdError;
use std::future::ready;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read as HyperRead, ReadBufCursor, Write as HyperWrite};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioExecutor;
use paystack_client::{Sent, Transport, TransportError, TransportErrorKind};
use paystack_hyper::HyperTransport;
use paystack_tower::TowerTransport;
use paystack_transport_test::{Clause, FailingStream, Report, Suite};
use paystack_ureq::UreqTransport;
use tower::service_fn;
use ureq::config::Config;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport as UreqStream,
};

use crate::tower::TokioTimer;

#[test]
fn hyper_takes_no_error_number_for_proof() {
    let over = |stream: FailingStream| {
        let connector = service_fn(move |_: Uri| ready(Ok::<_, io::Error>(Stream(stream.clone()))));
        HyperTransport::with_connector(connector)
    };
    on_tokio(over).assert_passed();
}

#[test]
fn tower_takes_no_error_number_for_proof() {
    on_tokio(|stream| over_tower(stream, by_phase)).assert_passed();
}

#[test]
fn a_classifier_that_goes_by_error_numbers_fails() {
    let report = on_tokio(|stream| over_tower(stream, by_number));
    let failed: Vec<_> = report.failed().collect();
    assert_eq!(failed, [Clause::ErrorNumbers], "{report}");
}

#[test]
fn ureq_takes_no_error_number_for_proof() {
    let over = |stream| {
        UreqTransport::with_connector(Config::builder().proxy(None).build(), Streams(stream))
    };
    let report = Suite::new().check_failing_streams_blocking(over);
    report.assert_passed();
}

#[test]
fn attohttpc_takes_no_error_number_for_proof() {
    // It runs over no stream of ours, so its classification is given the errors.
    for kind in [
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::TimedOut,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionReset,
    ] {
        let error = crate::own::lost(io::Error::from(kind));
        assert_eq!(error.sent(), Sent::Maybe, "{kind:?}");
    }
}

fn on_tokio<T: Transport>(over: impl Fn(FailingStream) -> T) -> Report {
    let mut runtime = ::tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(Suite::new().check_failing_streams(over))
}

type HyperError = hyper_util::client::legacy::Error;

fn over_tower(stream: FailingStream, classify: fn(HyperError) -> TransportError) -> impl Transport {
    let connector = service_fn(move |_: Uri| ready(Ok::<_, io::Error>(Stream(stream.clone()))));
    let client = Client::builder(TokioExecutor::new()).build(connector);
    TowerTransport::new(client, TokioTimer::new()).classify(classify)
}

fn by_phase(error: HyperError) -> TransportError {
    match error.is_connect() {
        true => TransportError::new(TransportErrorKind::Connect, Sent::No),
        false => TransportError::new(TransportErrorKind::Io, Sent::Maybe),
    }
}

/// What this SDK's own documentation once showed.
fn by_number(error: HyperError) -> TransportError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && error.kind() == io::ErrorKind::ConnectionRefused
        {
            return TransportError::new(TransportErrorKind::Connect, Sent::No);
        }
        cause = error.source();
    }
    TransportError::new(TransportErrorKind::Io, Sent::Maybe)
}

/// For hyper.
struct Stream(FailingStream);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl HyperRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.read(&mut []).map(drop))
    }
}

impl HyperWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// For ureq.
#[derive(Debug)]
struct Streams(FailingStream);

impl Connector for Streams {
    type Out = Buffered;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Buffered>, ureq::Error> {
        Ok(Some(Buffered {
            stream: self.0.clone(),
            buffers: LazyBuffers::new(4096, 4096),
        }))
    }
}

#[derive(Debug)]
struct Buffered {
    stream: FailingStream,
    buffers: LazyBuffers,
}

impl UreqStream for Buffered {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        let output = &self.buffers.output()[..amount];
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let read = self.stream.read(self.buffers.input_append_buf())?;
        Ok(read > 0)
    }

    fn is_open(&mut self) -> bool {
        true
    }
}
