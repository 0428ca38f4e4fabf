//! The operations, behind one type.

use std::pin::Pin;
use std::sync::Arc;

use paystack_hyper::HyperTransport;
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::ureq_in_memory::OverUreq;
use paystack_tests::values::Values;
use paystack_transport::customers::FetchCustomer;
use paystack_transport::{BlockingClient, Client, CustomerCode, Error, Operation, RetryRule};

use crate::ureq::Faulty;

pub type Transport = HyperTransport;
type OverUreqClient = BlockingClient<OverUreq<Faulty>>;
type SendBlocking = dyn Fn(&OverUreqClient) -> Result<(), Error>;
type Sent = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

pub const CUSTOMER: &str = r#"{"status":true,"message":"Customer retrieved","data":{"id":7,"customer_code":"CUS_x","email":"ada@example.com"}}"#;

pub struct Sending {
    pub name: &'static str,
    /// Whether the client retries it after an unknown outcome.
    pub is_safe: bool,
    pub has_body: bool,
    pub send: Box<dyn Fn(Client<Transport>) -> Sent>,
    pub send_blocking: Box<SendBlocking>,
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
            is_safe: O::RETRY == RetryRule::Idempotent,
            send: Box::new(move |client| {
                let operation = Arc::clone(&operation);
                Box::pin(async move { client.send(&*operation).await.map(drop) })
            }),
        }
    }
}

#[derive(Default)]
struct Sendings(Vec<Sending>);

impl Visitor for Sendings {
    fn visit<O: Example>(
        &mut self,
        Entry {
            small: operation, ..
        }: Entry<O>,
    ) {
        self.0.push(Sending::new(operation));
    }
}

pub fn every_operation() -> Vec<Sending> {
    let mut sendings = Sendings::default();
    each_operation(&Values::default(), &mut sendings);
    sendings.0
}

/// Makes one successful call, which leaves an open connection.
pub async fn warm_up(client: &Client<Transport>) {
    client.send(fetch()).await.unwrap();
}

pub fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}
