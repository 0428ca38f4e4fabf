//! Connections over loopback: proxies, certificates and compression.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod certificates;
mod closed;
#[cfg(feature = "gzip")]
mod gzip;
mod loopback;
mod proxies;

use std::sync::LazyLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

/// Longer than any of these tests needs.
const AMPLE: Option<Duration> = Some(Duration::from_secs(10));

/// Runs a future where the servers run. The transport blocks the thread of the test, and has no runtime.
fn on_servers<T>(future: impl Future<Output = T>) -> T {
    static SERVERS: LazyLock<Runtime> = LazyLock::new(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    });
    SERVERS.block_on(future)
}
