//! The service of `examples/axum-service` with actix-web.
//!
//! `docs/services.md` has the commands that build it in an empty folder.

mod shutdown;
mod sign_up;
#[cfg(test)]
mod tests;

use std::error::Error as StdError;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use paystack_hyper::{Client, HyperTransport, Mode, SecretKey, api_from_env};
use paystack_webhook::{SIGNATURE_HEADER, VerifiedEvent, Verifier};
use tokio::sync::mpsc::{Sender, channel};

use self::sign_up::{SignUp, SignUps};

struct Shop {
    sign_ups: SignUps,
    verifier: Verifier,
    events: Sender<VerifiedEvent>,
}

fn routes(app: &mut web::ServiceConfig) {
    app.route("/sign-up", web::post().to(sign_up))
        .route("/paystack", web::post().to(webhook))
        .route("/ready", web::get().to(ready))
        .app_data(web::PayloadConfig::new(Verifier::BODY_LIMIT));
}

async fn sign_up(shop: web::Data<Shop>, form: web::Json<SignUp>) -> HttpResponse {
    let response = shop.sign_ups.sign_up(form.into_inner()).await;
    let mut builder = HttpResponse::build(status(response.status));
    if let Some(wait) = response.retry_after {
        builder.insert_header((RETRY_AFTER, wait));
    }
    builder.body(response.text)
}

async fn webhook(shop: web::Data<Shop>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let signature = request.headers().get(SIGNATURE_HEADER.as_str());
    let signature = signature.map_or(&b""[..], HeaderValue::as_bytes); // 401 if it is missing
    HttpResponse::new(match shop.verifier.verify_signature(signature, &body) {
        Ok(event) => match shop.events.try_send(event) {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE, // Paystack sends it again
        },
        Err(error) => status(error.status().as_u16()),
    })
}

async fn ready(shop: web::Data<Shop>) -> HttpResponse {
    match shop.sign_ups.is_ready() {
        true => HttpResponse::Ok().finish(),
        false => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// actix-web has the status type of `http` 0.2, so the number converts.
fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let api = api_from_env()?;
    if api.mode() == Mode::Live {
        return Err("this is a live key; remove this check to go live".into());
    }
    // The verifier needs the key, which `Api` does not return.
    let key = SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?;
    let (events, mut queue) = channel(1_000);
    let worker = tokio::spawn(async move {
        while let Some(event) = queue.recv().await {
            println!("{event:?}");
        }
    });
    // All workers share the client, so it is created once.
    let shop = web::Data::new(Shop {
        verifier: Verifier::new(&key),
        sign_ups: SignUps::new(Client::new(api, Arc::new(HyperTransport::new()))),
        events,
    });
    let server = HttpServer::new(move || App::new().app_data(shop.clone()).configure(routes));
    let address = std::env::var("ADDRESS").unwrap_or("127.0.0.1:3000".into());
    let server = server.shutdown_signal(shutdown::signal()?).bind(address)?;
    println!("http://{:?}", server.addrs());
    server.run().await?;
    worker.await?; // the events that are still in the queue
    Ok(())
}
