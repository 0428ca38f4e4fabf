//! The bank account into which only one customer pays.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::rfc3339;

use crate::json::lenient::{
    optional_flag, optional_number, optional_text, optional_time, optional_unless_empty,
    optional_value,
};
use crate::types::Redacted;
use crate::{OtherFields, Sensitive};

/// A dedicated virtual account: a bank account into which only one customer pays. Every field is optional.
///
/// ```
/// use paystack_core::customers::DedicatedAccount;
///
/// let json = r#"{"id":253,"bank":{"id":20,"name":"Wema Bank","slug":"wema-bank"},
///     "account_number":"9930000737","split_config":{"subaccount":"ACCT_x"}}"#;
/// let account: DedicatedAccount = serde_json::from_str(json)?;
/// let bank = account.bank.unwrap();
/// assert_eq!((bank.slug.as_deref(), account.id), (Some("wema-bank"), Some(253)));
/// let split = account.other_fields.get("split_config").unwrap();
/// assert_eq!(split.as_str(), r#"{"subaccount":"ACCT_x"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// See <https://paystack.com/docs/payments/dedicated-virtual-accounts/>.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DedicatedAccount {
    /// The numeric id.
    #[serde(deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The bank that keeps the account.
    #[serde(deserialize_with = "optional_unless_empty")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<Box<DedicatedAccountBank>>,
    /// The name on the account: that of the business and of the customer.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Sensitive>,
    /// The account number.
    #[serde(deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<Sensitive>,
    /// Whether the account belongs to a customer.
    #[serde(deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<bool>,
    /// The assignment of the account to its customer.
    #[serde(deserialize_with = "optional_unless_empty")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Box<DedicatedAccountAssignment>>,
    /// The currency code: `NGN`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Whether the account receives payments.
    #[serde(deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The time of creation.
    #[serde(deserialize_with = "optional_time")]
    #[serde(serialize_with = "rfc3339::option::serialize")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<OffsetDateTime>,
    /// The time of the last change.
    #[serde(deserialize_with = "optional_time")]
    #[serde(serialize_with = "rfc3339::option::serialize")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<OffsetDateTime>,
    /// All other fields, such as the metadata and the split.
    #[serde(flatten)]
    pub other_fields: OtherFields,
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for DedicatedAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            bank,
            account_name,
            account_number,
            assigned,
            assignment,
            currency,
            active,
            created_at,
            updated_at,
            other_fields,
        } = self;
        f.debug_struct("DedicatedAccount")
            .field("id", id)
            .field("bank", bank)
            .field("account_name", account_name)
            .field("account_number", account_number)
            .field("assigned", assigned)
            .field("assignment", assignment)
            .field("currency", &currency.as_deref().map(Redacted))
            .field("active", active)
            .field("created_at", created_at)
            .field("updated_at", updated_at)
            .field("other_fields", other_fields)
            .finish()
    }
}

/// The bank that keeps a dedicated account. Every field is optional.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DedicatedAccountBank {
    /// The numeric id.
    #[serde(deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// The name: `Wema Bank`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name in requests: `wema-bank`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub other_fields: OtherFields,
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for DedicatedAccountBank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            name,
            slug,
            other_fields,
        } = self;
        f.debug_struct("DedicatedAccountBank")
            .field("id", id)
            .field("name", &name.as_deref().map(Redacted))
            .field("slug", &slug.as_deref().map(Redacted))
            .field("other_fields", other_fields)
            .finish()
    }
}

/// The assignment of a dedicated account. Every field is optional.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DedicatedAccountAssignment {
    /// The numeric id of the integration.
    #[serde(deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration: Option<u64>,
    /// The numeric id of the assignee.
    #[serde(deserialize_with = "optional_number")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<u64>,
    /// The type of the assignee: `Customer`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_type: Option<String>,
    /// The type of the account: `PAY-WITH-TRANSFER-RECURRING`.
    #[serde(deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// Whether the assignment has expired.
    #[serde(deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<bool>,
    /// The time of the assignment.
    #[serde(deserialize_with = "optional_time")]
    #[serde(serialize_with = "rfc3339::option::serialize")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<OffsetDateTime>,
    /// All other fields.
    #[serde(flatten)]
    pub other_fields: OtherFields,
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for DedicatedAccountAssignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            integration,
            assignee_id,
            assignee_type,
            account_type,
            expired,
            assigned_at,
            other_fields,
        } = self;
        f.debug_struct("DedicatedAccountAssignment")
            .field("integration", integration)
            .field("assignee_id", assignee_id)
            .field("assignee_type", &assignee_type.as_deref().map(Redacted))
            .field("account_type", &account_type.as_deref().map(Redacted))
            .field("expired", expired)
            .field("assigned_at", assigned_at)
            .field("other_fields", other_fields)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// All documented fields, and unknown ones on each level.
    fn whole() -> Value {
        json!({
            "bank": {"name": "Wema Bank", "id": 20, "slug": "wema-bank", "code": "035"},
            "account_name": "KAROKART / NGOZI EZE", "account_number": "9930000737",
            "assigned": true, "currency": "NGN", "metadata": null, "active": true, "id": 253,
            "created_at": "2026-03-02T08:15:30Z", "updated_at": "2026-03-04T21:00:09.5Z",
            "assignment": {
                "integration": 100_071, "assignee_id": 9_387_490_384_u64,
                "assignee_type": "Customer", "expired": false,
                "account_type": "PAY-WITH-TRANSFER-RECURRING",
                "assigned_at": "2026-03-02T08:15:30.764Z", "expired_at": null
            },
            "split_config": {"subaccount": "ACCT_x"}
        })
    }

    #[test]
    fn dedicated_account_with_all_fields_round_trips() {
        let account: DedicatedAccount = serde_json::from_value(whole()).unwrap();
        let assignment = account.assignment.as_deref().unwrap();
        assert_eq!(assignment.assignee_id, Some(9_387_490_384));
        assert_eq!(assignment.assigned_at.map(|time| time.year()), Some(2026));
        assert_eq!(account.other_fields.iter().count(), 2);
        assert_eq!(serde_json::to_value(&account).unwrap(), whole());
    }

    #[test]
    fn dedicated_account_with_unusual_types_decodes() {
        let odd = r#"{"account_number":9930000737,"assigned":1,"active":"false","id":"253",
            "bank":[],"assignment":null,"created_at":"","currency":""}"#;
        let odd: DedicatedAccount = serde_json::from_str(odd).unwrap();
        assert_eq!(odd.account_number.as_deref(), Some("9930000737"));
        assert_eq!((odd.assigned, odd.active), (Some(true), Some(false)));
        assert_eq!((odd.id, odd.bank, odd.assignment), (Some(253), None, None));
        assert_eq!((odd.created_at, odd.currency), (None, None));
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let text = "canary-08123456789";
        let account = json!({
            "account_name": text, "account_number": text, "currency": text, "other": text,
            "bank": {"name": text, "slug": text, "other": text},
            "assignment": {"assignee_type": text, "account_type": text, "other": text}
        });
        let account: DedicatedAccount = serde_json::from_value(account).unwrap();
        let shown = format!("{account:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
