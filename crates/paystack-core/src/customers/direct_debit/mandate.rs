//! A mandate: the leave to debit a bank account.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::serde::rfc3339;

use super::AuthorizationOwner;
use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};
use crate::{AuthorizationCode, Personal, lenient};

/// A mandate: the leave to debit a customer's bank account.
///
/// What Paystack does not tell is `None`; a mandate that is pending has no time of authorization.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MandateAuthorization {
    /// The numeric id of this entry.
    #[serde(deserialize_with = "lenient::whole_number")]
    pub id: u64,
    /// How far it is.
    pub status: MandateStatus,
    /// The numeric id that [`ChargeActivation`](super::ChargeActivation) takes.
    pub authorization_id: AuthorizationId,
    /// The numeric id of the mandate at the bank.
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<u64>,
    /// The code to charge it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// The numeric id of the integration that it belongs to.
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<u64>,
    /// The account number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Personal>,
    /// The bank's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<Personal>,
    /// The bank's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<Personal>,
    /// Whose account it is.
    #[serde(default, deserialize_with = "lenient::optional_unless_empty")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<AuthorizationOwner>,
    /// When the customer agreed.
    #[serde(default, deserialize_with = "lenient::optional_time")]
    #[serde(serialize_with = "rfc3339::option::serialize")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorized_at: Option<OffsetDateTime>,
}

/// The numeric id of an authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AuthorizationId(u64);

impl AuthorizationId {
    /// Takes an id as Paystack gave it.
    pub const fn new(id: u64) -> Self {
        Self(id)
    }

    /// The id as a number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for AuthorizationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for AuthorizationId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::whole_number(deserializer).map(Self)
    }
}

/// How far a mandate is.
///
/// ```
/// use paystack_core::customers::direct_debit::MandateStatus;
///
/// assert_eq!(MandateStatus::from("active"), MandateStatus::Active);
/// assert_eq!(MandateStatus::from("resting").as_str(), "resting");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MandateStatus {
    /// The customer or the bank has not agreed yet.
    Pending,
    /// It can be charged.
    Active,
    /// It was taken back.
    Revoked,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl MandateStatus {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for MandateStatus {
    fn from(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "revoked" => Self::Revoked,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for MandateStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for MandateStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MandateStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}
