//! `POST /customer/{email_or_code}/identification`: starts the validation of a customer.

use http::StatusCode;
use time::Duration;

use crate::integration::{Integration, ScheduledEvent};
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::state::{Credentials, Identification, Numbers};

/// The duration of a validation.
const VALIDATION_DELAY: Duration = Duration::seconds(2);

/// Country, BVN, first and last name of the only person that test mode identifies.
const TEST_PERSON: [&str; 4] = ["NG", "222222222221", "Uchenna", "Okoro"];
const TEST_ACCOUNT_NUMBER: &str = "0111111111";
const TEST_BANK_CODE: &str = "007";

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
    identifier: &str,
) -> Result<Response, Refusal> {
    let body = &request.body;
    let identification_type = body.required("type")?;
    let country = body.required("country")?;
    let first_name = body.required("first_name")?;
    let last_name = body.required("last_name")?;
    // The deprecated type `bvn` has no account. Its number is in `value` or in `bvn`.
    let (bvn, account) = match identification_type.as_str() {
        "bank_account" => {
            let bvn = body.required("bvn")?;
            let account = (
                body.required("account_number")?,
                body.required("bank_code")?,
            );
            (bvn, Some(account))
        }
        "bvn" => (
            body.required("value").or_else(|_| body.required("bvn"))?,
            None,
        ),
        _ => return Err(Refusal::invalid("type must be one of: bank_account, bvn")),
    };
    if country.len() != 2 {
        return Err(Refusal::invalid(
            "country must be a two-letter country code",
        ));
    }
    if !matches!(bvn.len(), 11 | 12) || !bvn.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::plain(StatusCode::BAD_REQUEST, "Invalid BVN"));
    }
    let customer = integration
        .by_any_identifier(identifier)
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
    let code = customer.code.clone();
    let event = if succeeds {
        ScheduledEvent::ValidationSucceeds(code, identification)
    } else {
        ScheduledEvent::ValidationFails(code, identification, "Account number or BVN is incorrect")
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

/// Masks a number: `222*****221`.
fn mask(number: &str) -> String {
    let last = number.len().checked_sub(3);
    let last = last.and_then(|start| number.get(start..));
    match (number.get(..3), last) {
        (Some(first), Some(last)) => format!("{first}*****{last}"),
        _ => "*****".to_owned(),
    }
}
