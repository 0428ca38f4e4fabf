//! A customer's e-mail address or code.

use std::str::FromStr;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::{CustomerCode, Email, InvalidInput};

/// A customer's e-mail address or code: some operations accept either.
///
/// ```
/// use paystack_core::{CustomerCode, Email, EmailOrCode};
///
/// let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
/// let by_code = EmailOrCode::from(&code);
/// let by_email = EmailOrCode::from(Email::new("ada@example.com")?);
///
/// // Text with an `@` parses as an address.
/// assert_eq!("CUS_xnxdt6s1zg1f4nx".parse::<EmailOrCode>()?, by_code);
/// assert_eq!("ada@example.com".parse::<EmailOrCode>()?, by_email);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum EmailOrCode {
    /// The e-mail address.
    Email(Email),
    /// The customer code.
    Code(CustomerCode),
}

impl EmailOrCode {
    /// The address or the code as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Code(code) => code.as_str(),
        }
    }
}

impl AsRef<str> for EmailOrCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<Email> for EmailOrCode {
    fn from(email: Email) -> Self {
        Self::Email(email)
    }
}

impl From<&Email> for EmailOrCode {
    fn from(email: &Email) -> Self {
        Self::Email(email.clone())
    }
}

impl From<CustomerCode> for EmailOrCode {
    fn from(code: CustomerCode) -> Self {
        Self::Code(code)
    }
}

impl From<&CustomerCode> for EmailOrCode {
    fn from(code: &CustomerCode) -> Self {
        Self::Code(code.clone())
    }
}

impl From<&EmailOrCode> for EmailOrCode {
    fn from(either: &EmailOrCode) -> Self {
        either.clone()
    }
}

impl FromStr for EmailOrCode {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        if text.contains('@') {
            Email::new(text).map(Self::Email)
        } else {
            CustomerCode::new(text).map(Self::Code)
        }
    }
}

/// Checks the text, unlike the other identifiers: it must decide between an address and a code.
impl<'de> Deserialize<'de> for EmailOrCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_parses_as_an_address_or_a_code() {
        let parse = |text: &str| text.parse::<EmailOrCode>();
        assert!(matches!(
            parse("ada@example.com"),
            Ok(EmailOrCode::Email(_))
        ));
        assert!(matches!(parse("CUS_x"), Ok(EmailOrCode::Code(_))));
        assert_eq!(parse("a@b@c").unwrap_err().field(), "e-mail address");
        assert_eq!(parse("").unwrap_err().field(), "customer code");
    }

    #[test]
    fn stored_address_or_code_is_checked() {
        for text in ["ada@example.com", "CUS_x"] {
            let json = serde_json::to_string(text).unwrap();
            let either: EmailOrCode = serde_json::from_str(&json).unwrap();
            assert_eq!(either, text.parse().unwrap());
            assert_eq!(serde_json::to_string(&either).unwrap(), json);
        }
        for json in [r#""""#, r#"".""#, r#""..""#, r#""canary@b@c""#, "null"] {
            let refused = serde_json::from_str::<EmailOrCode>(json).unwrap_err();
            assert!(!refused.to_string().contains("canary"), "{refused}");
        }
    }

    #[test]
    fn debug_shows_no_address() {
        let either = EmailOrCode::from(Email::new("ada@example.com").unwrap());
        assert_eq!(format!("{either:?}"), "Email(Email([redacted]))");
    }
}
