//! The tests of the service. `Scripted` answers as the test states; the sandbox behaves like Paystack.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header::CONTENT_TYPE};
use paystack_hyper::customers::{CreateCustomer, Customer};
use paystack_hyper::testing::{Answer, Scripted};
use paystack_hyper::{Api, Transport};
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_webhook::{SIGNATURE_HEADER, sign};
use tokio::sync::mpsc::Receiver;
use tower::ServiceExt;

use super::sign_up::DEADLINE;
use super::*;

fn key() -> SecretKey {
    SecretKey::new("sk_test_3f2a9c").unwrap()
}

/// The service over a test transport, and its events.
fn service(transport: impl Transport + 'static) -> (Router, Receiver<VerifiedEvent>) {
    service_with_key(key(), transport)
}

fn service_with_key(
    key: SecretKey,
    transport: impl Transport + 'static,
) -> (Router, Receiver<VerifiedEvent>) {
    service_over(Client::new(Api::new(key), Arc::new(transport)))
}

fn service_over(client: Client<Arc<dyn Transport>>) -> (Router, Receiver<VerifiedEvent>) {
    let (events, queue) = channel(1);
    let shop = Shop {
        verifier: Verifier::new(&key()),
        sign_ups: SignUps::new(client),
        events,
    };
    (router(shop), queue)
}

/// The status, the `Retry-After` and the text of the response to a sign-up.
async fn sign_up(service: &Router, email: &str) -> (u16, Option<String>, String) {
    let form = format!(r#"{{"email":"{email}","first_name":"Ada"}}"#);
    let request = Request::post("/sign-up").header(CONTENT_TYPE, "application/json");
    let response = service
        .clone()
        .oneshot(request.body(Body::from(form)).unwrap());
    let response = response.await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let wait = headers.get(RETRY_AFTER);
    let wait = wait.map(|wait| wait.to_str().unwrap().to_owned());
    let text = to_bytes(response.into_body(), 1_000).await.unwrap();
    (status, wait, String::from_utf8(text.into()).unwrap())
}

/// The status of the response to the load balancer.
async fn readiness(service: &Router) -> u16 {
    let request = Request::get("/ready").body(Body::empty()).unwrap();
    let response = service.clone().oneshot(request).await.unwrap();
    response.status().as_u16()
}

#[tokio::test]
async fn customer_is_created_in_the_sandbox() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    let (service, _events) = service(sandbox.clone());
    let (status, _, code) = sign_up(&service, "ada@example.com").await;
    assert_eq!(status, 201);
    assert!(code.starts_with("CUS_"));
    assert_eq!(sandbox.with(|sandbox, _| sandbox.writes()), 1);
}

#[tokio::test]
async fn each_error_has_its_response() {
    let limited = Answer::refusal(429, "Rate limit exceeded!");
    let reserved = Answer::refusal(400, "Invalid Email Address Passed");
    for (answer, status, wait, start) in [
        (Answer::data(Customer::example()), 201, None, "CUS_"),
        (reserved, 422, None, "Please check"),
        (
            Answer::refusal(400, "No").code("invalid_params"),
            500,
            None,
            "We cannot",
        ),
        (
            Answer::refusal(401, "Invalid key").code("invalid_Key"),
            500,
            None,
            "We cannot",
        ),
        (
            limited.header("retry-after", "9"),
            503,
            Some("10"),
            "We are busy",
        ),
        (Answer::not_sent(), 503, Some("60"), "We are busy"),
        (
            Answer::status(503).header("retry-after", "7"),
            202,
            None,
            "We are creating",
        ),
        (Answer::lost(), 202, None, "We are creating"),
        (Answer::silence(), 202, None, "We are creating"),
    ] {
        let shown = format!("{answer:?}");
        let scripted = Scripted::new().on::<CreateCustomer>(answer.always());
        let (service, _events) = service(scripted.clone());
        let (actual, retry_after, text) = sign_up(&service, "ada@example.com").await;
        assert_eq!(
            (actual, retry_after.as_deref()),
            (status, wait),
            "{shown}: {text}"
        );
        assert!(text.starts_with(start), "{shown}: {text}");
        assert!(scripted.now() <= DEADLINE, "{shown}");
    }
}

#[tokio::test]
async fn invalid_address_is_not_sent() {
    let (service, _events) = service(Scripted::new()); // any request would fail the test
    assert_eq!(sign_up(&service, "ada.example.com").await.0, 422);
}

#[tokio::test]
async fn slow_sign_up_does_not_delay_another() {
    let scripted = Scripted::new()
        .then(Answer::silence())
        .then(Answer::data(Customer::example()).after(Duration::from_secs(1)));
    let (service, _events) = service(scripted.clone());
    let slow = async { (sign_up(&service, "ada@example.com").await.0, scripted.now()) };
    let fast = async { (sign_up(&service, "bo@example.com").await.0, scripted.now()) };
    let ended = tokio::join!(slow, fast);
    assert_eq!(ended, ((202, DEADLINE), (201, Duration::from_secs(1))));
}

#[tokio::test]
async fn webhook_is_verified_and_queued() {
    let (service, mut events) = service(Scripted::new());
    let body = r#"{"event":"transfer.success","data":{}}"#;
    let send = async |signature| {
        let request = Request::post("/paystack").header(SIGNATURE_HEADER, signature);
        let response = service
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap());
        response.await.unwrap().status().as_u16()
    };
    assert_eq!(send(HeaderValue::from_static("00")).await, 400);
    let signature = sign(&key(), body.as_bytes());
    assert_eq!(send(signature.clone()).await, 200);
    assert_eq!(send(signature).await, 503, "the queue is full");
    assert_eq!(events.recv().await.unwrap().body(), body);
}

#[tokio::test]
async fn service_is_not_ready_while_the_queue_is_long() {
    // 600 and 100 requests a minute. Nothing is sent.
    for key in ["sk_live_3f2a9c", "sk_test_3f2a9c"] {
        let scripted = Scripted::new().then(Answer::data(Customer::example()).always());
        let (service, _events) = service_with_key(SecretKey::new(key).unwrap(), scripted);
        assert_eq!(readiness(&service).await, 200);
        let mut sign_ups = tokio::task::JoinSet::new();
        for _ in 0..1_000 {
            let service = service.clone();
            sign_ups.spawn(async move { sign_up(&service, "ada@example.com").await });
        }
        tokio::task::yield_now().await;
        assert_eq!(readiness(&service).await, 503, "{key}");
        sign_ups.shutdown().await; // dropped calls leave the queue
        assert_eq!(readiness(&service).await, 200, "{key}");
    }
}

#[tokio::test]
async fn service_with_a_low_limit_is_ready_while_few_wait() {
    let scripted = Scripted::new().then(Answer::data(Customer::example()).always());
    let transport: Arc<dyn Transport> = Arc::new(scripted.clone());
    let client = Client::new(Api::new(key()), transport).with_requests_per_minute(60);
    let (service, _events) = service_over(client);
    assert_eq!(sign_up(&service, "ada@example.com").await.0, 201);
    let _hold = scripted.clock().hold();
    let mut waiting = tokio::task::JoinSet::new();
    // One a second: the third waits for more than half of the deadline.
    for status in [200, 200, 503] {
        let of_task = service.clone();
        waiting.spawn(async move { sign_up(&of_task, "ada@example.com").await });
        tokio::task::yield_now().await;
        assert_eq!(readiness(&service).await, status, "{} wait", waiting.len());
    }
}

#[tokio::test]
async fn service_is_not_ready_after_a_429_until_its_end() {
    let limited = Answer::refusal(429, "Rate limit exceeded!");
    for limited in [
        limited.clone().header("retry-after", "20"),
        limited.clone().header("x-ratelimit-reset", "20"),
        limited,
    ] {
        let shown = format!("{limited:?}");
        let scripted = Scripted::new().on::<CreateCustomer>(limited.always());
        let (service, _events) = service(scripted.clone());
        assert_eq!(sign_up(&service, "ada@example.com").await.0, 503);
        assert_eq!(readiness(&service).await, 503, "{shown}");
        scripted.clock().advance(Duration::from_secs(21));
        assert_eq!(readiness(&service).await, 200, "{shown}");
    }
}

#[tokio::test]
async fn shutdown_ends_although_a_client_stalls() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let (service, _events) = service(Scripted::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async { stopped.await.unwrap() };
    let limit = Duration::from_millis(100);
    let server = tokio::spawn(serve(listener, service, shutdown, limit));
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = "POST /sign-up HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 9\r\nexpect: 100-continue\r\n\r\n";
    client.write_all(head.as_bytes()).await.unwrap();
    // The handler reads the body.
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    client.read_exact(&mut interim).await.unwrap();
    stop.send(()).unwrap();
    let ended = timeout(Duration::from_secs(30), server).await;
    ended.unwrap().unwrap().unwrap();
}
