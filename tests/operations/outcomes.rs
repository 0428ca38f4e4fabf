//! The outcome that each response implies, for every status, body and operation.

use bytes::Bytes;
use paystack_core::{Error, Operation, Outcome, http};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, api};

/// Bodies, and whether each is a refusal in Paystack's format.
const BODIES: [(&str, bool); 14] = [
    ("", false),
    ("{}", false),
    ("[]", false),
    ("null", false),
    ("<html><title>Attention Required!</title></html>", false),
    ("error code: 1020", false),
    (r#"{"title":"Bad gateway","status":502}"#, false),
    (r#"{"status":true,"message":"Done","data":7}"#, false),
    (r#"{"status":7,"message":"No"}"#, false),
    (r#"{"status":false,"message":"N"#, false),
    (r#"{"message":"No","type":"validation_error"}"#, false),
    (r#"{"status":false,"message":"No"}"#, true),
    (
        r#"{"status":"false","message":"No","code":"rate_limited"}"#,
        true,
    ),
    (
        r#"{"status":false,"message":"No","type":"api_error","code":"unknown"}"#,
        true,
    ),
];

fn read<O: Operation>(operation: &O, status: u16, body: &'static str) -> Option<Error> {
    let mut response = http::Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    api().read(operation, response).err()
}

struct Outcomes;

impl Visitor for Outcomes {
    fn visit<O: Example>(
        &mut self,
        Entry {
            small: operation, ..
        }: Entry<O>,
    ) {
        for status in 100..=999 {
            for (body, is_own) in BODIES {
                let Some(error) = read(&operation, status, body) else {
                    continue; // a success
                };
                let cell = format!("{}: {status} {body}", O::NAME);
                if error.is_retryable() && !matches!(status, 425 | 429) && !error.is_rate_limited()
                {
                    assert_eq!(error.outcome(), Outcome::Unknown, "{cell}");
                }
                // Only Paystack itself can refuse a request without processing it.
                if error.outcome() != Outcome::Unknown {
                    let is_done = body.starts_with(r#"{"status":true"#) && status / 100 == 2;
                    assert!(is_own || is_done, "{cell}");
                }
            }
        }
    }
}

#[test]
fn retryable_response_leaves_the_outcome_unknown() {
    each_operation(&Values::default(), &mut Outcomes);
}

struct Refusals;

impl Visitor for Refusals {
    fn visit<O: Example>(
        &mut self,
        Entry {
            small: operation, ..
        }: Entry<O>,
    ) {
        for status in 300..=999 {
            for (body, is_own) in BODIES {
                let error = read(&operation, status, body).unwrap();
                let expected = match status {
                    408 | 500.. => Outcome::Unknown,
                    _ if is_own => Outcome::NotProcessed,
                    _ => Outcome::Unknown,
                };
                assert_eq!(error.outcome(), expected, "{}: {status} {body}", O::NAME);
            }
        }
    }
}

#[test]
fn only_paystacks_own_refusal_was_not_processed() {
    each_operation(&Values::default(), &mut Refusals);
}
