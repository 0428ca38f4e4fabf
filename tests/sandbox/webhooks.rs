//! The sandbox delivers webhooks to the server of the example, which verifies them.

use std::convert::Infallible;
use std::fmt::Write;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::{Router, serve};
use http_body_util::{BodyExt, Empty};
use hyper::body::Frame;
use paystack_hyper::{Api, Client, Email, ErrorKind, HyperTransport, SecretKey};
use paystack_sandbox::{Fault, PageFormat, Sandbox, server::Server};
use paystack_transport::customers::{BankAccount, CreateCustomer, Customer, ValidateCustomer};
use paystack_webhook::{Event, SIGNATURE_HEADER, VerifiedEvent, Verifier, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::webhook_server::{receiver, work, work_until_done};

const SOON: Duration = Duration::from_secs(10);

fn key() -> SecretKey {
    SecretKey::new("sk_test_3f2a9c").unwrap()
}

/// A sandbox, the events that its webhooks delivered, and a client.
struct World {
    sandbox: Server,
    events: mpsc::Receiver<VerifiedEvent>,
    client: Client<HyperTransport>,
}

impl World {
    async fn start(waiting: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/paystack", listener.local_addr().unwrap());
        let (router, events) = receiver(Verifier::new(&key()), waiting);
        tokio::spawn(async { serve(listener, router).await });
        let sandbox = Sandbox::new(1).with_webhook_url(url.parse().unwrap());
        let sandbox = Server::start(sandbox, 0).await.unwrap();
        let api = Api::new(key()).with_base_url(&sandbox.url()).unwrap();
        Self {
            sandbox,
            events,
            client: Client::new(api, HyperTransport::new()),
        }
    }

    /// The event of a validated customer, whose next fetch has the fault.
    async fn with_event_and_fault(fault: Fault) -> (Self, VerifiedEvent) {
        let mut world = Self::start(10).await;
        let ada = world.create().await;
        let fault = fault.on("customers.fetch").times(1);
        world
            .sandbox
            .with(|sandbox, _| sandbox.inject(fault).unwrap());
        world.validate(&ada, BankAccount::test_credential()).await;
        let event = world.event().await;
        (world, event)
    }

    async fn create(&self) -> Customer {
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        self.client.send(create).await.unwrap().data
    }

    /// Validates a customer, and advances the time until the result.
    async fn validate(&self, customer: &Customer, account: BankAccount) {
        let validate = ValidateCustomer::new(&customer.customer_code, account);
        assert_eq!(self.client.send(validate).await.unwrap().status(), 202);
        self.sandbox.advance(Duration::from_secs(2));
    }

    async fn event(&mut self) -> VerifiedEvent {
        timeout(SOON, self.events.recv()).await.unwrap().unwrap()
    }

    /// Waits until no webhook is in progress or due within a minute.
    async fn settled(&self) {
        let busy = || {
            self.sandbox.with(|sandbox, now| {
                let next = sandbox.next_webhook();
                next.is_some_and(|next| next < now + Duration::from_secs(60))
            })
        };
        let settled = async {
            while busy() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(SOON, settled).await.unwrap();
    }

    /// Sends a control request to the sandbox.
    async fn control(&self, path: &str) -> String {
        let address = self.sandbox.url().replace("http://", "");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    }
}

#[tokio::test]
async fn validation_sends_a_webhook_and_identifies_the_customer() {
    let mut world = World::start(10).await;
    let ada = world.create().await;
    assert_eq!(ada.identified, Some(false));
    world.validate(&ada, BankAccount::test_credential()).await;
    let event = world.event().await;
    assert_eq!(event.name(), Some("customeridentification.success"));
    let fetched = work(&world.client, &event).await.unwrap().unwrap();
    assert_eq!(fetched.customer_code, ada.customer_code);
    assert_eq!(fetched.identified, Some(true));
}

#[tokio::test]
async fn repeated_webhook_is_acknowledged_and_passed_on_once() {
    let mut world = World::start(10).await;
    let ada = world.create().await;
    world.validate(&ada, BankAccount::test_credential()).await;
    world.event().await;
    world.settled().await;
    let response = world.control("/sandbox/webhooks/resend").await;
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    world.settled().await;
    let next = world.sandbox.with(|sandbox, _| sandbox.next_webhook());
    assert_eq!(next, None, "the server must acknowledge the repetition");
    assert!(world.events.try_recv().is_err());
}

#[tokio::test]
async fn webhook_is_sent_again_an_hour_after_a_full_queue() {
    let mut world = World::start(1).await;
    let ada = world.create().await;
    let mut wrong = BankAccount::test_credential();
    wrong.account_number = "0111111112".into();
    world.validate(&ada, wrong).await;
    world.settled().await;
    world.validate(&ada, BankAccount::test_credential()).await;
    world.settled().await;
    let failed = world.event().await;
    assert_eq!(failed.name(), Some("customeridentification.failed"));
    assert!(world.events.try_recv().is_err(), "the queue must be full");
    let response = world.control("/sandbox/advance?seconds=3600").await;
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let succeeded = world.event().await;
    assert_eq!(succeeded.name(), Some("customeridentification.success"));
}

#[tokio::test(start_paused = true)]
async fn event_is_kept_until_its_customer_can_be_fetched() {
    let sandbox = paystack_sandbox::SandboxTransport::new(Sandbox::new(1));
    let client = Client::new(Api::new(key()), sandbox.clone());
    let email = Email::new("ada@example.com").unwrap();
    let ada = client.send(CreateCustomer::new(email)).await.unwrap().data;
    let lost = Fault::connection_closed().on("customers.fetch").times(20);
    sandbox.with(|sandbox, _| sandbox.inject(lost).unwrap());
    let body = format!(
        r#"{{"event":"customeridentification.success","data":{{"customer_code":"{}"}}}}"#,
        ada.customer_code
    );
    let headers = FromIterator::from_iter([(SIGNATURE_HEADER, sign(&key(), body.as_bytes()))]);
    let event = Verifier::new(&key()).verify_parts(&headers, body.as_bytes());
    let event = event.unwrap();
    let done = work_until_done(&client, &event).await.unwrap();
    assert_eq!(done.unwrap().customer_code, ada.customer_code);
}

#[tokio::test]
async fn handler_fetches_the_customer_under_each_fault_of_reads() {
    for fault in [
        Fault::server_error(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::rate_limited(),
        Fault::status(StatusCode::BAD_GATEWAY),
        Fault::cloudflare(StatusCode::TOO_MANY_REQUESTS, PageFormat::ProblemJson),
        Fault::truncated(),
        Fault::connection_closed(),
        Fault::request_lost(),
        Fault::answer_lost(),
        Fault::delay(Duration::from_millis(20)),
    ] {
        let (world, event) = World::with_event_and_fault(fault).await;
        let fetched = work_until_done(&world.client, &event).await.unwrap();
        assert_eq!(fetched.unwrap().identified, Some(true));
    }
}

#[tokio::test]
async fn handler_reports_a_response_that_does_not_decode() {
    for fault in [Fault::garbage(), Fault::gzip()] {
        let (world, event) = World::with_event_and_fault(fault).await;
        let error = work_until_done(&world.client, &event).await.unwrap_err();
        let error: paystack_hyper::Error = *error.downcast().unwrap();
        assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
        // The event is kept, and can be processed again.
        let fetched = work(&world.client, &event).await.unwrap();
        assert_eq!(fetched.unwrap().identified, Some(true));
    }
}

#[tokio::test]
async fn handler_gets_each_event_once_under_faults_of_webhooks() {
    for (fault, names) in [
        (Fault::webhook_dropped(), &["success"][..]),
        (Fault::webhook_duplicated(), &["failed", "success"]),
        (Fault::webhook_held(), &["success", "failed"]),
    ] {
        let mut world = World::start(10).await;
        let ada = world.create().await;
        let fault = fault.on("customeridentification.failed");
        world
            .sandbox
            .with(|sandbox, _| sandbox.inject(fault.clone()).unwrap());
        let mut wrong = BankAccount::test_credential();
        wrong.account_number = "0111111112".into();
        world.validate(&ada, wrong).await;
        world.settled().await;
        world.validate(&ada, BankAccount::test_credential()).await;
        world.settled().await;
        world.sandbox.advance(Duration::from_secs(1));
        for name in names {
            let name = format!("customeridentification.{name}");
            assert_eq!(world.event().await.name(), Some(name.as_str()), "{fault:?}");
        }
        world.settled().await;
        assert!(world.events.try_recv().is_err(), "{fault:?}");
    }
}

async fn status(router: &Router, request: Request) -> StatusCode {
    router.clone().oneshot(request).await.unwrap().status()
}

fn signed(body: &'static str, signature: &str) -> Request {
    let request = Request::post("/paystack").header(SIGNATURE_HEADER, signature);
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn server_responds_to_each_request_with_the_right_status() {
    let (router, mut events) = receiver(Verifier::new(&key()), 1);
    let body = r#"{"event":"transfer.success","data":{}}"#;
    let right = sign(&key(), body.as_bytes());
    let right = right.to_str().unwrap();
    let unsigned = Request::post("/paystack").body(Body::from(body)).unwrap();
    let large = Request::post("/paystack").body(Body::from(vec![b' '; 300_000]));
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let nothing = Empty::<Bytes>::new().map_err(|never| match never {});
    let breaks = nothing.with_trailers(std::future::ready(Some(Err(reset))));
    let broken = Request::post("/paystack").body(Body::new(breaks)).unwrap();
    for (request, expected) in [
        (unsigned, 401),
        (signed(body, &"0".repeat(128)), 401),
        (signed("{}", right), 401),
        (signed(body, "00"), 400),
        (signed(body, &right.to_uppercase()), 400),
        (large.unwrap(), 413),
        (broken, 400),
        (Request::get("/paystack").body(Body::empty()).unwrap(), 405),
    ] {
        assert_eq!(status(&router, request).await, expected);
        assert!(events.try_recv().is_err());
    }
    assert_eq!(status(&router, signed(body, right)).await, 200);
    assert_eq!(
        status(&router, signed(body, right)).await,
        503,
        "the queue must be full"
    );
    assert_eq!(events.recv().await.unwrap().body(), body);
    assert_eq!(status(&router, signed(body, right)).await, 200);
    assert!(events.try_recv().is_err(), "a repeated webhook is dropped");
}

#[tokio::test(start_paused = true)]
async fn server_accepts_an_equal_webhook_after_72_hours() {
    let (router, mut events) = receiver(Verifier::new(&key()), 10);
    let body = r#"{"event":"customeridentification.failed","data":{"customer_code":"CUS_x"}}"#;
    let right = sign(&key(), body.as_bytes());
    for (hours, is_let_through) in [(0, true), (72, false), (2, true)] {
        tokio::time::advance(Duration::from_secs(hours * 3600)).await;
        let request = signed(body, right.to_str().unwrap());
        assert_eq!(status(&router, request).await, 200);
        assert_eq!(events.try_recv().is_ok(), is_let_through);
    }
}

#[tokio::test]
async fn server_remembers_ten_thousand_webhooks() {
    let (router, mut events) = receiver(Verifier::new(&key()), 1);
    let mut is_let_through = async |number: u32| {
        let body = format!(r#"{{"event":"x","data":{{"number":{number}}}}}"#);
        let signature = sign(&key(), body.as_bytes());
        let request = Request::post("/paystack").header(SIGNATURE_HEADER, signature);
        let request = request.body(Body::from(body)).unwrap();
        assert_eq!(status(&router, request).await, 200);
        events.try_recv().is_ok()
    };
    for number in 0..10_000 {
        assert!(is_let_through(number).await);
    }
    assert!(
        !is_let_through(9_999).await,
        "a repeated webhook is dropped"
    );
    for number in 10_000..10_002 {
        assert!(is_let_through(number).await);
    }
    assert!(
        is_let_through(0).await,
        "the server must forget the first webhook"
    );
}

/// A body that never arrives.
struct Stalled;

impl HttpBody for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn server_times_out_on_a_stalled_body() {
    let (router, _events) = receiver(Verifier::new(&key()), 1);
    let request = Request::post("/paystack").body(Body::new(Stalled)).unwrap();
    assert_eq!(status(&router, request).await, 408);
}

/// Names the result of decoding a body.
fn kind(body: &[u8]) -> &'static str {
    let headers = [(SIGNATURE_HEADER, sign(&key(), body))]
        .into_iter()
        .collect();
    let webhook = Verifier::new(&key()).verify_parts(&headers, body).unwrap();
    match webhook.event() {
        Ok(Event::CustomerIdentificationSucceeded(_)) => "identification succeeded",
        Ok(Event::CustomerIdentificationFailed(_)) => "identification failed",
        Ok(Event::DirectDebitAuthorizationCreated(_)) => "authorization created",
        Ok(Event::DirectDebitAuthorizationActive(_)) => "authorization active",
        Ok(_) => "other",
        Err(_) if webhook.name().is_some() => "unread",
        Err(_) => "no event",
    }
}

#[test]
fn webhook_in_the_corpus_decodes_as_in_the_snapshot() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/webhooks");
    let entries = std::fs::read_dir(corpus).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut table = String::new();
    for path in paths {
        let name = path.file_name().unwrap().display();
        let kind = kind(&std::fs::read(&path).unwrap());
        writeln!(table, "{name}: {kind}").unwrap();
    }
    insta::assert_snapshot!(table, @"
    a_list: no event
    authorization_active: authorization active
    authorization_created: authorization created
    cut_off: no event
    data_is_a_list: unread
    identification_failed: identification failed
    identification_succeeded: identification succeeded
    identification_succeeded_by_bvn: identification succeeded
    not_utf8: no event
    nothing_told: identification failed
    odd_forms: authorization active
    other: other
    unread: identification succeeded
    ");
}
