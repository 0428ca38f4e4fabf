//! `POST /customer/{email_or_code}/identification`: starts the validation of a customer.

use http::StatusCode;
use time::Duration;

use crate::integration::{Integration, ScheduledEvent};
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::state::{Credentials, Identification, Numbers, TEST_PERSON};

/// The duration of a validation.
const VALIDATION_DELAY: Duration = Duration::seconds(2);

const TEST_ACCOUNT_NUMBER: &str = "0111111111";
const TEST_BANK_CODE: &str = "007";

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
    identifier: &str,
) -> Result<Response, Refusal> {
    let body = &request.body;
    let required = |name| body.required_or(name, || Refusal::invalid_credential(name));
    let identification_type = required("type")?;
    let country = required("country")?;
    let first_name = required("first_name")?;
    let last_name = required("last_name")?;
    let value = body.text("value")?.value().unwrap_or_default();
    body.text("middle_name")?;
    // The deprecated type `bvn` has no account. Its number is in `value` or in `bvn`.
    let (bvn, account) = match identification_type.as_str() {
        "bank_account" => {
            let account = (required("account_number")?, required("bank_code")?);
            (required("bvn")?, Some(account))
        }
        "bvn" if value.is_empty() => (required("bvn")?, None),
        "bvn" => (value, None),
        _ => return Err(Refusal::invalid_credential("type")),
    };
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(Refusal::invalid_credential("country"));
    }
    if !matches!(bvn.len(), 11 | 12) || !bvn.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::plain(StatusCode::BAD_REQUEST, "Invalid BVN"));
    }
    let customer = integration
        .by_email_or_code(identifier)
        .ok_or_else(Refusal::customer_not_found)?;
    let credentials = Credentials {
        country,
        bvn,
        account,
        first_name,
        last_name,
    };
    if customer.validated.contains(&credentials) {
        return Err(Refusal::plain(
            StatusCode::BAD_REQUEST,
            "Customer already validated using the same credentials",
        ));
    }
    customer.validated.push(credentials.clone());

    let succeeds = is_test_person(&credentials);
    let bvn = mask(&credentials.bvn);
    let numbers = match credentials.account {
        Some((account_number, bank_code)) => Numbers::Account {
            bvn,
            account_number: mask(&account_number),
            bank_code,
        },
        None => Numbers::Bvn { value: bvn },
    };
    let identification = Identification {
        country: credentials.country,
        identification_type,
        numbers,
    };
    let customer = customer.code.clone();
    let event = if succeeds {
        ScheduledEvent::ValidationSucceeds {
            customer,
            identification,
        }
    } else {
        ScheduledEvent::ValidationFails {
            customer,
            identification,
        }
    };
    integration.schedule(event, request.now, VALIDATION_DELAY);
    Ok(Response::without_data(
        StatusCode::ACCEPTED,
        "Customer Identification in progress",
    ))
}

fn is_test_person(credentials: &Credentials) -> bool {
    let Credentials {
        country,
        bvn,
        account,
        first_name,
        last_name,
    } = credentials;
    let is_test_account = account.as_ref().is_none_or(|(number, bank)| {
        (number.as_str(), bank.as_str()) == (TEST_ACCOUNT_NUMBER, TEST_BANK_CODE)
    });
    let person = [country, bvn, first_name, last_name].map(String::as_str);
    is_test_account && person == TEST_PERSON
}

/// Masks a number except for three digits at each end: `222******221`. A short number shows none.
fn mask(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    match digits.as_slice() {
        [a, b, c, hidden @ .., x, y, z] if !hidden.is_empty() => {
            let stars = "*".repeat(hidden.len().max(3));
            format!("{a}{b}{c}{stars}{x}{y}{z}")
        }
        digits => "*".repeat(digits.len().max(3)),
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn mask_keeps_three_digits_at_each_end_and_the_length() {
        for (number, masked) in [
            ("222222222221", "222******221"),
            ("0123456789", "012****789"),
            ("12345678", "123***678"),
            ("1234567", "123***567"),
            ("123456", "******"),
            ("1", "***"),
            ("", "***"),
            ("\u{e4}\u{f6}\u{fc}", "***"),
        ] {
            assert_eq!(mask(number), masked, "{number}");
        }
    }
}
