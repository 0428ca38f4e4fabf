//! Which requests may control the sandbox.

use http::StatusCode;
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use url::{Host, Url};

use crate::response::Refusal;

/// Checks that no foreign web page sent a request: its `Origin` must be the server itself, and its `Host` must not be
/// a name that an attacker can point at this machine.
pub(super) fn check(head: &Parts, allowed_hosts: &[String]) -> Result<(), Refusal> {
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    // HTTP/2 has the host in the URI.
    let authority = head.uri.authority().map(http::uri::Authority::as_str);
    let host = host
        .or(authority)
        .ok_or_else(|| refused("the request needs a `Host` header"))?;
    let own = Url::parse(&format!("http://{host}")).map_err(|_| refused("invalid `Host`"))?;
    if !is_allowed(&own, allowed_hosts) {
        return Err(refused(
            "requests to this path must use an IP address, `localhost`, a name without a dot, or a name that \
             `--allow-host` accepts",
        ));
    }
    let origin = head.headers.get(ORIGIN);
    let is_own = origin.is_none_or(|origin| {
        let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
        origin.is_some_and(|origin| origin.origin() == own.origin())
    });
    if is_own {
        Ok(())
    } else {
        Err(refused(
            "pages of other origins must not send requests to this path",
        ))
    }
}

fn is_allowed(own: &Url, allowed_hosts: &[String]) -> bool {
    match own.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || allowed_hosts.iter().any(|allowed| allowed == name)
        }
        None => false,
    }
}

fn refused(message: &'static str) -> Refusal {
    Refusal::plain(StatusCode::FORBIDDEN, message)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn is_accepted(host: &str, origin: Option<&str>) -> bool {
        let mut request = Request::builder().uri("/sandbox/reset").header(HOST, host);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let allowed = ["sandbox.default.svc".to_owned()];
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&head, &allowed).is_ok()
    }

    #[test]
    fn names_that_an_attacker_can_own_are_refused() {
        let accepted = [
            "127.0.0.1:4010",
            "[::1]:4010",
            "localhost:4010",
            "10.0.0.7",
            "sandbox:4010",
            "sandbox.default.svc:4010",
        ];
        for host in accepted {
            assert!(is_accepted(host, None), "{host}");
        }
        for host in [
            "attacker.example",
            "127.0.0.1.attacker.example:4010",
            "",
            "a b",
        ] {
            assert!(!is_accepted(host, None), "{host}");
        }
    }

    #[test]
    fn foreign_origins_are_refused() {
        let host = "127.0.0.1:4010";
        assert!(is_accepted(host, Some("http://127.0.0.1:4010")));
        for origin in [
            "http://127.0.0.1:4011",
            "https://127.0.0.1:4010",
            "http://attacker.example",
            "null",
        ] {
            assert!(!is_accepted(host, Some(origin)), "{origin}");
        }
    }
}
