//! The identifiers that Paystack assigns, and e-mail addresses.
//!
//! Their constructors refuse text that would change the route of a request: empty text, control characters,
//! and `.` and `..`, which URL libraries resolve even if they are percent-encoded. All other text is
//! percent-encoded into exactly one path segment.
//!
//! Identifiers in responses are not checked, so that one odd value does not fail a page. A path checks them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{InvalidInput, REDACTED, Sensitive, is_sensitive_id, whole_number};

/// Defines an identifier that is text, with a check.
macro_rules! text_identifier {
    (
        $(#[$meta:meta])*
        pub struct $name:ident: $field:literal, $check:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Sensitive);

        impl $name {
            /// Checks the text.
            ///
            /// # Errors
            ///
            /// [`InvalidInput`] if the text is empty, `.` or `..`, contains control characters, or breaks a rule
            /// of the type.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidInput> {
                let text = text.into();
                $check($field, &text)?;
                Ok(Self(text.into()))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// An identifier of an example model, without a check.
            pub(crate) fn example(text: &'static str) -> Self {
                Self(text.into())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl From<&$name> for $name {
            fn from(identifier: &$name) -> Self {
                identifier.clone()
            }
        }

        impl FromStr for $name {
            type Err = InvalidInput;

            fn from_str(text: &str) -> Result<Self, InvalidInput> {
                Self::new(text)
            }
        }
    };
}

text_identifier! {
    /// A customer's code: `CUS_…`.
    ///
    /// `Debug` shows it if it looks like a code and contains no long number: a person may have typed a phone
    /// number instead.
    ///
    /// ```
    /// use paystack_core::CustomerCode;
    ///
    /// let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
    /// assert_eq!(code.to_string(), "CUS_xnxdt6s1zg1f4nx");
    /// let refused = CustomerCode::new("..").unwrap_err();
    /// assert_eq!(refused.to_string(), "customer code must not be `..`, which changes the route");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub struct CustomerCode: "customer code", check_segment;
}

text_identifier! {
    /// A customer's e-mail address.
    ///
    /// The constructor requires exactly one `@` and no white space. The API decides whether the address is
    /// valid. `Debug` does not show it; `Display` prints it.
    ///
    /// ```
    /// use paystack_core::Email;
    ///
    /// let email = Email::new("ada@example.com")?;
    /// assert_eq!(format!("{email:?}"), "Email([redacted])");
    /// assert!(Email::new("ada.example.com").is_err());
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    #[derive(Debug)]
    pub struct Email: "e-mail address", check_email;
}

text_identifier! {
    /// The code of an authorization: `AUTH_…`.
    ///
    /// A holder of the code and the secret key can charge the customer, so `Debug` does not show it and
    /// there is no `Display`.
    ///
    /// ```
    /// use paystack_core::AuthorizationCode;
    ///
    /// let code = AuthorizationCode::new("AUTH_ekk8t49ogj")?;
    /// assert_eq!(code.as_str(), "AUTH_ekk8t49ogj");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    #[derive(Debug)]
    pub struct AuthorizationCode: "authorization code", check_segment;
}

text_identifier! {
    /// The reference of a mandate request, as its initialization returned it.
    ///
    /// `Debug` does not show it: with the secret key it identifies the customer.
    ///
    /// ```
    /// use paystack_core::Reference;
    ///
    /// let reference = Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h")?;
    /// assert_eq!(reference.as_str(), "dfbzfotsrbv4n5s82t4mp5b5mfn51h");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    #[derive(Debug)]
    pub struct Reference: "reference", check_segment;
}

impl fmt::Debug for CustomerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.as_str().strip_prefix("CUS_");
        let is_code =
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let shown = if is_code && !is_sensitive_id(self.as_str()) {
            self.as_str()
        } else {
            REDACTED
        };
        write!(f, "CustomerCode({shown})")
    }
}

impl fmt::Display for CustomerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A customer's numeric id, which the direct-debit operations require.
///
/// Ids exceed 32 bits. They are read from numbers and from strings of digits.
///
/// ```
/// use paystack_core::CustomerId;
///
/// assert_eq!(CustomerId::new(9_387_490_384).get(), 9_387_490_384);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerId(#[serde(deserialize_with = "whole_number")] u64);

impl CustomerId {
    /// Wraps an id.
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// The id as a number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for CustomerId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Refuses text that would change the route as a path segment.
pub(crate) fn check_segment(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    // Nearly all identifiers are plain ASCII, where a look at each byte suffices.
    let is_plain = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let problem = match text {
        "" => "must not be empty",
        "." => "must not be `.`, which changes the route",
        ".." => "must not be `..`, which changes the route",
        _ if !is_plain(text) && text.contains(char::is_control) => {
            "must not contain control characters"
        }
        _ => return Ok(()),
    };
    Err(InvalidInput::new(field, problem))
}

fn check_email(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    let signs = text.bytes().filter(|byte| *byte == b'@').count();
    // Without an early end, the compiler checks many bytes at once.
    let is_plain = |is_plain: bool, byte: u8| is_plain & byte.is_ascii_graphic();
    // Nearly all addresses are plain ASCII.
    if signs == 1 && text.bytes().fold(true, is_plain) {
        return Ok(());
    }
    check_segment(field, text)?;
    if text.contains(char::is_whitespace) {
        return Err(InvalidInput::new(field, "must not contain white space"));
    }
    match signs {
        1 => Ok(()),
        _ => Err(InvalidInput::new(field, "must contain exactly one `@`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_changes_the_route_is_rejected() {
        for (text, problem) in [
            ("", "must not be empty"),
            (".", "must not be `.`, which changes the route"),
            ("..", "must not be `..`, which changes the route"),
            ("CUS_\n", "must not contain control characters"),
            ("a\r\nHost: b", "must not contain control characters"),
            ("CUS_\u{7f}", "must not contain control characters"),
            ("CUS_\u{0}", "must not contain control characters"),
            ("CUS_\u{85}", "must not contain control characters"),
        ] {
            for (refused, field) in [
                (CustomerCode::new(text).unwrap_err(), "customer code"),
                (
                    AuthorizationCode::new(text).unwrap_err(),
                    "authorization code",
                ),
                (Reference::new(text).unwrap_err(), "reference"),
                (Email::new(text).unwrap_err(), "e-mail address"),
            ] {
                assert_eq!(refused, InvalidInput::new(field, problem), "{text:?}");
            }
        }
    }

    #[test]
    fn email_needs_one_at_sign_and_no_white_space() {
        for text in [
            "ada@example.com",
            "a+b/c?d#e%@example.com",
            "ad\u{e9}@example.com",
        ] {
            assert_eq!(Email::new(text).unwrap().to_string(), text);
        }
        for (text, problem) in [
            ("ada.example.com", "must contain exactly one `@`"),
            ("a@b@c", "must contain exactly one `@`"),
            ("ada @example.com", "must not contain white space"),
            // An even number of plain bytes, too.
            ("ad @example.com", "must not contain white space"),
            ("ada@example.com\u{a0}", "must not contain white space"),
        ] {
            assert_eq!(Email::new(text).unwrap_err().problem(), problem, "{text}");
        }
    }

    #[test]
    fn identifiers_are_displayed_as_they_are() {
        let code = CustomerCode::new("CUS_é 1").unwrap();
        let reference = Reference::new("order 7/1").unwrap();
        let id = CustomerId::new(9_387_490_384);
        assert_eq!(
            format!("{code} {reference} {id}"),
            "CUS_é 1 order 7/1 9387490384"
        );
    }

    #[test]
    fn stored_values_are_read_without_a_check() {
        let email: Email = serde_json::from_str(r#""not an address""#).unwrap();
        assert_eq!(email.as_str(), "not an address");
        let code: CustomerCode = serde_json::from_str(r#""..""#).unwrap();
        assert_eq!(code.as_str(), "..");
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let code = |text| format!("{:?}", CustomerCode::new(text).unwrap());
        assert_eq!(code("CUS_x1"), "CustomerCode(CUS_x1)");
        for text in ["08123456789", "CUS_ada@example.com", "Ada"] {
            assert_eq!(code(text), "CustomerCode([redacted])");
        }
        let email = Email::new("ada@example.com").unwrap();
        assert_eq!(format!("{email:?}"), "Email([redacted])");
        let reference = Reference::new("canary").unwrap();
        assert_eq!(format!("{reference:?}"), "Reference([redacted])");
    }

    #[test]
    fn ids_are_read_from_numbers_and_digits() {
        for json in ["9387490384", r#""9387490384""#] {
            let id: CustomerId = serde_json::from_str(json).unwrap();
            assert_eq!(id, CustomerId::from(9_387_490_384));
            assert_eq!(serde_json::to_string(&id).unwrap(), "9387490384");
        }
        for json in [r#""CUS_x""#, "-1", "1.5", "null", r#""""#] {
            assert!(serde_json::from_str::<CustomerId>(json).is_err(), "{json}");
        }
    }
}
