//! The time that many mandates take.

use std::time::{Duration, Instant};

use paystack_sandbox::Sandbox;

use super::{NOW, create, send};

/// Returns the time to initialize mandates of one customer each second, activate them, and list them once.
fn settle(count: usize) -> Duration {
    let started = Instant::now();
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let path = format!("/customer/{}", ada["data"]["id"]);
    let body = r#"{"account":{"number":"0123456789","bank_code":"058"},
        "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
    let initialize = format!("POST {path}/initialize-direct-debit");
    let mut now = NOW;
    for _ in 0..count {
        now += time::Duration::seconds(1);
        send(&mut sandbox, now, &initialize, body);
    }
    let later = now + time::Duration::minutes(1);
    assert_eq!(sandbox.take_webhooks(later).len(), 2 * count);
    let list = format!("GET {path}/directdebit-mandate-authorizations");
    let listed = send(&mut sandbox, later, &list, "");
    assert_eq!(listed["meta"]["total"], count);
    assert_eq!(listed["data"][0]["status"], "active");
    started.elapsed()
}

#[test]
fn time_of_mandates_grows_with_their_number_not_its_square() {
    let fastest = |count| (0..2).map(|_| settle(count)).min().unwrap();
    let (few, many) = (fastest(250), fastest(2_000));
    println!("250 mandates: {few:?}, 2,000 mandates: {many:?}");
    assert!(many < few * 24, "{few:?} for 250, {many:?} for 2,000");
}

/// Prints the time of 10,000 mandates. Run it with `--release`.
#[test]
#[ignore = "a measurement"]
fn time_of_10_000_mandates() {
    println!("10,000 mandates: {:?}", settle(10_000));
}
