//! The faults, and the expected result of a call under each.

mod http1;
mod http2;

use crate::server::Act;
use crate::tls::Handshake;

/// A small limit, so that tests exceed it quickly.
pub const BODY_LIMIT: usize = 64 * 1024;

pub struct Fault {
    pub name: &'static str,
    pub act: Act,
    pub expected: Expected,
}

/// The error, the number of attempts, and the whole seconds.
type Ending = (&'static str, u32, u64);

/// The result for idempotent operations, and for the others.
pub struct Expected {
    pub outcome: &'static str,
    /// The outcome of a request without a body.
    pub outcome_without_body: &'static str,
    pub safe: Ending,
    pub other: Ending,
}

/// The client has sent nothing, so it retries every operation.
fn unsent(error: &'static str, seconds: u64) -> Expected {
    let ending = (error, 3, seconds);
    Expected {
        outcome: "NotProcessed",
        outcome_without_body: "NotProcessed",
        safe: ending,
        other: ending,
    }
}

/// The connection broke during the request.
fn broken() -> Expected {
    Expected {
        outcome: "Unknown",
        outcome_without_body: "Unknown",
        safe: ("Transport: Io", 3, 0),
        other: ("Transport: Io", 1, 0),
    }
}

/// The server rejected the request unprocessed, so the client retries every operation.
fn refused() -> Expected {
    let ending = ("Transport: Io", 3, 0);
    Expected {
        outcome: "NotProcessed",
        outcome_without_body: "NotProcessed",
        safe: ending,
        other: ending,
    }
}

/// As [`refused`], but the server may have processed a request without a body.
fn gone_away() -> Expected {
    Expected {
        outcome_without_body: "Unknown",
        ..refused()
    }
}

/// The client sends a ping after 20 s and waits 5 s. The deadline ends the third attempt.
fn dead() -> Expected {
    Expected {
        outcome: "Unknown",
        outcome_without_body: "Unknown",
        safe: ("Deadline", 3, 60),
        other: ("Transport: Io", 1, 25),
    }
}

/// An attempt times out after 30 s. The deadline ends a second attempt.
fn late() -> Expected {
    Expected {
        outcome: "Unknown",
        outcome_without_body: "Unknown",
        safe: ("Deadline", 2, 60),
        other: ("Transport: Timeout", 1, 30),
    }
}

/// A response that ends every call.
fn last(error: &'static str, outcome: &'static str) -> Expected {
    Expected {
        outcome,
        outcome_without_body: outcome,
        safe: (error, 1, 0),
        other: (error, 1, 0),
    }
}

/// A response that leaves the outcome unknown.
fn unknown(error: &'static str) -> Expected {
    Expected {
        outcome: "Unknown",
        outcome_without_body: "Unknown",
        safe: (error, 3, 0),
        other: (error, 1, 0),
    }
}

/// Paystack's own 429. The client waits for the stated reset, then retries every operation.
fn limited(seconds: u64) -> Expected {
    let ending = ("Api: 429", 3, seconds);
    Expected {
        outcome: "NotProcessed",
        outcome_without_body: "NotProcessed",
        safe: ending,
        other: ending,
    }
}

fn too_large() -> Expected {
    let ending = ("Transport: TooLarge", 1, 0);
    Expected {
        outcome: "Unknown",
        outcome_without_body: "Unknown",
        safe: ending,
        other: ending,
    }
}

/// Encodes a response with these header lines and a `Content-Length`.
pub fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

pub fn all() -> Vec<Fault> {
    [connecting(), http1::faults(), http2::faults()]
        .into_iter()
        .flatten()
        .collect()
}

fn connecting() -> Vec<Fault> {
    let fault = |name, act, expected| Fault {
        name,
        act,
        expected,
    };
    let tls = |name, handshake, seconds| {
        let expected = unsent("Transport: Connect", seconds);
        fault(name, Act::Tls(handshake), expected)
    };
    let untrusted = |name, handshake| {
        let ending = ("Transport: UntrustedCertificate", 1, 0);
        let expected = Expected {
            safe: ending,
            other: ending,
            ..unsent("", 0)
        };
        fault(name, Act::Tls(handshake), expected)
    };
    vec![
        fault(
            "unknown name",
            Act::Nameless,
            unsent("Transport: NameLookup", 0),
        ),
        fault(
            "connection refused",
            Act::Refuse,
            unsent("Transport: ConnectionRefused", 0),
        ),
        fault(
            "connecting never ends",
            Act::Vanish,
            unsent("Transport: Connect", 9),
        ),
        untrusted("TLS: certificate of another host", Handshake::WrongHost),
        untrusted("TLS: expired certificate", Handshake::Expired),
        untrusted("TLS: unknown issuer", Handshake::UnknownIssuer),
        tls("TLS: handshake stalls", Handshake::Stalls, 9),
        tls("TLS: closed in the handshake", Handshake::HangsUp, 0),
        tls("TLS: the server speaks plain text", Handshake::PlainText, 0),
    ]
}
