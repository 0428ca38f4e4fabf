//! `POST /customer/{code}/identification`

use http::StatusCode;
use time::Duration;

use crate::answer::{Answer, Refusal};
use crate::customer::{Identification, Numbers};
use crate::integration::{Happening, Integration};
use crate::request::Request;

/// How long a validation takes.
const VERDICT_AFTER: Duration = Duration::seconds(2);

/// Country, BVN, first and last name of the one person whom test mode identifies.
const TEST_PERSON: [&str; 4] = ["NG", "222222222221", "Uchenna", "Okoro"];
const TEST_ACCOUNT_NUMBER: &str = "0111111111";
const TEST_BANK_CODE: &str = "007";

pub(super) fn answer(
    integration: &mut Integration,
    request: &Request,
    name: &str,
) -> Result<Answer, Refusal> {
    let body = &request.body;
    let identification_type = body.required("type")?;
    let country = body.required("country")?;
    let first_name = body.required("first_name")?;
    let last_name = body.required("last_name")?;
    // The deprecated type has the number in `value`, or where the others have it, and no account.
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
        .named(name)
        .ok_or_else(Refusal::customer_not_found)?;

    let is_account = account.as_ref().is_none_or(|(number, bank)| {
        (number.as_str(), bank.as_str()) == (TEST_ACCOUNT_NUMBER, TEST_BANK_CODE)
    });
    let given = [&country, &bvn, &first_name, &last_name].map(String::as_str);
    let succeeds = is_account && given == TEST_PERSON;
    let bvn = masked(&bvn);
    let numbers = match account {
        Some((account_number, bank_code)) => Numbers::Account {
            bvn,
            account_number: masked(&account_number),
            bank_code,
        },
        None => Numbers::Bvn { value: bvn },
    };
    let identification = Identification {
        country,
        identification_type,
        numbers,
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
