//! Builds the request and decodes the response of each operation. Creating the operation and its strings is
//! not measured.

use std::hint::black_box;
use std::marker::PhantomData;

use http::Method;
use paystack_hyper::Position;
use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    TriggerActivationCharge, VerifyAuthorization,
};
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{
    Api, AuthorizationCode, CustomerCode, CustomerId, Email, Metadata, Operation, Reference,
    SecretKey,
};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;

use super::Row;
use crate::{CODE, KEY, bodies, hand};

const CUSTOMER: u64 = 9_387_490_384;
const MANDATE: u64 = 1_069_309_917;
const REFERENCE: &str = "dfbzfotsrbv4n5s82t4mp5b5mfn51h";

pub(super) fn rows() -> Vec<Row> {
    let code = || CustomerCode::new(CODE).unwrap();
    let email = || Email::new("ada@example.com").unwrap();
    let account = || Account::new("0123456789", "058");
    let address = || Address::new("1 Main Street", "Ikeja", "Lagos");
    [
        rows_of(
            move || {
                let metadata = Metadata::new(&json!({"plan": "gold"})).unwrap();
                CreateCustomer::new(email())
                    .first_name("Ada")
                    .last_name("Obi")
                    .phone("+2348123456789")
                    .metadata(metadata)
            },
            Hand {
                method: Method::POST,
                url: |base| format!("{base}/customer"),
                body: Some(Create {
                    email: "ada@example.com".to_owned(),
                    first_name: "Ada".to_owned(),
                    last_name: "Obi".to_owned(),
                    phone: "+2348123456789".to_owned(),
                    metadata: Plan {
                        plan: "gold".to_owned(),
                    },
                }),
            },
            ResponseBody::<hand::Customer>::new(include_str!(
                "../../../tests/fixtures/create.json"
            )),
        ),
        rows_of(
            || ListCustomers::new().per_page(100).start(Position::Page(3)),
            Hand::without_body(|base| {
                let (per_page, page) = black_box((100, 3));
                format!("{base}/customer?perPage={per_page}&page={page}")
            }),
            ResponseBody::<Vec<hand::Customer>>::new(bodies::listed(2).leak()),
        ),
        rows_of(
            move || FetchCustomer::new(code()),
            Hand::without_body(|base| {
                let code = black_box(CODE);
                format!("{base}/customer/{code}")
            }),
            ResponseBody::<hand::Customer>::new(include_str!("../../../tests/fixtures/fetch.json")),
        ),
        rows_of(
            move || {
                UpdateCustomer::new(code())
                    .first_name("Ada")
                    .last_name("Obi")
            },
            Hand {
                method: Method::PUT,
                url: |base| {
                    let code = black_box(CODE);
                    format!("{base}/customer/{code}")
                },
                body: Some(Update {
                    first_name: "Ada".to_owned(),
                    last_name: "Obi".to_owned(),
                }),
            },
            ResponseBody::<hand::Customer>::new(include_str!(
                "../../../tests/fixtures/update.json"
            )),
        ),
        rows_of(
            move || ValidateCustomer::new(code(), BankAccount::test_credential()),
            Hand {
                method: Method::POST,
                url: |base| {
                    let code = black_box(CODE);
                    format!("{base}/customer/{code}/identification")
                },
                body: Some(Validate {
                    r#type: "bank_account",
                    country: "NG".to_owned(),
                    bank_code: "007".to_owned(),
                    account_number: "0111111111".to_owned(),
                    bvn: "222222222221".to_owned(),
                    first_name: "Uchenna".to_owned(),
                    last_name: "Okoro".to_owned(),
                }),
            },
            ResponseBody::<Option<IgnoredAny>>::new(include_str!(
                "../../../tests/fixtures/validate.json"
            )),
        ),
        rows_of(
            move || SetRiskAction::new(code(), RiskAction::Deny),
            Hand {
                method: Method::POST,
                url: |base| format!("{base}/customer/set_risk_action"),
                body: Some(SetRisk {
                    customer: CODE.to_owned(),
                    risk_action: "deny",
                }),
            },
            ResponseBody::<hand::Customer>::new(include_str!(
                "../../../tests/fixtures/set_risk_action.json"
            )),
        ),
        rows_of(
            || DeactivateAuthorization::new(AuthorizationCode::new("AUTH_xxxIjkZVj5").unwrap()),
            Hand {
                method: Method::POST,
                url: |base| format!("{base}/customer/authorization/deactivate"),
                body: Some(Deactivate {
                    authorization_code: "AUTH_xxxIjkZVj5".to_owned(),
                }),
            },
            ResponseBody::<Option<IgnoredAny>>::new(include_str!(
                "../../../tests/fixtures/deactivate_authorization.json"
            )),
        ),
        rows_of(
            move || {
                InitializeAuthorization::new(email())
                    .callback_url("https://shop.example/mandates")
                    .account(account())
                    .address(address())
            },
            Hand {
                method: Method::POST,
                url: |base| format!("{base}/customer/authorization/initialize"),
                body: Some(Initialize {
                    email: "ada@example.com".to_owned(),
                    channel: "direct_debit",
                    callback_url: "https://shop.example/mandates".to_owned(),
                    account: debit().account,
                    address: debit().address,
                }),
            },
            ResponseBody::<hand::Link>::new(include_str!(
                "../../../tests/fixtures/initialize_authorization.json"
            )),
        ),
        rows_of(
            || VerifyAuthorization::new(Reference::new(REFERENCE).unwrap()),
            Hand::without_body(|base| {
                let reference = black_box(REFERENCE);
                format!("{base}/customer/authorization/verify/{reference}")
            }),
            ResponseBody::<hand::Verified>::new(include_str!(
                "../../../tests/fixtures/verify_authorization.json"
            )),
        ),
        rows_of(
            move || InitializeDirectDebit::new(CustomerId::new(CUSTOMER), account(), address()),
            Hand {
                method: Method::POST,
                url: |base| {
                    let customer = black_box(CUSTOMER);
                    format!("{base}/customer/{customer}/initialize-direct-debit")
                },
                body: Some(debit()),
            },
            ResponseBody::<hand::Link>::new(include_str!(
                "../../../tests/fixtures/initialize_direct_debit.json"
            )),
        ),
        rows_of(
            || ChargeActivation::new(CustomerId::new(CUSTOMER), AuthorizationId::new(MANDATE)),
            Hand {
                method: Method::PUT,
                url: |base| {
                    let customer = black_box(CUSTOMER);
                    format!("{base}/customer/{customer}/directdebit-activation-charge")
                },
                body: Some(Charge {
                    authorization_id: MANDATE,
                }),
            },
            ResponseBody::<Option<IgnoredAny>>::new(include_str!(
                "../../../tests/fixtures/charge_activation.json"
            )),
        ),
        rows_of(
            || TriggerActivationCharge::new([CustomerId::new(CUSTOMER)]).unwrap(),
            Hand {
                method: Method::PUT,
                url: |base| format!("{base}/directdebit/activation-charge"),
                body: Some(TriggerCharge {
                    customer_ids: vec![CUSTOMER],
                }),
            },
            ResponseBody::<Option<IgnoredAny>>::new(include_str!(
                "../../../tests/fixtures/charge_activation.json"
            )),
        ),
        rows_of(
            || ListMandateAuthorizations::new(CustomerId::new(CUSTOMER)),
            Hand::without_body(|base| {
                let customer = black_box(CUSTOMER);
                format!("{base}/customer/{customer}/directdebit-mandate-authorizations")
            }),
            ResponseBody::<Vec<hand::Mandate>>::new(include_str!(
                "../../../tests/fixtures/list_mandate_authorizations.json"
            )),
        ),
        rows_of(
            || ListIntegrationMandateAuthorizations::new().per_page(20),
            Hand::without_body(|base| {
                let per_page = black_box(20);
                format!("{base}/directdebit/mandate-authorizations?per_page={per_page}")
            }),
            ResponseBody::<Vec<hand::Mandate>>::new(include_str!(
                "../../../tests/fixtures/list_mandate_authorizations.json"
            )),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The same request, built by hand.
#[derive(Clone)]
struct Hand<T> {
    method: Method,
    url: fn(&str) -> String,
    body: Option<T>,
}

impl Hand<()> {
    fn without_body(url: fn(&str) -> String) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
        }
    }
}

/// A response body, and its hand-written type.
struct ResponseBody<T> {
    body: &'static str,
    read: PhantomData<T>,
}

impl<T> ResponseBody<T> {
    fn new(body: &'static str) -> Self {
        Self {
            body,
            read: PhantomData,
        }
    }
}

fn rows_of<O, B, A>(
    operation: impl Fn() -> O + Clone + 'static,
    hand: Hand<B>,
    response: ResponseBody<A>,
) -> [Row; 4]
where
    O: Operation + 'static,
    B: Serialize + Clone + 'static,
    A: DeserializeOwned + 'static,
{
    let name = |kind, author| format!("{kind}/{}/{author}", O::NAME);
    let body = Bytes::from_static(response.body.as_bytes());
    let made = operation.clone();
    let request = Row::new(name("request", "ours"), move || {
        let api = Api::new(SecretKey::new(KEY).unwrap());
        let operation = made();
        move || drop(black_box(api.request(black_box(&operation)).unwrap()))
    });
    let request_by_hand = Row::new(name("request", "hand"), move || {
        let api = hand::Api::new("https://api.paystack.co", KEY);
        let Hand { method, url, body } = hand.clone();
        move || {
            let url = url(&api.base);
            let body = black_box(&body).as_ref();
            drop(black_box(api.request(method.clone(), url, body)));
        }
    });
    let read = Row::new(name("read", "ours"), {
        let body = body.clone();
        move || super::read(operation(), body.clone())
    });
    let read_by_hand = Row::new(name("read", "hand"), move || {
        super::read_by_hand::<A>(body.clone())
    });
    [request, request_by_hand, read, read_by_hand]
}

#[derive(Clone, Serialize)]
struct Create {
    email: String,
    first_name: String,
    last_name: String,
    phone: String,
    metadata: Plan,
}

#[derive(Clone, Serialize)]
struct Plan {
    plan: String,
}

#[derive(Clone, Serialize)]
struct Update {
    first_name: String,
    last_name: String,
}

#[derive(Clone, Serialize)]
struct Validate {
    r#type: &'static str,
    country: String,
    bank_code: String,
    account_number: String,
    bvn: String,
    first_name: String,
    last_name: String,
}

#[derive(Clone, Serialize)]
struct SetRisk {
    customer: String,
    risk_action: &'static str,
}

#[derive(Clone, Serialize)]
struct Deactivate {
    authorization_code: String,
}

#[derive(Clone, Serialize)]
struct Charge {
    authorization_id: u64,
}

#[derive(Clone, Serialize)]
struct TriggerCharge {
    customer_ids: Vec<u64>,
}

#[derive(Clone, Serialize)]
struct Initialize {
    email: String,
    channel: &'static str,
    callback_url: String,
    account: DebitAccount,
    address: DebitAddress,
}

#[derive(Clone, Serialize)]
struct Debit {
    account: DebitAccount,
    address: DebitAddress,
}

#[derive(Clone, Serialize)]
struct DebitAccount {
    number: String,
    bank_code: String,
}

#[derive(Clone, Serialize)]
struct DebitAddress {
    street: String,
    city: String,
    state: String,
}

fn debit() -> Debit {
    Debit {
        account: DebitAccount {
            number: "0123456789".to_owned(),
            bank_code: "058".to_owned(),
        },
        address: DebitAddress {
            street: "1 Main Street".to_owned(),
            city: "Ikeja".to_owned(),
            state: "Lagos".to_owned(),
        },
    }
}
