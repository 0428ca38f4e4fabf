//! Transports for runtimes and clients without an adapter of their own.

pub mod attohttpc;
pub mod compio;
pub mod exchange;
mod http10;
pub mod local_tokio;
pub mod origin;
pub mod smol;
pub mod std_exchange;
pub mod std_socket;
pub mod tower;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::customers::FetchCustomer;
use tokio::runtime::{Builder, Runtime};

use crate::values::{api, email};

/// The time limit of layers and clients that have their own.
pub const LIMIT: Duration = Duration::from_secs(5);

/// Builds a tokio runtime on one thread.
pub fn tokio_runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

/// Runs a script for each connection. Returns the address.
pub fn listen(script: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            script(stream.unwrap());
        }
    });
    address
}

/// Returns a request that fetches a customer from this address.
pub fn fetch_at(address: SocketAddr) -> http::Request<Bytes> {
    let api = api().with_base_url(&format!("http://{address}")).unwrap();
    let fetch = FetchCustomer::new(email("ada@example.com"));
    api.request(&fetch).unwrap()
}
