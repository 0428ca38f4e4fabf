//! A mandate: the customer's permission to debit a bank account.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::rfc3339;

use super::AuthorizationOwner;
use crate::json::lenient::{
    optional_number, optional_text, optional_time, optional_unless_empty, optional_value,
};
use crate::types::{Redacted, open_enum, whole_number};
use crate::{AuthorizationCode, Sensitive};

/// A mandate: the customer's permission to debit a bank account.
///
/// A pending mandate has no time of authorization.
///
/// See <https://paystack.com/docs/api/customer/#fetch-mandate-authorizations>.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MandateAuthorization {
    /// The numeric id of this entry.
    #[serde(deserialize_with = "whole_number")]
    pub id: u64,
    /// The status.
    pub status: MandateStatus,
    /// The numeric id for [`ChargeActivation`](super::ChargeActivation).
    pub authorization_id: AuthorizationId,
    /// The numeric id of the mandate at the bank.
    #[serde(default, deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<u64>,
    /// The code that charges it.
    #[serde(default, deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// The numeric id of the integration that it belongs to.
    #[serde(default, deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<u64>,
    /// The account number.
    #[serde(default, deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Sensitive>,
    /// The bank's code.
    #[serde(default, deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// The bank's name.
    #[serde(default, deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// The customer who owns the account.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<AuthorizationOwner>,
    /// The time at which the customer agreed.
    #[serde(default, deserialize_with = "optional_time")]
    #[serde(serialize_with = "rfc3339::option::serialize")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorized_at: Option<OffsetDateTime>,
}

impl MandateAuthorization {
    /// An active mandate for tests, with a code. All other optional fields are `None`.
    pub fn example() -> Self {
        Self {
            id: 1_069_309_917,
            status: MandateStatus::Active,
            authorization_id: AuthorizationId::new(1_234_567),
            mandate_id: None,
            authorization_code: Some(AuthorizationCode::example("AUTH_JV4T9Wawdj")),
            integration_id: None,
            account_number: None,
            bank_code: None,
            bank_name: None,
            customer: None,
            authorized_at: None,
        }
    }
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for MandateAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            status,
            authorization_id,
            mandate_id,
            authorization_code,
            integration_id,
            account_number,
            bank_code,
            bank_name,
            customer,
            authorized_at,
        } = self;
        f.debug_struct("MandateAuthorization")
            .field("id", id)
            .field("status", status)
            .field("authorization_id", authorization_id)
            .field("mandate_id", mandate_id)
            .field("authorization_code", authorization_code)
            .field("integration_id", integration_id)
            .field("account_number", account_number)
            .field("bank_code", &bank_code.as_deref().map(Redacted))
            .field("bank_name", &bank_name.as_deref().map(Redacted))
            .field("customer", customer)
            .field("authorized_at", authorized_at)
            .finish()
    }
}

/// The numeric id of an authorization: [`MandateAuthorization::authorization_id`]. The code, `AUTH_…`, is an
/// [`AuthorizationCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorizationId(#[serde(deserialize_with = "whole_number")] u64);

impl AuthorizationId {
    /// Wraps an id.
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

open_enum! {
    /// The status of a mandate.
    ///
    /// ```
    /// use paystack_core::customers::direct_debit::MandateStatus;
    ///
    /// assert_eq!(MandateStatus::from("active"), MandateStatus::Active);
    /// assert_eq!(MandateStatus::from("resting").as_str(), "resting");
    /// ```
    pub enum MandateStatus {
        /// The customer or the bank has not agreed yet.
        Pending = "pending",
        /// It can be charged.
        Active = "active",
        /// The customer or the bank has revoked it.
        Revoked = "revoked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mandate_with_empty_optional_fields_decodes() {
        let least = r#"{"id":1,"status":"active","authorization_id":"2"}"#;
        let least: MandateAuthorization = serde_json::from_str(least).unwrap();
        for nothing in ["null", r#""""#, "[]"] {
            let json = format!(
                r#"{{"id":1,"status":"active","authorization_id":2,"mandate_id":{nothing},
                    "authorization_code":{nothing},"integration_id":{nothing},
                    "account_number":{nothing},"bank_code":{nothing},"bank_name":{nothing},
                    "customer":{nothing},"authorized_at":{nothing}}}"#
            );
            assert_eq!(
                serde_json::from_str::<MandateAuthorization>(&json).unwrap(),
                least
            );
        }
    }

    #[test]
    fn authorization_id_decodes_from_a_number_or_digits() {
        for json in ["2654", r#""2654""#] {
            let id: AuthorizationId = serde_json::from_str(json).unwrap();
            assert_eq!((id, id.get()), (AuthorizationId::new(2654), 2654));
            assert_eq!(id.to_string(), "2654");
            assert_eq!(serde_json::to_string(&id).unwrap(), "2654");
        }
        assert!(serde_json::from_str::<AuthorizationId>(r#""AUTH_x""#).is_err());
    }
}
