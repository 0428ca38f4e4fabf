//! A connection that fails after it accepted part of a request.

use std::io::{self, Read, Write};

/// A connection that accepts the first byte of a request or all of it, and then fails with one error.
///
/// [`Suite::check_failing_streams`](crate::Suite::check_failing_streams) creates these streams for transports
/// that run over connections of the caller. No call blocks.
#[derive(Clone, Debug)]
pub struct FailingStream {
    error: io::ErrorKind,
    /// How many more bytes the stream accepts.
    remaining: usize,
}

impl FailingStream {
    /// Errors of an established connection on Linux. Some look like errors from before the connection existed.
    const ERRORS: [io::ErrorKind; 5] = [
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::TimedOut,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionReset,
    ];

    /// Returns a stream for each error, after the first byte of a request and after the whole request.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let failing = |error| [1, usize::MAX].map(|remaining| Self { error, remaining });
        Self::ERRORS.into_iter().flat_map(failing)
    }
}

impl Read for FailingStream {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.error.into())
    }
}

impl Write for FailingStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.remaining == 0 {
            return Err(self.error.into());
        }
        let written = bytes.len().min(self.remaining);
        self.remaining = self.remaining.saturating_sub(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
