//! A call in a task that may move to another thread, beside a value that may not.

use std::rc::Rc;

use paystack_transport::customers::FetchCustomer;
use paystack_transport::{Client, CustomerCode, Transport};

fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(task);
}

fn fetch<T: Transport + 'static>(client: Client<T>, code: CustomerCode) {
    spawn(async move {
        let shop = Rc::new("shop");
        let _ = client.send(FetchCustomer::new(&code)).await;
        drop(shop);
    });
}

fn main() {}
