//! Settings of the transports and variables that they reject, and the sources of their errors.

use std::error::Error as _;
use std::net::IpAddr;
use std::process::Command;
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use paystack_core::customers::ListCustomers;
use paystack_hyper::{HyperTransport, Transport};
use paystack_tests::values::api;
use paystack_ureq::UreqTransport;
use tokio::net::TcpStream;
use ureq::Agent;

use super::message;

const SECOND: Duration = Duration::from_secs(1);

pub(super) fn messages() -> Vec<String> {
    [certificates(), hyper(), ureq(), variables(), sources()].concat()
}

fn certificates() -> Vec<String> {
    const CHAIN: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    let roots = HyperTransport::builder().root_certificates("x");
    let with = |chain, key| HyperTransport::builder().client_certificate(chain, key);
    vec![
        message(roots.build()),
        message(with("x", "x").build()),
        message(with(CHAIN, "x").build()),
        message(with(CHAIN, KEY).build()),
    ]
}

fn hyper() -> Vec<String> {
    let own = || {
        let client = Client::builder(TokioExecutor::new()).build_http();
        HyperTransport::builder().client(client)
    };
    vec![
        message(HyperTransport::builder().proxy("x").build()),
        message(own().http1_only().build()),
        message(own().connect_timeout(SECOND).build()),
        message(own().idle_timeout(SECOND).build()),
        message(own().tcp_keepalive(SECOND).build()),
        message(own().local_address(IpAddr::from([127, 0, 0, 1])).build()),
        message(own().proxy("x").build()),
        message(own().root_certificates("x").build()),
        message(own().client_certificate("x", "x").build()),
    ]
}

fn ureq() -> Vec<String> {
    let own = || {
        let config = Agent::config_builder().proxy(None).build();
        UreqTransport::builder().config(config)
    };
    vec![
        message(own().connect_timeout(SECOND).build()),
        message(own().idle_timeout(SECOND).build()),
        message(own().proxy("x").build()),
        message(own().root_certificates("x").build()),
        message(own().client_certificate("x", "x").build()),
    ]
}

/// Environment variables. Each case has a process of its own, because `std::env::set_var` is unsafe.
fn variables() -> Vec<String> {
    const KEY: (&str, &str) = ("PAYSTACK_SECRET_KEY", "sk_test_a");
    let cases: [&[(&str, &str)]; 5] = [
        &[],
        &[("PAYSTACK_SECRET_KEY", "pk_test_a")],
        &[KEY, ("PAYSTACK_BASE_URL", "x")],
        &[("HTTPS_PROXY", "http://")],
        &[("ALL_PROXY", "http://")],
    ];
    let shown = |variables: &[(&str, &str)]| {
        let mut process = Command::new(std::env::current_exe().unwrap());
        let test = "messages::settings::variable_is_rejected";
        process.args(["--exact", test, "--ignored", "--nocapture"]);
        process.env_clear().envs(variables.iter().copied());
        let output = String::from_utf8(process.output().unwrap().stdout).unwrap();
        let mut lines = output.lines();
        let message = lines.find_map(|line| line.strip_prefix("rejected: "));
        message.unwrap_or_else(|| panic!("{output}")).to_owned()
    };
    cases.map(shown).into()
}

#[test]
#[ignore = "run by `variables`, with variables of its own"]
fn variable_is_rejected() {
    let proxy = HyperTransport::builder().proxy_from_env().build().err();
    let rejected = proxy.or_else(|| paystack_hyper::client_from_env().err());
    println!("\nrejected: {}", rejected.unwrap());
}

/// The errors below a `TransportError`, which programs that print a chain of causes show.
fn sources() -> Vec<String> {
    let request = || api().request(&ListCustomers::new()).unwrap();
    // smol is no tokio runtime.
    let outside = smol::block_on(HyperTransport::new().send(request())).unwrap_err();
    let never = tower::service_fn(|_: http::Uri| {
        std::future::pending::<std::io::Result<TokioIo<TcpStream>>>()
    });
    let transport = HyperTransport::builder().connector(never);
    let transport = transport.connect_timeout(Duration::from_millis(1)).build();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().build().unwrap();
    let late = runtime.block_on(transport.unwrap().send(request()));
    let late = late.unwrap_err();
    let timeout = late.source().and_then(|client| client.source());
    vec![
        outside.source().unwrap().to_string(),
        timeout.unwrap().to_string(),
    ]
}
