//! Each transport carries every operation to the sandbox.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::transports::{
    LIMIT, compio, fetch_at, listen, local_tokio, smol, std_exchange, std_socket, tokio_runtime,
    tower,
};
use paystack_tests::values::{api, unlimited};
use paystack_transport::customers::ListCustomers;
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::{Api, BlockingClient, Client, Transport, TransportErrorKind};
use paystack_ureq::UreqTransport;

use crate::every_operation::send_every_operation;

#[test]
fn in_process_transport_carries_every_operation() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    let client = Client::new(api(), sandbox.clone()).with_rate_limiter(unlimited());
    tokio_runtime().block_on(send_every_operation(&client, &sandbox));
}

#[test]
fn hyper_on_many_threads_carries_every_operation() {
    let served = Served::start();
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = served.client(HyperTransport::new());
        // `spawn` requires a `Send` future.
        let behind = Arc::clone(&served.server);
        let all = async move { send_every_operation(&client, &*behind).await };
        tokio::spawn(all).await.unwrap();
    });
}

#[test]
fn tokio_on_one_thread_carries_every_operation() {
    let served = Served::start();
    let client = served.local_client(local_tokio::LocalTokio::new());
    let all = send_every_operation(&client, &*served.server);
    tokio::task::LocalSet::new().block_on(&tokio_runtime(), all);
}

#[test]
fn tower_around_hyper_carries_every_operation() {
    let served = Served::start();
    tokio_runtime().block_on(async {
        let client = served.client(tower::hyper_with_layers(LIMIT));
        send_every_operation(&client, &*served.server).await;
    });
}

#[test]
fn tower_around_axum_carries_every_operation() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    let client = Client::new(api(), tower::axum(sandbox.clone())).with_rate_limiter(unlimited());
    tokio_runtime().block_on(send_every_operation(&client, &sandbox));
}

#[test]
fn tower_around_reqwest_carries_every_operation() {
    let served = Served::start();
    tokio_runtime().block_on(async {
        let client = served.client(tower::reqwest(LIMIT));
        send_every_operation(&client, &*served.server).await;
    });
}

#[test]
fn smol_carries_every_operation() {
    let served = Served::start();
    let client = served.client(smol::SmolTransport::new());
    ::smol::block_on(send_every_operation(&client, &*served.server));
}

#[test]
fn compio_carries_every_operation() {
    let served = Served::start();
    let client = served.local_client(compio::CompioTransport::new());
    let runtime = ::compio::runtime::Runtime::new().unwrap();
    runtime.block_on(send_every_operation(&client, &*served.server));
}

#[test]
fn core_over_a_std_socket_carries_every_operation() {
    let served = Served::start();
    let caller = std_socket::StdSocket::new(served.api());
    ::smol::block_on(send_every_operation(&caller, &*served.server));
}

#[test]
fn ureq_on_plain_threads_carries_every_operation() {
    let served = Served::start();
    let client =
        BlockingClient::new(served.api(), UreqTransport::new()).with_rate_limiter(unlimited());
    ::smol::block_on(send_every_operation(&client, &*served.server));
    // All threads list the three customers at once.
    std::thread::scope(|threads| {
        for _ in 0..8 {
            let client = client.clone();
            threads.spawn(move || {
                assert_eq!(client.send(ListCustomers::new()).unwrap().data.len(), 3)
            });
        }
    });
}

#[test]
fn example_transport_has_fewer_than_60_lines() {
    for (name, text) in [
        ("compio", include_str!("../support/transports/compio.rs")),
        (
            "exchange",
            include_str!("../support/transports/exchange.rs"),
        ),
        ("http10", include_str!("../support/transports/http10.rs")),
        (
            "local_tokio",
            include_str!("../support/transports/local_tokio.rs"),
        ),
        ("smol", include_str!("../support/transports/smol.rs")),
        (
            "std_exchange",
            include_str!("../support/transports/std_exchange.rs"),
        ),
        (
            "std_socket",
            include_str!("../support/transports/std_socket.rs"),
        ),
    ] {
        assert!(text.lines().count() < 60, "{name}");
    }
}

#[test]
fn std_socket_enforces_its_time_and_size_limits() {
    let dripping = listen(|mut stream| {
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let flooding = listen(|mut stream| while stream.write_all(&[b' '; 4096]).is_ok() {});
    for (address, within, kind) in [
        (dripping, 80, TransportErrorKind::Timeout),
        (flooding, 10_000, TransportErrorKind::TooLarge),
    ] {
        let within = Some(Duration::from_millis(within));
        let error = std_exchange::exchange(&fetch_at(address), within).unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

/// The sandbox's server on its own tokio runtime. The tested transport may use another runtime.
pub(crate) struct Served {
    pub(crate) server: Arc<Server>,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    pub(crate) fn start() -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
        Self {
            server: Arc::new(server),
            _runtime: runtime,
        }
    }

    pub(crate) fn api(&self) -> Api {
        api().with_base_url(&self.server.url()).unwrap()
    }

    fn client<T: Transport>(&self, transport: T) -> Client<T> {
        Client::new(self.api(), transport).with_rate_limiter(unlimited())
    }

    fn local_client<T: LocalTransport>(&self, transport: T) -> LocalClient<T> {
        LocalClient::new(self.api(), transport).with_rate_limiter(unlimited())
    }
}

#[test]
fn clients_have_the_same_methods() {
    let items = include_str!("../../docs/api/paystack-transport.txt");
    let methods = |client: &str| -> Vec<_> {
        let method = format!("fn paystack_transport::{client}<T>::");
        let names = items.lines().filter_map(|line| line.split_once(&method));
        let mut names: Vec<_> = names
            .filter_map(|(_, item)| item.split(['<', '(']).next())
            .collect();
        names.sort_unstable();
        names
    };
    let client = methods("Client");
    assert!(client.contains(&"wait_until"));
    assert_eq!(client, methods("local::LocalClient"));
    assert_eq!(client, methods("BlockingClient"));
}
