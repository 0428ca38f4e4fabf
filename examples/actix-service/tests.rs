//! The tests of the actix-web part. Those of `examples/axum-service` cover the sign-up itself.

use actix_web::test::{TestRequest, call_service, init_service};
use paystack_hyper::Api;
use paystack_hyper::customers::Customer;
use paystack_hyper::testing::{Answer, Scripted};
use paystack_webhook::sign;
use tokio::sync::mpsc::Receiver;

use super::*;

fn key() -> SecretKey {
    SecretKey::new("sk_test_3f2a9c").unwrap()
}

/// The state of a service that answers each call like this, and its events.
fn shop(answer: Answer) -> (web::Data<Shop>, Receiver<VerifiedEvent>) {
    let (events, queue) = channel(1);
    let scripted = Scripted::new().then(answer.always());
    let shop = Shop {
        verifier: Verifier::new(&key()),
        sign_ups: SignUps::new(Client::new(Api::new(key()), Arc::new(scripted))),
        events,
    };
    (web::Data::new(shop), queue)
}

/// The status of the response, and its `Retry-After`.
async fn status_and_wait(shop: &web::Data<Shop>, request: TestRequest) -> (u16, Option<String>) {
    let app = App::new().app_data(shop.clone()).configure(routes);
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let wait = response.headers().get(RETRY_AFTER);
    let wait = wait.map(|wait| wait.to_str().unwrap().to_owned());
    (response.status().as_u16(), wait)
}

#[tokio::test]
async fn sign_up_and_readiness_have_their_statuses() {
    let limited = Answer::refusal(429, "Rate limit exceeded!").header("retry-after", "9");
    for (answer, status, wait, ready) in [
        (Answer::data(Customer::example()), 201, None, 200),
        (
            Answer::refusal(400, "Invalid Email Address Passed"),
            422,
            None,
            200,
        ),
        (Answer::refusal(401, "Invalid key"), 500, None, 200),
        (limited, 503, Some("10"), 503),
        (Answer::silence(), 202, None, 200),
    ] {
        let shown = format!("{answer:?}");
        let (shop, _events) = shop(answer);
        let form = serde_json::json!({"email": "ada@example.com", "first_name": "Ada"});
        let request = TestRequest::post().uri("/sign-up").set_json(form);
        let (actual, retry_after) = status_and_wait(&shop, request).await;
        assert_eq!((actual, retry_after.as_deref()), (status, wait), "{shown}");
        let request = TestRequest::get().uri("/ready");
        assert_eq!(status_and_wait(&shop, request).await.0, ready, "{shown}");
    }
}

#[tokio::test]
async fn webhook_is_verified_and_queued() {
    let (shop, mut events) = shop(Answer::lost());
    let body = r#"{"event":"transfer.success","data":{}}"#;
    let signature = sign(&key(), body.as_bytes());
    let right = signature.to_str().unwrap();
    for (signature, status) in [("00", 400), (right, 200), (right, 503)] {
        let request = TestRequest::post().uri("/paystack").set_payload(body);
        let request = request.insert_header((SIGNATURE_HEADER.as_str(), signature));
        assert_eq!(status_and_wait(&shop, request).await.0, status);
    }
    assert_eq!(events.recv().await.unwrap().body(), body);
}
