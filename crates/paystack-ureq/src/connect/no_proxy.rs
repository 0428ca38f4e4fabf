//! `NO_PROXY`: the hosts that are reached without a proxy. ureq's own list has no networks and no parent domains.

use std::net::IpAddr;

/// Whether the list contains the host: its name, a parent domain, its address, or a network such as `10.0.0.0/8`. `*`
/// is every name.
pub(super) fn contains(list: &str, host: &str) -> bool {
    let mut entries = list.split(',').map(str::trim);
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    match host.parse() {
        Ok(address) => entries.any(|entry| has_address(entry, address)),
        Err(_) => entries.any(|entry| has_name(entry, &host)),
    }
}

fn has_name(entry: &str, host: &str) -> bool {
    let domain = entry
        .strip_prefix('.')
        .unwrap_or(entry)
        .to_ascii_lowercase();
    let parent = host.strip_suffix(&domain);
    domain == "*"
        || !domain.is_empty() && parent.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn has_address(entry: &str, address: IpAddr) -> bool {
    let Some((network, length)) = entry.split_once('/') else {
        return entry.parse() == Ok(address);
    };
    let Ok(length) = length.parse::<u32>() else {
        return false;
    };
    let equal_bits = match (network.parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros()
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address)) => {
            (network.to_bits() ^ address.to_bits()).leading_zeros()
        }
        _ => return false,
    };
    equal_bits >= length
}

#[cfg(test)]
mod tests {
    use hyper_util::client::proxy::matcher::Matcher;

    use super::*;

    #[test]
    fn list_means_the_same_as_in_paystack_hyper() {
        let lists = [
            "",
            ",",
            "*",
            ".",
            "localhost",
            "other, localhost",
            "paystack.co",
            ".paystack.co",
            "API.Paystack.co",
            "stack.co",
            "*.paystack.co",
            "127.0.0.1",
            "127.0.0.0/8",
            "127.0.0.0/33",
            "126.0.0.0/7",
            "0.0.0.0/0",
            "::1",
            "::/64",
            "fe80::/10",
            "127.0.0.0/x",
        ];
        let hosts = [
            "localhost",
            "api.paystack.co",
            "API.PAYSTACK.CO",
            "paystack.co",
            "127.0.0.1",
            "10.0.0.1",
            "[::1]",
            "[fe80::7]",
        ];
        for list in lists {
            let matcher = Matcher::builder().https("http://proxy").no(list).build();
            for host in hosts {
                let uri = format!("https://{host}").parse().unwrap();
                let is_direct = matcher.intercept(&uri).is_none();
                assert_eq!(contains(list, host), is_direct, "{host} in {list:?}");
            }
        }
    }
}
