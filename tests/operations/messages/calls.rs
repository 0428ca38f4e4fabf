//! Calls that fail: the transport's errors, refusals, responses, the end of a call, and pages.

use std::collections::BTreeMap;
use std::time::Duration;

use paystack_core::TransportErrorKind::{
    Connect, ConnectionRefused, Io, NameLookup, Other, Timeout, TooLarge, UntrustedCertificate,
};
use paystack_core::customers::ListCustomers;
use paystack_core::http::{Response, StatusCode};
use paystack_core::{
    Call, Error, ErrorKind, NoData, Operation, PagingError, RateLimiter, Sent, Settings, Step,
    TransportError, Waiter,
};
use paystack_tests::values::{api, unlimited};

use super::{Own, message};

pub(super) fn messages() -> Vec<String> {
    let lists = [
        lost(),
        responses(),
        rows(),
        ended(),
        late(),
        waiting(),
        pages(),
    ];
    lists.concat()
}

fn lost() -> Vec<String> {
    let kinds = [
        NameLookup,
        ConnectionRefused,
        UntrustedCertificate,
        Connect,
        Timeout,
        Io,
        TooLarge,
        Other,
    ];
    let errors = kinds.map(|kind| TransportError::new(kind, Sent::Maybe));
    errors.map(|error| error.to_string()).into()
}

/// Refusals, and successes that do not decode.
fn responses() -> Vec<String> {
    let responses = [
        (
            401,
            r#"{"status":false,"message":"no","type":"validation_error","code":"invalid_Key"}"#,
        ),
        (400, r#"{"status":false,"message":"no","type":"api_error"}"#),
        (400, r#"{"status":false,"message":"no","code":"unknown"}"#),
        (
            422,
            r#"{"status":false,"message":"no.","code":"unknown","next_step":"go."}"#,
        ),
        (502, "<html><title>502 Bad Gateway</title></html>"),
        (500, ""),
        (599, ""),
        (200, "x"),
        (200, "{}"),
        (200, r#"{"status":7}"#),
        (200, r#"{"status":true}"#),
        (200, r#"{"status":true,"message":"","data":{}}"#),
    ];
    let read = |(status, body): (u16, &'static str)| {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        message(api().read(&ListCustomers::new(), response))
    };
    responses.map(read).into()
}

/// Too many rows, too many fields of a wrong type, and a row that does not decode.
fn rows() -> Vec<String> {
    let success = |data| Response::new(format!(r#"{{"status":true,"data":{data}}}"#).into());
    let list = ListCustomers::new();
    let rows = format!("[{}]", ["0"; 10_001].join(","));
    let fields: Vec<_> = (0..65)
        .map(|number| format!(r#""f{number}":"x""#))
        .collect();
    let fields = format!("{{{}}}", fields.join(","));
    let map = ListCustomers::new().decode_as::<BTreeMap<String, Option<u8>>>();
    let reply = api().read(&list, success(r#"[{"id":1}]"#.into())).unwrap();
    let row = reply.odd_rows()[0].clone();
    vec![
        message(api().read(&list, success(rows))),
        message(api().read(&map, success(fields))),
        Error::new("customers.list", ErrorKind::OddRow(row)).to_string(),
    ]
}

/// The error of a call that has ended.
fn end(call: &mut Call<ListCustomers>, limiter: &mut RateLimiter, now: Duration) -> String {
    match call.step(limiter, now) {
        Step::Done(result) => message(result),
        _ => panic!("must be the end"),
    }
}

/// A lost connection after the deadline, and a step after the end.
fn ended() -> Vec<String> {
    let (mut limiter, second) = (unlimited(), Duration::from_secs(1));
    let settings = Settings::new().deadline(second);
    let mut call = Call::new(&api(), ListCustomers::new(), settings);
    let first = call.step(&mut limiter, Duration::ZERO);
    assert!(matches!(first, Step::Send { .. }));
    call.handle_error(1, TransportError::new(Io, Sent::Maybe));
    [(); 2]
        .map(|()| end(&mut call, &mut limiter, second))
        .into()
}

/// The deadline during the first attempt, and after two.
fn late() -> Vec<String> {
    let fails_before_it = |attempts: u32| {
        let (mut limiter, second) = (unlimited(), Duration::from_secs(1));
        let mut call = Call::new(&api(), ListCustomers::new(), Settings::new());
        for attempt in 1..=attempts {
            let now = attempt * second;
            assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
            call.handle_error(attempt, TransportError::new(Io, Sent::Maybe));
            assert!(matches!(call.step(&mut limiter, now), Step::Wait(_)));
        }
        assert!(attempts > 0 || matches!(call.step(&mut limiter, second), Step::Send { .. }));
        end(&mut call, &mut limiter, 1000 * second)
    };
    [0, 2].map(fails_before_it).into()
}

fn waiting() -> Vec<String> {
    let (own, is_done) = (Own { path: "/a" }, |_: &NoData| true);
    let mut waiter = Waiter::new(&api(), own, is_done, Duration::ZERO);
    match waiter.step(&mut unlimited(), Duration::ZERO) {
        Step::Done(result) => vec![message(result)],
        _ => panic!("must be the end"),
    }
}

fn pages() -> Vec<String> {
    let errors = [
        PagingError::RepeatedCursor,
        PagingError::WrongPage {
            requested: 2,
            returned: 1,
        },
        PagingError::NoCursors { pages: 2 },
        PagingError::NoList,
        PagingError::Unsupported,
    ];
    errors.map(|error| error.to_string()).into()
}
