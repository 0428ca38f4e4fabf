//! All seven customer operations over a real socket.
//!
//! `cargo run --example quickstart` starts a sandbox on this machine and calls it. With
//! `PAYSTACK_SECRET_KEY=sk_test_…` set, it calls Paystack's test mode instead, or the server in `PAYSTACK_BASE_URL`.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use paystack_hyper::Position;
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    Api, AuthorizationCode, Client, Email, ErrorKind, HyperTransport, Metadata, Mode, Operation,
    Reply, SecretKey, Sensitive, api_from_env,
};
use paystack_sandbox::{Sandbox, server::Server};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let key = std::env::var("PAYSTACK_SECRET_KEY");
    let (api, sandbox) = if key.unwrap_or_default().is_empty() {
        let sandbox = Server::start(Sandbox::new(1), 0).await?;
        println!("A sandbox listens on {}\n", sandbox.url());
        let api = Api::new(SecretKey::new("sk_test_quickstart")?);
        (api.with_base_url(&sandbox.url())?, Some(sandbox))
    } else {
        let api = api_from_env()?;
        if api.mode() == Mode::Live {
            return Err("this is a live key; the quickstart only runs in test mode".into());
        }
        (api, None)
    };
    let client = Client::new(api, HyperTransport::new());

    // The later operations use this customer, so a refusal ends the program.
    let create = CreateCustomer::new(Email::new("ada@example.com")?)
        .first_name("Ada")
        .phone("+2348123456789")
        .metadata(Metadata::new(&BTreeMap::from([("plan", "gold")]))?);
    let ada = call(&client, "Create a customer", create).await?.data;
    print_result(&format!("{}, id {}", ada.customer_code, ada.id));

    let card = AuthorizationCode::new("AUTH_quickstart")?;
    if let Some(sandbox) = &sandbox {
        // At Paystack, a first payment creates the authorization.
        sandbox
            .with(|sandbox, _| sandbox.seed_authorization(&Mode::Test, &ada.customer_code, &card));
    }

    let fetch = FetchCustomer::new(&ada.email);
    if let Some(reply) = refusable(call(&client, "Fetch her by e-mail", fetch).await)? {
        let authorizations = reply.data.authorizations.map_or(0, |list| list.len());
        let metadata = reply.data.metadata;
        let metadata = metadata.as_ref().map_or("none", Metadata::as_str);
        print_result(&format!(
            "cards and mandates: {authorizations}, metadata: {metadata}"
        ));
    }

    let update = UpdateCustomer::new(&ada.customer_code)
        .last_name("Obi")
        .clear_phone();
    let what = "Set her last name and clear her phone";
    if let Some(reply) = refusable(call(&client, what, update).await)? {
        let or_none = |text: Option<Sensitive>| text.map_or("none".into(), |text| text.to_string());
        let (name, phone) = (or_none(reply.data.last_name), or_none(reply.data.phone));
        print_result(&format!("last name: {name}, phone: {phone}"));
    }

    // Paystack's test credential, which succeeds in test mode.
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(&ada.customer_code, account);
    if refusable(call(&client, "Validate her identity", validate).await)?.is_some() {
        print_result("a webhook reports the result");
    }

    let allow = SetRiskAction::new(&ada.customer_code, RiskAction::Allow);
    if let Some(reply) = refusable(call(&client, "Whitelist her", allow).await)? {
        print_result(&format!(
            "risk action: {}",
            reply.data.risk_action.unwrap_or_default()
        ));
    }

    let list = ListCustomers::new().per_page(10).start(Position::Cursor);
    if let Some(reply) = refusable(call(&client, "List customers by cursor", list).await)? {
        let more = reply.meta.is_some_and(|meta| meta.next.is_some());
        let more = if more {
            "there are more pages"
        } else {
            "no more pages"
        };
        print_result(&format!("on this page: {}, {more}", reply.data.len()));
    }

    let deactivate = DeactivateAuthorization::new(card);
    if refusable(call(&client, "Deactivate a card", deactivate).await)?.is_some() {
        print_result("it can no longer be charged");
    }
    Ok(())
}

/// Prints an error response of Paystack and returns `None`, so that the program continues.
///
/// Test mode has no card without a payment, and not every integration may set risk actions.
fn refusable<T>(
    outcome: Result<Reply<T>, paystack_hyper::Error>,
) -> Result<Option<Reply<T>>, paystack_hyper::Error> {
    match outcome {
        Ok(reply) => Ok(Some(reply)),
        Err(error) => match error.kind() {
            ErrorKind::Api(_) => {
                print_result(&error.to_string());
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// Sends an operation, and prints its method, URL and status.
async fn call<O: Operation>(
    client: &Client<HyperTransport>,
    what: &str,
    operation: O,
) -> Result<Reply<O::Output>, paystack_hyper::Error> {
    const BOLD: Style = Style::new().bold();
    const CYAN: Style = AnsiColor::Cyan.on_default();
    const GREEN: Style = AnsiColor::Green.on_default();
    println!("{BOLD}{what}{BOLD:#}");
    let request = client.api().request(&operation)?;
    println!("  {CYAN}{} {}{CYAN:#}", request.method(), request.uri());
    let reply = client.send(operation).await?;
    println!("  {GREEN}{}{GREEN:#} {}", reply.status(), reply.message);
    Ok(reply)
}

fn print_result(what: &str) {
    println!("  {what}\n");
}
