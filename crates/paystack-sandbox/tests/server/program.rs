//! The program `paystack-sandbox`.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

/// Starts the program, and returns it with its address.
fn start(arguments: &[&str]) -> (Child, SocketAddr) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"))
        .args(["--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("http://").unwrap();
    (program, address.parse().unwrap())
}

#[test]
fn program_prints_its_address_and_listens_there() {
    let (mut program, address) = start(&["--seed", "7", "--customers", "3", "--no-rate-limits"]);
    let connection = TcpStream::connect(address);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(connection.is_ok());
    assert!(address.ip().is_loopback());
}

#[cfg(unix)]
#[test]
fn program_ends_with_success_at_a_signal_to_stop() {
    for signal in ["-TERM", "-INT"] {
        let (mut program, _) = start(&[]);
        let id = program.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        assert_eq!(program.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn program_prints_an_argument_error_on_one_line() {
    for (arguments, message) in [
        (&["--prot", "1"], "invalid option '--prot'"),
        (&["--port", "x"], "--port: cannot parse argument \"x\""),
        (&["--webhook-key", "canary"], "--webhook-key: secret key"),
        (
            &["--webhook-url", "http://canary:can ary@a"],
            "--webhook-url: invalid",
        ),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"));
        let output = program.args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.starts_with(&format!("paystack-sandbox: {message}")),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1);
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn program_names_the_address_that_is_in_use() {
    let (mut program, address) = start(&[]);
    let mut second = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"));
    let port = address.port().to_string();
    let output = second.args(["--port", &port]).output().unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let message = format!("paystack-sandbox: cannot listen on {address}: ");
    assert!(error.starts_with(&message), "{error}");
}
