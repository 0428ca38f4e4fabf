//! The IP addresses from which Paystack sends webhooks.

use std::net::{IpAddr, Ipv4Addr};

const ADDRESSES: [Ipv4Addr; 3] = [
    Ipv4Addr::new(52, 31, 139, 75),
    Ipv4Addr::new(52, 49, 173, 169),
    Ipv4Addr::new(52, 214, 14, 220),
];

/// Returns whether Paystack sends webhooks from this IP address.
///
/// Accepts IPv4 addresses and IPv4 addresses mapped to IPv6. This check is a second line of defence: it
/// never replaces the signature.
///
/// Pass the peer address of the connection. Behind a proxy that is the proxy's address, and the proxy
/// reports the sender's in a header. This function reads no headers: any sender can set
/// `X-Forwarded-For`, and only the part that your own proxy appends is true.
///
/// Paystack may add addresses, so log a request from an unknown address rather than refuse it.
///
/// ```
/// use paystack_webhook::is_paystack_address;
///
/// assert!(is_paystack_address("52.31.139.75".parse()?));
/// assert!(is_paystack_address("::ffff:52.31.139.75".parse()?));
/// assert!(!is_paystack_address("127.0.0.1".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
///
/// See <https://paystack.com/docs/payments/webhooks/#ip-whitelisting>.
pub fn is_paystack_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => ADDRESSES.contains(&address),
        IpAddr::V6(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_addresses_match_as_ipv4_and_as_mapped_ipv6() {
        for (text, expected) in [
            ("52.31.139.75", true),
            ("52.49.173.169", true),
            ("52.214.14.220", true),
            ("::ffff:52.214.14.220", true),
            ("::ffff:341f:8b4b", true),
            ("52.31.139.76", false),
            ("75.139.31.52", false),
            ("::52.31.139.75", false),
            ("64:ff9b::52.31.139.75", false),
            ("::1", false),
        ] {
            assert_eq!(
                is_paystack_address(text.parse().unwrap()),
                expected,
                "{text}"
            );
        }
    }
}
