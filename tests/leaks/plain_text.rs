//! Keys, codes and numbers in place of any text of a response or a request.

use std::fmt::Debug;

use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, api};
use paystack_transport::customers::BankAccount;
use paystack_transport::customers::direct_debit::{Account, ListIntegrationMandateAuthorizations};
use paystack_transport::customers::{CurrencyAmount, ListCustomers, ValidateCustomer};
use paystack_transport::{CustomerCode, Paginate, Paginator, bytes::Bytes, http};
use paystack_webhook::{SIGNATURE_HEADER, SecretKey, Verifier, sign};
use serde_json::{Value, json};

/// Text that no `Debug` shows, in any field.
const HIDDEN: [&str; 8] = [
    "sk_live_canary",
    "sk_test_canary",
    "req_sk_live_canary",
    "pk_live_canary",
    "AUTH_canary",
    "auth_canary",
    "SIG_canary",
    "canary-08123456789",
];

#[test]
fn key_or_code_in_any_text_is_not_shown() {
    struct Shown(&'static str, usize);

    impl Visitor for Shown {
        fn visit<O: Example>(&mut self, Entry { small, .. }: Entry<O>) {
            for body in [
                json!({"status": true, "message": self.0, "data": data(self.0)}),
                json!({"status": true, "message": self.0, "data": [data(self.0)], "meta": meta(self.0)}),
                json!({"status": false, "message": self.0, "type": self.0, "code": self.0,
                       "meta": {"nextStep": self.0}}),
                json!({"status": true, "data": {self.0: {"id": self.0}}}),
            ] {
                for status in [200, 400] {
                    self.1 += 1;
                    let result = api().read(&small, response(status, self.0, &body));
                    is_hidden(&result);
                    if let Ok(reply) = result {
                        is_hidden(&reply.rate_limit());
                    }
                }
            }
        }
    }

    for text in HIDDEN {
        let mut shown = Shown(text, 0);
        each_operation(&Values::default(), &mut shown);
        assert!(shown.1 > 100);
        pages(ListCustomers::new(), text);
        pages(ListIntegrationMandateAuthorizations::new(), text);
        is_hidden(&BankAccount::new(text, text, text, text, text, text));
        let ada = Values::default().email;
        is_hidden(&ValidateCustomer::bvn(ada, text, text, text, text));
        is_hidden(&Account::new(text, text));
        is_hidden(&CustomerCode::new(text).unwrap());
        let amount = json!({"currency": text, "amount": 1});
        is_hidden(&serde_json::from_value::<CurrencyAmount>(amount).unwrap());
        let gateway = format!("https://gateway.example/{text}/v1");
        is_hidden(&api().with_base_url(&gateway).unwrap());
        webhooks(text);
    }
    is_hidden(&CustomerCode::new("CUS_canary08123456789").unwrap());
}

#[test]
fn ordinary_text_is_still_shown() {
    let body =
        json!({"status": true, "message": "Customer retrieved", "data": data("Zenith Bank")});
    let shown = response(200, "550e8400-e29b-41d4-a716-446655440000", &body);
    let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
    let fetch = paystack_transport::customers::FetchCustomer::new(code);
    let shown = format!("{:?}", api().read(&fetch, shown));
    for text in [
        "Customer retrieved",
        "Some(\"Zenith Bank\")",
        "550e8400-e29b-41d4-a716-446655440000",
    ] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
    let account = format!("{:?}", BankAccount::test_credential());
    assert!(
        account.contains(r#"country: "NG", bank_code: "007""#),
        "{account}"
    );
}

fn pages<O: Paginate<Output: Debug + IntoIterator>>(list: O, text: &str) {
    let mut paginator = Paginator::new(list);
    let request = paginator.next_request(0).unwrap();
    let body = json!({"status": true, "message": text, "data": [data(text)], "meta": meta(text)});
    let reply = api().read(&request, response(200, text, &body)).unwrap();
    is_hidden(&paginator.on_reply(reply).map(|page| page.unwrap()));
}

fn webhooks(text: &str) {
    let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    for event in [
        "customeridentification.success",
        "customeridentification.failed",
        "direct_debit.authorization.created",
        "direct_debit.authorization.active",
        text,
    ] {
        let body = Bytes::from(json!({"event": event, "data": data(text)}).to_string());
        let headers = http::HeaderMap::from_iter([(SIGNATURE_HEADER, sign(&key, &body))]);
        let verified = Verifier::new(&key).verify_parts(&headers, &body).unwrap();
        is_hidden(&verified);
        is_hidden(&verified.event());
    }
}

/// A response with this text in all headers.
fn response(status: u16, text: &str, body: &Value) -> http::Response<Bytes> {
    let response = http::Response::builder().status(status);
    let response = response.header("x-request-id", text).header("cf-ray", text);
    let response = response
        .header("retry-after", text)
        .header("x-ratelimit-limit", text);
    response.body(Bytes::from(body.to_string())).unwrap()
}

/// The data of any operation and event, with this text in every field that is text.
fn data(text: &str) -> Value {
    let authorization = json!({
        "authorization_code": text, "channel": text, "card_type": text, "bank": text, "country_code": text,
        "brand": text, "signature": text, "account_name": text, "bin": text, "last4": text,
    });
    json!({
        "id": 7, "customer_code": text, "email": text, "first_name": text, "last_name": text, "phone": text,
        "domain": text, "risk_action": text, "metadata": {"x": text}, "authorizations": [authorization],
        "total_transaction_value": [{"currency": text, "amount": 1}],
        "redirect_url": text, "access_code": text, "reference": text, "reason": text,
        "authorization_code": text, "channel": text, "bank": text, "bank_code": text, "bank_name": text,
        "card_type": text, "country_code": text, "brand": text, "account_number": text, "account_name": text,
        "status": text, "authorization_id": 1, "active": true,
        "identification": {"country": text, "type": text, "bvn": text, "account_number": text,
            "bank_code": text, "value": text},
        "identifications": [{"country": text, "type": text, "bvn": text, "bank_code": text, "x": text}],
        "dedicated_account": {"account_name": text, "account_number": text, "currency": text,
            "x": text, "bank": {"name": text, "slug": text, "x": text},
            "assignment": {"assignee_type": text, "account_type": text, "x": text}},
        "customer": {"id": 7, "customer_code": text, "email": text},
    })
}

fn meta(text: &str) -> Value {
    json!({"next": text, "previous": text, "perPage": 1, "x": text})
}

fn is_hidden(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        for hidden in [
            "canary",
            "sk_live",
            "sk_test",
            "AUTH_",
            "SIG_",
            "08123456789",
        ] {
            assert!(!shown.contains(hidden), "{hidden} is in {shown}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn dropped_key_and_header_are_wiped_from_memory() {
    // Long, so that the allocator's own data covers only a small part of the freed memory.
    let text = format!("sk_test_{}", "wipeme".repeat(500));
    let key = SecretKey::new(text.as_str()).unwrap();
    let api = paystack_transport::Api::new(key.clone());
    let code = CustomerCode::new("CUS_x").unwrap();
    let fetch = paystack_transport::customers::FetchCustomer::new(code);
    let request = api.request(&fetch).unwrap();
    let in_key = key.expose_secret().as_ptr().addr();
    let in_header = request.headers()["authorization"]
        .as_bytes()
        .as_ptr()
        .addr();
    assert!(holds_the_key(in_key) && holds_the_key(in_header));
    drop(key);
    assert!(!holds_the_key(in_key));
    drop(api);
    assert!(holds_the_key(in_header), "the request shares the header");
    drop(request);
    assert!(!holds_the_key(in_header));
}

/// Whether 3,000 bytes of this process contain a part of the key.
#[cfg(target_os = "linux")]
fn holds_the_key(address: usize) -> bool {
    use std::os::unix::fs::FileExt;

    let mut bytes = vec![0; 3_000];
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    let offset = u64::try_from(address).unwrap();
    memory.read_exact_at(&mut bytes, offset).unwrap();
    bytes.windows(6).any(|part| part == b"wipeme")
}
