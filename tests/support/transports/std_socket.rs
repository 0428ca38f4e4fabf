//! Runs the core's `Call` over a socket of the standard library, without a client.

use std::cell::RefCell;
use std::time::Instant;

use paystack_core::{Api, Call, Error, Operation, RateLimiter, Reply, Settings, Step};

use super::std_exchange::exchange;

pub struct StdSocket {
    api: Api,
    limiter: RefCell<RateLimiter>,
    started: Instant,
}

impl StdSocket {
    pub fn new(api: Api) -> Self {
        let (limiter, started) = (RefCell::new(crate::values::unlimited()), Instant::now());
        Self {
            api,
            limiter,
            started,
        }
    }

    pub fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let mut call = Call::new(&self.api, operation, Settings::default());
        loop {
            let limiter = &mut self.limiter.borrow_mut();
            match call.step(limiter, self.started.elapsed()) {
                Step::Done(result) => return result,
                Step::Wait(duration) => std::thread::sleep(duration),
                Step::Send {
                    request,
                    within,
                    attempt,
                    ..
                } => match exchange(&request, within) {
                    Ok(response) => call.handle_response(attempt, response),
                    Err(error) => call.handle_error(attempt, error),
                },
            }
        }
    }
}
