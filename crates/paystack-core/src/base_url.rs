//! Where the API is.

use std::fmt;

use http::uri::{Authority, PathAndQuery, Scheme};
use url::{Host, Url};

/// Where the API is, parsed once.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    /// Without a slash at its end; empty for the root.
    pub(crate) path: Box<str>,
}

impl BaseUrl {
    /// `https://api.paystack.co`.
    pub(crate) fn paystack() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api.paystack.co"),
            path: "".into(),
        }
    }

    pub(crate) fn new(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|_| BaseUrlError::NotAUrl)?;
        let host = url.host().ok_or(BaseUrlError::NotAUrl)?;
        let loopback = match &host {
            // Names below it, which should be loopback as well, are asked of the name server by most
            // resolvers.
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let scheme = match url.scheme() {
            "https" => Scheme::HTTPS,
            "http" if loopback => Scheme::HTTP,
            _ => return Err(BaseUrlError::NotHttps),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let path: Box<str> = url.path().trim_end_matches('/').into();
        // So that later on only a path that is too long can be refused.
        if !path.is_empty() && PathAndQuery::try_from(&*path).is_err() {
            return Err(BaseUrlError::NotAUrl);
        }
        Ok(Self {
            scheme,
            authority: Authority::try_from(authority).map_err(|_| BaseUrlError::NotAUrl)?,
            path,
        })
    }
}

/// Why a text is not a base URL for the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// It is not an absolute URL with a host.
    NotAUrl,
    /// It is neither https nor http on a loopback host: the key would travel in the open.
    NotHttps,
    /// It names a user or a password.
    UserInfo,
    /// It has a query or a fragment, which requests could not keep.
    QueryOrFragment,
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => {
                "the base URL is not an absolute URL with a host, such as http://127.0.0.1:4010"
            }
            Self::NotHttps => {
                "the base URL is neither https nor http on a loopback host: the key would travel in the \
                 open"
            }
            Self::UserInfo => "the base URL names a user or a password",
            Self::QueryOrFragment => "the base URL has a query or a fragment",
        })
    }
}

impl std::error::Error for BaseUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_anywhere_and_http_on_loopback() {
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
    fn refuses_what_would_show_the_key_or_lose_something() {
        for (text, why) in [
            ("", BaseUrlError::NotAUrl),
            ("api.paystack.co", BaseUrlError::NotAUrl),
            ("/v1", BaseUrlError::NotAUrl),
            ("data:text/plain,x", BaseUrlError::NotAUrl),
            ("http://api.paystack.co", BaseUrlError::NotHttps),
            ("http://192.168.0.1", BaseUrlError::NotHttps),
            ("http://localhost.example", BaseUrlError::NotHttps),
            ("http://evil.localhost", BaseUrlError::NotHttps),
            ("http://localhost.", BaseUrlError::NotHttps),
            ("http://[::ffff:127.0.0.1]", BaseUrlError::NotHttps),
            ("ftp://localhost", BaseUrlError::NotHttps),
            ("https://user@api.paystack.co", BaseUrlError::UserInfo),
            ("https://:word@api.paystack.co", BaseUrlError::UserInfo),
            ("https://api.paystack.co?x", BaseUrlError::QueryOrFragment),
            ("https://api.paystack.co#x", BaseUrlError::QueryOrFragment),
        ] {
            assert_eq!(BaseUrl::new(text).err(), Some(why), "{text}");
        }
    }

    #[test]
    fn a_path_that_no_request_can_hold_is_refused() {
        let long = format!("https://proxy.example/{}", "x".repeat(70_000));
        assert_eq!(BaseUrl::new(&long).err(), Some(BaseUrlError::NotAUrl));
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (text, says) in [
            (
                "",
                "the base URL is not an absolute URL with a host, such as http://127.0.0.1:4010",
            ),
            (
                "http://api.paystack.co",
                "the base URL is neither https nor http on a loopback host: the key would travel in the \
                 open",
            ),
            (
                "https://user:word@api.paystack.co",
                "the base URL names a user or a password",
            ),
            (
                "https://api.paystack.co?x",
                "the base URL has a query or a fragment",
            ),
        ] {
            assert_eq!(BaseUrl::new(text).err().unwrap().to_string(), says);
        }
    }
}
