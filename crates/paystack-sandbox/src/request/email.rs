//! The rules for e-mail addresses.

use paystack_transport::{Email, InvalidInput};

/// Checks that a customer may have an address.
pub(crate) fn check_email(email: &str) -> Result<(), InvalidInput> {
    Email::new(email)?;
    if !has_parts(email) {
        let problem = "must have a local part, and a domain with a dot";
        return Err(InvalidInput::new("email", problem));
    }
    if is_reserved(email) {
        let problem = "must not end with .test, .local or .invalid";
        return Err(InvalidInput::new("email", problem));
    }
    Ok(())
}

/// Returns whether an address has a local part, and a domain with a dot and without empty labels.
fn has_parts(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local_part, domain)| {
        let has_labels = domain.split('.').all(|label| !label.is_empty());
        !local_part.is_empty() && domain.contains('.') && has_labels
    })
}

/// Returns whether an address belongs to a domain that no mail server can have.
fn is_reserved(email: &str) -> bool {
    let email = email.to_ascii_lowercase();
    [".test", ".local", ".invalid"]
        .iter()
        .any(|domain| email.ends_with(domain))
}
