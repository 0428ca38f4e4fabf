//! The same faults over ureq. No write arrives twice.

use std::io;
use std::time::Duration;

use paystack_tests::ureq_in_memory::{Fate, OverUreq, Server, Then};
use paystack_tests::values::{CONNECTION_ERRORS, api, unlimited};
use paystack_transport::bytes::Bytes;
use paystack_transport::{BlockingClient, http};

use crate::kinds;
use crate::sending::{self, CUSTOMER, Sending};
use crate::server::{Act, Then as Next, Use};

/// Gives every request the same fate, after some good responses.
pub struct Faulty {
    fate: Fate,
    good: u32,
    arrived: u32,
}

impl Server for Faulty {
    fn fate(&mut self) -> Fate {
        match self.good.checked_sub(1) {
            None => self.fate.clone(),
            Some(left) => {
                self.good = left;
                Fate::Answer(kinds::response("200 OK", "", CUSTOMER), Then::Stall)
            }
        }
    }

    fn arrived(&mut self, _: Duration, _: http::Request<Bytes>) -> Option<Vec<u8>> {
        self.arrived += 1;
        None
    }
}

/// Returns `None` for HTTP/2, which ureq does not support.
fn fate(act: &Act) -> Option<Fate> {
    Some(match act {
        Act::Nameless => Fate::Nameless,
        Act::Refuse => Fate::NotConnected(io::ErrorKind::ConnectionRefused),
        Act::Vanish => Fate::NeverConnected,
        Act::Tls(_) => Fate::NotConnected(io::ErrorKind::InvalidData),
        Act::HangUp => Fate::FirstByte(io::ErrorKind::ConnectionReset),
        Act::Respond(response, then) => Fate::Answer(
            response.clone(),
            match *then {
                Next::HangUp => Then::Close,
                Next::Reset => Then::Fail(io::ErrorKind::ConnectionReset),
                Next::Stall | Next::GoOn => Then::Stall,
                Next::Repeat(bytes, every) => Then::Repeat(bytes, every),
            },
        ),
        Act::Http2(_) => return None,
    })
}

/// Returns the number of attempts, and the number of requests that arrived.
fn run(fate: &Fate, sending: &Sending, connection: Use) -> (u32, u32) {
    let good = match connection {
        Use::Fresh => 0,
        Use::Reused => 1,
    };
    let server = Faulty {
        fate: fate.clone(),
        good,
        arrived: 0,
    };
    let api = api().with_base_url("http://127.0.0.1").unwrap();
    let transport = OverUreq::new(server, kinds::BODY_LIMIT);
    let client = BlockingClient::new(api, transport).with_rate_limiter(unlimited());
    if let Use::Reused = connection {
        client.send(sending::fetch()).unwrap();
    }
    let error = (sending.send_blocking)(&client).unwrap_err();
    let arrived = client.transport().state().server.arrived - good;
    (error.attempts(), arrived)
}

#[test]
fn write_over_ureq_arrives_at_most_once() {
    let mut cells = 0;
    let mut retries = 0;
    let numbers = CONNECTION_ERRORS.into_iter().flat_map(|kind| {
        let after_all = Fate::Answer(Vec::new(), Then::Fail(kind));
        [Fate::FirstByte(kind), after_all].map(|fate| (format!("{kind}"), fate, false))
    });
    let table = kinds::all().into_iter().filter_map(|fault| {
        let is_limit = fault.name.starts_with("429");
        Some((fault.name.to_owned(), fate(&fault.act)?, is_limit))
    });
    for (name, fate, is_limit) in table.chain(numbers) {
        for sending in sending::every_operation() {
            for connection in [Use::Fresh, Use::Reused] {
                let (attempts, arrived) = run(&fate, &sending, connection);
                cells += 1;
                retries += attempts - 1;
                // Paystack has not processed a request that it rate-limits.
                let at_most = if is_limit || sending.is_safe { 3 } else { 1 };
                let cell = format!("{name}, {}, {connection:?}", sending.name);
                assert!(arrived <= at_most, "{cell}: {arrived} requests arrived");
                if let (false, Fate::FirstByte(_)) = (sending.is_safe, &fate) {
                    assert_eq!(attempts, 1, "{cell}");
                }
            }
        }
    }
    println!("{cells} cells, {retries} retries");
    assert!(cells > 1_000 && retries > 1_000, "{cells}, {retries}");
}
