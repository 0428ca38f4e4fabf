//! The deliveries of webhooks to a receiver.

use std::time::Duration;

use paystack_sandbox::{Sandbox, server::Server};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{control::CREDENTIAL, json};

/// Accepts connections until none arrives for a while.
async fn accept_all(listener: &TcpListener) -> Vec<TcpStream> {
    let mut accepted = Vec::new();
    while let Ok(connection) = timeout(Duration::from_millis(300), listener.accept()).await {
        accepted.push(connection.unwrap().0);
    }
    accepted
}

#[tokio::test]
async fn at_most_64_deliveries_are_in_flight() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let sandbox = Sandbox::new(1).with_webhook_url(url.parse().unwrap());
    let server = Server::start(sandbox, 0).await.unwrap();
    json(
        &server,
        "POST /customer",
        r#"{"email":"ada@example.com"}"#,
        200,
    )
    .await;
    let path = "POST /customer/ada@example.com/identification";
    json(&server, path, CREDENTIAL, 202).await;
    server.advance(Duration::from_secs(2));
    assert_eq!(accept_all(&listener).await.len(), 1);
    server.with(|sandbox, now| (0..100).for_each(|_| assert!(sandbox.resend_webhook(1, now))));
    // The first 64 get no response. The rest waits until their connections close.
    let first = accept_all(&listener).await;
    assert_eq!(first.len(), 64);
    server.with(|sandbox, now| {
        let sent = sandbox
            .webhooks(now)
            .filter(|webhook| webhook.attempts() > 0);
        assert_eq!(sent.count(), 65, "those that wait are not in flight");
    });
    drop(first);
    assert_eq!(accept_all(&listener).await.len(), 36);
}
