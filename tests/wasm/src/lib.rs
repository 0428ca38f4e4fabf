//! The seven customer operations in WebAssembly, over a transport in JavaScript.
//!
//! Only the exported and imported functions need the word `unsafe`. JavaScript writes its arguments into a
//! buffer that [`buffer`] allocates.

mod host;

use std::cell::RefCell;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};

use paystack_transport::customers::direct_debit::{Account, Address, InitializeDirectDebit};
use paystack_transport::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::{Api, Email, Operation, SecretKey, bytes::Bytes, http};

use crate::host::{Host, report};

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::default();
    static RUNNING: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>> = RefCell::default();
}

/// Allocates a buffer of this length, for JavaScript to write into.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        *buffer = vec![0; length];
        buffer.as_mut_ptr()
    })
}

/// Starts the operations. The buffer contains the base URL.
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

/// Handles the response to the fetch with this number. The buffer contains it as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn responded(number: u32) {
    host::responded(number, &BUFFER.take());
    go_on();
}

/// Polls the operations again.
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
    let ada = send_and_report(&client, create).await?;
    assert_eq!(ada.first_name.as_deref(), Some("Adé"));
    let code = &ada.customer_code;
    send_and_report(&client, ListCustomers::new()).await?;
    let update = UpdateCustomer::new(code).last_name("Obi");
    let updated = send_and_report(&client, update).await?;
    assert_eq!(updated.last_name.as_deref(), Some("Obi"));
    let account = BankAccount::test_credential();
    send_and_report(&client, ValidateCustomer::new(code, account)).await?;
    send_and_report(&client, SetRiskAction::new(code, RiskAction::Allow)).await?;

    // A mandate creates the authorization to deactivate.
    let account = Account::new("0123456789", "058");
    let address = Address::new("1 Main Street", "Ikeja", "Lagos");
    client
        .send(InitializeDirectDebit::new(ada.id, account, address))
        .await?;
    let advance = http::Request::post(format!("{url}/sandbox/advance?seconds=20"));
    client.transport().send(advance.body(Bytes::new())?).await?;

    let fetched = send_and_report(&client, FetchCustomer::new(code)).await?;
    assert_eq!(fetched.identified, Some(true));
    // The validation replaced the names by those of the test credential.
    assert_eq!(fetched.first_name.as_deref(), Some("Uchenna"));
    assert_eq!(fetched.last_name.as_deref(), Some("Okoro"));
    let mandate = fetched.authorizations.and_then(|mut all| all.pop());
    let authorization = mandate.and_then(|mandate| mandate.authorization_code);
    let authorization = authorization.ok_or("no authorization")?;
    send_and_report(&client, DeactivateAuthorization::new(authorization)).await?;
    Ok(())
}

/// Sends an operation and reports its name and status.
async fn send_and_report<O: Operation>(
    client: &LocalClient<Host>,
    operation: O,
) -> Result<O::Output, paystack_transport::Error> {
    let reply = client.send(operation).await?;
    report(&format!("{} {}", O::NAME, reply.status().as_u16()));
    Ok(reply.data)
}
