//! A key, a BVN, an account number, an address and a phone number that are easy to recognize are
//! pushed through everything that can be shown; none of them may turn up.

use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::time::Duration;

use paystack_client::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateStatus, VerifyAuthorization,
};
use paystack_client::customers::{
    BankAccount, Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer,
    IdentificationType, ListCustomers, RiskAction, SetRiskAction, Start, UpdateCustomer,
    ValidateCustomer,
};
use paystack_client::{
    Api, AuthorizationCode, Call, Cursor, CustomField, CustomerCode, CustomerId, Domain, Email,
    EmailOrCode, ErrorCode, ErrorType, Metadata, Operation, Pace, PagesError, Personal, Reference,
    SecretKey, Sent, Settings, Step, TransportError, TransportErrorKind, Walk, WireText,
    bytes::Bytes, http,
};
use serde_json::{Value, json};

mod traces;

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
    // Anything of this may stand where a bank, a brand, a country or a word belongs.
    let authorization = json!({
        "authorization_code": AUTHORIZATION, "account_name": NAME, "bank": NAME, "brand": NAME,
        "card_type": NAME, "country_code": NAME, "channel": PHONE, "signature": AUTHORIZATION,
        "bin": BVN, "last4": ACCOUNT, "exp_month": BVN, "exp_year": BVN
    });
    let person = json!({
        "id": 7, "customer_code": "CUS_x", "email": EMAIL, "first_name": NAME, "last_name": NAME,
        "phone": PHONE, "metadata": {"canary": EMAIL},
        "authorizations": [authorization],
        "identifications": [{"bvn": BVN}], "dedicated_account": {"account_number": ACCOUNT},
        "redirect_url": format!("https://x.example/{EMAIL}"), "access_code": AUTHORIZATION,
        "reference": PHONE, "authorization_code": AUTHORIZATION, "status": "active",
        "domain": BVN, "risk_action": said, "bank": NAME, "bank_name": NAME, "bank_code": ACCOUNT,
        "channel": EMAIL, "account_number": ACCOUNT,
        "total_transaction_value": [{"currency": NAME, "amount": 1}],
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
            json!({"status": true, "message": said, "data": [person], "meta": {"next": PHONE}})
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
    // In a place where it cannot be read, each of the operations' answers names the field only.
    let fields: Vec<_> = person.as_object().unwrap().keys().collect();
    for field in fields {
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
            .header("x-request-id", EMAIL)
            .header("cf-ray", PHONE)
            .header("retry-after", PHONE)
            .body(Bytes::from(body))
            .unwrap();
        match api.read(&operation, response) {
            Ok(reply) => shown.debug(&reply),
            Err(error) => failed(shown, &error),
        }
    }
    // A call that is refused, tries again, and runs out of time.
    let mut settings = Settings::default();
    settings.resend = Some(paystack_client::Resend::Always);
    settings.deadline = Some(Duration::from_secs(10));
    let mut call = Call::new(api, &operation, settings);
    let (mut pace, mut now) = (Pace::new(Domain::Test, 7), Duration::ZERO);
    let error = loop {
        match call.step(&mut pace, now) {
            Step::Send { attempt: 1, .. } => {
                let said = format!("{EMAIL} {PHONE} {KEY}");
                let unavailable = http::Response::builder().status(503).body(said.into());
                call.received(1, unavailable.unwrap());
            }
            Step::Send { .. } => now += Duration::from_secs(10),
            Step::Wait(wait) => now += wait,
            Step::Done(result) => break result.err().unwrap(),
        }
    };
    assert!(error.last_failure().is_some());
    failed(shown, &error);
}

fn failed(shown: &mut Shown, error: &paystack_client::Error) {
    shown.debug(error);
    shown.debug(error.kind());
    shown.display(error.kind());
    shown.error(error);
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
        VerifyAuthorization::new(Reference::new(PHONE).unwrap()),
    );
    // What a person typed as a code, and what was stored as a cursor.
    let typed: EmailOrCode = PHONE.parse().unwrap();
    push(&mut shown, &api, FetchCustomer::new(&typed));
    let cursor = Cursor::new(EMAIL).unwrap();
    let after = ListCustomers::new().start(Start::After(cursor.clone()));
    push(&mut shown, &api, after);
    let mandates = ListIntegrationMandateAuthorizations::new().after(cursor);
    push(&mut shown, &api, mandates.status(BVN.into()));
    let wrong_channel = InitializeAuthorization::new(email()).channel(EMAIL.into());
    push(&mut shown, &api, wrong_channel);
    let field = CustomField::new(NAME, EMAIL, PHONE);
    shown.debug(&field);
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
fn nothing_leaks_from_words_that_are_not_known() {
    let mut shown = Shown::default();
    fn word<W: for<'a> From<&'a str> + Debug + Display>(shown: &mut Shown) {
        for text in [EMAIL, PHONE, BVN, ACCOUNT, AUTHORIZATION, KEY] {
            let word = W::from(text);
            shown.debug(&word);
            shown.display(&word);
        }
    }
    word::<RiskAction>(&mut shown);
    word::<Domain>(&mut shown);
    word::<Channel>(&mut shown);
    word::<IdentificationType>(&mut shown);
    word::<MandateStatus>(&mut shown);
    word::<ErrorType>(&mut shown);
    word::<ErrorCode>(&mut shown);
    assert_eq!(shown.renderings, 7 * 6 * 3);
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
