//! The one category of a refusal.

use crate::response::{ApiError, ErrorCode, ErrorType};

/// The category of a refusal, from which the predicates of [`Error`](crate::Error) follow. A refusal has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Unauthorized,
    NotFound,
    RateLimited,
    Validation,
    Other,
}

impl Category {
    /// By the status, or else by the code, or else by the type. A proxy's refusal says nothing about the key,
    /// the customer or the input.
    pub(super) fn of(error: &ApiError) -> Self {
        match (error.status().as_u16(), error.is_paystacks_own()) {
            (429, _) => Self::RateLimited,
            (_, false) => Self::Other,
            (401, _) => Self::Unauthorized,
            (404, _) => Self::NotFound,
            (422, _) => Self::Validation,
            (403 | 408 | 500.., _) => Self::Other,
            (status, true) => match (error.code(), error.error_type()) {
                (Some(ErrorCode::CustomerNotFound), _) => Self::NotFound,
                (Some(ErrorCode::RateLimited), _) => Self::RateLimited,
                (
                    Some(
                        ErrorCode::MissingParams
                        | ErrorCode::InvalidParams
                        | ErrorCode::InvalidEmailAddress,
                    ),
                    _,
                )
                | (_, Some(ErrorType::ValidationError)) => Self::Validation,
                (None, None) if status == 400 => Self::Validation,
                _ => Self::Other,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::api::tests::read;

    /// The documented table, row by row: the first row that applies decides.
    fn expected(
        is_paystacks_own: bool,
        status: u16,
        code: Option<&str>,
        error_type: Option<&str>,
    ) -> &'static str {
        let by_status = [
            (429, "rate limited"),
            (401, "unauthorized"),
            (404, "not found"),
            (422, "validation"),
            (403, "other"),
            (408, "other"),
            (500, "other"),
            (503, "other"),
            (530, "other"),
        ];
        let by_code = [
            ("customer_not_found", "not found"),
            ("rate_limited", "rate limited"),
            ("missing_params", "validation"),
            ("invalid_params", "validation"),
            ("invalid_email_address", "validation"),
        ];
        if !is_paystacks_own {
            return if status == 429 {
                "rate limited"
            } else {
                "other"
            };
        }
        let by_status = by_status.iter().find(|(of, _)| *of == status);
        let by_code = by_code.iter().find(|(of, _)| Some(*of) == code);
        if let Some((_, category)) = by_status {
            return category;
        }
        if let Some((_, category)) = by_code {
            return category;
        }
        match (code, error_type) {
            (_, Some("validation_error")) => "validation",
            (None, None) if status == 400 => "validation",
            _ => "other",
        }
    }

    #[test]
    fn every_refusal_has_the_category_of_the_table() {
        let statuses = [
            200, 202, 400, 401, 402, 403, 404, 405, 408, 409, 422, 429, 500, 503, 530,
        ];
        let codes = [
            None,
            Some("customer_not_found"),
            Some("rate_limited"),
            Some("missing_params"),
            Some("invalid_params"),
            Some("invalid_email_address"),
            Some("invalid_Key"),
            Some("unknown"),
        ];
        let types = [
            None,
            Some("validation_error"),
            Some("api_error"),
            Some("processor_error"),
            Some("new_error"),
        ];
        let mut count = 0;
        for status in statuses {
            for code in codes {
                for error_type in types {
                    // A proxy's success is no refusal.
                    for is_own in [true, false].into_iter().filter(|own| *own || status > 299) {
                        let mut body = serde_json::json!({
                            "message": "No", "code": code, "type": error_type
                        });
                        if is_own {
                            body["status"] = false.into();
                        }
                        let error = read(status, &body.to_string()).unwrap_err();
                        let categories = [
                            (error.is_unauthorized(), "unauthorized"),
                            (error.is_not_found(), "not found"),
                            (error.is_rate_limited(), "rate limited"),
                            (error.is_validation(), "validation"),
                        ];
                        let held: Vec<_> = categories.iter().filter(|(held, _)| *held).collect();
                        assert!(held.len() < 2, "{held:?} for {status} {body}");
                        let category = held.first().map_or("other", |(_, category)| category);
                        let expected = expected(is_own, status, code, error_type);
                        assert_eq!(category, expected, "{status} {body}");
                        count += 1;
                    }
                }
            }
        }
        assert_eq!(count, 8 * 5 * (15 + 13));
    }

    #[test]
    fn wrong_key_is_unauthorized_and_no_validation_error() {
        let body = r#"{"status":false,"message":"Invalid key","type":"validation_error",
            "code":"invalid_Key"}"#;
        let error = read(401, body).unwrap_err();
        assert!(error.is_unauthorized() && !error.is_validation());
    }

    #[test]
    fn page_of_a_proxy_says_nothing_about_the_key() {
        for body in ["<html><title>401 Unauthorized</title></html>", "", "{}"] {
            let error = read(401, body).unwrap_err();
            assert!(!error.is_unauthorized(), "{error}");
            assert!(!read(404, body).unwrap_err().is_not_found());
            assert!(!read(400, body).unwrap_err().is_validation());
            assert!(!read(422, body).unwrap_err().is_validation());
            assert!(read(429, body).unwrap_err().is_rate_limited());
        }
    }
}
