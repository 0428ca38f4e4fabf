//! A recording of the quickstart contains no secret, and replays without a server.

use std::panic::{AssertUnwindSafe, catch_unwind};

use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_tests::transports::tokio_runtime;
use paystack_tests::values::api;
use paystack_transport::customers::{
    CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_transport::testing::{Recording, Redaction, Replay};
use paystack_transport::{
    Api, AuthorizationCode, Client, Error, Metadata, Mode, Position, SecretKey, Transport,
};
use serde_json::json;

use crate::{AUTHORIZATION, KEY, NAME, PHONE, SECRETS, Shown, email, values};

/// The flow of `crates/paystack-hyper/examples/quickstart.rs`, with the values of the leak tests. `created` runs after
/// the customer was created.
async fn quickstart<T: Transport>(
    client: &Client<T>,
    risk_action: RiskAction,
    created: impl FnOnce(&paystack_transport::CustomerCode, &AuthorizationCode),
) -> Result<String, Error> {
    let create = CreateCustomer::new(email())
        .first_name(NAME)
        .phone(PHONE)
        .metadata(Metadata::new(
            &json!({"plan": "gold", "member": "canary 7"}),
        )?);
    let ada = client.send(create).await?.data;
    let card = AuthorizationCode::new(AUTHORIZATION)?;
    created(&ada.customer_code, &card);
    let fetched = client.send(FetchCustomer::new(&ada.email)).await?.data;
    assert_eq!(fetched.email, email());
    assert_eq!(fetched.first_name.as_deref(), Some(NAME));
    let update = UpdateCustomer::new(&ada.customer_code)
        .last_name("Canaria Obi")
        .clear_phone();
    client.send(update).await?;
    client
        .send(ValidateCustomer::new(
            &ada.customer_code,
            values().bank_account,
        ))
        .await?;
    client
        .send(SetRiskAction::new(&ada.customer_code, risk_action))
        .await?;
    let list = ListCustomers::new().per_page(10).start(Position::Cursor);
    assert_eq!(client.send(list).await?.data.len(), 1);
    client.send(DeactivateAuthorization::new(card)).await?;
    Ok(ada.customer_code.to_string())
}

/// The card is a constant that a response contains before a request does.
fn rules() -> Redaction {
    Redaction::new().field("member").value(AUTHORIZATION)
}

/// Records the quickstart over a socket. Returns the text.
fn record() -> String {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        let api = Api::new(SecretKey::new(KEY).unwrap());
        let api = api.with_base_url(&server.url()).unwrap();
        let recording = Recording::new(HyperTransport::new()).with_redaction(rules());
        let client = Client::new(api, recording);
        let code = quickstart(&client, RiskAction::Allow, |customer, card| {
            server.with(|sandbox, _| sandbox.seed_authorization(&Mode::Test, customer, card));
        });
        let code = code.await.unwrap();
        let text = client.transport().to_string();
        assert!(!text.contains(&code), "{text}");
        Shown::default().debug(client.transport());
        text
    })
}

#[test]
fn recorded_quickstart_has_no_secret_and_replays() {
    let text = record();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(text.matches("--- request ").count(), 7, "{text}");
    for in_order in [true, false] {
        let replay = Replay::new(&text).unwrap().with_redaction(rules());
        let replay = if in_order {
            replay
        } else {
            replay.in_any_order()
        };
        let client = Client::new(api(), replay.clone());
        let code = quickstart(&client, RiskAction::Allow, |_, _| {});
        let code = tokio_runtime().block_on(code).unwrap();
        assert!(code.starts_with("CUS_recorded"), "{code}");
        replay.assert_finished();
    }
}

#[test]
fn changed_request_fails_with_a_readable_diff() {
    let text = record();
    for in_order in [true, false] {
        let replay = Replay::new(&text).unwrap().with_redaction(rules());
        let replay = if in_order {
            replay
        } else {
            replay.in_any_order()
        };
        let panic = catch_unwind(AssertUnwindSafe(|| {
            let client = Client::new(api(), replay);
            let code = quickstart(&client, RiskAction::Deny, |_, _| {});
            tokio_runtime().block_on(code).unwrap();
        }));
        let panic = panic.unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        println!("{message}");
        let changed: Vec<_> = message
            .lines()
            .filter(|line| line.starts_with(['-', '+']))
            .collect();
        assert_eq!(
            changed,
            [
                r#"-  "risk_action": "allow""#,
                r#"+  "risk_action": "deny""#
            ]
        );
        assert!(
            message.contains(" POST /customer/set_risk_action\n"),
            "{message}"
        );
    }
}

#[test]
fn text_that_is_no_recording_is_rejected() {
    for text in [
        "",
        "paystack-recording 2\n",
        "paystack-recording 1\n--- request 1\nGET https://a/\n",
        "paystack-recording 1\n--- request 1\nGET https://a/\n--- response 1\nbroken\n",
        "paystack-recording 1\n--- request 1\nGET https://a/\n--- error 1\nIo Perhaps\n",
    ] {
        let error = Replay::new(text).unwrap_err();
        assert!(error.to_string().contains("paystack-recording 1"), "{text}");
    }
}
