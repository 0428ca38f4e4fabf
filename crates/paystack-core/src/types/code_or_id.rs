//! A customer's code or numeric id.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use super::{CustomerCode, CustomerId};

/// A customer's code or numeric id: some operations accept either.
///
/// ```
/// use paystack_core::{CodeOrId, CustomerCode, CustomerId};
///
/// let by_code = CodeOrId::from(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
/// let by_id = CodeOrId::from(CustomerId::new(1173));
/// assert_eq!(by_code.to_string(), "CUS_xnxdt6s1zg1f4nx");
/// assert_eq!(by_id.to_string(), "1173");
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum CodeOrId {
    /// The customer code.
    Code(CustomerCode),
    /// The numeric id.
    Id(CustomerId),
}

impl fmt::Display for CodeOrId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Id(id) => id.fmt(f),
        }
    }
}

impl From<CustomerCode> for CodeOrId {
    fn from(code: CustomerCode) -> Self {
        Self::Code(code)
    }
}

impl From<&CustomerCode> for CodeOrId {
    fn from(code: &CustomerCode) -> Self {
        Self::Code(code.clone())
    }
}

impl From<CustomerId> for CodeOrId {
    fn from(id: CustomerId) -> Self {
        Self::Id(id)
    }
}

impl From<&CodeOrId> for CodeOrId {
    fn from(either: &CodeOrId) -> Self {
        either.clone()
    }
}

/// Text is a code, which is checked, and a number is an id.
impl<'de> Deserialize<'de> for CodeOrId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherVisitor;

        impl Visitor<'_> for EitherVisitor {
            type Value = CodeOrId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a customer code or a numeric id")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<CodeOrId, E> {
                CustomerCode::new(text)
                    .map(CodeOrId::Code)
                    .map_err(E::custom)
            }

            fn visit_u64<E: Error>(self, id: u64) -> Result<CodeOrId, E> {
                Ok(CodeOrId::Id(CustomerId::new(id)))
            }

            fn visit_i64<E: Error>(self, id: i64) -> Result<CodeOrId, E> {
                let unexpected = Unexpected::Signed(id);
                let id = u64::try_from(id).map_err(|_| E::invalid_value(unexpected, &self))?;
                self.visit_u64(id)
            }
        }

        deserializer.deserialize_any(EitherVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_code_or_id_is_checked() {
        for (json, either) in [
            (r#""CUS_x""#, CustomerCode::new("CUS_x").unwrap().into()),
            (r#""1173""#, CustomerCode::new("1173").unwrap().into()),
            ("9387490384", CodeOrId::Id(CustomerId::new(9_387_490_384))),
        ] {
            assert_eq!(serde_json::from_str::<CodeOrId>(json).unwrap(), either);
            assert_eq!(serde_json::to_string(&either).unwrap(), json);
        }
        for json in [r#""""#, r#"".""#, r#""..""#, r#""canary\n""#, "-1", "null"] {
            let refused = serde_json::from_str::<CodeOrId>(json).unwrap_err();
            assert!(!refused.to_string().contains("canary"), "{refused}");
        }
    }

    #[test]
    fn code_or_id_is_displayed_as_it_is() {
        let code = CodeOrId::from(CustomerCode::new("CUS_x").unwrap());
        let id = CodeOrId::from(CustomerId::new(1173));
        assert_eq!(format!("{code} {id}"), "CUS_x 1173");
    }

    #[test]
    fn debug_shows_no_number_in_place_of_a_code() {
        let either = CodeOrId::from(CustomerCode::new("08123456789").unwrap());
        assert_eq!(format!("{either:?}"), "Code(CustomerCode([redacted]))");
    }
}
