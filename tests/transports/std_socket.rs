//! No client at all: the core's `Call`, driven over a socket of the standard library.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use paystack_core::bytes::Bytes;
use paystack_core::{
    Api, Call, Error, Operation, Pace, Reply, Sent, Settings, Step, TransportError,
    TransportErrorKind,
};

use crate::exchange::{address, refused};

pub(crate) struct StdSocket {
    api: Api,
    pace: RefCell<Pace>,
    started: Instant,
}

impl StdSocket {
    pub(crate) fn new(api: Api) -> Self {
        let (pace, started) = (RefCell::new(crate::unlimited()), Instant::now());
        Self { api, pace, started }
    }

    pub(crate) fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let mut call = Call::new(&self.api, operation, Settings::default());
        loop {
            let pace = &mut self.pace.borrow_mut();
            match call.step(pace, self.started.elapsed()) {
                Step::Done(result) => return result,
                Step::Wait(duration) => std::thread::sleep(duration),
                Step::Send {
                    request,
                    within,
                    attempt,
                } => match exchange(&request, within) {
                    Ok(response) => call.received(attempt, response),
                    Err(error) => call.failed(attempt, error),
                },
            }
        }
    }
}

/// HTTP/1.0, which ends an answer by closing: enough for a sandbox on this machine, without TLS.
fn exchange(
    request: &http::Request<Bytes>,
    within: Option<Duration>,
) -> Result<http::Response<Bytes>, TransportError> {
    let mut stream = TcpStream::connect(address(request)).map_err(refused)?;
    stream.set_read_timeout(within).map_err(lost)?;
    stream.write_all(&written(request)).map_err(lost)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(lost)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut response = http::Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    Ok(response.body(Bytes::from(body.to_owned())).unwrap())
}

fn written(request: &http::Request<Bytes>) -> Vec<u8> {
    let (path, host) = (request.uri().path_and_query().unwrap(), address(request));
    let (method, length) = (request.method(), request.body().len());
    let first = format!("{method} {path} HTTP/1.0\r\nhost: {host}\r\ncontent-length: {length}\r\n");
    let mut bytes = first.into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body());
    bytes
}

fn lost(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Io,
    };
    TransportError::new(kind, Sent::Maybe).with_source(error)
}
