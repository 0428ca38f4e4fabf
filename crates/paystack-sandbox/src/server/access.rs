//! Refuses the requests of foreign web pages.

use std::net::IpAddr;

use http::StatusCode;
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use url::{Host, Url};

use super::control;
use crate::response::Refusal;

/// Checks that no foreign web page sent a request.
///
/// An `Origin` must be the server itself. The `Host` must not be a name that an attacker can point at this machine, in
/// three cases: the server listens on loopback, the path is below `/sandbox`, or the request has an `Origin`. A browser
/// sends no `Origin` with a GET to a page's own host.
pub(super) fn check(
    head: &Parts,
    address: IpAddr,
    allowed_hosts: &[String],
) -> Result<(), Refusal> {
    let own = own_url(head)?;
    let mut origins = head.headers.get_all(ORIGIN).iter();
    let needs_known_host = address.to_canonical().is_loopback()
        || control::is_control(head)
        || head.headers.contains_key(ORIGIN);
    if needs_known_host && !is_allowed(&own, allowed_hosts) {
        return Err(forbidden(
            "the URL must name the server by an IP address, `localhost`, a name without a dot, or a name that \
             `--allow-host` accepts",
        ));
    }
    let is_own = origins.all(|origin| {
        let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
        origin.is_some_and(|origin| origin.origin() == own.origin())
    });
    if is_own {
        Ok(())
    } else {
        Err(forbidden(
            "pages of other origins must not send requests to the sandbox",
        ))
    }
}

/// Returns the URL of the server, as the client names it in `Host` and in the target.
fn own_url(head: &Parts) -> Result<Url, Refusal> {
    let hosts = head
        .headers
        .get_all(HOST)
        .iter()
        .map(|host| host.to_str().ok());
    let target = head.uri.authority().map(|target| Some(target.as_str()));
    let mut names = hosts.chain(target).map(|name| name.and_then(parse));
    let own = names
        .next()
        .ok_or_else(|| invalid("the request needs a `Host` header"))?;
    let own =
        own.ok_or_else(|| invalid("`Host` must be a name or an address, and may have a port"))?;
    if head.headers.get_all(HOST).iter().count() > 1 {
        return Err(invalid("the request must have one `Host` header"));
    }
    // HTTP/2 and requests to a proxy name the host in the target, too.
    if names.all(|name| name.is_some_and(|name| name.origin() == own.origin())) {
        Ok(own)
    } else {
        Err(invalid(
            "`Host` and the target of the request must be the same",
        ))
    }
}

fn parse(host: &str) -> Option<Url> {
    let is_plain = host.parse::<Authority>().is_ok() && !host.contains('@');
    is_plain.then(|| Url::parse(&format!("http://{host}")).ok())?
}

fn is_allowed(own: &Url, allowed_hosts: &[String]) -> bool {
    match own.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let mut allowed_hosts = allowed_hosts.iter();
            !name.contains('.') || allowed_hosts.any(|allowed| allowed.eq_ignore_ascii_case(name))
        }
        None => false,
    }
}

fn forbidden(message: &'static str) -> Refusal {
    Refusal::plain(StatusCode::FORBIDDEN, message)
}

fn invalid(message: &'static str) -> Refusal {
    Refusal::plain(StatusCode::BAD_REQUEST, message)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use http::Request;

    use super::*;
    use crate::response::Response;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const ANY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

    /// Returns the status of the refusal of a request to a server on loopback, or 200.
    fn status(target: &str, headers: &[(&str, &str)]) -> u16 {
        status_on(LOOPBACK, target, headers)
    }

    /// The same for a server on another address.
    fn status_on(address: IpAddr, target: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let allowed = ["sandbox.default.svc".to_owned()];
        let (head, ()) = request.body(()).unwrap().into_parts();
        let refusal = check(&head, address, &allowed).err();
        refusal.map_or(200, |refusal| {
            Response::from(refusal).into_http().status().as_u16()
        })
    }

    #[test]
    fn names_that_an_attacker_can_own_are_refused() {
        for host in [
            "127.0.0.1:4010",
            "[::1]:4010",
            "localhost:4010",
            "10.0.0.7",
            "sandbox:4010",
            "sandbox.default.svc:4010",
            "Sandbox.Default.svc",
        ] {
            for target in ["/sandbox/reset", "/customer"] {
                assert_eq!(status(target, &[("host", host)]), 200, "{host}");
            }
        }
        for host in ["attacker.example", "127.0.0.1.attacker.example:4010"] {
            let on = |address, target| status_on(address, target, &[("host", host)]);
            assert_eq!(on(LOOPBACK, "/sandbox/reset"), 403, "{host}");
            for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
                let address = address.parse().unwrap();
                assert_eq!(on(address, "/customer"), 403, "{address} {host}");
            }
            assert_eq!(on(ANY, "/sandbox/reset"), 403, "{host}");
            assert_eq!(on(ANY, "/customer"), 200, "{host}");
        }
    }

    #[test]
    fn foreign_origins_are_refused_on_every_path() {
        for target in ["/sandbox/reset", "/customer"] {
            let with = |host, origin| status(target, &[("host", host), ("origin", origin)]);
            assert_eq!(with("127.0.0.1:4010", "http://127.0.0.1:4010"), 200);
            for origin in [
                "http://127.0.0.1:4011",
                "https://127.0.0.1:4010",
                "http://attacker.example",
                "null",
            ] {
                assert_eq!(with("127.0.0.1:4010", origin), 403, "{origin}");
            }
            // DNS rebinding: the name of the attacker has the address of the server.
            assert_eq!(with("attacker.example", "http://attacker.example"), 403);
        }
        let twice = [
            ("host", "sandbox"),
            ("origin", "http://sandbox"),
            ("origin", "http://attacker.example"),
        ];
        assert_eq!(status("/customer", &twice), 403);
    }

    #[test]
    fn malformed_or_contradicting_hosts_are_refused() {
        for host in [
            "",
            "a b",
            "a@localhost",
            "localhost/",
            "localhost?a",
            "localhost#a",
            "localhost\\a",
            "localhost\ta",
        ] {
            assert_eq!(status("/customer", &[("host", host)]), 400, "{host}");
        }
        assert_eq!(status("/customer", &[]), 400);
        let twice = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(status("/customer", &twice), 400);
        let target = "http://localhost:80/customer";
        assert_eq!(status(target, &[]), 200);
        assert_eq!(status(target, &[("host", "LOCALHOST")]), 200);
        for host in ["sandbox", "localhost:81", "attacker.example"] {
            assert_eq!(status(target, &[("host", host)]), 400, "{host}");
        }
    }
}
