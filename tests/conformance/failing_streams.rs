//! No adapter takes an error number as proof that it has sent nothing.
//!
//! The connections fail with every error.

use std::error::Error as StdError;
use std::future::ready;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read as HyperRead, ReadBufCursor, Write as HyperWrite};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioExecutor;
use paystack_hyper::HyperTransport;
use paystack_tests::transports::tower::TokioTimer;
use paystack_tests::transports::{attohttpc, tokio_runtime};
use paystack_tests::values::CONNECTION_ERRORS;
use paystack_tower::TowerTransport;
use paystack_transport::{Sent, Transport, TransportError, TransportErrorKind};
use paystack_transport_test::{Clause, FailingStream, Report, Suite};
use paystack_ureq::UreqTransport;
use tower::service_fn;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport as UreqStream,
};

#[test]
fn hyper_does_not_trust_error_numbers() {
    let over = |stream: FailingStream| {
        let connector = service_fn(move |_: Uri| ready(Ok::<_, io::Error>(Stream(stream.clone()))));
        HyperTransport::builder()
            .connector(connector)
            .build()
            .unwrap()
    };
    on_tokio(over).assert_passed();
}

#[test]
fn tower_does_not_trust_error_numbers() {
    on_tokio(|stream| over_tower(stream, by_phase)).assert_passed();
}

#[test]
fn classifier_by_error_number_fails() {
    let report = on_tokio(|stream| over_tower(stream, by_number));
    let failed: Vec<_> = report.failed().collect();
    assert_eq!(failed, [Clause::ErrorNumbers], "{report}");
}

#[test]
fn ureq_does_not_trust_error_numbers() {
    let report = Suite::new().check_failing_streams_blocking(over_ureq);
    report.assert_passed();
}

#[test]
fn suite_with_the_longest_timeout_does_not_panic() {
    let suite = Suite::new().timeout(Duration::MAX);
    suite
        .check_failing_streams_blocking(over_ureq)
        .assert_passed();
    let over = |stream| over_tower(stream, by_phase);
    let report = tokio_runtime().block_on(suite.check_failing_streams(over));
    report.assert_passed();
}

#[test]
fn attohttpc_does_not_trust_error_numbers() {
    // attohttpc accepts no custom stream, so this test calls its classification.
    for kind in CONNECTION_ERRORS {
        let error = attohttpc::lost(io::Error::from(kind));
        assert_eq!(error.sent(), Sent::Maybe, "{kind:?}");
    }
}

fn on_tokio<T: Transport>(over: impl Fn(FailingStream) -> T) -> Report {
    tokio_runtime().block_on(Suite::new().check_failing_streams(over))
}

fn over_ureq(stream: FailingStream) -> UreqTransport {
    let builder = UreqTransport::builder().connector(Streams(stream));
    builder.build().unwrap()
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

/// Classifies by error number, as this SDK's documentation once did.
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

/// A failing stream for hyper.
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

/// A failing stream for ureq.
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
