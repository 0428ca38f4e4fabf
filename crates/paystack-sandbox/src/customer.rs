//! A customer as the sandbox keeps it, and as each of the operations shows it.

use paystack_client::Domain;
use paystack_client::customers::RiskAction;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use time::OffsetDateTime;

/// A customer as the sandbox keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) integration: u64,
    pub(crate) domain: Domain,
    pub(crate) id: u64,
    pub(crate) code: Box<str>,
    pub(crate) email: Box<str>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) metadata: Option<Box<RawValue>>,
    pub(crate) risk_action: RiskAction,
    pub(crate) identification: Option<Identification>,
    pub(crate) authorizations: Vec<Authorization>,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) updated_at: OffsetDateTime,
}

/// What a customer was identified by, masked as Paystack masks it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Identification {
    pub(crate) country: String,
    #[serde(rename = "type")]
    pub(crate) identification_type: String,
    #[serde(flatten)]
    pub(crate) numbers: Numbers,
}

/// What there is depends on the type.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Numbers {
    Account {
        bvn: String,
        account_number: String,
        bank_code: String,
    },
    Bvn {
        value: String,
    },
}

/// A card or a mandate.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Authorization {
    pub(crate) authorization_code: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bin: Option<&'static str>,
    pub(crate) last4: Box<str>,
    pub(crate) channel: &'static str,
    pub(crate) card_type: &'static str,
    pub(crate) bank: &'static str,
    pub(crate) exp_month: Expiry,
    pub(crate) exp_year: Expiry,
    pub(crate) country_code: &'static str,
    pub(crate) brand: &'static str,
    pub(crate) reusable: bool,
    pub(crate) signature: Box<str>,
    pub(crate) account_name: Option<String>,
}

/// Cards have a string here, mandates a number.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Expiry {
    Text(&'static str),
    Number(u16),
}

impl Authorization {
    /// Paystack's test card, with the space that its type really ends in.
    pub(crate) fn card(authorization_code: Box<str>, signature: Box<str>) -> Self {
        Self {
            authorization_code,
            active: None,
            bin: Some("408408"),
            last4: "4081".into(),
            channel: "card",
            card_type: "visa ",
            bank: "TEST BANK",
            exp_month: Expiry::Text("12"),
            exp_year: Expiry::Text("2030"),
            country_code: "NG",
            brand: "visa",
            reusable: true,
            signature,
            account_name: None,
        }
    }
}

/// What a mandate remembers of its customer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Owner {
    pub(crate) id: u64,
    #[serde(rename = "customer_code")]
    pub(crate) code: Box<str>,
    pub(crate) email: Box<str>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

/// What a creation shows: what was not set is absent.
#[derive(Serialize)]
pub(crate) struct Created<'a> {
    transactions: [(); 0],
    subscriptions: [(); 0],
    authorizations: &'a [Authorization],
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    integration: u64,
    domain: &'a Domain,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    customer_code: &'a str,
    risk_action: &'a RiskAction,
    id: u64,
    identified: bool,
    identifications: Option<[&'a Identification; 1]>,
    #[serde(rename = "createdAt")]
    created_at: Timestamp,
    #[serde(rename = "updatedAt")]
    updated_at: Timestamp,
}

/// What a list shows of each customer: what was not set is null.
#[derive(Serialize)]
pub(crate) struct Listed<'a> {
    integration: u64,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: &'a str,
    phone: Option<&'a str>,
    metadata: Option<&'a RawValue>,
    domain: &'a Domain,
    customer_code: &'a str,
    risk_action: &'a RiskAction,
    id: u64,
    #[serde(rename = "createdAt")]
    created_at: Timestamp,
    #[serde(rename = "updatedAt")]
    updated_at: Timestamp,
}

/// What a change shows.
#[derive(Serialize)]
pub(crate) struct Updated<'a> {
    transactions: [(); 0],
    subscriptions: [(); 0],
    authorizations: &'a [Authorization],
    #[serde(flatten)]
    listed: Listed<'a>,
    identified: bool,
    identifications: Option<[&'a Identification; 1]>,
}

/// What a fetch shows: the times in both spellings, and totals.
#[derive(Serialize)]
pub(crate) struct Fetched<'a> {
    #[serde(flatten)]
    updated: Updated<'a>,
    created_at: Timestamp,
    updated_at: Timestamp,
    total_transactions: u64,
    total_transaction_value: [(); 0],
    dedicated_account: Option<()>,
    dedicated_accounts: [(); 0],
}

impl Customer {
    pub(crate) fn owner(&self) -> Owner {
        Owner {
            id: self.id,
            code: self.code.clone(),
            email: self.email.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
        }
    }

    pub(crate) fn created(&self) -> Created<'_> {
        Created {
            transactions: [],
            subscriptions: [],
            authorizations: &self.authorizations,
            email: &self.email,
            first_name: self.first_name.as_deref(),
            last_name: self.last_name.as_deref(),
            phone: self.phone.as_deref(),
            integration: self.integration,
            domain: &self.domain,
            metadata: self.metadata.as_deref(),
            customer_code: &self.code,
            risk_action: &self.risk_action,
            id: self.id,
            identified: self.identification.is_some(),
            identifications: self.identification.as_ref().map(|one| [one]),
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
        }
    }

    pub(crate) fn listed(&self) -> Listed<'_> {
        Listed {
            integration: self.integration,
            first_name: self.first_name.as_deref(),
            last_name: self.last_name.as_deref(),
            email: &self.email,
            phone: self.phone.as_deref(),
            metadata: self.metadata.as_deref(),
            domain: &self.domain,
            customer_code: &self.code,
            risk_action: &self.risk_action,
            id: self.id,
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
        }
    }

    pub(crate) fn updated(&self) -> Updated<'_> {
        Updated {
            transactions: [],
            subscriptions: [],
            authorizations: &self.authorizations,
            listed: self.listed(),
            identified: self.identification.is_some(),
            identifications: self.identification.as_ref().map(|one| [one]),
        }
    }

    pub(crate) fn fetched(&self) -> Fetched<'_> {
        Fetched {
            updated: self.updated(),
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
            total_transactions: 0,
            total_transaction_value: [],
            dedicated_account: None,
            dedicated_accounts: [],
        }
    }
}

/// A time as Paystack writes it: `2016-03-29T20:03:09.584Z`.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp(pub(crate) OffsetDateTime);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (date, time) = (self.0.date(), self.0.time());
        let (hour, minute, second, milli) = time.as_hms_milli();
        serializer.collect_str(&format_args!(
            "{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        ))
    }
}
