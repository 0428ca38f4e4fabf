//! A match without a place for the events that a later version knows.

use paystack_webhook::Event;

fn handle(event: Event) {
    match event {
        Event::CustomerIdentificationSucceeded(_) => {}
        Event::CustomerIdentificationFailed(_) => {}
        Event::DirectDebitAuthorizationCreated(_) => {}
        Event::DirectDebitAuthorizationActive(_) => {}
        Event::Unrecognized { .. } => {}
    }
}

fn main() {}
