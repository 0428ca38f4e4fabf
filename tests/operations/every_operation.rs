//! Sends every operation to the sandbox, by any client.

use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::operations::{AsyncVisitor, Entry, Example, each_operation_async};
use paystack_tests::transports::std_socket::StdSocket;
use paystack_tests::values::{Values, email};
use paystack_transport::customers::FetchCustomer;
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::{
    BlockingClient, BlockingTransport, Client, Error, Operation, Reply, Transport,
};
use serde_json::Value;
use time::OffsetDateTime;

/// A client that sends operations.
pub(crate) trait Caller {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error>;
}

impl<T: Transport> Caller for Client<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        Client::send(self, operation).await
    }
}

impl<T: LocalTransport> Caller for LocalClient<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        LocalClient::send(self, operation).await
    }
}

impl<T: BlockingTransport> Caller for BlockingClient<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        BlockingClient::send(self, operation)
    }
}

impl Caller for StdSocket {
    async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        StdSocket::send(self, operation)
    }
}

/// Access to the sandbox without a client.
pub(crate) trait Behind {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T;
}

impl Behind for Server {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.with(act)
    }
}

impl Behind for SandboxTransport {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.with(act)
    }
}

/// Sends the full example of each operation, and checks that the reply is the one that Paystack documents.
struct Sender<'a, C>(&'a C);

impl<C: Caller> AsyncVisitor for Sender<'_, C> {
    async fn visit<O: Example>(&mut self, entry: Entry<O>) {
        let reply = self.0.send(entry.full).await;
        let reply = reply.unwrap_or_else(|error| panic!("{error}"));
        let documented: Value = serde_json::from_str(entry.documented[0]).unwrap();
        assert_eq!(reply.message, documented["message"], "{}", O::NAME);
        assert!(reply.rate_limit().remaining.is_some(), "{}", O::NAME);
        assert!(reply.ignored_fields().is_empty() && reply.odd_rows().is_empty());
    }
}

/// Sends every operation, checks each reply, and checks one refusal.
pub(crate) async fn send_every_operation(caller: &impl Caller, behind: &impl Behind) {
    let values = Values {
        // The path needs percent-encoding, and the body is not ASCII.
        email: email("a+b/c?d#e%@example.com"),
        name: "Ad\u{e9}".into(),
        ..Values::default()
    };
    let values = behind.with(|sandbox, now| values.in_sandbox(sandbox, now));
    each_operation_async(&values, &mut Sender(caller)).await;

    let ada = caller.send(FetchCustomer::new(&values.email)).await;
    let ada = ada.unwrap().data;
    assert_eq!((ada.id, ada.customer_code), (values.id, values.code));
    assert_eq!(ada.email, values.email);
    assert_eq!(ada.first_name.as_deref(), Some("Ad\u{e9}"));
    assert_eq!(ada.metadata, Some(values.metadata));
    assert_eq!(ada.risk_action, Some(values.risk_action));
    assert_eq!(ada.authorizations.unwrap().len(), 2, "both mandates");

    let nobody = FetchCustomer::new(email("nobody@example.com"));
    let refused = caller.send(nobody).await.unwrap_err();
    assert!(refused.is_not_found());
    assert_eq!(refused.attempts(), 1);
}
