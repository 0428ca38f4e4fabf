//! Pages work in other tasks, over `dyn` transports and as a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use paystack_tests::network::Network;
use paystack_tests::values::api;
use paystack_transport::{Client, Operation, Paginate, RawJson, Transport};

use crate::{all, client, ids, list};

/// Reads all pages in another task, for any transport and any list. Returns their number.
async fn spawned<T, O>(client: Client<T>, list: O) -> usize
where
    T: Transport + 'static,
    O: Paginate + Send + 'static,
    O::Output: Send,
{
    let mut pages = client.pages(list);
    let walk = async move {
        let mut received = 0;
        while let Some(page) = pages.next().await {
            page.unwrap();
            received += 1;
        }
        received
    };
    tokio::spawn(walk).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn pages_work_in_tasks_and_over_dyn_transports() {
    let network = Network::seeded(25);
    let rows = list(10).decode_as::<Vec<RawJson>>();
    assert_eq!(spawned(client(&network), rows).await, 3);
    let transport: Arc<dyn Transport> = Arc::new(network);
    let client = Client::new(api(), transport);
    assert_eq!(spawned(client, list(10).decode_as::<RawJson>()).await, 3);
}

#[tokio::test(start_paused = true)]
async fn pages_implement_stream() {
    let network = Network::seeded(25);
    let mut pages = client(&network).pages(list(10));
    let mut received = Vec::new();
    while let Some(page) = poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await {
        received.extend(ids(&page.unwrap()));
    }
    assert_eq!(received, all(25));
}
