//! Refusals that only their message identifies.

use crate::response::ApiError;

/// A validation with data that Paystack has accepted before.
pub(super) const ALREADY_VALIDATED: &str = "customer already validated using the same credentials";

/// An e-mail address that Paystack does not accept.
pub(super) const INVALID_EMAIL_ADDRESS: &str = "invalid email address passed";

/// A mandate on an account at a bank without direct debit.
pub(super) const BANK_NOT_SUPPORTED: &str = "bank not supported for direct debit";

/// All known messages. A recording keeps them.
#[doc(hidden)]
pub const KNOWN_MESSAGES: [&str; 3] =
    [ALREADY_VALIDATED, INVALID_EMAIL_ADDRESS, BANK_NOT_SUPPORTED];

/// Whether Paystack itself refuses with 400 and this message, in any case and with any text around it.
pub(super) fn has_message(error: &ApiError, message: &str) -> bool {
    error.status() == http::StatusCode::BAD_REQUEST
        && error.is_paystacks_own()
        && error.message().to_lowercase().contains(message)
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::api::tests::read;

    type Predicate = fn(&Error) -> bool;

    const MESSAGES: [(&str, Predicate); 3] = [
        (
            "Customer already validated using the same credentials",
            Error::is_already_validated,
        ),
        (
            "Invalid Email Address Passed",
            Error::is_invalid_email_address,
        ),
        (
            "Bank not supported for direct debit",
            Error::is_bank_not_supported,
        ),
    ];

    fn refused(status: u16, message: &str) -> Error {
        let body = serde_json::json!({"status": false, "message": message});
        read(status, &body.to_string()).unwrap_err()
    }

    #[test]
    fn message_is_recognized_in_any_case_and_within_text() {
        for (message, is_known) in MESSAGES {
            for text in [
                message.to_owned(),
                format!("{message}."),
                format!(" Error: {}! ", message.to_uppercase()),
            ] {
                let error = refused(400, &text);
                assert!(is_known(&error), "{error}");
                let others = MESSAGES.iter().filter(|(other, _)| *other != message);
                assert!(others.into_iter().all(|(_, is_other)| !is_other(&error)));
            }
        }
    }

    #[test]
    fn other_status_or_message_is_not_recognized() {
        for (message, is_known) in MESSAGES {
            for status in [401, 404, 409, 500] {
                assert!(!is_known(&refused(status, message)), "{status}");
            }
            assert!(!is_known(&refused(400, "Invalid BVN")));
            let by_proxy = read(400, &format!("<title>{message}</title>")).unwrap_err();
            assert!(!is_known(&by_proxy));
        }
    }

    #[test]
    fn invalid_email_address_is_recognized_by_its_code() {
        let body = r#"{"status":false,"message":"No","code":"invalid_email_address"}"#;
        let error = read(400, body).unwrap_err();
        assert!(error.is_invalid_email_address() && error.is_validation());
        let by_proxy = r#"{"message":"No","code":"invalid_email_address"}"#;
        assert!(!read(400, by_proxy).unwrap_err().is_invalid_email_address());
    }
}
