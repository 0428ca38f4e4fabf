//! A key, a BVN, an account number, an address and a phone number that are easy to recognize are
//! pushed through everything that can be shown; none of them may turn up.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Display, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_client::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    VerifyAuthorization,
};
use paystack_client::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    Api, AuthorizationCode, Call, Client, CustomerCode, CustomerId, Domain, Email, Metadata,
    Operation, Pace, PagesError, Personal, Reference, SecretKey, Sent, Settings, Step,
    TransportError, TransportErrorKind, Walk, WireText, bytes::Bytes, http,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata as TraceMetadata, Subscriber};

const KEY: &str = "sk_test_canary7f3a";
const EMAIL: &str = "canary.ada@example.com";
const PHONE: &str = "+2348123456798";
const BVN: &str = "22299988871";
const ACCOUNT: &str = "0119998887";
const NAME: &str = "Canaria";
const AUTHORIZATION: &str = "AUTH_canarycode";

/// What gives them away, in whatever form they are shown.
const SECRETS: [&str; 6] = [
    "canary",
    "Canaria",
    "8123456798",
    "22299988871",
    "0119998887",
    "63616e617279",
];

/// Everything that was shown, and how often something was.
#[derive(Default)]
struct Shown {
    renderings: usize,
}

impl Shown {
    fn text(&mut self, text: &str) {
        self.renderings += 1;
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is shown in: {text}");
        }
    }

    fn debug(&mut self, value: &dyn Debug) {
        self.text(&format!("{value:?}"));
        self.text(&format!("{value:#?}"));
    }

    fn display(&mut self, value: &dyn Display) {
        self.text(&value.to_string());
    }

    fn error(&mut self, error: &dyn StdError) {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.text(&format!("{error:?}"));
            self.text(&error.to_string());
            cause = error.source();
        }
    }
}

fn email() -> Email {
    Email::new(EMAIL).unwrap()
}

fn code() -> CustomerCode {
    CustomerCode::new("CUS_x").unwrap()
}

fn metadata() -> Metadata {
    Metadata::new(&json!({"phone": PHONE, "canary": EMAIL})).unwrap()
}

fn account() -> Account {
    Account {
        number: ACCOUNT.into(),
        bank_code: "058".into(),
    }
}

fn address() -> Address {
    Address {
        street: NAME.into(),
        city: NAME.into(),
        state: NAME.into(),
    }
}

/// Answers that hold all of it: as data, as an error, as data of wrong types, as no JSON at all.
fn answers() -> Vec<(u16, String)> {
    let said =
        format!("{EMAIL} {PHONE} {BVN} {ACCOUNT} {AUTHORIZATION} {KEY} canary%40example.com");
    let person = json!({
        "id": 7, "customer_code": "CUS_x", "email": EMAIL, "first_name": NAME, "last_name": NAME,
        "phone": PHONE, "metadata": {"canary": EMAIL}, "account_number": ACCOUNT,
        "authorizations": [{"authorization_code": AUTHORIZATION, "account_name": NAME}],
        "identifications": [{"bvn": BVN}], "dedicated_account": {"account_number": ACCOUNT},
        "redirect_url": format!("https://x.example/{EMAIL}"), "access_code": AUTHORIZATION,
        "reference": "x", "authorization_code": AUTHORIZATION, "status": "active",
        "authorization_id": 1, "customer": {"code": "CUS_x", "id": 7, "customer_code": "CUS_x", "email": EMAIL}
    });
    let error = |status: u16, body: Value| (status, body.to_string());
    let wrong = |field: &str| {
        let mut person = person.clone();
        person[field] = json!({"canary": said});
        json!({"status": true, "message": said, "data": person}).to_string()
    };
    let mut answers = vec![
        (
            200,
            json!({"status": true, "message": said, "data": person}).to_string(),
        ),
        (
            200,
            json!({"status": true, "message": said, "data": [person], "meta": {"next": null}})
                .to_string(),
        ),
        (
            200,
            json!({"status": false, "message": said, "data": person}).to_string(),
        ),
        (
            200,
            json!({"status": true, "message": said, "data": said}).to_string(),
        ),
        (200, json!({"status": said, "data": person}).to_string()),
        (
            200,
            json!({"status": true, "data": {EMAIL: {"id": said}}}).to_string(),
        ),
        (200, format!("{{\"status\":true,\"data\":\"{said}")),
        (200, said.clone()),
        (202, String::new()),
        error(
            400,
            json!({"status": false, "message": said, "type": said, "code": said,
                          "meta": {"nextStep": said}}),
        ),
        error(
            401,
            json!({"status": false, "message": format!("Invalid key {KEY}: {said}")}),
        ),
        error(
            404,
            json!({"status": false, "message": format!("No customer {EMAIL}")}),
        ),
        error(422, json!({"message": {"a": said}, "next_step": said})),
        error(
            429,
            json!({"status": false, "message": said, "code": "rate_limited"}),
        ),
        (502, format!("<html><title>502 {said}</title></html>")),
        (503, said.clone()),
    ];
    for field in [
        "id",
        "email",
        "phone",
        "customer_code",
        "authorizations",
        "reference",
        "createdAt",
    ] {
        answers.push((200, wrong(field)));
    }
    answers
}

fn push<O: Operation + Debug>(shown: &mut Shown, api: &Api, operation: O)
where
    O::Output: Debug,
{
    shown.debug(&operation);
    shown.debug(&operation.path());
    let mut call = Call::new(api, &operation, Settings::default());
    let step = call.step(&mut Pace::new(Domain::Test, 7), Duration::ZERO);
    assert!(matches!(step, Step::Send { .. }));
    shown.debug(&step);
    shown.debug(&call);
    // The request as a snapshot shows the caller's test data, but never the key.
    let wire = WireText(&api.request(&operation).unwrap()).to_string();
    assert!(!wire.contains("canary7f3a"), "{wire}");
    for (status, body) in answers() {
        let response = http::Response::builder()
            .status(status)
            .body(Bytes::from(body))
            .unwrap();
        match api.read(&operation, response) {
            Ok(reply) => shown.debug(&reply),
            Err(error) => {
                shown.debug(&error);
                shown.debug(error.kind());
                shown.display(error.kind());
                shown.error(&error);
            }
        }
    }
}

#[test]
fn nothing_leaks_from_operations_replies_and_errors() {
    let mut shown = Shown::default();
    let key = SecretKey::new(KEY).unwrap();
    shown.debug(&key);
    let api = Api::new(key);
    shown.debug(&api);

    let bank_account = BankAccount {
        country: "NG".into(),
        bank_code: "007".into(),
        account_number: ACCOUNT.into(),
        bvn: BVN.into(),
        first_name: NAME.into(),
        last_name: NAME.into(),
    };
    shown.debug(&bank_account);
    let create = CreateCustomer::new(email())
        .first_name(NAME)
        .last_name(NAME);
    push(&mut shown, &api, create.phone(PHONE).metadata(metadata()));
    push(&mut shown, &api, FetchCustomer::new(email()));
    push(&mut shown, &api, ListCustomers::new().start(Start::Page(1)));
    let update = UpdateCustomer::new(code()).first_name(NAME).last_name(NAME);
    push(&mut shown, &api, update.phone(PHONE).metadata(metadata()));
    let validate = ValidateCustomer::new(code(), bank_account)
        .middle_name(NAME)
        .value(BVN);
    push(&mut shown, &api, validate);
    push(
        &mut shown,
        &api,
        SetRiskAction::new(email(), RiskAction::from(EMAIL)),
    );
    let authorization = AuthorizationCode::new(AUTHORIZATION).unwrap();
    push(
        &mut shown,
        &api,
        DeactivateAuthorization::new(&authorization),
    );
    let initialize =
        InitializeAuthorization::new(email()).callback_url(format!("https://x/{EMAIL}"));
    push(
        &mut shown,
        &api,
        initialize.account(account()).address(address()),
    );
    push(
        &mut shown,
        &api,
        VerifyAuthorization::new(Reference::new("x").unwrap()),
    );
    let id = CustomerId::new(7);
    push(
        &mut shown,
        &api,
        InitializeDirectDebit::new(id, account(), address()),
    );
    push(
        &mut shown,
        &api,
        ChargeActivation::new(id, AuthorizationId::new(1)),
    );
    push(&mut shown, &api, ListMandateAuthorizations::new(id));
    push(
        &mut shown,
        &api,
        ListIntegrationMandateAuthorizations::new(),
    );
    assert!(
        shown.renderings >= 500,
        "only {} renderings",
        shown.renderings
    );
}

#[test]
fn nothing_leaks_from_what_is_refused() {
    let mut shown = Shown::default();
    for text in [
        "pk_test_canary",
        "sk_test_canary canary",
        "sk_test_canary\n",
        "canary",
        "sk_live_canaryé",
    ] {
        shown.error(&SecretKey::new(text).unwrap_err());
    }
    for text in [
        "canary",
        "canary@@example.com",
        "canary @example.com",
        "canary\n@example.com",
    ] {
        shown.error(&Email::new(text).unwrap_err());
    }
    shown.error(&CustomerCode::new("canary\n").unwrap_err());
    shown.error(&metadata().get::<Vec<u8>>().unwrap_err());
    shown.error(&Metadata::new(&[EMAIL]).unwrap_err());
    let api = Api::new(SecretKey::new(KEY).unwrap());
    shown.error(
        &api.clone()
            .with_base_url("http://canary:canary@canary.example")
            .unwrap_err(),
    );
    shown.error(&api.clone().with_application("canary\n").unwrap_err());
    let long = FetchCustomer::new(CustomerCode::new("canary".repeat(20_000)).unwrap());
    shown.error(&api.request(&long).unwrap_err());
    shown.debug(&Personal::from(BVN));
    let lost = TransportError::new(TransportErrorKind::Connect, Sent::No);
    shown.error(&lost.with_source(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)));
}

/// Writes down all that is traced, whoever traces it.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn add(&self, mut line: String, visit: impl FnOnce(&mut Line<'_>)) {
        visit(&mut Line(&mut line));
        self.0.lock().unwrap().push(line);
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &TraceMetadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(format!("{} span", span.metadata().target()), |line| {
            span.record(line)
        });
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.add(String::from("record"), |line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(format!("{} event", event.metadata().target()), |line| {
            event.record(line)
        });
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn nothing_leaks_into_traces_those_of_hyper_included() {
    let lines = Lines::default();
    let guard = tracing::subscriber::set_default(lines.clone());
    // One thread, so that all of it runs under this subscriber.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        let api = Api::new(SecretKey::new(KEY).unwrap())
            .with_base_url(&server.url())
            .unwrap();
        let http2 =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .http2_only(true)
                .build(hyper_util::client::legacy::connect::HttpConnector::new());
        let create = CreateCustomer::new(email())
            .first_name(NAME)
            .phone(PHONE)
            .metadata(metadata());
        let nobody = FetchCustomer::new(Email::new("canary.nobody@example.com").unwrap());

        let client = Client::new(api.clone(), HyperTransport::new());
        client.send(&create).await.unwrap();
        client.send(FetchCustomer::new(email())).await.unwrap();
        server.with(|sandbox, now| {
            let created = client.api().request(&create).unwrap();
            sandbox.handle(now, created);
            let mut shown = Shown::default();
            shown.debug(sandbox);
        });
        client.send(&nobody).await.unwrap_err();
        let client = Client::new(api, HyperTransport::with_client(http2));
        client.send(&create).await.unwrap();
        client.send(&nobody).await.unwrap_err();
        drop(server);
        client.send(&nobody).await.unwrap_err();
    });
    drop(guard);
    let lines = lines.0.lock().unwrap();
    let mut shown = Shown::default();
    for line in lines.iter() {
        shown.text(line);
    }
    let from = |target: &str| lines.iter().filter(|line| line.starts_with(target)).count();
    assert_eq!(from("paystack_client"), 6, "one span a call");
    assert!(
        lines.iter().any(|line| line == "record status=404"),
        "{lines:#?}"
    );
    assert!(
        from("hyper_util") > 0 && from("h2") > 0,
        "those beneath trace as well"
    );
}

#[test]
fn a_page_of_a_walk_shows_nothing_of_its_rows() {
    let api = Api::new(SecretKey::new(KEY).unwrap());
    let mut shown = Shown::default();
    let mut pages = 0;
    for (status, body) in answers() {
        let mut walk = Walk::new(ListCustomers::new());
        let list = walk.upcoming(0).unwrap();
        let response = http::Response::builder().status(status);
        let response = response.body(Bytes::from(body)).unwrap();
        let page = api.read(&list, response).map_err(PagesError::from);
        let page = page.and_then(|reply| walk.take(reply).map_err(PagesError::from));
        match page {
            Ok(page) => {
                pages += usize::from(page.is_some());
                shown.debug(&page);
                shown.debug(&walk);
            }
            Err(error) => shown.error(&error),
        }
    }
    assert!(pages > 0 && shown.renderings > 10);
}
