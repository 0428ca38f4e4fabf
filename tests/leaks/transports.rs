//! Each transport, on its own runtime.

use paystack_hyper::HyperTransport;
use paystack_tests::transports::{
    LIMIT, compio, local_tokio, smol, std_exchange, tokio_runtime, tower,
};
use paystack_transport::bytes::Bytes;
use paystack_transport::local::LocalTransport;
use paystack_transport::{BlockingTransport, TransportError};
use paystack_ureq::UreqTransport;

type Results = Vec<Result<http::Response<Bytes>, TransportError>>;

/// Sends requests one after the other over one transport.
pub(crate) type Sending = fn(Vec<http::Request<Bytes>>) -> Results;

/// Each transport with sockets, by name.
pub(crate) const OVER_SOCKETS: [(&str, Sending); 8] = [
    ("hyper", |requests| {
        on_tokio(HyperTransport::new(), requests)
    }),
    ("tower around hyper", |requests| {
        tokio_runtime().block_on(async { each(tower::hyper_with_layers(LIMIT), requests).await })
    }),
    ("tower around reqwest", |requests| {
        tokio_runtime().block_on(async { each(tower::reqwest(LIMIT), requests).await })
    }),
    ("tokio on one thread", |requests| {
        on_tokio(local_tokio::LocalTokio::new(), requests)
    }),
    ("smol", |requests| {
        ::smol::block_on(each(smol::SmolTransport::new(), requests))
    }),
    ("compio", |requests| {
        let runtime = ::compio::runtime::Runtime::new().unwrap();
        runtime.block_on(each(compio::CompioTransport::new(), requests))
    }),
    ("ureq", |requests| blocking(UreqTransport::new(), requests)),
    ("std socket", |requests| {
        let send = |request| std_exchange::exchange(&request, None);
        requests.into_iter().map(send).collect()
    }),
];

pub(crate) fn on_tokio(
    transport: impl LocalTransport,
    requests: Vec<http::Request<Bytes>>,
) -> Results {
    ::tokio::task::LocalSet::new().block_on(&tokio_runtime(), each(transport, requests))
}

pub(crate) fn blocking(
    transport: impl BlockingTransport,
    requests: Vec<http::Request<Bytes>>,
) -> Results {
    let send = |request| transport.send(request, None);
    requests.into_iter().map(send).collect()
}

async fn each(transport: impl LocalTransport, requests: Vec<http::Request<Bytes>>) -> Results {
    let mut results = Vec::new();
    for request in requests {
        results.push(transport.send(request).await);
    }
    results
}
