//! The first program of the README equals the example, and it runs.

use std::process::{Command, Output};

use paystack_sandbox::{Sandbox, server::Server};

const PROGRAM: &str = include_str!("../../crates/paystack-hyper/examples/first_call.rs");

/// Runs the program with this key and base URL.
fn run(key: Option<&str>, base_url: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_first_call"));
    program.env_remove("PAYSTACK_SECRET_KEY");
    program.env("PAYSTACK_BASE_URL", base_url);
    if let Some(key) = key {
        program.env("PAYSTACK_SECRET_KEY", key);
    }
    program.output().unwrap()
}

#[test]
fn readme_begins_with_the_example() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```rust,no_run\n").unwrap();
    let (program, _) = rest.split_once("```").unwrap();
    assert!(program.contains("async fn main()"), "{program}");
    assert!(PROGRAM.ends_with(program), "{program}");
}

#[tokio::test(flavor = "multi_thread")]
async fn first_call_creates_a_customer_in_the_sandbox() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let output = run(Some("sk_test_any"), &server.url());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.starts_with("CUS_"), "{said}");
    assert_eq!(server.with(|sandbox, _| sandbox.writes()), 1);
}

#[test]
fn first_call_with_wrong_key_or_url_suggests_the_fix() {
    let here = "http://127.0.0.1:4010";
    for (key, base_url, says) in [
        (None, here, "PAYSTACK_SECRET_KEY must be set"),
        (
            Some("pk_test_a"),
            here,
            "PAYSTACK_SECRET_KEY must be a secret key",
        ),
        (
            Some("sk_test_a"),
            "localhost:4010",
            "such as http://127.0.0.1:4010",
        ),
        (
            Some("sk_test_a"),
            "http://api.example",
            "the key would travel unencrypted",
        ),
    ] {
        let output = run(key, base_url);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(says) && said.lines().count() == 1, "{said}");
    }
}
