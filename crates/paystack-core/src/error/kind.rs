//! The reason of an error.

use std::fmt;

use super::{PagingError, TransportError};
use crate::json::OddRow;
use crate::response::{ApiError, DecodeError};
use crate::types::InvalidInput;

/// The reason of an [`Error`](crate::Error).
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An input is invalid. No request was sent.
    InvalidInput(InvalidInput),
    /// The deadline passed, or the rate limit does not admit the call before it.
    Deadline,
    /// The call was stepped after its end. Start a new [`Call`](crate::Call).
    Finished,
    /// The request or its response was lost.
    Transport(TransportError),
    /// Paystack, or a proxy in front of it, refused the request.
    Api(ApiError),
    /// A success whose body does not fit the operation's output, or JSON that was decoded outside of a call.
    Decode(DecodeError),
    /// A row of a list does not decode. The list goes on after it.
    OddRow(OddRow),
    /// A page does not lead to the next one.
    Paging(PagingError),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidInput(error) => error.fmt(f),
            Self::Deadline => f.write_str("deadline exceeded"),
            Self::Finished => f.write_str("the call has already ended: start a new one"),
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::OddRow(row) => row.fmt(f),
            Self::Paging(error) => error.fmt(f),
        }
    }
}
