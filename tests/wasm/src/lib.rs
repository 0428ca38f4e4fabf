//! The seven customer operations in WebAssembly, over a transport that JavaScript gives.
//!
//! Exporting and importing functions takes the word `unsafe`; nothing else here does: what
//! JavaScript has to say, it writes into a buffer that [`buffer`] sets aside.

mod host;

use std::cell::RefCell;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use paystack_client::customers::direct_debit::{Account, Address, InitializeDirectDebit};
use paystack_client::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    Api, Email, LocalClient, LocalTransport, Operation, SecretKey, bytes::Bytes, http,
};

use crate::host::{Host, report};

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::default();
    static RUNNING: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>> = RefCell::default();
}

/// Sets so many bytes aside for JavaScript to write into.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        *buffer = vec![0; length];
        buffer.as_mut_ptr()
    })
}

/// Begins; the buffer holds the base URL.
#[unsafe(no_mangle)]
pub extern "C" fn start() {
    let url = String::from_utf8(BUFFER.take()).unwrap();
    let run = async move {
        match seven_operations(&url).await {
            Ok(()) => report("done"),
            Err(error) => report(&format!("failed: {error}")),
        }
    };
    RUNNING.set(Some(Box::pin(run)));
    go_on();
}

/// The buffer holds the answer of the fetch with this number, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn answered(number: u32) {
    host::answered(number, &BUFFER.take());
    go_on();
}

/// A while has passed.
#[unsafe(no_mangle)]
pub extern "C" fn go_on() {
    RUNNING.with_borrow_mut(|running| {
        let mut context = Context::from_waker(Waker::noop());
        if let Some(run) = running
            && run.as_mut().poll(&mut context).is_ready()
        {
            *running = None;
        }
    });
}

async fn seven_operations(url: &str) -> Result<(), Box<dyn Error>> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c")?).with_base_url(url)?;
    let client = LocalClient::new(api, Host);
    let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Adé");
    let ada = told(&client, create).await?;
    let code = &ada.customer_code;
    told(&client, ListCustomers::new()).await?;
    told(&client, UpdateCustomer::new(code).last_name("Obi")).await?;
    let account = BankAccount::test_credential();
    told(&client, ValidateCustomer::new(code, account)).await?;
    told(&client, SetRiskAction::new(code, RiskAction::Allow)).await?;

    // A mandate, so that there is an authorization to deactivate.
    let account = Account {
        number: "0123456789".into(),
        bank_code: "058".into(),
    };
    let address = Address {
        street: "1 Main Street".into(),
        city: "Ikeja".into(),
        state: "Lagos".into(),
    };
    client
        .send(InitializeDirectDebit::new(ada.id, account, address))
        .await?;
    let advance = http::Request::post(format!("{url}/sandbox/advance?seconds=20"));
    client.transport().send(advance.body(Bytes::new())?).await?;

    let fetched = told(&client, FetchCustomer::new(code)).await?;
    assert_eq!(fetched.first_name.as_deref(), Some("Adé"));
    assert_eq!(fetched.last_name.as_deref(), Some("Obi"));
    let mandate = fetched.authorizations.and_then(|mut all| all.pop());
    let authorization = mandate.and_then(|mandate| mandate.authorization_code);
    let authorization = authorization.ok_or("no authorization")?;
    told(&client, DeactivateAuthorization::new(authorization)).await?;
    Ok(())
}

/// Sends an operation and reports its name and status.
async fn told<O: Operation>(
    client: &LocalClient<Host>,
    operation: O,
) -> Result<O::Output, paystack_client::Error> {
    let reply = client.send(operation).await?;
    report(&format!("{} {}", O::NAME, reply.status().as_u16()));
    Ok(reply.data)
}
