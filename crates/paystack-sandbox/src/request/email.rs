//! The domains that an e-mail address must not have.

/// Returns whether an address belongs to a domain that no mail server can have.
pub(crate) fn is_reserved(email: &str) -> bool {
    let email = email.to_ascii_lowercase();
    [".test", ".local", ".invalid"]
        .iter()
        .any(|domain| email.ends_with(domain))
}
