//! A mandate: the leave to debit a bank account.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::serde::rfc3339;

use super::AuthorizationOwner;
use crate::lenient::{self, Object};
use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};
use crate::{AuthorizationCode, Personal};

/// A mandate: the leave to debit a customer's bank account.
///
/// What Paystack does not tell is `None`; a mandate that is pending has no time of authorization.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct MandateAuthorization {
    /// The numeric id of this entry.
    pub id: u64,
    /// How far it is.
    pub status: MandateStatus,
    /// The numeric id that [`ChargeActivation`](super::ChargeActivation) takes.
    pub authorization_id: AuthorizationId,
    /// The numeric id of the mandate at the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<u64>,
    /// The code to charge it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// The numeric id of the integration that it belongs to.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<AuthorizationOwner>,
    /// When the customer agreed.
    #[serde(with = "rfc3339::option")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorized_at: Option<OffsetDateTime>,
}

/// A mandate as it comes.
#[derive(Deserialize)]
struct Body {
    #[serde(deserialize_with = "lenient::whole_number")]
    id: u64,
    status: MandateStatus,
    authorization_id: AuthorizationId,
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    mandate_id: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    authorization_code: Option<AuthorizationCode>,
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    integration_id: Option<u64>,
    account_number: Option<Personal>,
    bank_code: Option<Personal>,
    bank_name: Option<Personal>,
    #[serde(default, deserialize_with = "lenient::optional_unless_empty")]
    customer: Option<AuthorizationOwner>,
    #[serde(default, deserialize_with = "lenient::optional_time")]
    authorized_at: Option<OffsetDateTime>,
}

impl From<Object<Body>> for MandateAuthorization {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            id: body.id,
            status: body.status,
            authorization_id: body.authorization_id,
            mandate_id: body.mandate_id,
            authorization_code: body.authorization_code,
            integration_id: body.integration_id,
            account_number: body.account_number,
            bank_code: body.bank_code,
            bank_name: body.bank_name,
            customer: body.customer,
            authorized_at: body.authorized_at,
        }
    }
}

/// The numeric id of an authorization, as [`MandateAuthorization::authorization_id`] has it: not the
/// code, `AUTH_…`, which is an [`AuthorizationCode`].
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_optional_never_costs_the_mandate() {
        let least = r#"{"id":1,"status":"active","authorization_id":"2"}"#;
        let least: MandateAuthorization = serde_json::from_str(least).unwrap();
        for nothing in ["null", r#""""#, "[]"] {
            let json = format!(
                r#"{{"id":1,"status":"active","authorization_id":2,"mandate_id":{nothing},
                    "authorization_code":{nothing},"integration_id":{nothing},
                    "customer":{nothing},"authorized_at":{nothing}}}"#
            );
            assert_eq!(
                serde_json::from_str::<MandateAuthorization>(&json).unwrap(),
                least
            );
        }
    }

    #[test]
    fn an_authorizations_id_is_a_number_or_its_digits() {
        for json in ["2654", r#""2654""#] {
            let id: AuthorizationId = serde_json::from_str(json).unwrap();
            assert_eq!((id, id.get()), (AuthorizationId::new(2654), 2654));
            assert_eq!(id.to_string(), "2654");
            assert_eq!(serde_json::to_string(&id).unwrap(), "2654");
        }
        assert!(serde_json::from_str::<AuthorizationId>(r#""AUTH_x""#).is_err());
    }
}
