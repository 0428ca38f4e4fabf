//! `GET /transaction/verify/{reference}` of `docs/own-endpoints.md`.

use paystack_hyper::customers::{Authorization, Customer};
use paystack_hyper::http::Method;
use paystack_hyper::{Client, Error, Operation, Path, RateLimitGroup, Reference, Transport};
use serde::Deserialize;

/// Fetches the state of a payment: `GET /transaction/verify/{reference}`. Paystack allows 3,000 a minute, apart from the
/// default limit.
pub struct VerifyTransaction {
    pub reference: Reference,
}

impl Operation for VerifyTransaction {
    const NAME: &'static str = "transactions.verify";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/transaction/verify/{reference}";
    const RATE_LIMIT_GROUP: RateLimitGroup = RateLimitGroup::new("transactions.verify");
    type Output = Transaction;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment(&self.reference)
    }
}

#[derive(Debug, Deserialize)]
pub struct Transaction {
    pub id: u64,
    /// `success`, `failed`, `abandoned`, and others.
    pub status: String,
    pub reference: Reference,
    /// In the currency's smallest unit, such as kobo.
    pub amount: u64,
    pub currency: String,
    pub gateway_response: Option<String>,
    pub paid_at: Option<String>,
    pub channel: Option<String>,
    pub fees: Option<u64>,
    pub customer: Option<Customer>,
    pub authorization: Option<Authorization>,
}

/// Returns whether the customer has paid ₦5,000.
pub async fn is_paid(client: &Client<impl Transport>, reference: Reference) -> Result<bool, Error> {
    let paid = client.send(VerifyTransaction { reference }).await?.data;
    Ok((paid.status.as_str(), paid.currency.as_str(), paid.amount) == ("success", "NGN", 500_000))
}

#[test]
fn verify_transaction_escapes_the_reference() {
    use paystack_hyper::{Api, RequestSnapshot, SecretKey};

    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let reference = Reference::new("order/142").unwrap();
    let request = api.request(&VerifyTransaction { reference }).unwrap();
    insta::assert_snapshot!(RequestSnapshot(&request), @"
    GET https://api.paystack.co/transaction/verify/order%2F142
    accept: application/json
    authorization: Bearer [redacted]
    user-agent: paystack-rust/[version]
    ");
}
