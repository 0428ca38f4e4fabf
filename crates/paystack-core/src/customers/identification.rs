//! The data that identifies a customer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::lenient::{optional_text, optional_value};
use crate::types::{Redacted, open_enum};
use crate::{OtherFields, Sensitive};

/// The data that identifies a customer, or that Paystack could not validate. Paystack masks the numbers:
/// `012****345`. Every field is optional.
///
/// ```
/// use paystack_core::customers::{Identification, IdentificationType};
///
/// let identification: Identification = serde_json::from_str(
///     r#"{"country": "NG", "type": "bvn", "value": "200*****677"}"#,
/// )?;
/// assert_eq!(identification.country.as_deref(), Some("NG"));
/// assert_eq!(identification.identification_type, Some(IdentificationType::Bvn));
/// assert_eq!(identification.value.as_deref(), Some("200*****677"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// See <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Identification {
    /// The issuing country as two letters, such as `NG`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The type of identification.
    #[serde(rename = "type", deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification_type: Option<IdentificationType>,
    /// The bank verification number (BVN).
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bvn: Option<Sensitive>,
    /// The account number.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Sensitive>,
    /// The code of the bank that keeps the account.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// The number, for types that send it in this field, such as `bvn`.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Sensitive>,
    /// All other fields.
    #[serde(flatten)]
    pub other_fields: OtherFields,
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            country,
            identification_type,
            bvn,
            account_number,
            bank_code,
            value,
            other_fields,
        } = self;
        f.debug_struct("Identification")
            .field("country", &country.as_deref().map(Redacted))
            .field("identification_type", identification_type)
            .field("bvn", bvn)
            .field("account_number", account_number)
            .field("bank_code", &bank_code.as_deref().map(Redacted))
            .field("value", value)
            .field("other_fields", other_fields)
            .finish()
    }
}

open_enum! {
    /// The type of a customer's identification.
    pub enum IdentificationType {
        /// A bank account with a BVN.
        BankAccount = "bank_account",
        /// A BVN. Paystack has deprecated it.
        Bvn = "bvn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identification_with_empty_fields_equals_the_default() {
        for nothing in ["null", r#""""#, "[]"] {
            let json = format!(
                r#"{{"country":{nothing},"type":{nothing},"bvn":{nothing},
                    "account_number":{nothing},"bank_code":{nothing},"value":{nothing}}}"#
            );
            let read: Identification = serde_json::from_str(&json).unwrap();
            assert_eq!(read, Identification::default(), "{nothing}");
        }
    }

    #[test]
    fn numbers_are_read_as_text() {
        let json = r#"{"bvn":22222222222,"account_number":111,"bank_code":58}"#;
        let read: Identification = serde_json::from_str(json).unwrap();
        assert_eq!(read.bvn.as_deref(), Some("22222222222"));
        assert_eq!(read.account_number.as_deref(), Some("111"));
        assert_eq!(read.bank_code.as_deref(), Some("58"));
    }

    #[test]
    fn unknown_fields_and_types_are_written_back() {
        let json = r#"{"country":"GH","type":"passport","value":"G1","level":3,"more":null}"#;
        let read: Identification = serde_json::from_str(json).unwrap();
        assert_eq!(read.other_fields.iter().count(), 2);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
