//! A card or a mandate that a customer can be charged through.

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::lenient::{self, Object};
use crate::{AuthorizationCode, Personal};

/// A card or a mandate that a customer can be charged through. Any of it may be untold.
///
/// See <https://paystack.com/docs/payments/recurring-charges/>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct Authorization {
    /// The code to charge it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// Whether a mandate can be charged yet.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reusable: Option<bool>,
    /// The same for the same card in any authorization, to find repeated ones by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Personal>,
    /// The name on the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Personal>,
}

/// An authorization as it comes.
#[derive(Deserialize)]
struct Body {
    #[serde(default, deserialize_with = "lenient::optional_value")]
    authorization_code: Option<AuthorizationCode>,
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    active: Option<bool>,
    bin: Option<Personal>,
    last4: Option<Personal>,
    exp_month: Option<Personal>,
    exp_year: Option<Personal>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    channel: Option<Channel>,
    #[serde(default, deserialize_with = "lenient::optional_trimmed")]
    card_type: Option<Personal>,
    bank: Option<Personal>,
    country_code: Option<Personal>,
    brand: Option<Personal>,
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    reusable: Option<bool>,
    signature: Option<Personal>,
    account_name: Option<Personal>,
}

impl From<Object<Body>> for Authorization {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            authorization_code: body.authorization_code,
            active: body.active,
            bin: body.bin,
            last4: body.last4,
            exp_month: body.exp_month,
            exp_year: body.exp_year,
            channel: body.channel,
            card_type: body.card_type,
            bank: body.bank,
            country_code: body.country_code,
            brand: body.brand,
            reusable: body.reusable,
            signature: body.signature,
            account_name: body.account_name,
        }
    }
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
    fn nothing_has_more_forms_than_null() {
        let nothing = r#"{"authorization_code":"","active":"","channel":"","reusable":[]}"#;
        assert_eq!(
            serde_json::from_str::<Authorization>(nothing).unwrap(),
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
