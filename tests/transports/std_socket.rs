//! No client at all: the core's `Call`, driven over a socket of the standard library.

use std::cell::RefCell;
use std::time::Instant;

use paystack_core::{Api, Call, Error, Operation, Pace, Reply, Settings, Step};

use crate::std_exchange::exchange;

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
                    ..
                } => match exchange(&request, within) {
                    Ok(response) => call.received(attempt, response),
                    Err(error) => call.failed(attempt, error),
                },
            }
        }
    }
}
