use serde::Deserialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;

#[derive(Deserialize)]
pub struct Envelope<T> {
    pub status: bool,
    pub message: String,
    pub data: T,
    pub meta: Option<Meta>,
}

#[derive(Deserialize)]
pub struct Meta {
    pub total: Option<u64>,
    pub skipped: Option<u64>,
    #[serde(rename = "perPage")]
    pub per_page: Option<u64>,
    pub page: Option<u64>,
    #[serde(rename = "pageCount")]
    pub page_count: Option<u64>,
    pub next: Option<String>,
    pub previous: Option<String>,
}

#[derive(Deserialize)]
pub struct Customer {
    pub id: u64,
    pub customer_code: String,
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub metadata: Option<Box<RawValue>>,
    pub domain: Option<String>,
    pub integration: Option<u64>,
    pub risk_action: Option<String>,
    pub identified: Option<bool>,
    pub identifications: Option<Vec<Box<RawValue>>>,
    pub authorizations: Option<Vec<Authorization>>,
    pub subscriptions: Option<Vec<Box<RawValue>>>,
    pub transactions: Option<Vec<Box<RawValue>>>,
    pub total_transactions: Option<u64>,
    pub total_transaction_value: Option<Box<RawValue>>,
    pub dedicated_account: Option<Box<RawValue>>,
    #[serde(default, rename = "createdAt", with = "time::serde::rfc3339::option")]
    pub created_at: Option<OffsetDateTime>,
    #[serde(default, rename = "updatedAt", with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

#[derive(Deserialize)]
pub struct Authorization {
    pub authorization_code: Option<String>,
    pub bin: Option<String>,
    pub last4: Option<String>,
    pub exp_month: Option<String>,
    pub exp_year: Option<String>,
    pub channel: Option<String>,
    pub card_type: Option<String>,
    pub bank: Option<String>,
    pub country_code: Option<String>,
    pub brand: Option<String>,
    pub reusable: Option<bool>,
    pub signature: Option<String>,
    pub account_name: Option<String>,
}

#[derive(Deserialize)]
pub struct Link {
    pub redirect_url: String,
    pub access_code: String,
    pub reference: String,
}

#[derive(Deserialize)]
pub struct Verified {
    pub authorization_code: String,
    pub channel: Option<String>,
    pub bank: Option<String>,
    pub active: Option<bool>,
    pub customer: Option<Owner>,
}

#[derive(Deserialize)]
pub struct Mandate {
    pub id: u64,
    pub status: String,
    pub mandate_id: Option<u64>,
    pub authorization_id: Option<u64>,
    pub authorization_code: Option<String>,
    pub integration_id: Option<u64>,
    pub account_number: Option<String>,
    pub bank_code: Option<String>,
    pub bank_name: Option<String>,
    pub customer: Option<Owner>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub authorized_at: Option<OffsetDateTime>,
}

#[derive(Deserialize)]
pub struct Owner {
    pub id: Option<u64>,
    pub customer_code: Option<String>,
    pub code: Option<String>,
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// A customer with only the fields of a list.
#[derive(Deserialize)]
pub struct ListedCustomer {
    pub id: u64,
    pub customer_code: String,
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub metadata: Option<Box<RawValue>>,
    pub domain: String,
    pub integration: u64,
    pub risk_action: String,
    #[serde(rename = "createdAt", with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(rename = "updatedAt", with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}
