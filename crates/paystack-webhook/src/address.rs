//! The addresses that Paystack sends from.

use std::net::{IpAddr, Ipv4Addr};

const ADDRESSES: [Ipv4Addr; 3] = [
    Ipv4Addr::new(52, 31, 139, 75),
    Ipv4Addr::new(52, 49, 173, 169),
    Ipv4Addr::new(52, 214, 14, 220),
];

/// Whether this is one of the addresses that Paystack sends webhooks from, as IPv4 or mapped to IPv6:
/// a second line of defence behind the signature, never in its place.
///
/// It takes the address of the connection. Behind a proxy of yours that is the proxy's, and the true
/// one is where that proxy puts it: `X-Forwarded-For` can be sent by anybody, and only your proxy's
/// own part of it tells the truth. So nothing here reads headers. Paystack may add addresses, so an
/// unknown one is better logged than refused.
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
    fn only_the_three_addresses_are_paystacks_in_both_forms() {
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
