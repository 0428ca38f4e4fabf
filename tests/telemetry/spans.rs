//! The spans and events, field by field, as an exporter of OpenTelemetry receives them.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use paystack_tests::values::{api, email};
use paystack_transport::customers::{CreateCustomer, Customer, FetchCustomer};
use paystack_transport::local::LocalClient;
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{BlockingClient, Client, Error, Mode, RateLimiter, Reply, Settings};
use tracing_subscriber::layer::SubscriberExt;

use crate::printed::Written;

/// The spans that a test records, in the order in which they ended.
fn recorded(test: impl AsyncFnOnce()) -> Vec<String> {
    let exporter = InMemorySpanExporter::default();
    let traces = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer("test"))
        .with_location(false)
        .with_target(false)
        .with_threads(false)
        .with_level(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(test());
    });
    let spans = exporter.get_finished_spans().unwrap();
    spans.iter().map(shown).collect()
}

/// A span in a few lines: name, kind and status, the attributes, and the events.
fn shown(span: &SpanData) -> String {
    let mut lines = vec![format!(
        "{} {:?} {:?}",
        span.name, span.span_kind, span.status
    )];
    let attributes = span.attributes.iter();
    let mut attributes: Vec<_> = attributes
        .map(|attribute| format!("  {} = {}", attribute.key, attribute.value))
        .collect();
    attributes.sort();
    lines.extend(attributes);
    for event in &span.events.events {
        let attributes = event.attributes.iter();
        let attributes = attributes.filter(|attribute| attribute.key.as_str() != "target");
        let attributes = attributes.map(|a| format!(" {}={}", a.key, a.value));
        lines.push(format!(
            "  * {}{}",
            event.name,
            attributes.collect::<String>()
        ));
    }
    lines.join("\n")
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(email("canary@example.com"))
}

/// Answers with a failure of each kind, and then with a customer whose phone is odd.
fn failing() -> Scripted {
    let odd = r#"{"status":true,"message":"","data":{"id":1,"customer_code":"CUS_x","email":"canary@example.com",
        "phone":{"canary":1}}}"#;
    Scripted::new()
        .then(Answer::not_sent())
        .then(Answer::silence())
        .then(
            Answer::status(503)
                .header("retry-after", "2")
                .header("cf-ray", "8a12345678cd9012-LOS"),
        )
        .then(Answer::body(odd).header("x-request-id", "req_8a12345678cd9012"))
}

fn limiter() -> RateLimiter {
    RateLimiter::new(Mode::Test, 7)
}

fn settings() -> Settings {
    Settings::new()
        .attempts(4)
        .backoff(Duration::ZERO, Duration::ZERO)
}

const RETRIED: [&str; 5] = [
    "GET /customer/{email_or_code} Client Error { description: \"\" }
  error.type = connection_refused
  http.request.method = GET
  server.address = api.paystack.co
  server.port = 443
  url.template = /customer/{email_or_code}",
    "GET /customer/{email_or_code} Client Error { description: \"\" }
  error.type = timeout
  http.request.method = GET
  http.request.resend_count = 1
  server.address = api.paystack.co
  server.port = 443
  url.template = /customer/{email_or_code}",
    "GET /customer/{email_or_code} Client Error { description: \"\" }
  error.type = 503
  http.request.method = GET
  http.request.resend_count = 2
  http.response.status_code = 503
  paystack.request_id = 8a12345678cd9012-LOS
  server.address = api.paystack.co
  server.port = 443
  url.template = /customer/{email_or_code}",
    "GET /customer/{email_or_code} Client Unset
  http.request.method = GET
  http.request.resend_count = 3
  http.response.status_code = 200
  paystack.request_id = req_8a12345678cd9012
  server.address = api.paystack.co
  server.port = 443
  url.template = /customer/{email_or_code}",
    "customers.fetch Internal Unset
  http.response.status_code = 200
  paystack.attempts = 4
  paystack.operation = customers.fetch
  paystack.outcome = processed
  paystack.queued_ms = 0
  paystack.request_id = req_8a12345678cd9012
  * waits before a retry level=INFO duration_ms=0
  * waits before a retry level=INFO duration_ms=0
  * waits before a retry level=INFO duration_ms=2000
  * ignored a field of the wrong type level=WARN operation=customers.fetch error=data.phone: expected text, found an object",
];

fn assert_succeeds(result: Result<Reply<Customer>, Error>) {
    assert_eq!(result.unwrap().attempts(), 4);
}

#[test]
fn each_client_records_a_call_and_its_attempts() {
    let of_a_client = recorded(async || {
        let client = Client::new(api(), failing());
        let client = client
            .with_rate_limiter(limiter())
            .with_settings(settings());
        assert_succeeds(client.send(fetch()).await);
    });
    assert_eq!(of_a_client, RETRIED);
    let of_a_local_client = recorded(async || {
        let client = LocalClient::new(api(), failing());
        let client = client
            .with_rate_limiter(limiter())
            .with_settings(settings());
        assert_succeeds(client.send(fetch()).await);
    });
    assert_eq!(of_a_local_client, RETRIED);
    let of_a_blocking_client = recorded(async || {
        let client = BlockingClient::new(api(), failing());
        let client = client
            .with_rate_limiter(limiter())
            .with_settings(settings());
        assert_succeeds(client.send(fetch()));
    });
    assert_eq!(of_a_blocking_client, RETRIED);
}

#[test]
fn refused_call_has_the_error_and_the_outcome() {
    let spans = recorded(async || {
        let refusal = Answer::refusal(404, "No canary@example.com").code("customer_not_found");
        let client = Client::new(api(), Scripted::new().then(refusal));
        client.send(fetch()).await.unwrap_err();
    });
    assert_eq!(
        spans[1],
        "customers.fetch Internal Error { description: \"\" }
  error = 404 customer_not_found
  error.type = 404
  http.response.status_code = 404
  paystack.attempts = 1
  paystack.operation = customers.fetch
  paystack.outcome = not_processed
  paystack.queued_ms = 0"
    );
}

#[test]
fn deadline_after_a_refusal_records_no_message() {
    let spans = recorded(async || {
        let refusal = Answer::refusal(503, "Ada Obi is not verified").code("outage");
        let script = Scripted::new().then(refusal).then(Answer::silence());
        let client = Client::new(api(), script).with_rate_limiter(limiter());
        let client = client.with_settings(settings().attempt_timeout(None));
        client.send(fetch()).await.unwrap_err();
    });
    let call = spans.last().unwrap();
    let error = "\n  error = deadline exceeded (last: 503 outage)\n";
    assert!(call.contains(error), "{call}");
}

#[test]
fn call_has_the_last_response_before_its_error() {
    let script = || {
        let unavailable = Answer::status(503).header("cf-ray", "8a12345678cd9012-LOS");
        Scripted::new().then(unavailable).then(Answer::lost())
    };
    let failed = recorded(async || {
        let client = Client::new(api(), script()).with_settings(settings().attempts(2));
        client.send(fetch()).await.unwrap_err();
    });
    let cancelled = recorded(async || {
        let client = Client::new(api(), script()).with_settings(Settings::new());
        dropped(client.send(fetch()));
    });
    let status = "\n  http.response.status_code = 503\n";
    let id = "\n  paystack.request_id = 8a12345678cd9012-LOS";
    for (spans, error) in [(failed, "io"), (cancelled, "cancelled")] {
        let call = spans.last().unwrap();
        let error = format!("\n  error.type = {error}\n");
        let has_response = call.contains(status) && call.contains(id);
        assert!(call.contains(&error) && has_response, "{call}");
    }
}

#[test]
fn queued_call_has_an_event_with_the_duration() {
    let spans = recorded(async || {
        let script = Scripted::new().then(Answer::data(Customer::example()).always());
        let limiter = limiter().with_limit(60);
        let client = Client::new(api(), script).with_rate_limiter(limiter);
        while client.send(fetch()).await.unwrap().queued_for().is_zero() {}
    });
    let last = spans.last().unwrap();
    let queued = last.contains("* waits for the rate limit level=DEBUG duration_ms=");
    let total = last.contains("paystack.queued_ms = ") && !last.contains("paystack.queued_ms = 0");
    assert!(queued && total, "{last}");
}

/// Begins a call, and drops it while it waits.
fn dropped<T>(call: impl Future<Output = T>) {
    let polled = pin!(call).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
}

#[test]
fn dropped_call_ends_with_an_event() {
    let spans = recorded(async || {
        let client = Client::new(api(), Scripted::new().then(Answer::silence()));
        dropped(client.send(CreateCustomer::new(email("canary@example.com"))));
    });
    assert_eq!(
        spans,
        [
            "POST /customer Client Unset
  error.type = cancelled
  http.request.method = POST
  server.address = api.paystack.co
  server.port = 443
  url.template = /customer",
            "customers.create Internal Unset
  error.type = cancelled
  paystack.attempts = 1
  paystack.operation = customers.create
  paystack.outcome = unknown
  paystack.queued_ms = 0
  * dropped before its end level=INFO",
        ]
    );
}

#[test]
fn call_dropped_during_back_off_has_the_outcome() {
    for (answer, outcome) in [
        (Answer::not_sent(), "not_processed"),
        (Answer::lost(), "unknown"),
        (Answer::status(502), "unknown"),
    ] {
        let spans = recorded(async || {
            let client = Client::new(api(), Scripted::new().then(answer));
            dropped(client.send(fetch()));
        });
        let expected = format!("paystack.outcome = {outcome}\n");
        assert!(spans[1].contains(&expected), "{}", spans[1]);
    }
}

#[test]
fn warning_without_its_span_names_the_operation() {
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_ansi(false)
        .with_writer({
            let written = written.clone();
            move || written.clone()
        })
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let client = BlockingClient::new(api(), failing()).with_settings(settings());
        assert_succeeds(client.send(fetch()));
    });
    let warning = written.text();
    assert!(
        warning.contains(r#"operation="customers.fetch""#),
        "{warning}"
    );
}

#[test]
fn server_address_of_ipv6_has_no_brackets() {
    let spans = recorded(async || {
        let api = api().with_base_url("http://[::1]:4010").unwrap();
        let script = Scripted::new().then(Answer::data(Customer::example()));
        Client::new(api, script).send(fetch()).await.unwrap();
    });
    assert!(spans[0].contains("server.address = ::1\n  server.port = 4010"));
}
