//! All seven customer operations over a real socket.
//!
//! `cargo run --example quickstart` starts a sandbox on this machine and calls it. With
//! `PAYSTACK_SECRET_KEY=sk_test_…` set, it calls Paystack's test mode instead.

use std::collections::BTreeMap;
use std::error::Error;

use anstream::println;
use anstyle::{AnsiColor, Style};
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    Api, AuthorizationCode, Client, CustomerCode, Domain, Email, HyperTransport, Metadata,
    Operation, Reply, SecretKey,
};
use paystack_sandbox::{Sandbox, server::Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (api, sandbox) = match std::env::var("PAYSTACK_SECRET_KEY") {
        Ok(key) => {
            let key = SecretKey::new(key)?;
            if key.domain() == Domain::Live {
                return Err("this is a live key; the quickstart only runs in test mode".into());
            }
            println!("Calling Paystack's test mode\n");
            (Api::new(key), None)
        }
        Err(_) => {
            let sandbox = Server::start(Sandbox::new(1), 0).await?;
            println!("A sandbox listens on {}\n", sandbox.url());
            let api = Api::new(SecretKey::new("sk_test_quickstart")?);
            (api.with_base_url(&sandbox.url())?, Some(sandbox))
        }
    };
    let client = Client::new(api, HyperTransport::new());

    let create = CreateCustomer::new(Email::new("ada@example.com")?)
        .first_name("Ada")
        .phone("+2348123456789")
        .metadata(Metadata::new(&BTreeMap::from([("plan", "gold")]))?);
    let ada = call(&client, "Create a customer", create).await?.data;
    came(&format!("{}, id {}", ada.customer_code, ada.id));

    let card = sandbox
        .as_ref()
        .and_then(|sandbox| seed_card(sandbox, &ada.customer_code));

    let fetch = FetchCustomer::new(&ada.email);
    let fetched = call(&client, "Fetch her by e-mail", fetch).await?.data;
    let authorizations = fetched.authorizations.unwrap_or_default();
    came(&format!(
        "{} authorizations, metadata {}",
        authorizations.len(),
        fetched.metadata.as_ref().map_or("none", Metadata::as_str)
    ));

    let update = UpdateCustomer::new(&ada.customer_code)
        .last_name("Obi")
        .clear_phone();
    let updated = call(&client, "Set her last name, clear her phone", update)
        .await?
        .data;
    came(&format!(
        "last name {:?}, phone {:?}",
        updated.last_name.as_deref().unwrap_or("none"),
        updated.phone.as_deref().unwrap_or("none")
    ));

    // Paystack's test credential, which succeeds in test mode.
    let account = BankAccount {
        country: "NG".into(),
        bank_code: "007".into(),
        account_number: "0111111111".into(),
        bvn: "222222222221".into(),
        first_name: "Uchenna".into(),
        last_name: "Okoro".into(),
    };
    let validate = ValidateCustomer::new(&ada.customer_code, account);
    call(&client, "Have her identity checked", validate).await?;
    came("the verdict comes later, as a webhook");

    let deny = SetRiskAction::new(&ada.customer_code, RiskAction::Deny);
    let denied = call(&client, "Blacklist her", deny).await?.data;
    came(&format!(
        "risk action {}",
        denied.risk_action.unwrap_or_default()
    ));

    let list = ListCustomers::new().per_page(10).start(Start::Cursor);
    let page = call(&client, "List customers by cursor", list).await?;
    let next = page.meta.and_then(|meta| meta.next);
    came(&format!(
        "{} customers, {}",
        page.data.len(),
        if next.is_some() {
            "and there are more"
        } else {
            "which is all"
        }
    ));

    let known = authorizations
        .into_iter()
        .find_map(|one| one.authorization_code);
    let code = match card.or(known) {
        Some(code) => code,
        None => AuthorizationCode::new("AUTH_none_yet")?,
    };
    let deactivate = DeactivateAuthorization::new(code);
    match call(&client, "Forget a card", deactivate).await {
        // Without a payment there is no card in test mode.
        Err(error) if error.is_not_found() => came(&error.to_string()),
        done => {
            done?;
            came("it can no longer be charged");
        }
    }
    Ok(())
}

/// What a first payment would do.
fn seed_card(sandbox: &Server, customer: &CustomerCode) -> Option<AuthorizationCode> {
    sandbox.with(|sandbox, _| sandbox.seed_authorization(&Domain::Test, customer))
}

/// Sends an operation and shows its request line and the status.
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
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    println!("  {CYAN}{} {path}{CYAN:#}", request.method());
    let reply = client.send(operation).await?;
    println!("  {GREEN}{}{GREEN:#} {}", reply.status(), reply.message);
    Ok(reply)
}

fn came(what: &str) {
    println!("  {what}\n");
}
