//! The thirteen operations over every kind of transport, each against the sandbox: the operations are
//! written once, the transports are each a page.

mod compio;
mod exchange;
mod http10;
mod local_tokio;
mod operations;
mod origin;
mod smol;
mod std_exchange;
mod std_socket;
mod tower;

use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use paystack_client::customers::{FetchCustomer, ListCustomers};
use paystack_client::{
    Api, BlockingClient, BlockingTransport, Client, Domain, Email, LocalClient, LocalTransport,
    Pace, SecretKey, Sent, Transport, TransportError, TransportErrorKind, bytes::Bytes,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_ureq::UreqTransport;

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
        let client = served.client(tower::hyper_with_layers(LIMIT));
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
        let client = served.client(tower::reqwest(LIMIT));
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
fn ureq_on_plain_threads() {
    let served = Served::start();
    let client = BlockingClient::with_pace(served.api(), UreqTransport::new(), unlimited());
    ::smol::block_on(all_operations(&client, &*served.server));
    // The two customers are there for all threads at once.
    std::thread::scope(|threads| {
        for _ in 0..8 {
            let client = client.clone();
            threads.spawn(move || {
                assert_eq!(client.send(ListCustomers::new()).unwrap().data.len(), 2)
            });
        }
    });
}

#[test]
fn each_transport_is_a_page() {
    for (name, text) in [
        ("compio", include_str!("compio.rs")),
        ("exchange", include_str!("exchange.rs")),
        ("http10", include_str!("http10.rs")),
        ("local_tokio", include_str!("local_tokio.rs")),
        ("smol", include_str!("smol.rs")),
        ("std_exchange", include_str!("std_exchange.rs")),
        ("std_socket", include_str!("std_socket.rs")),
    ] {
        assert!(text.lines().count() < 60, "{name}");
    }
}

#[test]
fn a_refused_or_broken_connection_names_neither_the_url_nor_the_key() {
    // Bound and never listened on: nobody else gets the port, and nobody is there.
    let refusing = ::tokio::net::TcpSocket::new_v4().unwrap();
    refusing.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refusing = refusing.local_addr().unwrap();
    let breaking = listening(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
    });
    for (name, send) in OVER_SOCKETS {
        // Nobody told tower what hyper's errors mean.
        let unsent = match name {
            "tower around hyper" => Sent::Maybe,
            _ => Sent::No,
        };
        for (address, sent) in [(refusing, unsent), (breaking, Sent::Maybe)] {
            let error = send(fetch_at(address)).unwrap_err();
            assert_eq!(error.sent(), sent, "{name}");
            let shown = everything(&error);
            let port = address.port().to_string();
            for secret in [
                "ada",
                "example.com",
                "3f2a9c",
                "/customer",
                "127.0.0.1",
                &port,
            ] {
                assert!(!shown.contains(secret), "{name}: {shown}");
            }
        }
    }
}

#[test]
fn a_std_socket_is_over_in_time_and_takes_no_more_than_its_limit() {
    let dripping = listening(|mut stream| {
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    let flooding = listening(|mut stream| while stream.write_all(&[b' '; 4096]).is_ok() {});
    for (address, within, kind) in [
        (dripping, 80, TransportErrorKind::Timeout),
        (flooding, 10_000, TransportErrorKind::TooLarge),
    ] {
        let within = Some(Duration::from_millis(within));
        let error = std_exchange::exchange(&fetch_at(address), within).unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

/// Of the layers and clients that have one of their own.
const LIMIT: Duration = Duration::from_secs(5);

type Sending = fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;

/// Each transport that has a socket, by name, on a runtime of its own.
const OVER_SOCKETS: [(&str, Sending); 8] = [
    ("hyper", |request| {
        tokio().block_on(async { Transport::send(&HyperTransport::new(), request).await })
    }),
    ("tower around hyper", |request| {
        tokio().block_on(async { Transport::send(&tower::hyper_with_layers(LIMIT), request).await })
    }),
    ("tower around reqwest", |request| {
        tokio().block_on(async { Transport::send(&tower::reqwest(LIMIT), request).await })
    }),
    ("tokio on one thread", |request| {
        let local = local_tokio::LocalTokio::new();
        ::tokio::task::LocalSet::new().block_on(&tokio(), LocalTransport::send(&local, request))
    }),
    ("smol", |request| {
        ::smol::block_on(Transport::send(&smol::SmolTransport::new(), request))
    }),
    ("compio", |request| {
        let runtime = ::compio::runtime::Runtime::new().unwrap();
        runtime.block_on(LocalTransport::send(
            &compio::CompioTransport::new(),
            request,
        ))
    }),
    ("ureq", |request| UreqTransport::new().send(request, None)),
    ("std socket", |request| {
        std_exchange::exchange(&request, None)
    }),
];

/// Serves each connection with a script, and says where.
fn listening(script: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            script(stream.unwrap());
        }
    });
    address
}

fn fetch_at(address: SocketAddr) -> http::Request<Bytes> {
    let api = api().with_base_url(&format!("http://{address}")).unwrap();
    let fetch = FetchCustomer::new(Email::new("ada@example.com").unwrap());
    api.request(&fetch).unwrap()
}

/// An error and all its sources, as people and as developers see them.
fn everything(error: &dyn Error) -> String {
    let source = error.source().map(everything).unwrap_or_default();
    format!("{error} {error:?} {source}")
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
