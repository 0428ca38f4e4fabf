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
    /// The month of expiry. A mandate has none.
    pub(crate) exp_month: Option<&'static str>,
    /// The year of expiry. A mandate has none.
    pub(crate) exp_year: Option<&'static str>,
    pub(crate) country_code: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) reusable: bool,
    pub(crate) signature: Box<str>,
    pub(crate) account_name: Option<String>,
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
            exp_month: Some("12"),
            exp_year: Some("2030"),
            country_code: "NG",
            brand: "visa",
            reusable: true,
            signature,
            account_name: None,
        }
    }
}
