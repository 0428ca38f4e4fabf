//! How Paystack's fraud rules treat a customer.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};

/// How Paystack's fraud rules treat a customer.
///
/// ```
/// use paystack_core::customers::RiskAction;
///
/// assert_eq!(RiskAction::Deny.as_str(), "deny");
/// assert_eq!(RiskAction::from("allow"), RiskAction::Allow);
/// assert_eq!(RiskAction::default(), RiskAction::Default);
/// let words: Vec<_> = RiskAction::ALL.iter().map(RiskAction::as_str).collect();
/// assert_eq!(words, ["default", "allow", "deny"]);
/// ```
///
/// See <https://paystack.com/docs/api/customer/#whitelist-blacklist>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RiskAction {
    /// The integration's fraud rules decide.
    #[default]
    Default,
    /// Whitelisted: the fraud rules are not applied.
    Allow,
    /// Blacklisted: every payment is refused.
    Deny,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl RiskAction {
    /// The actions known today, for menus and command-line options.
    pub const ALL: &'static [Self] = &[Self::Default, Self::Allow, Self::Deny];

    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Default => "default",
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for RiskAction {
    fn from(word: &str) -> Self {
        match word {
            "default" => Self::Default,
            "allow" => Self::Allow,
            "deny" => Self::Deny,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for RiskAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for RiskAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RiskAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}
