//! Connections through a proxy: HTTP CONNECT or SOCKS5.

use std::future::ready;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Builder, Intercept, Matcher};
use paystack_transport::InvalidInput;
use paystack_transport::connections::{ProxyUrl, no_proxy_from_env};
use tower_service::Service;

use super::open::OpenConnection;
use super::{BoxError, Connecting, TcpConnector};

/// Which destinations use which proxy.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<Matcher>);

impl Proxies {
    /// This proxy for all destinations over TLS. Through a proxy, plain `http` would show it the key.
    pub(crate) fn one(url: &str) -> Result<Self, InvalidInput> {
        let matcher = matcher(&ProxyUrl::new(url)?)?.build();
        Ok(Self(Arc::new(matcher)))
    }

    /// The proxy that the environment names for destinations over TLS, except for the hosts in `NO_PROXY`.
    pub(crate) fn from_env() -> Result<Self, InvalidInput> {
        let matcher = match ProxyUrl::from_env()? {
            Some(url) => matcher(&url)?.no(no_proxy_from_env()),
            None => Matcher::builder(),
        };
        Ok(Self(Arc::new(matcher.build())))
    }

    fn intercept(&self, uri: &Uri) -> Option<Intercept> {
        let is_encrypted = uri.scheme_str() == Some("https");
        self.0.intercept(uri).filter(|_| is_encrypted)
    }
}

/// A matcher of the proxy. hyper-util would connect directly if it rejected the URL.
fn matcher(url: &ProxyUrl) -> Result<Builder, InvalidInput> {
    let matcher = || Matcher::builder().https(url.as_str());
    let paystack = Uri::from_static("https://api.paystack.co");
    match matcher().build().intercept(&paystack) {
        Some(_) => Ok(matcher()),
        None => Err(url.invalid()),
    }
}

/// Connects directly, or through a proxy, which may itself be reached over TLS.
#[derive(Clone)]
pub(crate) struct ProxyConnector {
    pub(crate) proxies: Option<Proxies>,
    /// The way to the proxy, or to the server.
    pub(crate) next: HttpsConnector<TcpConnector>,
}

type Stream = MaybeHttpsStream<OpenConnection>;

impl Service<Uri> for ProxyConnector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.next.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let proxies = self.proxies.as_ref();
        let proxy = proxies.and_then(|proxies| proxies.intercept(&uri));
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
                async move { connecting.await.map_err(connect_error) },
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

type SocksError = <SocksV5<HttpsConnector<TcpConnector>> as Service<Uri>>::Error;

/// The error of the connection to a SOCKS proxy, which hyper-util does not return as a source.
fn connect_error(error: SocksError) -> BoxError {
    match error {
        SocksError::Inner(error) => error,
        error => error.into(),
    }
}

/// The same host over plain TCP, with the port of the scheme. The caller adds TLS to the server.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_of_a_proxy_is_never_a_direct_connection() {
        let paystack = Uri::from_static("https://api.paystack.co");
        for scheme in ["http", "https", "socks5", "socks5h"] {
            for rest in [
                "proxy",
                "proxy:3128/",
                "[::1]:1080",
                "user@proxy",
                "user:a:b@127.0.0.1",
                ":%40@proxy",
                "@proxy",
                ":@proxy",
            ] {
                let url = format!("{scheme}://{rest}");
                let proxy = Proxies::one(&url).unwrap().intercept(&paystack).unwrap();
                assert_eq!(proxy.uri().scheme_str(), Some(scheme), "{url}");
            }
            for rest in ["user@[::1", "proxy:", "%41"] {
                let url = format!("{scheme}://{rest}");
                assert!(Proxies::one(&url).is_err(), "{url}");
            }
        }
    }
}
