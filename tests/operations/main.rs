//! The operations against the sandbox, with the same assertions in process and over a socket.

use std::sync::Arc;
use std::time::Duration;

use paystack_client::customers::{CreateCustomer, Customer};
use paystack_client::{
    Api, Client, Domain, Email, Error, Metadata, Operation, Pace, SecretKey, Transport,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use serde_json::json;
use time::OffsetDateTime;

/// Each behaviour once in process and once over a socket.
macro_rules! everywhere {
    ($($behaviour:ident,)+) => {
        mod in_process {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(crate::in_process()).await;
            })+
        }
        mod in_process_by_dyn {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(crate::in_process_by_dyn()).await;
            })+
        }
        mod over_a_socket {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour(crate::over_a_socket().await).await;
            })+
        }
    };
}

mod customers;
mod direct_debit;

/// A sandbox, however it is reached, and a client to reach it by.
struct World<T> {
    client: Client<T>,
    behind: Box<dyn Behind>,
}

/// What a test does behind the client's back.
trait Behind {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime));
    fn advance(&self, duration: Duration);
}

impl Behind for SandboxTransport {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime)) {
        self.with(act);
    }

    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }
}

impl Behind for Server {
    fn with(&self, act: &mut dyn FnMut(&mut Sandbox, OffsetDateTime)) {
        self.with(act);
    }

    fn advance(&self, duration: Duration) {
        self.advance(duration);
    }
}

impl<T: Transport> World<T> {
    async fn send<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        self.client.send(operation).await.map(|reply| reply.data)
    }

    async fn ada(&self) -> Customer {
        let create = CreateCustomer::new(email("ada@example.com"))
            .first_name("Ada")
            .last_name("Obi")
            .phone("+2348123456789")
            .metadata(Metadata::new(&json!({"plan": "gold"})).unwrap());
        self.send(create).await.unwrap()
    }
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn email(address: &str) -> Email {
    Email::new(address).unwrap()
}

/// A client that the sandbox alone keeps within the rate limit.
fn client<T: Transport>(api: Api, transport: T) -> Client<T> {
    let unlimited = Pace::new(Domain::Test, 7).without_limit();
    Client::with_pace(api, transport, unlimited)
}

fn in_process() -> World<SandboxTransport> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), transport.clone()),
        behind: Box::new(transport),
    }
}

/// The same, chosen at run time.
fn in_process_by_dyn() -> World<Arc<dyn Transport>> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), Arc::new(transport.clone())),
        behind: Box::new(transport),
    }
}

async fn over_a_socket() -> World<HyperTransport> {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let api = api().with_base_url(&server.url()).unwrap();
    World {
        client: client(api, HyperTransport::new()),
        behind: Box::new(server),
    }
}

/// The bodies of the webhooks that are due.
fn webhooks(world: &World<impl Transport>) -> Vec<serde_json::Value> {
    let mut bodies = Vec::new();
    world.behind.with(&mut |sandbox, now| {
        let due = sandbox.take_webhooks(now);
        bodies = due
            .iter()
            .map(|webhook| serde_json::from_slice(&webhook.body).unwrap())
            .collect();
    });
    bodies
}
