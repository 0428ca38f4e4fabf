//! The operations, each as something to send.

use std::pin::Pin;
use std::sync::Arc;

use hyper_rustls::HttpsConnector;
use paystack_client::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    VerifyAuthorization,
};
use paystack_client::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    AuthorizationCode, BlockingClient, Client, CustomerCode, CustomerId, Email, Error, Operation,
    Reference, Resend,
};
use paystack_hyper::HyperTransport;

use crate::faulty::Faulty;
use crate::over_ureq::OverUreq;
use crate::server::Server;

pub type Transport = HyperTransport<paystack_hyper::ConnectTimeout<HttpsConnector<Server>>>;
type OverUreqClient = BlockingClient<OverUreq<Faulty>>;
type Sent = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

pub const CUSTOMER: &str = r#"{"status":true,"message":"Customer retrieved","data":{"id":7,"customer_code":"CUS_x","email":"ada@example.com"}}"#;

pub struct Sending {
    pub name: &'static str,
    /// Whether it may be sent again after an unknown fate.
    pub is_safe: bool,
    pub has_body: bool,
    pub send: Box<dyn Fn(Client<Transport>) -> Sent>,
    pub send_blocking: Box<dyn Fn(&OverUreqClient) -> Result<(), Error>>,
}

impl Sending {
    fn new<O: Operation + 'static>(operation: O) -> Self {
        let has_body = operation.body().is_some();
        let operation = Arc::new(operation);
        let blocking = Arc::clone(&operation);
        Self {
            send_blocking: Box::new(move |client| client.send(&*blocking).map(drop)),
            has_body,
            name: O::NAME,
            is_safe: O::RESEND == Resend::Always,
            send: Box::new(move |client| {
                let operation = Arc::clone(&operation);
                Box::pin(async move { client.send(&*operation).await.map(drop) })
            }),
        }
    }
}

pub fn all() -> Vec<Sending> {
    let code = || CustomerCode::new("CUS_x").unwrap();
    let email = || Email::new("ada@example.com").unwrap();
    let id = CustomerId::new(7);
    let account = Account {
        number: "0111111111".into(),
        bank_code: "007".into(),
    };
    let address = Address {
        street: "1 Marina".into(),
        city: "Lagos".into(),
        state: "Lagos".into(),
    };
    let bank_account = BankAccount {
        country: "NG".into(),
        bank_code: "007".into(),
        account_number: "0111111111".into(),
        bvn: "222222222221".into(),
        first_name: "Uchenna".into(),
        last_name: "Okoro".into(),
    };
    let authorization = AuthorizationCode::new("AUTH_x").unwrap();
    vec![
        Sending::new(CreateCustomer::new(email())),
        Sending::new(ListCustomers::new()),
        Sending::new(FetchCustomer::new(code())),
        Sending::new(UpdateCustomer::new(code()).first_name("Ada")),
        Sending::new(ValidateCustomer::new(code(), bank_account)),
        Sending::new(SetRiskAction::new(code(), RiskAction::Deny)),
        Sending::new(DeactivateAuthorization::new(&authorization)),
        Sending::new(InitializeAuthorization::new(email())),
        Sending::new(VerifyAuthorization::new(Reference::new("x").unwrap())),
        Sending::new(InitializeDirectDebit::new(id, account, address)),
        Sending::new(ChargeActivation::new(id, AuthorizationId::new(1))),
        Sending::new(ListMandateAuthorizations::new(id)),
        Sending::new(ListIntegrationMandateAuthorizations::new()),
    ]
}

/// One call that succeeds, and leaves a connection behind.
pub async fn warm_up(client: &Client<Transport>) {
    client.send(fetch()).await.unwrap();
}

pub fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}
