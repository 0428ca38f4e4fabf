//! The service of `examples/axum-service` stops as containers expect.

#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn service_shuts_down_at_sigterm_as_at_ctrl_c() {
    for signal in ["TERM", "INT"] {
        let mut service = Command::new(env!("CARGO_BIN_EXE_axum_service"));
        service.env("PAYSTACK_SECRET_KEY", "sk_test_any");
        service.env("ADDRESS", "127.0.0.1:0");
        let mut service = service.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = service.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://127.0.0.1:"), "{line}");
        let id = service.id().to_string();
        let kill = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(kill.unwrap().success());
        // A program that a signal ends has no code.
        assert_eq!(service.wait().unwrap().code(), Some(0), "{signal}");
    }
}
