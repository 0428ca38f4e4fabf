//! An authorization: a card, or a mandate that a customer agreed to.

use serde::Serialize;

/// A card or a mandate, serialized as Paystack does.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Authorization {
    pub(crate) authorization_code: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bin: Option<&'static str>,
    pub(crate) last4: Box<str>,
    pub(crate) channel: &'static str,
    pub(crate) card_type: &'static str,
    pub(crate) bank: &'static str,
    pub(crate) exp_month: Expiry,
    pub(crate) exp_year: Expiry,
    pub(crate) country_code: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) reusable: bool,
    pub(crate) signature: Box<str>,
    pub(crate) account_name: Option<String>,
}

/// A month or year of expiry: a string for cards, a number for mandates.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Expiry {
    Text(&'static str),
    Number(u16),
}

impl Authorization {
    /// Creates Paystack's test card. Its `card_type` ends in a space, as Paystack's does.
    pub(crate) fn card(authorization_code: Box<str>, signature: Box<str>) -> Self {
        Self {
            authorization_code,
            active: None,
            bin: Some("408408"),
            last4: "4081".into(),
            channel: "card",
            card_type: "visa ",
            bank: "TEST BANK",
            exp_month: Expiry::Text("12"),
            exp_year: Expiry::Text("2030"),
            country_code: "NG",
            brand: "visa",
            reusable: true,
            signature,
            account_name: None,
        }
    }
}
