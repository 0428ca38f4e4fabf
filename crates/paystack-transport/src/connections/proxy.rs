//! The URLs of proxies, and the variables that name them.

use std::env::{self, VarError};

use http::Uri;
use http::uri::Authority;
use paystack_core::InvalidInput;
use percent_encoding::percent_decode_str;

const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

const PROBLEM: &str = "must be http://, https://, socks5:// or socks5h:// with a host, a valid port and \
    no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS";

/// The URL of a proxy. It has no `Debug`: it contains a password.
pub struct ProxyUrl {
    url: String,
    /// The setting or the variable.
    field: &'static str,
}

impl ProxyUrl {
    /// A URL with one of the schemes `http`, `https`, `socks5` and `socks5h`, a host, and no path. A user and a password
    /// decode to UTF-8, of at most 255 bytes each for SOCKS.
    pub fn new(url: &str) -> Result<Self, InvalidInput> {
        Self {
            url: url.to_owned(),
            field: "proxy URL",
        }
        .checked()
    }

    /// The proxy in `HTTPS_PROXY`, or else in `ALL_PROXY`, in upper or else in lower case. `http` is the scheme of a
    /// URL without one. An empty variable counts as unset.
    pub fn from_env() -> Result<Option<Self>, InvalidInput> {
        Self::from_variables(env::var)
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The error of a client that rejects the URL.
    pub fn invalid(&self) -> InvalidInput {
        InvalidInput::new(self.field, PROBLEM)
    }

    fn from_variables(
        variable: impl Fn(&'static str) -> Result<String, VarError>,
    ) -> Result<Option<Self>, InvalidInput> {
        for field in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let url = match variable(field) {
                Ok(url) if !url.is_empty() => url,
                Ok(_) | Err(VarError::NotPresent) => continue,
                Err(VarError::NotUnicode(_)) => return Err(InvalidInput::new(field, PROBLEM)),
            };
            let url = match url.contains("://") {
                true => url,
                false => format!("http://{url}"),
            };
            return Self { url, field }.checked().map(Some);
        }
        Ok(None)
    }

    fn checked(self) -> Result<Self, InvalidInput> {
        match is_valid(&self.url) {
            true => Ok(self),
            false => Err(self.invalid()),
        }
    }
}

fn is_valid(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let is_plain = authority.matches('@').count() < 2 && !authority.contains(['/', '?', '#']);
    // The clients parse the URL with the same type, and would connect directly if that failed.
    let is_url = url.parse::<Uri>().is_ok();
    let (credentials, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let has_host = host.parse::<Authority>().is_ok_and(|host| {
        let has_port = host.as_str().len() > host.host().len();
        !host.host().is_empty() && (!has_port || host.port_u16().is_some())
    });
    let has_credentials = has_valid_credentials(scheme, credentials);
    SCHEMES.contains(&scheme) && is_plain && is_url && has_host && has_credentials
}

/// Whether the user and the password decode to UTF-8, and fit into SOCKS.
fn has_valid_credentials(scheme: &str, credentials: &str) -> bool {
    let longest = match scheme {
        "socks5" | "socks5h" => 255,
        _ => usize::MAX,
    };
    // A colon after the first one belongs to the password.
    credentials.splitn(2, ':').all(|part| {
        let decoded = percent_decode_str(part).decode_utf8();
        decoded.is_ok_and(|decoded| decoded.len() <= longest)
    })
}

/// The hosts in `NO_PROXY`, or else in `no_proxy`, separated by commas. An empty variable counts as unset.
pub fn no_proxy_from_env() -> String {
    no_proxy_from_variables(env::var)
}

fn no_proxy_from_variables(variable: impl Fn(&'static str) -> Result<String, VarError>) -> String {
    let hosts = ["NO_PROXY", "no_proxy"].map(|name| match variable(name) {
        Ok(hosts) => hosts,
        Err(VarError::NotPresent) => String::new(),
        Err(VarError::NotUnicode(hosts)) => hosts.to_string_lossy().into_owned(),
    });
    let set = hosts.into_iter().find(|hosts| !hosts.is_empty());
    set.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(
        variables: &[(&str, &str)],
    ) -> impl Fn(&'static str) -> Result<String, VarError> {
        |name| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        }
    }

    fn from(variables: &[(&str, &str)]) -> Result<Option<String>, &'static str> {
        match ProxyUrl::from_variables(environment(variables)) {
            Ok(url) => Ok(url.map(|url| url.url)),
            Err(invalid) => Err(invalid.field()),
        }
    }

    #[test]
    fn first_variable_that_is_not_empty_names_the_proxy() {
        let named = |url: &str| Ok(Some(url.to_owned()));
        assert_eq!(from(&[]), Ok(None));
        assert_eq!(from(&[("HTTP_PROXY", "http://a")]), Ok(None));
        let both = [("ALL_PROXY", "socks5://all"), ("https_proxy", "http://a")];
        assert_eq!(from(&both), named("http://a"));
        let empty = [("ALL_PROXY", "socks5://all"), ("HTTPS_PROXY", "")];
        assert_eq!(from(&empty), named("socks5://all"));
        let without_scheme = [("HTTPS_PROXY", "user:password@proxy:3128")];
        assert_eq!(
            from(&without_scheme),
            named("http://user:password@proxy:3128")
        );
    }

    #[test]
    fn invalid_variable_is_named_and_not_skipped() {
        for url in [
            "http://",
            "socks4://proxy",
            "http://proxy:port",
            "a b",
            "::",
        ] {
            let variables = [("HTTPS_PROXY", url), ("ALL_PROXY", "http://all")];
            assert_eq!(from(&variables), Err("HTTPS_PROXY"), "{url}");
        }
        let not_unicode = |_| {
            Err(VarError::NotUnicode(
                env::args_os().next().unwrap_or_default(),
            ))
        };
        assert!(ProxyUrl::from_variables(not_unicode).is_err());
    }

    #[test]
    fn first_no_proxy_that_is_not_empty_is_used() {
        let no_proxy = |variables: &[(&str, &str)]| no_proxy_from_variables(environment(variables));
        assert_eq!(no_proxy(&[]), "");
        assert_eq!(no_proxy(&[("NO_PROXY", ""), ("no_proxy", "")]), "");
        assert_eq!(no_proxy(&[("NO_PROXY", ""), ("no_proxy", "b")]), "b");
        assert_eq!(no_proxy(&[("NO_PROXY", "a"), ("no_proxy", "b")]), "a");
    }

    #[test]
    fn credentials_that_no_proxy_can_receive_are_rejected() {
        let (longest, too_long) = ("%61".repeat(255), "a".repeat(256));
        for scheme in SCHEMES {
            let is_accepted = |credentials: &str| {
                ProxyUrl::new(&format!("{scheme}://{credentials}@proxy")).is_ok()
            };
            for credentials in ["user", "user:", "user:a:b", "us%20er:%c3%a9"] {
                assert!(is_accepted(credentials), "{scheme} {credentials}");
            }
            for credentials in ["user:%ff", "%ff:password"] {
                assert!(!is_accepted(credentials), "{scheme} {credentials}");
            }
            assert!(is_accepted(&format!("{longest}:{longest}")), "{scheme}");
            let is_socks = scheme.starts_with("socks5");
            for credentials in [format!("{too_long}:a"), format!("a:{too_long}")] {
                assert_eq!(is_accepted(&credentials), !is_socks, "{scheme}");
            }
        }
    }
}
