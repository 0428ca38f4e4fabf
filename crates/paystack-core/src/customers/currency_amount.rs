//! An amount in one currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::{REDACTED, whole_number};

/// An amount in one currency.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CurrencyAmount {
    /// The currency code: `NGN`.
    pub currency: Box<str>,
    /// The amount in the currency's smallest unit: kobo, pesewas, cents.
    #[serde(deserialize_with = "whole_number")]
    pub amount: i64,
}

/// Shows the currency if it looks like a currency code.
impl fmt::Debug for CurrencyAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_upper = |byte: u8| byte.is_ascii_uppercase();
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(is_upper);
        let currency = if is_code { &self.currency } else { REDACTED };
        f.debug_struct("CurrencyAmount")
            .field("currency", &currency)
            .field("amount", &self.amount)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_currency_codes_only() {
        let amount = |currency: &str| CurrencyAmount {
            currency: currency.into(),
            amount: 5,
        };
        let shown = format!("{:?}", amount("NGN"));
        assert_eq!(shown, r#"CurrencyAmount { currency: "NGN", amount: 5 }"#);
        for odd in ["Ada", "ADAOBI", "", "081"] {
            assert!(format!("{:?}", amount(odd)).contains(REDACTED), "{odd}");
        }
    }
}
