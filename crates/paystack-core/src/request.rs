//! Requests: the path, the query, the base URL, and a request as text for snapshots.

mod base_url;
mod path;
mod query;
mod snapshot;

pub(crate) use self::base_url::BaseUrl;
pub use self::path::{ENCODED_IN_PATHS, Path};
pub use self::query::Query;
pub use self::snapshot::RequestSnapshot;
pub(crate) use self::snapshot::write_body;

/// The name of this SDK in the `User-Agent` header.
pub(crate) const PRODUCT: &str = concat!("paystack-rust/", env!("CARGO_PKG_VERSION"));
