//! A connection that fails after it has accepted part of a request.

use std::io::{self, Read, Write};

/// A connection that accepts part of a request, and then fails every read and write with one error.
///
/// [`Suite::check_failing_streams`](crate::Suite::check_failing_streams) makes them, for transports that
/// run over connections of the caller's own. No call blocks.
#[derive(Clone, Debug)]
pub struct FailingStream {
    error: io::ErrorKind,
    /// How many bytes it still accepts.
    room: usize,
}

impl FailingStream {
    /// Errors that an established connection returns on Linux, though some of them look like those of a
    /// connection that was never made.
    const ERRORS: [io::ErrorKind; 5] = [
        io::ErrorKind::ConnectionRefused,
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::TimedOut,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionReset,
    ];

    /// Each error, after the first byte of a request and after all of it.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let failing = |error| [1, usize::MAX].map(|room| Self { error, room });
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
        if self.room == 0 {
            return Err(self.error.into());
        }
        let written = bytes.len().min(self.room);
        self.room = self.room.saturating_sub(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
