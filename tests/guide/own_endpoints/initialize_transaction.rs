//! `POST /transaction/initialize` of `docs/own-endpoints.md`.

use paystack_hyper::http::Method;
use paystack_hyper::{Client, Email, Error, Operation, Reference, Sensitive, Transport};
use serde::{Deserialize, Serialize};

/// Starts a payment: `POST /transaction/initialize`. By default, a client does not repeat a `POST` whose outcome is
/// unknown.
#[derive(Serialize)]
pub struct InitializeTransaction {
    pub email: Email,
    /// In the currency's smallest unit, such as kobo.
    pub amount: u64,
    /// Without one, Paystack makes it. With one, `VerifyTransaction` finds the payment after an unknown outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
}

impl Operation for InitializeTransaction {
    const NAME: &'static str = "transactions.initialize";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/transaction/initialize";
    type Output = Checkout;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[derive(Debug, Deserialize)]
pub struct Checkout {
    /// The page to send the customer to.
    pub authorization_url: Sensitive,
    pub access_code: Sensitive,
    pub reference: Reference,
}

/// Returns the page at which a customer pays ₦5,000.
pub async fn check_out(
    client: &Client<impl Transport>,
    email: Email,
    reference: Reference,
) -> Result<Checkout, Error> {
    let initialize = InitializeTransaction {
        email,
        amount: 500_000,
        reference: Some(reference),
    };
    Ok(client.send(initialize).await?.data)
}

#[test]
fn initialize_transaction_with_a_reference() {
    use paystack_hyper::{Api, RequestSnapshot, SecretKey};

    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let initialize = InitializeTransaction {
        email: Email::new("ada@example.com").unwrap(),
        amount: 500_000,
        reference: Some(Reference::new("order-142").unwrap()),
    };
    insta::assert_snapshot!(RequestSnapshot(&api.request(&initialize).unwrap()), @r#"
    POST https://api.paystack.co/transaction/initialize
    accept: application/json
    authorization: Bearer [redacted]
    content-type: application/json
    user-agent: paystack-rust/[version]

    {
      "email": "ada@example.com",
      "amount": 500000,
      "reference": "order-142"
    }
    "#);
}
