//! The classification of hyper's errors: the cause, and whether the request was sent.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy::Error;
use paystack_transport::{Sent, TransportError, TransportErrorKind};

use crate::connect::is_name_lookup;

pub(crate) fn lost(error: Error, has_body: bool) -> TransportError {
    let kind = if error.is_connect() {
        connect_error_kind(&error)
    } else {
        TransportErrorKind::Io
    };
    let sent = if is_surely_unsent(&error, has_body) {
        Sent::No
    } else {
        Sent::Maybe
    };
    TransportError::new(kind, sent).with_source(error)
}

/// Whether the server certainly has not processed the request. After a wrong yes, the client repeats a write. So only
/// direct causes count, not those further down the chain.
fn is_surely_unsent(error: &Error, has_body: bool) -> bool {
    if error.is_connect() {
        return true;
    }
    let Some(error) = cause::<hyper::Error>(error) else {
        return false;
    };
    if error.is_canceled() {
        return true;
    }
    let Some(error) = cause::<h2::Error>(error) else {
        return false;
    };
    if !error.is_remote() {
        return false;
    }
    if error.is_reset() {
        return error.reason() == Some(h2::Reason::REFUSED_STREAM);
    }
    // A GOAWAY fails only the streams after its last one, with one exception. In a race, hyper drops a new stream after
    // its headers and before its body. So a request with a body was not sent whole.
    error.is_go_away() && has_body
}

fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    error.source()?.downcast_ref()
}

/// The cause of an error that a connector returned.
fn connect_error_kind(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if is_name_lookup(error) {
            return TransportErrorKind::NameLookup;
        }
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return TransportErrorKind::UntrustedCertificate;
        }
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return TransportErrorKind::ConnectionRefused;
        }
        // The `source` of an `io::Error` skips the error inside it.
        cause = match io.and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    TransportErrorKind::Connect
}
