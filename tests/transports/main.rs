//! The twelve operations over every kind of transport, each against the sandbox: the operations are
//! written once, the transports are each a page.

mod compio;
mod exchange;
mod local_tokio;
mod operations;
mod smol;
mod std_socket;
mod tower;

use std::net::TcpListener;
use std::sync::Arc;

use paystack_client::customers::FetchCustomer;
use paystack_client::{
    Api, Client, Domain, Email, LocalClient, LocalTransport, Pace, SecretKey, Sent, Transport,
    TransportError,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};

use crate::operations::all_operations;

#[test]
fn in_process() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    let client = Client::with_pace(api(), sandbox.clone(), unlimited());
    tokio().block_on(all_operations(&client, &sandbox));
}

#[test]
fn hyper_on_many_threads() {
    let served = Served::start();
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = served.client(HyperTransport::new());
        // From a task, so that its future has to be `Send`.
        let behind = Arc::clone(&served.server);
        let all = async move { all_operations(&client, &*behind).await };
        tokio::spawn(all).await.unwrap();
    });
}

#[test]
fn tokio_on_one_thread() {
    let served = Served::start();
    let client = served.local_client(local_tokio::LocalTokio::new());
    let all = all_operations(&client, &*served.server);
    tokio::task::LocalSet::new().block_on(&tokio(), all);
}

#[test]
fn tower_around_hyper() {
    let served = Served::start();
    tokio().block_on(async {
        let client = served.client(tower::hyper_with_layers());
        all_operations(&client, &*served.server).await;
    });
}

#[test]
fn tower_around_axum() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    let client = Client::with_pace(api(), tower::axum(sandbox.clone()), unlimited());
    tokio().block_on(all_operations(&client, &sandbox));
}

#[test]
fn tower_around_reqwest() {
    let served = Served::start();
    tokio().block_on(async {
        let client = served.client(tower::reqwest());
        all_operations(&client, &*served.server).await;
    });
}

#[test]
fn smol() {
    let served = Served::start();
    let client = served.client(smol::SmolTransport::new());
    ::smol::block_on(all_operations(&client, &*served.server));
}

#[test]
fn compio_with_a_thread_to_each_core() {
    let served = Served::start();
    let client = served.local_client(compio::CompioTransport::new());
    let runtime = ::compio::runtime::Runtime::new().unwrap();
    runtime.block_on(all_operations(&client, &*served.server));
}

#[test]
fn the_core_alone_over_a_std_socket() {
    let served = Served::start();
    let caller = std_socket::StdSocket::new(served.api());
    ::smol::block_on(all_operations(&caller, &*served.server));
}

#[test]
fn a_refused_connection_is_unsent_and_names_neither_the_key_nor_the_url() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let api = api().with_base_url(&format!("http://{}", closed.unwrap()));
    let fetch = FetchCustomer::new(Email::new("ada@example.com").unwrap());
    let request = api.unwrap().request(&fetch).unwrap();
    let refused = |error: TransportError, sent| {
        assert_eq!(error.sent(), sent);
        let shown = format!("{error:?}");
        for secret in ["ada", "example.com", "3f2a9c", "/customer"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    };
    tokio().block_on(async {
        let smol = smol::SmolTransport::new();
        let error = Transport::send(&smol, request.clone()).await.unwrap_err();
        refused(error, Sent::No);
        let reqwest = tower::reqwest();
        let error = Transport::send(&reqwest, request.clone())
            .await
            .unwrap_err();
        refused(error, Sent::No);
        // Nobody told this one what its errors mean.
        let hyper = tower::hyper_with_layers();
        let error = Transport::send(&hyper, request).await.unwrap_err();
        refused(error, Sent::Maybe);
    });
}

/// The sandbox's server, on a runtime of its own: it needs tokio, what is tested may have none.
struct Served {
    server: Arc<Server>,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    fn start() -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
        Self {
            server: Arc::new(server),
            _runtime: runtime,
        }
    }

    fn api(&self) -> Api {
        api().with_base_url(&self.server.url()).unwrap()
    }

    fn client<T: Transport>(&self, transport: T) -> Client<T> {
        Client::with_pace(self.api(), transport, unlimited())
    }

    fn local_client<T: LocalTransport>(&self, transport: T) -> LocalClient<T> {
        LocalClient::with_pace(self.api(), transport, unlimited())
    }
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// The sandbox alone keeps the rate limit.
fn unlimited() -> Pace {
    Pace::new(Domain::Test, 7).without_limit()
}

fn tokio() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}
