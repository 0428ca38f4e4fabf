//! The sign-up handler for actix-web of `docs/axum-service.md`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use paystack_hyper::customers::CreateCustomer;
use paystack_hyper::{Client, Email, Outcome, Settings, Transport};
use serde::Deserialize;

pub type Paystack = web::Data<Client<Arc<dyn Transport>>>;

#[derive(Deserialize)]
pub struct SignUp {
    email: String,
    first_name: String,
}

pub fn routes(app: &mut web::ServiceConfig) {
    app.route("/sign-up", web::post().to(sign_up));
}

async fn sign_up(paystack: Paystack, form: web::Json<SignUp>) -> HttpResponse {
    let form = form.into_inner();
    let paystack = paystack.with_settings(Settings::new().deadline(Duration::from_secs(5)));
    let Ok(email) = Email::new(form.email) else {
        return HttpResponse::UnprocessableEntity().body("Please check your e-mail address.");
    };
    let create = CreateCustomer::new(email).first_name(form.first_name);
    match paystack.send(create).await {
        Ok(reply) => HttpResponse::Created().body(reply.data.customer_code.to_string()),
        Err(error) if error.is_validation() => {
            HttpResponse::UnprocessableEntity().body("Please check your e-mail address.")
        }
        Err(error) if error.outcome() != Outcome::NotProcessed => {
            HttpResponse::Accepted().body("We are creating your account, and will write to you.")
        }
        Err(_) => HttpResponse::ServiceUnavailable().body("Please try again in a minute."),
    }
}
