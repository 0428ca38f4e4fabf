//! Sends one request over a socket of the standard library, without TLS.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use http::{Request, Response};
use paystack_core::bytes::Bytes;
use paystack_core::{Sent, TransportError, TransportErrorKind};

use super::exchange::refused;
use super::http10::{read, written};
use super::origin::address;

const ANSWER_LIMIT: usize = 1024 * 1024;

/// A socket rejects a time limit of zero.
const SHORTEST: Duration = Duration::from_millis(1);

/// Enforces the time limit on the whole exchange, and limits the size of the response.
pub fn exchange(
    request: &Request<Bytes>,
    within: Option<Duration>,
) -> Result<Response<Bytes>, TransportError> {
    let longest = Duration::from_secs(3600); // a later end could overflow
    let ends = Instant::now() + within.map_or(longest, |within| within.min(longest));
    let rest = || ends.saturating_duration_since(Instant::now()).max(SHORTEST);
    let mut addresses = address(request).to_socket_addrs().map_err(refused)?;
    let address = addresses.next().unwrap();
    let stream = TcpStream::connect_timeout(&address, rest());
    let mut stream = stream.map_err(refused)?;
    stream.set_write_timeout(Some(rest())).map_err(lost)?;
    stream.write_all(&written(request)).map_err(lost)?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        stream.set_read_timeout(Some(rest())).map_err(lost)?;
        match stream.read(&mut piece).map_err(lost)? {
            0 => return read(&answer).ok_or_else(|| lost(io::ErrorKind::UnexpectedEof.into())),
            length => answer.extend_from_slice(&piece[..length]),
        }
        if answer.len() > ANSWER_LIMIT {
            return Err(lost(io::ErrorKind::FileTooLarge.into()));
        }
        if Instant::now() >= ends {
            return Err(lost(io::ErrorKind::TimedOut.into()));
        }
    }
}

fn lost(error: io::Error) -> TransportError {
    let kind = match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
        io::ErrorKind::FileTooLarge => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Io,
    };
    TransportError::new(kind, Sent::Maybe).with_source(error)
}
