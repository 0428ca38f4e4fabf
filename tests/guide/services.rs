//! The services of `docs/axum-service.md` equal the tested files.

use std::sync::Arc;

use actix_web::{App, test as actix_test, web};
use paystack_hyper::customers::Customer;
use paystack_hyper::testing::{Answer, Scripted};
use paystack_hyper::{Client, Transport};
use paystack_tests::values::api;

use crate::actix_service;
use crate::pages::assert_program_equals;

#[tokio::test]
async fn sign_up_on_actix_web_has_the_documented_statuses() {
    for (answer, expected) in [
        (Answer::data(Customer::example()), 201),
        (Answer::refusal(400, "Invalid").code("invalid_params"), 422),
        (Answer::not_sent(), 503),
        (Answer::silence(), 202),
    ] {
        let scripted: Arc<dyn Transport> = Arc::new(Scripted::new().then(answer.always()));
        let paystack = web::Data::new(Client::new(api(), scripted));
        let app = App::new()
            .app_data(paystack)
            .configure(actix_service::routes);
        let app = actix_test::init_service(app).await;
        let request = actix_test::TestRequest::post().uri("/sign-up");
        let form = serde_json::json!({"email": "ada@example.com", "first_name": "Ada"});
        let response = actix_test::call_service(&app, request.set_json(form).to_request()).await;
        assert_eq!(response.status().as_u16(), expected);
    }
}

#[test]
fn services_in_the_guide_equal_the_tested_files() {
    let page = include_str!("../../docs/axum-service.md");
    let block = |heading: &str| {
        let (_, section) = page.split_once(heading).unwrap();
        let (_, rest) = section.split_once("```rust").unwrap();
        let (_, program) = rest.split_once('\n').unwrap();
        program.split_once("```").unwrap().0.to_owned()
    };
    for (heading, file) in [
        ("## The service\n", include_str!("axum_service/main.rs")),
        ("## Its tests\n", include_str!("axum_service/tests.rs")),
    ] {
        let (_, tested) = file.split_once("\n\n").unwrap();
        assert_eq!(block(heading), tested, "{heading}");
    }
    let actix = include_str!("actix_service.rs");
    assert_program_equals(page, "## With actix-web\n", actix);
}
