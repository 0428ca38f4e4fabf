//! Faults, states and arguments that the sandbox rejects.

use std::process::Command;

use paystack_core::http::StatusCode;
use paystack_core::{CustomerCode, Email, Mode};
use paystack_sandbox::{Fault, Sandbox, State};
use time::OffsetDateTime;

use super::message;

pub(super) fn messages() -> Vec<String> {
    [
        faults(),
        states(),
        customers(),
        mandates(),
        created(),
        program(),
    ]
    .concat()
}

fn faults() -> Vec<String> {
    let faults = [
        r#"{}"#,
        r#"{"fault":"x"}"#,
        r#"{"fault":"gzip","time":1}"#,
        r#"{"fault":"gzip","times":-1}"#,
        r#"{"fault":"status","status":99}"#,
        r#"{"fault":"cloudflare","status":99}"#,
        r#"{"fault":"server_error","status":99}"#,
        r#"{"fault":"status","status":200,"content_type":"\n"}"#,
        r#"{"fault":"gzip","probability":2}"#,
        r#"{"fault":"gzip","on":"x"}"#,
        r#"{"fault":"gzip","processed":true}"#,
    ];
    faults
        .map(|json| message(serde_json::from_str::<Fault>(json)))
        .into()
}

/// The error of a state whose test mode has these fields.
fn load(test: &str) -> String {
    let state = serde_json::from_str(&format!(r#"{{"test":{{{test}}}}}"#)).unwrap();
    message(Sandbox::new(1).load(state, OffsetDateTime::UNIX_EPOCH))
}

fn states() -> Vec<String> {
    let event = r#"{"due":"2026-01-01T00:00:00Z","event":"bank_activates","mandate":1}"#;
    vec![
        message(serde_json::from_str::<State>(r#"{"x":1}"#)),
        message(serde_json::from_str::<State>(r#"{"version":9}"#)),
        load(&format!(r#""scheduled":[{event}]"#)),
    ]
}

fn customers() -> Vec<String> {
    let customers = [
        r#"{"email":"a"}"#,
        r#"{"email":"a@b.test"}"#,
        r#"{"email":"a@b.c"},{"email":"a@b.c"}"#,
        r#"{"email":"a@b.c","createdAt":"2026-02-01T00:00:00Z"},{"email":"b@b.c","createdAt":"2026-01-01T00:00:00Z"}"#,
        r#"{"email":"a@b.c","id":7}"#,
        r#"{"email":"a@b.c","customer_code":".."}"#,
        r#"{"email":"a@b.c","customer_code":"c"},{"email":"b@b.c","customer_code":"c"}"#,
        r#"{"email":"a@b.c","metadata":[]}"#,
        r#"{"email":"a@b.c","risk_action":"never"}"#,
        r#"{"email":"a@b.c","cards":[{"authorization_code":""}]}"#,
        r#"{"email":"a@b.c","cards":[{"authorization_code":"a"},{"authorization_code":"a"}]}"#,
    ];
    customers
        .map(|customers| load(&format!(r#""customers":[{customers}]"#)))
        .into()
}

fn mandates() -> Vec<String> {
    const OWNER: &str = r#"{"email":"a@b.c","customer_code":"c"}"#;
    let mandates = [
        r#"{"customer":"x"}"#,
        r#"{"customer":"c","reference":""}"#,
        r#"{"customer":"c","reference":"r"},{"customer":"c","reference":"r"}"#,
        r#"{"customer":"c","account":{"number":"0","bank_code":"0"}}"#,
        r#"{"customer":"c","status":"x"}"#,
        r#"{"customer":"c","status":"active"}"#,
    ];
    let load = |mandates| load(&format!(r#""customers":[{OWNER}],"mandates":[{mandates}]"#));
    mandates.map(load).into()
}

/// Faults and customers that a program creates.
fn created() -> Vec<String> {
    let (mut sandbox, now) = (Sandbox::new(1), OffsetDateTime::UNIX_EPOCH);
    let mut seed = |code: &str, email: &str| {
        let (code, email) = (CustomerCode::new(code).unwrap(), Email::new(email).unwrap());
        sandbox.seed_customer(&Mode::Test, &code, &email, now)
    };
    seed("c", "a@b.c").unwrap();
    let mut messages = vec![
        message(seed("d", "a@b.test")),
        message(seed("d", "a@b.c")),
        message(seed("c", "b@b.c")),
    ];
    let faults = [
        Fault::status(StatusCode::CONTINUE),
        Fault::gzip().with_probability(2.0),
        Fault::gzip().on("x"),
    ];
    messages.extend(faults.map(|fault| message(sandbox.inject(fault))));
    messages
}

/// The program `paystack-sandbox`. Its own texts only: those of the operating system differ.
fn program() -> Vec<String> {
    let cases: [&[&str]; 9] = [
        &["--x"],
        &["x"],
        &["--port"],
        &["--page=x"],
        &["--port", "x"],
        &["--listen", "x"],
        &["--webhook-key", "x"],
        &["--webhook-url", "https://a"],
        &["--state", "operations/main.rs"],
    ];
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_sandbox_program"));
        let output = program.args(arguments).output().unwrap();
        String::from_utf8(output.stderr)
            .unwrap()
            .trim_end()
            .to_owned()
    };
    cases.map(run).into()
}
