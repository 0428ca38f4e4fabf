//! The names that Paystack gives to things, as types that cannot hold what would change the route.
//!
//! Empty text, `.` and `..` (which URL libraries resolve even when they are percent-encoded) and
//! control characters are refused. Everything else is a matter between the caller and the API and
//! is percent-encoded into exactly one path segment.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Unexpected};
use serde::{Deserialize, Serialize};

use crate::personal::{HIDDEN, Personal};

/// A customer's code: `CUS_…`.
///
/// ```
/// use paystack_core::CustomerCode;
///
/// let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
/// assert_eq!(code.as_str(), "CUS_xnxdt6s1zg1f4nx");
/// assert_eq!(CustomerCode::new("..").unwrap_err().to_string(), "the customer code is `..`, which would change the route");
/// # Ok::<(), paystack_core::IdentifierError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CustomerCode(Box<str>);

impl CustomerCode {
    /// Takes a code as Paystack gave it.
    ///
    /// # Errors
    ///
    /// [`IdentifierError`] if it would change the route.
    pub fn new(code: impl Into<String>) -> Result<Self, IdentifierError> {
        checked("customer code", code).map(Self)
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for CustomerCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&CustomerCode> for CustomerCode {
    fn from(code: &CustomerCode) -> Self {
        code.clone()
    }
}

impl FromStr for CustomerCode {
    type Err = IdentifierError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::new(code)
    }
}

impl fmt::Display for CustomerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// With the code if it looks like one: what a person typed may be a phone number.
impl fmt::Debug for CustomerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_code = self
            .0
            .strip_prefix("CUS_")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        write!(
            f,
            "CustomerCode({})",
            if is_code { &self.0 } else { HIDDEN }
        )
    }
}

impl<'de> Deserialize<'de> for CustomerCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(unreadable)
    }
}

/// A customer's numeric id, which the direct-debit operations take in place of the code.
///
/// Ids exceed 32 bits. They are read from numbers and from strings of digits.
///
/// ```
/// use paystack_core::CustomerId;
///
/// assert_eq!(CustomerId::new(9_387_490_384).get(), 9_387_490_384);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CustomerId(u64);

impl CustomerId {
    /// Takes an id as Paystack gave it.
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

impl<'de> Deserialize<'de> for CustomerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::lenient::whole_number(deserializer).map(Self)
    }
}

/// A customer's e-mail address.
///
/// One `@` and no white space is all that is asked for; whether the address is any good, the API
/// decides. It is personal: `Debug` does not show it.
///
/// ```
/// use paystack_core::Email;
///
/// let email = Email::new("ada@example.com")?;
/// assert_eq!(format!("{email:?}"), "Email([redacted])");
/// assert!(Email::new("ada.example.com").is_err());
/// # Ok::<(), paystack_core::IdentifierError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(Personal);

impl Email {
    /// Takes an address as the customer gave it.
    ///
    /// # Errors
    ///
    /// [`IdentifierError`] if it has not exactly one `@` or holds white space or control characters.
    pub fn new(address: impl Into<String>) -> Result<Self, IdentifierError> {
        const NAME: &str = "e-mail address";
        let address = checked(NAME, address)?;
        let problem = if address.chars().any(char::is_whitespace) {
            IdentifierProblem::WhiteSpace
        } else if address.matches('@').count() != 1 {
            IdentifierProblem::NotOneAtSign
        } else {
            return Ok(Self(Personal::from(address)));
        };
        Err(IdentifierError {
            name: NAME,
            problem,
        })
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&Email> for Email {
    fn from(email: &Email) -> Self {
        email.clone()
    }
}

impl FromStr for Email {
    type Err = IdentifierError;

    fn from_str(address: &str) -> Result<Self, Self::Err> {
        Self::new(address)
    }
}

/// What Paystack has stored is not judged again: one odd address must not cost a whole page of
/// customers. In a path it is checked once more.
impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Personal::deserialize(deserializer).map(Self)
    }
}

/// Either of the two names that some operations know a customer by.
///
/// ```
/// use paystack_core::{CustomerCode, Email, EmailOrCode};
///
/// let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
/// let by_code = EmailOrCode::from(&code);
/// let by_email = EmailOrCode::from(Email::new("ada@example.com")?);
///
/// // What a person typed is an address if it has an `@`.
/// assert_eq!("CUS_xnxdt6s1zg1f4nx".parse::<EmailOrCode>()?, by_code);
/// assert_eq!("ada@example.com".parse::<EmailOrCode>()?, by_email);
/// # Ok::<(), paystack_core::IdentifierError>(())
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
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('@') {
            Email::new(text).map(Self::Email)
        } else {
            CustomerCode::new(text).map(Self::Code)
        }
    }
}

/// The code of an authorization: `AUTH_…`.
///
/// With the secret key it charges the customer, so `Debug` does not show it.
///
/// ```
/// use paystack_core::AuthorizationCode;
///
/// let code = AuthorizationCode::new("AUTH_ekk8t49ogj")?;
/// assert_eq!(code.as_str(), "AUTH_ekk8t49ogj");
/// # Ok::<(), paystack_core::IdentifierError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AuthorizationCode(Personal);

impl AuthorizationCode {
    /// Takes a code as Paystack gave it.
    ///
    /// # Errors
    ///
    /// [`IdentifierError`] if it is empty, `.` or `..`, or holds control characters.
    pub fn new(code: impl Into<String>) -> Result<Self, IdentifierError> {
        checked("authorization code", code).map(|code| Self(Personal::from(code)))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for AuthorizationCode {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&AuthorizationCode> for AuthorizationCode {
    fn from(code: &AuthorizationCode) -> Self {
        code.clone()
    }
}

impl FromStr for AuthorizationCode {
    type Err = IdentifierError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::new(code)
    }
}

/// What Paystack has stored is not judged again.
impl<'de> Deserialize<'de> for AuthorizationCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Personal::deserialize(deserializer).map(Self)
    }
}

/// The reference of a request for a mandate, as its initialization answered.
///
/// ```
/// use paystack_core::Reference;
///
/// let reference = Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h")?;
/// assert_eq!(reference.as_str(), "dfbzfotsrbv4n5s82t4mp5b5mfn51h");
/// # Ok::<(), paystack_core::IdentifierError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Reference(Box<str>);

impl Reference {
    /// Takes a reference as Paystack gave it.
    ///
    /// # Errors
    ///
    /// [`IdentifierError`] if it would change the route.
    pub fn new(reference: impl Into<String>) -> Result<Self, IdentifierError> {
        checked("reference", reference).map(Self)
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Reference {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&Reference> for Reference {
    fn from(reference: &Reference) -> Self {
        reference.clone()
    }
}

impl FromStr for Reference {
    type Err = IdentifierError;

    fn from_str(reference: &str) -> Result<Self, Self::Err> {
        Self::new(reference)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// With its length only: with the secret key it tells whose mandate it is.
impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({} bytes)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(unreadable)
    }
}

/// Why a text cannot be an identifier. The text itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentifierError {
    name: &'static str,
    problem: IdentifierProblem,
}

impl IdentifierError {
    /// What the text was meant to be: `"customer code"`, `"e-mail address"`, …
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is wrong with it.
    pub fn problem(&self) -> IdentifierProblem {
        self.problem
    }
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            IdentifierProblem::Empty => "is empty, which would change the route",
            IdentifierProblem::Dot => "is `.`, which would change the route",
            IdentifierProblem::DotDot => "is `..`, which would change the route",
            IdentifierProblem::ControlCharacter => "holds a control character",
            IdentifierProblem::WhiteSpace => "holds white space",
            IdentifierProblem::NotOneAtSign => "has not exactly one `@`",
        };
        write!(f, "the {} {problem}", self.name)
    }
}

impl std::error::Error for IdentifierError {}

/// What is wrong with a text that was meant to be an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierProblem {
    /// Nothing there: fetching it would list instead.
    Empty,
    /// `.`, which URL libraries drop.
    Dot,
    /// `..`, which URL libraries resolve to the parent.
    DotDot,
    /// A control character, line ends included.
    ControlCharacter,
    /// White space in an e-mail address.
    WhiteSpace,
    /// No `@` or several in an e-mail address.
    NotOneAtSign,
}

/// Refuses what would change the route if it stood in a path.
pub(crate) fn check(name: &'static str, text: &str) -> Result<(), IdentifierError> {
    let problem = match text {
        "" => IdentifierProblem::Empty,
        "." => IdentifierProblem::Dot,
        ".." => IdentifierProblem::DotDot,
        // Nearly all names are plain ASCII, for which a look at each byte does.
        _ if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) => return Ok(()),
        _ if text.chars().any(char::is_control) => IdentifierProblem::ControlCharacter,
        _ => return Ok(()),
    };
    Err(IdentifierError { name, problem })
}

fn checked(name: &'static str, text: impl Into<String>) -> Result<Box<str>, IdentifierError> {
    let text = text.into();
    check(name, &text).map(|()| text.into_boxed_str())
}

/// The same error while reading an answer, where serde would quote the text.
fn unreadable<E: de::Error>(refused: IdentifierError) -> E {
    E::invalid_value(Unexpected::Other("text"), &refused.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_refuse_what_would_change_the_route_and_name_the_field() {
        for (text, problem) in [
            ("", IdentifierProblem::Empty),
            (".", IdentifierProblem::Dot),
            ("..", IdentifierProblem::DotDot),
            ("CUS_\n", IdentifierProblem::ControlCharacter),
            ("CUS_\u{0}", IdentifierProblem::ControlCharacter),
            ("CUS_\u{85}", IdentifierProblem::ControlCharacter),
        ] {
            let refused = CustomerCode::new(text).unwrap_err();
            assert_eq!(
                (refused.name(), refused.problem()),
                ("customer code", problem)
            );
            let refused = AuthorizationCode::new(text).unwrap_err();
            assert_eq!(
                (refused.name(), refused.problem()),
                ("authorization code", problem)
            );
            let refused = Email::new(text).unwrap_err();
            assert_eq!(
                (refused.name(), refused.problem()),
                ("e-mail address", problem)
            );
        }
    }

    #[test]
    fn each_is_a_segment_of_a_path_as_it_is() {
        fn segment(identifier: impl AsRef<str>) -> String {
            identifier.as_ref().to_owned()
        }
        let code = CustomerCode::new("CUS_x").unwrap();
        let email = Email::new("a@b").unwrap();
        assert_eq!(segment(EmailOrCode::from(&code)), "CUS_x");
        assert_eq!(segment(EmailOrCode::from(&email)), "a@b");
        assert_eq!([segment(code), segment(email)], ["CUS_x", "a@b"]);
        assert_eq!(segment(AuthorizationCode::new("AUTH_x").unwrap()), "AUTH_x");
        assert_eq!(segment(Reference::new("x").unwrap()), "x");
        assert_eq!(segment(crate::Cursor::new("c").unwrap()), "c");
    }

    #[test]
    fn codes_take_everything_else() {
        for text in [
            "a/b?c#d",
            "%2e%2e",
            "é",
            "+",
            " ",
            "...",
            &"x".repeat(10_000),
        ] {
            assert_eq!(CustomerCode::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn an_email_has_one_at_sign_and_no_white_space() {
        for text in ["ada@example.com", "@", "ada+tag@x", "é@é"] {
            assert_eq!(Email::new(text).unwrap().as_str(), text);
        }
        for (text, problem) in [
            ("ada", IdentifierProblem::NotOneAtSign),
            ("a@b@c", IdentifierProblem::NotOneAtSign),
            ("ada @example.com", IdentifierProblem::WhiteSpace),
            ("ada@example.com\u{a0}", IdentifierProblem::WhiteSpace),
        ] {
            assert_eq!(Email::new(text).unwrap_err().problem(), problem);
        }
    }

    #[test]
    fn what_paystack_has_stored_is_read_even_if_it_is_odd() {
        for odd in ["ada at example", "", "..", "ada@example.com\n"] {
            let json = serde_json::to_string(odd).unwrap();
            assert_eq!(serde_json::from_str::<Email>(&json).unwrap().as_str(), odd);
            let code: AuthorizationCode = serde_json::from_str(&json).unwrap();
            assert_eq!(code.as_str(), odd);
        }
        assert!(serde_json::from_str::<Email>("null").is_err());
    }

    #[test]
    fn a_code_that_is_none_is_not_read() {
        for odd in [r#""""#, r#"".""#, r#""..""#, r#""a\n""#, "7", "null"] {
            assert!(serde_json::from_str::<CustomerCode>(odd).is_err(), "{odd}");
            assert!(serde_json::from_str::<Reference>(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn ids_come_as_numbers_and_as_digits() {
        for json in ["9387490384", r#""9387490384""#] {
            let id: CustomerId = serde_json::from_str(json).unwrap();
            assert_eq!(id, CustomerId::new(9_387_490_384));
        }
        for json in ["-1", "1.5", r#""CUS_x""#, r#""""#, "null", "[]"] {
            assert!(serde_json::from_str::<CustomerId>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn debug_shows_no_address_no_number_and_no_authorization_code() {
        let email = Email::new("canary@example.com").unwrap();
        assert_eq!(format!("{email:?}"), "Email([redacted])");
        let code = AuthorizationCode::new("AUTH_canary").unwrap();
        assert_eq!(format!("{code:?}"), "AuthorizationCode([redacted])");
        let reference = Reference::new("08123456789").unwrap();
        assert_eq!(format!("{reference:?}"), "Reference(11 bytes)");
        for typed in ["canary@example.com", "08123456789", "canary", "CUS_a b"] {
            let mistaken = CustomerCode::new(typed).unwrap();
            assert_eq!(format!("{mistaken:?}"), "CustomerCode([redacted])");
        }
        let either: EmailOrCode = "08123456789".parse().unwrap();
        assert_eq!(format!("{either:?}"), "Code(CustomerCode([redacted]))");
        let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
        assert_eq!(format!("{code:?}"), "CustomerCode(CUS_xnxdt6s1zg1f4nx)");
    }

    #[test]
    fn text_of_any_kind_becomes_an_identifier_by_the_same_rules() {
        let code: CustomerCode = "CUS_x".parse().unwrap();
        assert_eq!(
            (CustomerCode::from(&code), code.to_string()),
            (code, "CUS_x".into())
        );
        let email: Email = "ada@example.com".parse().unwrap();
        assert_eq!(
            (Email::from(&email), email.as_str()),
            (email.clone(), "ada@example.com")
        );
        let authorization: AuthorizationCode = "AUTH_x".parse().unwrap();
        assert_eq!(AuthorizationCode::from(&authorization), authorization);
        assert_eq!(authorization.as_str(), "AUTH_x");
        let reference: Reference = "dfbz".parse().unwrap();
        assert_eq!(
            (Reference::from(&reference), reference.to_string()),
            (reference, "dfbz".into())
        );
        let id = CustomerId::from(9_387_490_384);
        assert_eq!(
            (id.get(), id.to_string()),
            (9_387_490_384, "9387490384".into())
        );
        for odd in ["", ".."] {
            assert!(odd.parse::<CustomerCode>().is_err(), "{odd}");
            assert!(odd.parse::<Email>().is_err(), "{odd}");
            assert!(odd.parse::<AuthorizationCode>().is_err(), "{odd}");
            assert!(odd.parse::<Reference>().is_err(), "{odd}");
        }
    }

    #[test]
    fn what_has_an_at_sign_is_an_address_and_all_else_is_a_code() {
        let email = Email::new("ada@example.com").unwrap();
        let code = CustomerCode::new("CUS_x").unwrap();
        for (text, either) in [
            ("ada@example.com", EmailOrCode::from(&email)),
            ("ada@example.com", EmailOrCode::from(email)),
            ("CUS_x", EmailOrCode::from(&code)),
            ("CUS_x", EmailOrCode::from(code)),
        ] {
            assert_eq!(text.parse(), Ok(either.clone()));
            assert_eq!(
                (EmailOrCode::from(&either), either.as_str()),
                (either.clone(), text)
            );
        }
        for (text, name) in [("a@b@c", "e-mail address"), ("..", "customer code")] {
            let refused = text.parse::<EmailOrCode>().unwrap_err();
            assert_eq!(refused.name(), name, "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong_and_keeps_no_text() {
        for (text, says) in [
            ("", "is empty, which would change the route"),
            (".", "is `.`, which would change the route"),
            ("..", "is `..`, which would change the route"),
            ("canary\n", "holds a control character"),
            ("canary @x", "holds white space"),
            ("canary", "has not exactly one `@`"),
        ] {
            let refused = Email::new(text).unwrap_err();
            assert_eq!(refused.to_string(), format!("the e-mail address {says}"));
            assert!(!format!("{refused:?}").contains("canary"));
        }
    }
}
