//! Injected faults, as a client sees them and as the journal records them.

use std::time::Duration;

use http::StatusCode;
use paystack_sandbox::{Fault, PageFormat, Sandbox, SandboxTransport};
use paystack_transport::customers::{CreateCustomer, FetchCustomer, ListCustomers};
use paystack_transport::{Api, Client, Email, Outcome, SecretKey, Timer};

use super::{NOW, create, request, send};

fn client(sandbox: Sandbox) -> (Client<SandboxTransport>, SandboxTransport) {
    let transport = SandboxTransport::new(sandbox);
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    (Client::new(api, transport.clone()), transport)
}

fn creation() -> CreateCustomer {
    CreateCustomer::new(Email::new("ada@example.com").unwrap())
}

#[tokio::test]
async fn fault_decides_the_outcome_and_whether_a_write_happens() {
    use Outcome::{NotProcessed, Unknown};

    let unavailable = Fault::server_error(StatusCode::SERVICE_UNAVAILABLE);
    let forbidden = Fault::cloudflare(StatusCode::FORBIDDEN, PageFormat::Html);
    for (fault, outcome, writes) in [
        (Fault::status(StatusCode::IM_A_TEAPOT), Unknown, 0),
        (unavailable.clone(), Unknown, 0),
        (unavailable.processed(), Unknown, 1),
        (forbidden, Unknown, 0),
        (Fault::truncated(), Unknown, 1),
        (Fault::garbage(), Unknown, 1),
        (Fault::gzip(), Unknown, 1),
        (Fault::request_lost(), Unknown, 0),
        (Fault::answer_lost(), Unknown, 1),
        (Fault::connection_closed(), NotProcessed, 0),
    ] {
        let mut sandbox = Sandbox::new(1);
        sandbox.inject(fault.clone()).unwrap();
        let (client, transport) = client(sandbox);
        let error = client.send(creation()).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{fault:?}: {error}");
        assert_eq!(
            transport.with(|sandbox, _| sandbox.writes()),
            writes,
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn client_retries_beyond_the_faults_of_a_few_requests() {
    for fault in [
        Fault::rate_limited().retry_after(Duration::from_secs(3)),
        Fault::connection_closed(),
    ] {
        let mut sandbox = Sandbox::new(1);
        sandbox
            .inject(fault.on("customers.create").times(2))
            .unwrap();
        let (client, transport) = client(sandbox);
        let reply = client.send(creation()).await.unwrap();
        assert_eq!(reply.attempts(), 3);
        let journal = transport.with(|sandbox, _| {
            let entries = sandbox.requests();
            let entries = entries.map(|entry| (entry.fault.is_some(), entry.took_effect));
            entries.collect::<Vec<_>>()
        });
        assert_eq!(journal, [(true, false), (true, false), (false, true)]);
    }
}

#[test]
fn rate_limited_fault_reports_the_limit_of_the_mode() {
    let mut sandbox = Sandbox::new(1);
    sandbox.inject(Fault::rate_limited()).unwrap();
    for (key, limit) in [("sk_test_x", 100), ("sk_live_x", 600), ("no key", 100)] {
        let response = sandbox.handle(NOW, request("GET", "/customer", key, ""));
        let header = |name| response.headers()[name].to_str().unwrap().parse();
        assert_eq!(response.status(), 429);
        assert_eq!(header("x-ratelimit-limit"), Ok(limit), "{key}");
        assert_eq!(header("x-ratelimit-remaining"), Ok(0));
        assert_eq!(header("x-ratelimit-reset"), Ok(1));
    }
}

#[tokio::test]
async fn delay_moves_the_virtual_time() {
    let mut sandbox = Sandbox::new(1);
    sandbox
        .inject(Fault::delay(Duration::from_secs(7)).on("customers.list"))
        .unwrap();
    let (client, transport) = client(sandbox);
    let start = transport.with(|_, now| now);
    client.send(ListCustomers::new()).await.unwrap();
    assert_eq!(transport.with(|_, now| now) - start, Duration::from_secs(7));
}

#[tokio::test]
async fn requests_keep_the_virtual_time() {
    let (client, transport) = client(Sandbox::new(1).without_rate_limits());
    let client = client.without_rate_limit();
    transport.sleep(Duration::from_secs(1)).await;
    let start = transport.with(|_, now| now);
    let requests = async {
        for _ in 0..500 {
            client.send(ListCustomers::new()).await.unwrap();
            tokio::task::yield_now().await;
        }
        transport.with(|_, now| now)
    };
    let (end, ()) = tokio::join!(requests, transport.sleep(Duration::from_secs(30)));
    assert_eq!(end, start);
}

#[tokio::test]
async fn lost_answer_leaves_the_customer() {
    let mut sandbox = Sandbox::new(1);
    let number = sandbox
        .inject(Fault::answer_lost().on("customers.create").times(1))
        .unwrap();
    let (client, transport) = client(sandbox);
    client.send(creation()).await.unwrap_err();
    let email = Email::new("ada@example.com").unwrap();
    assert!(client.send(FetchCustomer::new(email)).await.is_ok());
    transport.with(|sandbox, _| {
        let injected = sandbox.faults().next().unwrap();
        assert_eq!((injected.number, injected.hits), (number, 1));
        let entry = sandbox.requests().next().unwrap();
        assert_eq!(entry.fault, Some("answer_lost"));
        assert!(entry.took_effect && entry.response.is_none());
    });
}

#[test]
fn handle_turns_a_lost_connection_into_the_page_of_a_proxy() {
    let mut sandbox = Sandbox::new(1);
    sandbox.inject(Fault::answer_lost().times(1)).unwrap();
    let list = request("GET", "/customer", "sk_test_x", "");
    let response = sandbox.handle(NOW, list.clone());
    assert_eq!(response.status().as_u16(), 520);
    assert!(response.body().starts_with(b"<!DOCTYPE html>"));
    assert_eq!(sandbox.handle(NOW, list).status(), 200);
}

#[test]
fn edge_answers_with_every_status_in_both_formats() {
    for status in [403, 429, 520, 521, 522, 523, 524, 530] {
        let status = StatusCode::from_u16(status).unwrap();
        for (format, media_type, start) in [
            (
                PageFormat::Html,
                "text/html; charset=UTF-8",
                "<!DOCTYPE html>",
            ),
            (
                PageFormat::ProblemJson,
                "application/problem+json",
                "{\"type\":",
            ),
        ] {
            let mut sandbox = Sandbox::new(1);
            let fault = Fault::cloudflare(status, format);
            sandbox
                .inject(fault.retry_after(Duration::from_secs(9)))
                .unwrap();
            let response = sandbox.handle(NOW, request("GET", "/customer", "sk_test_x", ""));
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()["content-type"], media_type);
            assert_eq!(response.headers()["retry-after"], "9");
            assert!(response.body().starts_with(start.as_bytes()));
        }
    }
}

#[test]
fn journal_keeps_requests_without_the_key() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    sandbox.handle(NOW, request("GET", "/nowhere", "wrong", ""));
    let entries: Vec<_> = sandbox.requests().collect();
    assert_eq!(entries[0].operation, Some("customers.create"));
    assert_eq!(entries[0].mode.as_ref().unwrap().as_str(), "test");
    assert_eq!(
        entries[0].request.headers()["authorization"],
        "Bearer [redacted]"
    );
    assert!(
        entries[0]
            .response
            .as_ref()
            .unwrap()
            .body()
            .starts_with(b"{")
    );
    assert_eq!((entries[1].operation, &entries[1].mode), (None, &None));
    assert!(!format!("{entries:?}").contains("ada@example.com"));
}

#[test]
fn journal_keeps_the_newest_requests_within_its_capacity() {
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    for _ in 0..10_001 {
        sandbox.handle(NOW, request("GET", "/customer", "sk_test_x", ""));
    }
    let numbers: Vec<_> = sandbox.requests().map(|entry| entry.number).collect();
    assert_eq!((numbers.len(), numbers[0]), (10_000, 2));

    let body = "x".repeat(1_000_000);
    for _ in 0..40 {
        sandbox.handle(NOW, request("GET", "/customer", "sk_test_x", &body));
    }
    let bodies = sandbox.requests().map(|entry| entry.request.body().len());
    assert!(bodies.sum::<usize>() <= 32 * 1024 * 1024);
}

#[test]
fn reset_returns_to_a_new_sandbox_with_the_same_settings() {
    let mut sandbox = Sandbox::new(7).without_risk_actions();
    let first = create(&mut sandbox, NOW, "ada@example.com");
    sandbox.inject(Fault::garbage()).unwrap();
    sandbox.reset();
    assert_eq!(sandbox.requests().count() + sandbox.faults().count(), 0);
    assert_eq!(create(&mut sandbox, NOW, "ada@example.com"), first);
    let body = r#"{"customer":"ada@example.com","risk_action":"deny"}"#;
    let refused = send(&mut sandbox, NOW, "POST /customer/set_risk_action", body);
    assert_eq!(refused["status"], false);
}

#[test]
fn fault_that_its_json_form_rejects_is_not_injected() {
    let mut sandbox = Sandbox::new(1);
    for (fault, field) in [
        (Fault::status(StatusCode::CONTINUE), "status"),
        (Fault::server_error(StatusCode::NOT_FOUND), "status"),
        (
            Fault::cloudflare(StatusCode::OK, PageFormat::Html),
            "status",
        ),
        (Fault::gzip().with_probability(1.1), "probability"),
        (Fault::gzip().with_probability(f64::NAN), "probability"),
        (Fault::gzip().on("customers.creat"), "on"),
        (Fault::webhook_held().on("customers.create"), "on"),
    ] {
        assert_eq!(sandbox.inject(fault).unwrap_err().field(), field);
    }
    assert_eq!(sandbox.faults().count(), 0);
}
