//! The base URL of the API.

use http::uri::{Authority, PathAndQuery, Scheme};
use url::{Host, Url};

use crate::types::InvalidInput;

/// The base URL of the API, parsed once.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    /// Without a slash at the end; empty for the root.
    pub(crate) path: Box<str>,
    is_loopback: bool,
}

impl BaseUrl {
    /// `https://api.paystack.co`.
    pub(crate) fn paystack() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api.paystack.co"),
            path: "".into(),
            is_loopback: false,
        }
    }

    /// Parses a URL that is https, or http to loopback.
    pub(crate) fn new(text: &str) -> Result<Self, InvalidInput> {
        let base = Self::insecure(text)?;
        if base.scheme == Scheme::HTTP && !base.is_loopback {
            let problem = "must be https, or http to localhost or a loopback address: the key would travel \
                           unencrypted (`with_insecure_base_url` accepts a test key)";
            return Err(InvalidInput::new("base URL", problem));
        }
        Ok(base)
    }

    /// Parses a URL that is https, or http to any host.
    pub(crate) fn insecure(text: &str) -> Result<Self, InvalidInput> {
        let refused = |problem| InvalidInput::new("base URL", problem);
        let not_a_url =
            || refused("must be an absolute URL with a host, such as http://127.0.0.1:4010");
        let url = Url::parse(text).map_err(|_| not_a_url())?;
        let host = url.host().ok_or_else(not_a_url)?;
        let is_loopback = match &host {
            // Names such as `a.localhost` do not count: most resolvers ask a name server for them.
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let scheme = match url.scheme() {
            "https" => Scheme::HTTPS,
            "http" => Scheme::HTTP,
            _ => return Err(refused("must be https or http")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("must not contain a user or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("must not contain a query or a fragment"));
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let path: Box<str> = url.path().trim_end_matches('/').into();
        // So that a request fails only if its own path is too long.
        if !path.is_empty() && PathAndQuery::try_from(&*path).is_err() {
            return Err(refused("must have a path of at most 64 KiB"));
        }
        Ok(Self {
            scheme,
            authority: Authority::try_from(authority).map_err(|_| not_a_url())?,
            path,
            is_loopback,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_accepted_anywhere_and_http_on_loopback() {
        for (text, authority, path) in [
            ("https://api.paystack.co", "api.paystack.co", ""),
            ("https://api.paystack.co/", "api.paystack.co", ""),
            (
                "https://proxy.example:8443/paystack/v1/",
                "proxy.example:8443",
                "/paystack/v1",
            ),
            ("http://127.0.0.1:4010", "127.0.0.1:4010", ""),
            ("http://[::1]:4010", "[::1]:4010", ""),
            ("http://localhost", "localhost", ""),
            ("https://paystack.localhost", "paystack.localhost", ""),
        ] {
            let base = BaseUrl::new(text).unwrap();
            assert_eq!(base.authority.as_str(), authority);
            assert_eq!(&*base.path, path);
        }
    }

    #[test]
    fn urls_that_expose_the_key_or_lose_a_part_are_rejected() {
        for (text, problem) in [
            ("", "absolute URL"),
            ("api.paystack.co", "absolute URL"),
            ("/v1", "absolute URL"),
            ("data:text/plain,x", "absolute URL"),
            ("http://api.paystack.co", "must be https"),
            ("http://192.168.0.1", "must be https"),
            ("http://localhost.example", "must be https"),
            ("http://evil.localhost", "must be https"),
            ("http://localhost.", "must be https"),
            ("http://[::ffff:127.0.0.1]", "must be https"),
            ("ftp://localhost", "must be https"),
            ("https://user@api.paystack.co", "a user"),
            ("https://:word@api.paystack.co", "a user"),
            ("https://api.paystack.co?x", "a query"),
            ("https://api.paystack.co#x", "a query"),
            (
                &format!("https://proxy.example/{}", "x".repeat(70_000)),
                "at most 64 KiB",
            ),
        ] {
            let refused = BaseUrl::new(text).err().unwrap();
            assert_eq!(refused.field(), "base URL");
            assert!(refused.problem().contains(problem), "{text}: {refused}");
        }
    }
}
