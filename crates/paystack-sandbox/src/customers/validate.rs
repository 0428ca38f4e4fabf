//! `POST /customer/{code}/identification`

use std::time::Duration;

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::customer::Identification;
use crate::integration::{Happening, Integration};
use crate::request::Request;

/// How long a validation takes.
const VERDICT_AFTER: Duration = Duration::from_secs(2);

/// Country, bank code, account number, BVN, first and last name of the one validation that
/// succeeds in test mode.
const TEST_CREDENTIAL: [&str; 6] = [
    "NG",
    "007",
    "0111111111",
    "222222222221",
    "Uchenna",
    "Okoro",
];

pub(super) fn answer(
    integration: &mut Integration,
    request: &Request,
    code: &str,
) -> Result<Answer, Refusal> {
    let body = &request.body;
    let identification_type = body.required("type")?;
    let country = body.required("country")?;
    let first_name = body.required("first_name")?;
    let last_name = body.required("last_name")?;
    let (bvn, account_number, bank_code) = match identification_type.as_str() {
        "bank_account" => (
            body.required("bvn")?,
            body.required("account_number")?,
            body.required("bank_code")?,
        ),
        // The deprecated type has the number in `value`, and no account.
        "bvn" => (body.required("value")?, String::new(), String::new()),
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
        .by_code(code)
        .ok_or_else(Refusal::customer_not_found)?;

    let given = [
        &country,
        &bank_code,
        &account_number,
        &bvn,
        &first_name,
        &last_name,
    ];
    let succeeds = given.map(String::as_str) == TEST_CREDENTIAL;
    let identification = Identification {
        country,
        identification_type,
        bvn: masked(&bvn),
        account_number: masked(&account_number),
        bank_code,
    };
    let code = customer.code.clone();
    let verdict = if succeeds {
        Happening::Identified(code, identification)
    } else {
        Happening::NotIdentified(code, identification, "Account number or BVN is incorrect")
    };
    integration.expect(verdict, request.now, VERDICT_AFTER);
    Ok(Answer::done(
        StatusCode::ACCEPTED,
        "Customer Identification in progress",
    ))
}

/// `222*****221`
fn masked(number: &str) -> String {
    match (
        number.get(..3),
        number
            .len()
            .checked_sub(3)
            .and_then(|last| number.get(last..)),
    ) {
        (Some(first), Some(last)) => format!("{first}*****{last}"),
        _ => "*****".to_owned(),
    }
}
