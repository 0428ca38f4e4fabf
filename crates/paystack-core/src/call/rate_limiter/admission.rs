//! The place of a call in the queue, and whether it may send a request.

use std::sync::Arc;
use std::time::Duration;

/// The place of a call in the order of all calls, kept through its attempts.
#[derive(Debug)]
pub(in crate::call) struct Ticket {
    pub(super) number: u64,
    /// Alive while the call waits: the queue holds a weak reference, so a dropped call leaves it.
    pub(super) place: Option<Arc<Place>>,
}

/// The place of a waiting call. Its group counts the places, to notice dropped calls.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) _calls: Arc<()>,
}

/// Whether a request may be sent now.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) enum Admission {
    Granted,
    /// Ask again after `wait`. The call's turn is expected after `turn`.
    Wait {
        wait: Duration,
        turn: Duration,
    },
}
