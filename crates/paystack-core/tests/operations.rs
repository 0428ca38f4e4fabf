//! What holds for all operations: their names, what may be sent again, and the words that they use.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Debug;

use paystack_core::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, MandateStatus,
    VerifyAuthorization,
};
use paystack_core::customers::{
    Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer, IdentificationType,
    ListCustomers, RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{Domain, ErrorCode, ErrorType, Operation, Resend};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn told<O: Operation>() -> (&'static str, &'static str, Resend) {
    let method = O::METHOD;
    let method = ["GET", "POST", "PUT"]
        .into_iter()
        .find(|name| method == *name);
    (O::NAME, method.unwrap(), O::RESEND)
}

#[test]
fn only_what_may_be_done_twice_is_sent_again() {
    use Resend::{Always, OnlyIfUnsent};
    let table = [
        (
            told::<CreateCustomer>(),
            ("customers.create", "POST", OnlyIfUnsent),
        ),
        (told::<ListCustomers>(), ("customers.list", "GET", Always)),
        (told::<FetchCustomer>(), ("customers.fetch", "GET", Always)),
        (
            told::<UpdateCustomer>(),
            ("customers.update", "PUT", Always),
        ),
        (
            told::<ValidateCustomer>(),
            ("customers.validate", "POST", OnlyIfUnsent),
        ),
        (
            told::<SetRiskAction>(),
            ("customers.set_risk_action", "POST", Always),
        ),
        (
            told::<DeactivateAuthorization>(),
            ("customers.deactivate_authorization", "POST", OnlyIfUnsent),
        ),
        (
            told::<InitializeAuthorization>(),
            ("customers.initialize_authorization", "POST", OnlyIfUnsent),
        ),
        (
            told::<VerifyAuthorization>(),
            ("customers.verify_authorization", "GET", Always),
        ),
        (
            told::<InitializeDirectDebit>(),
            ("customers.initialize_direct_debit", "POST", OnlyIfUnsent),
        ),
        (
            told::<ChargeActivation>(),
            ("customers.charge_activation", "PUT", OnlyIfUnsent),
        ),
        (
            told::<ListMandateAuthorizations>(),
            ("customers.list_mandate_authorizations", "GET", Always),
        ),
        (
            told::<ListIntegrationMandateAuthorizations>(),
            (
                "customers.list_integration_mandate_authorizations",
                "GET",
                Always,
            ),
        ),
    ];
    for (is, should) in table {
        assert_eq!(is, should);
    }
}

/// Each known word is its own variant, written as it is read; any other word is kept.
fn words_round_trip<W>(known: &[&str])
where
    W: for<'a> From<&'a str> + Serialize + DeserializeOwned + PartialEq + Debug + ToString,
{
    for word in known
        .iter()
        .chain(&["tomorrows_word", "", "\u{e9} \"quoted\""])
    {
        let read = W::from(word);
        assert_eq!(read.to_string(), *word);
        let json = serde_json::to_string(word).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert_eq!(serde_json::from_str::<W>(&json).unwrap(), read);
        let is_known = !format!("{read:?}").starts_with("Other");
        assert_eq!(is_known, known.contains(word), "{read:?}");
    }
}

#[test]
fn open_words_are_known_or_kept() {
    words_round_trip::<RiskAction>(&["default", "allow", "deny"]);
    words_round_trip::<Domain>(&["test", "live"]);
    words_round_trip::<Channel>(&[
        "card",
        "direct_debit",
        "bank",
        "bank_transfer",
        "mobile_money",
        "ussd",
        "qr",
        "eft",
        "apple_pay",
    ]);
    words_round_trip::<IdentificationType>(&["bank_account", "bvn"]);
    words_round_trip::<MandateStatus>(&["pending", "active", "revoked"]);
    words_round_trip::<ErrorType>(&["api_error", "validation_error", "processor_error"]);
    words_round_trip::<ErrorCode>(&[
        "missing_params",
        "invalid_params",
        "customer_not_found",
        "rate_limited",
        "unknown",
    ]);
}
