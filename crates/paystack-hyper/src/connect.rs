//! Connections: TCP, a proxy, and one time-out for all steps to a connection.

mod open;
mod proxy;
mod tcp;
mod timeout;

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;

pub(crate) use self::open::OpenConnections;
pub(crate) use self::proxy::{Proxies, ProxyConnector};
pub(crate) use self::tcp::{TcpConnector, is_name_lookup};
pub(crate) use self::timeout::ConnectTimeout;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<S> = Pin<Box<dyn Future<Output = Result<S, BoxError>> + Send>>;
