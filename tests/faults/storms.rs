//! Retries do not amplify an outage of the server.

use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_tests::network::{Fate, Simulation, paused};
use paystack_tests::values::{live_api, unlimited};
use paystack_transport::customers::ListCustomers;
use paystack_transport::{Mode, RateLimiter, Settings};

use crate::server::{Act, Server, Then, Use};
use crate::{kinds, sending};

#[test]
fn server_errors_cause_at_most_100_retries() {
    const CALLS: u64 = 500;
    paused().block_on(async {
        let unavailable = kinds::response("503 Service Unavailable", "", "");
        let server = Server::new(Act::Respond(unavailable, Then::GoOn), Use::Fresh);
        let client = crate::client(&server, unlimited());
        for _ in 0..CALLS {
            client.send(sending::fetch()).await.unwrap_err();
        }
        assert_eq!(server.requests(), CALLS + 100);
        server.remove_fault();
        sending::warm_up(&client).await;
    });
}

#[tokio::test(start_paused = true)]
async fn long_outage_ends_the_retries() {
    let limiter = RateLimiter::new(Mode::Live, 1).without_limit();
    let mut simulation = Simulation::new(1, &live_api(), Sandbox::new(1), vec![limiter]);
    for call in 0..10_000 {
        let list = ListCustomers::new().per_page(1);
        simulation.call(
            Duration::from_millis(call * 10),
            0,
            list,
            Settings::default(),
        );
    }
    simulation.run(|_| Fate::status(503)).await;
    let state = simulation.network.state();
    let requests = state.requests.len();
    let late = state.requests.iter().filter(|sent| sent.call >= 5_000);
    let late = late.count();
    println!("{requests} requests for 10,000 calls; {late} for the last 5,000");
    assert!(requests <= 11_000);
    assert_eq!(late, 5_000, "an empty retry budget allows no retry");
}
