//! Connections through a proxy: HTTP CONNECT or SOCKS5.

use std::future::ready;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use paystack_transport::InvalidInput;
use tokio::net::TcpStream;
use tower_service::Service;

use super::{BoxError, Connecting, TcpConnector};

/// Which destinations use which proxy.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<Matcher>);

impl Proxies {
    /// This proxy for all destinations.
    pub(crate) fn one(url: &str) -> Result<Self, InvalidInput> {
        const PROBLEM: &str = "must be http://, https://, socks5:// or socks5h:// with a host";
        let invalid = || InvalidInput::new("proxy URL", PROBLEM);
        let (scheme, _) = url.split_once("://").ok_or_else(invalid)?;
        if !["http", "https", "socks5", "socks5h"].contains(&scheme) {
            return Err(invalid());
        }
        let matcher = Matcher::builder().all(url).build();
        let paystack = Uri::from_static("https://api.paystack.co");
        matcher.intercept(&paystack).ok_or_else(invalid)?;
        Ok(Self(Arc::new(matcher)))
    }

    /// The proxies in the environment, except for the hosts in `NO_PROXY`.
    pub(crate) fn from_env() -> Self {
        Self(Arc::new(Matcher::from_env()))
    }
}

/// Connects directly, or through a proxy, which may itself be reached over TLS.
#[derive(Clone)]
pub(crate) struct ProxyConnector {
    pub(crate) proxies: Option<Proxies>,
    /// The way to the proxy, or to the server.
    pub(crate) next: HttpsConnector<TcpConnector>,
}

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

impl Service<Uri> for ProxyConnector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.next.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let proxies = self.proxies.as_ref();
        let proxy = proxies.and_then(|Proxies(matcher)| matcher.intercept(&uri));
        let connecting = match proxy {
            None => plain(&uri).map(|uri| self.next.call(uri)),
            Some(proxy) => self.through(&proxy, &uri),
        };
        connecting.unwrap_or_else(|error| Box::pin(ready(Err(error.into()))))
    }
}

impl ProxyConnector {
    fn through(&self, proxy: &Intercept, uri: &Uri) -> Result<Connecting<Stream>, http::Error> {
        let uri = plain(uri)?;
        let next = self.next.clone();
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        if scheme.starts_with("socks5") {
            let mut socks = SocksV5::new(plain(proxy.uri())?, next);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            let connecting = socks.call(uri);
            return Ok(Box::pin(
                async move { connecting.await.map_err(Into::into) },
            ));
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), next);
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        let connecting = tunnel.call(uri);
        Ok(Box::pin(
            async move { connecting.await.map_err(Into::into) },
        ))
    }
}

/// The same host over plain TCP, with the port of the scheme. TLS to the server comes on top.
fn plain(uri: &Uri) -> Result<Uri, http::Error> {
    let port = match (uri.port_u16(), uri.scheme_str()) {
        (Some(port), _) => port,
        (None, Some("https")) => 443,
        (None, Some("socks5" | "socks5h")) => 1080,
        (None, _) => 80,
    };
    let host = uri.host().unwrap_or_default();
    Uri::builder()
        .scheme("http")
        .authority(format!("{host}:{port}"))
        .path_and_query("/")
        .build()
}
