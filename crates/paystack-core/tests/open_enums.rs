//! Open enums keep words that this SDK does not know.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Debug;

use paystack_core::customers::direct_debit::MandateStatus;
use paystack_core::customers::{Channel, IdentificationType, RiskAction};
use paystack_core::{ErrorCode, ErrorType, Mode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Checks that each known word is a variant of its own, and that any other word is kept.
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
        let is_known = !format!("{read:?}").starts_with("Unrecognized");
        assert_eq!(is_known, known.contains(word), "{read:?}");
    }
}

#[test]
fn unrecognized_values_are_kept() {
    words_round_trip::<RiskAction>(&["default", "allow", "deny"]);
    words_round_trip::<Mode>(&["test", "live"]);
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
        "invalid_email_address",
        "customer_not_found",
        "rate_limited",
        "unknown",
    ]);
}
