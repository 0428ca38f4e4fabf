//! A card or a mandate that can charge a customer.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::json::lenient::{optional_flag, optional_text, optional_trimmed, optional_value};
use crate::types::{AuthorizationCode, Redacted, Sensitive};

/// A card or a mandate that can charge a customer. Every field is optional.
///
/// See <https://paystack.com/docs/payments/recurring-charges/>.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Authorization {
    /// The code that charges it.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// Whether a mandate can be charged.
    #[serde(deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The first six digits of a card.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<Sensitive>,
    /// The last four digits of a card or an account.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last4: Option<Sensitive>,
    /// The month of expiry, as digits.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<Sensitive>,
    /// The year of expiry, as digits.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<Sensitive>,
    /// The payment channel.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The card type, without the white space that Paystack may write around it: `visa`.
    #[serde(deserialize_with = "optional_trimmed")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_type: Option<String>,
    /// The name of the issuing bank.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The country of that bank, as two letters.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// The brand of the card, or the name of the bank.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Whether it can be charged again without the customer.
    #[serde(deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reusable: Option<bool>,
    /// Identifies the card: authorizations of the same card have the same signature.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Sensitive>,
    /// The name on the account.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Sensitive>,
}

impl Authorization {
    /// A reusable card for tests, with the other fields `None`.
    ///
    /// ```
    /// use paystack_core::customers::{Authorization, Customer};
    ///
    /// let mut ada = Customer::example();
    /// ada.authorizations = Some(vec![Authorization::example()]);
    /// ```
    pub fn example() -> Self {
        Self {
            authorization_code: Some(AuthorizationCode::example("AUTH_8dfhjjdt")),
            bin: Some("408408".into()),
            last4: Some("4081".into()),
            exp_month: Some("12".into()),
            exp_year: Some("2030".into()),
            channel: Some(Channel::Card),
            card_type: Some("visa".to_owned()),
            reusable: Some(true),
            ..Self::default()
        }
    }
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            authorization_code,
            active,
            bin,
            last4,
            exp_month,
            exp_year,
            channel,
            card_type,
            bank,
            country_code,
            brand,
            reusable,
            signature,
            account_name,
        } = self;
        f.debug_struct("Authorization")
            .field("authorization_code", authorization_code)
            .field("active", active)
            .field("bin", bin)
            .field("last4", last4)
            .field("exp_month", exp_month)
            .field("exp_year", exp_year)
            .field("channel", channel)
            .field("card_type", &card_type.as_deref().map(Redacted))
            .field("bank", &bank.as_deref().map(Redacted))
            .field("country_code", &country_code.as_deref().map(Redacted))
            .field("brand", &brand.as_deref().map(Redacted))
            .field("reusable", reusable)
            .field("signature", signature)
            .field("account_name", account_name)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorization_with_empty_fields_equals_the_default() {
        assert_eq!(
            serde_json::from_str::<Authorization>("{}").unwrap(),
            Authorization::default()
        );
        for nothing in ["null", r#""""#, "[]"] {
            let json = format!(
                r#"{{"authorization_code":{nothing},"active":{nothing},"bin":{nothing},"last4":{nothing},
                    "exp_month":{nothing},"exp_year":{nothing},"channel":{nothing},"card_type":{nothing},
                    "bank":{nothing},"country_code":{nothing},"brand":{nothing},"reusable":{nothing},
                    "signature":{nothing},"account_name":{nothing}}}"#
            );
            assert_eq!(
                serde_json::from_str::<Authorization>(&json).unwrap(),
                Authorization::default(),
                "{nothing}"
            );
        }
    }

    #[test]
    fn authorization_with_unusual_types_decodes() {
        let odd = r#"{"reusable":1,"active":"false","exp_month":1,"exp_year":2034,
            "card_type":"visa ","last4":1234,"channel":"carrier_pigeon"}"#;
        let odd: Authorization = serde_json::from_str(odd).unwrap();
        assert_eq!((odd.reusable, odd.active), (Some(true), Some(false)));
        assert_eq!(odd.exp_month.as_deref(), Some("1"));
        assert_eq!(odd.exp_year.as_deref(), Some("2034"));
        assert_eq!(odd.card_type.as_deref(), Some("visa"));
        assert_eq!(odd.last4.as_deref(), Some("1234"));
        assert_eq!(odd.channel.unwrap().as_str(), "carrier_pigeon");
    }
}
