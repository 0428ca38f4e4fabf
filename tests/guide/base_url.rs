//! The examples call the server in `PAYSTACK_BASE_URL`, or a sandbox of their own if no key is set.

use std::process::Command;

use paystack_sandbox::{Sandbox, server::Server};

const PROGRAMS: [&str; 3] = [
    env!("CARGO_BIN_EXE_quickstart"),
    env!("CARGO_BIN_EXE_export"),
    env!("CARGO_BIN_EXE_customers"),
];

/// Runs a program with these variables.
fn run(program: &str, key: &str, base_url: &str) {
    let mut run = Command::new(program);
    run.env("PAYSTACK_SECRET_KEY", key);
    run.env("PAYSTACK_BASE_URL", base_url);
    let output = run.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{program}: {errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn example_calls_the_server_in_the_variable() {
    for program in PROGRAMS {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        run(program, "sk_test_any", &server.url());
        let requests = server.with(|sandbox, _| sandbox.requests().count());
        assert!(requests > 0, "{program}");
    }
}

#[test]
fn example_with_empty_variables_starts_a_sandbox() {
    for program in PROGRAMS {
        run(program, "", "");
    }
}
