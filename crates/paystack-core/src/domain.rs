//! Test mode or live mode.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};

/// The mode that a key works in and that an object belongs to.
///
/// ```
/// use paystack_core::Domain;
///
/// assert_eq!(Domain::from("live"), Domain::Live);
/// assert_eq!(Domain::from("sandbox").as_str(), "sandbox");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Domain {
    /// Nothing is charged, nobody is notified.
    Test,
    /// The real thing.
    Live,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl Domain {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for Domain {
    fn from(word: &str) -> Self {
        match word {
            "test" => Self::Test,
            "live" => Self::Live,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for Domain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}
