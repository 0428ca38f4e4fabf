//! Does the sandbox behave like Paystack, in process and over a socket?

use std::sync::Arc;
use std::time::Duration;

use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::values::{api, email, unlimited};
use paystack_transport::customers::{CreateCustomer, Customer};
use paystack_transport::{Api, Client, Error, Metadata, Operation, Transport};
use serde_json::json;
use time::OffsetDateTime;

/// Tests each behaviour in process, over a `dyn` transport and over a socket.
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
mod other_clients;
mod programs_under_faults;
mod waiting;
// A symbolic link to the example of paystack-hyper.
#[allow(dead_code, reason = "the example's `main` is unused")]
mod webhook_server;
mod webhooks;

/// A client, and direct access to its sandbox.
struct World<T> {
    client: Client<T>,
    behind: Box<dyn Behind>,
}

/// Access to the sandbox without a client.
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

/// Returns a client without a rate limiter. The sandbox enforces its own limit.
fn client<T: Transport>(api: Api, transport: T) -> Client<T> {
    Client::new(api, transport).with_rate_limiter(unlimited())
}

fn in_process() -> World<SandboxTransport> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), transport.clone()),
        behind: Box::new(transport),
    }
}

fn in_process_by_dyn() -> World<Arc<dyn Transport>> {
    let transport = SandboxTransport::new(Sandbox::new(1));
    World {
        client: client(api(), Arc::new(transport.clone())),
        behind: Box::new(transport),
    }
}

async fn over_a_socket() -> World<HyperTransport> {
    let server = Server::builder().allow_live_keys();
    let server = server.start(Sandbox::new(1)).await.unwrap();
    let api = api().with_base_url(&server.url()).unwrap();
    World {
        client: client(api, HyperTransport::new()),
        behind: Box::new(server),
    }
}

/// Returns the bodies of the webhooks that are due.
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
