//! The rules for e-mail addresses, beyond those of `Email`.

/// Returns whether an address has a local part, and a domain with a dot and without empty labels.
pub(crate) fn has_parts(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local_part, domain)| {
        let has_labels = domain.split('.').all(|label| !label.is_empty());
        !local_part.is_empty() && domain.contains('.') && has_labels
    })
}

/// Returns whether an address belongs to a domain that no mail server can have.
pub(crate) fn is_reserved(email: &str) -> bool {
    let email = email.to_ascii_lowercase();
    [".test", ".local", ".invalid"]
        .iter()
        .any(|domain| email.ends_with(domain))
}
