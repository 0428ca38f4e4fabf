//! An amount in one currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient::{self, Object};
use crate::personal::HIDDEN;

/// An amount in one currency.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct CurrencyAmount {
    /// The currency, as three letters: `NGN`.
    pub currency: Box<str>,
    /// The amount in the currency's smallest unit: kobo, pesewas, cents.
    pub amount: i64,
}

/// With the currency if it looks like one.
impl fmt::Debug for CurrencyAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_upper = |byte: u8| byte.is_ascii_uppercase();
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(is_upper);
        let currency = if is_code { &self.currency } else { HIDDEN };
        f.debug_struct("CurrencyAmount")
            .field("currency", &currency)
            .field("amount", &self.amount)
            .finish()
    }
}

/// An amount as it comes.
#[derive(Deserialize)]
struct Body {
    currency: Box<str>,
    #[serde(deserialize_with = "lenient::signed_number")]
    amount: i64,
}

impl From<Object<Body>> for CurrencyAmount {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            currency: body.currency,
            amount: body.amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_currency_and_nothing_in_its_place() {
        let amount = |currency: &str| CurrencyAmount {
            currency: currency.into(),
            amount: 5,
        };
        let shown = format!("{:?}", amount("NGN"));
        assert_eq!(shown, r#"CurrencyAmount { currency: "NGN", amount: 5 }"#);
        for odd in ["Ada", "ADAOBI", "", "081"] {
            assert!(format!("{:?}", amount(odd)).contains(HIDDEN), "{odd}");
        }
    }
}
