//! Which destinations use which proxy.

use http::Uri;
use paystack_transport::InvalidInput;
use paystack_transport::connections::{ProxyUrl, no_proxy_from_env};
use ureq::Proxy;
use ureq::config::Config;

use super::no_proxy;

/// The proxy for destinations over TLS. Through a proxy, plain `http` would show it the key.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    proxy: Option<Proxy>,
    /// The hosts without a proxy.
    except: String,
}

impl Proxies {
    /// This proxy for all destinations.
    pub(crate) fn one(url: &str) -> Result<Self, InvalidInput> {
        Self::new(&ProxyUrl::new(url)?)
    }

    /// The proxy that the environment names, except for the hosts in `NO_PROXY`.
    pub(crate) fn from_env() -> Result<Self, InvalidInput> {
        let proxies = match ProxyUrl::from_env()? {
            Some(url) => Self::new(&url)?,
            None => Self::default(),
        };
        Ok(Self {
            except: no_proxy_from_env(),
            ..proxies
        })
    }

    /// The proxy of a configuration, with its own exceptions.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            proxy: config.proxy().cloned(),
            ..Self::default()
        }
    }

    fn new(url: &ProxyUrl) -> Result<Self, InvalidInput> {
        // With `socks5`, ureq resolves the names itself.
        let through = url.as_str().replacen("socks5://", "socks5h://", 1);
        Ok(Self {
            proxy: Some(Proxy::new(&through).map_err(|_| url.invalid())?),
            ..Self::default()
        })
    }

    /// The URL of the proxy.
    pub(crate) fn uri(&self) -> Option<&Uri> {
        self.proxy.as_ref().map(Proxy::uri)
    }

    /// The proxy to a destination.
    pub(crate) fn intercept(&self, uri: &Uri) -> Option<Proxy> {
        let is_encrypted = uri.scheme_str() == Some("https");
        let is_direct = !is_encrypted || no_proxy::contains(&self.except, uri.host()?);
        self.proxy.clone().filter(|_| !is_direct)
    }
}
