//! A card or a mandate that a customer can be charged through.

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::lenient;
use crate::{AuthorizationCode, Personal};

/// A card or a mandate that a customer can be charged through. Any of it may be untold.
///
/// See <https://paystack.com/docs/payments/recurring-charges/>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Authorization {
    /// The code to charge it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// Whether a mandate can be charged yet.
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The first six digits of a card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<Personal>,
    /// The last four digits of a card or account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last4: Option<Personal>,
    /// The month that it expires in, as digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<Personal>,
    /// The year that it expires in, as digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<Personal>,
    /// How it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What sort of card it is, without the space that Paystack may write after it.
    #[serde(default, deserialize_with = "lenient::optional_trimmed")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_type: Option<Personal>,
    /// The bank that issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<Personal>,
    /// The country of that bank, as two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<Personal>,
    /// The card's brand, or the bank again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<Personal>,
    /// Whether it can be charged again without the customer.
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reusable: Option<bool>,
    /// The same for the same card in any authorization, to find repeated ones by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Personal>,
    /// The name on the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Personal>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_of_it_may_be_null_or_absent() {
        let null = r#"{"authorization_code":null,"active":null,"bin":null,"last4":null,
            "exp_month":null,"exp_year":null,"channel":null,"card_type":null,"bank":null,
            "country_code":null,"brand":null,"reusable":null,"signature":null,"account_name":null}"#;
        assert_eq!(
            serde_json::from_str::<Authorization>(null).unwrap(),
            Authorization::default()
        );
        assert_eq!(
            serde_json::from_str::<Authorization>("{}").unwrap(),
            Authorization::default()
        );
    }

    #[test]
    fn flags_expiry_and_card_type_come_in_odd_forms() {
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
