//! Blocking transports with faults that only they can have.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use paystack_tests::transports::attohttpc::AttoHttpc;
use paystack_transport::bytes::Bytes;
use paystack_transport::{BlockingTransport, TransportError};

/// The fault.
#[derive(Clone, Copy)]
pub(crate) enum WrongBlocking {
    ForgetsTheTime,
    OneAtATime,
}

pub(crate) struct Blocking {
    wrong: WrongBlocking,
    good: AttoHttpc,
    turn: Mutex<()>,
}

impl Blocking {
    pub(crate) fn new(wrong: WrongBlocking) -> Self {
        Self {
            wrong,
            good: AttoHttpc(Instant::now()),
            turn: Mutex::default(),
        }
    }
}

impl BlockingTransport for Blocking {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        match self.wrong {
            WrongBlocking::ForgetsTheTime => self.good.send(request, None),
            WrongBlocking::OneAtATime => {
                let _turn = self.turn.lock().unwrap();
                self.good.send(request, within)
            }
        }
    }

    fn sleep(&self, duration: Duration) {
        self.good.sleep(duration);
    }

    fn now(&self) -> Duration {
        self.good.now()
    }
}
