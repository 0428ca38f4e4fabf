//! `Debug` redacts secrets and personal data.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Debug;

use paystack_core::CustomerCode;
use paystack_core::customers::direct_debit::{
    Account, MandateAuthorization, VerifiedAuthorization,
};
use paystack_core::customers::{
    Authorization, BankAccount, DedicatedAccount, Identification, ValidateCustomer,
};
use serde::de::DeserializeOwned;

fn debug_of<T: Debug + DeserializeOwned>(json: &str) -> String {
    format!("{:?}", serde_json::from_str::<T>(json).unwrap())
}

#[test]
fn debug_of_customer_types_redacts_personal_data() {
    let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
    let account = BankAccount::new("NG", "058", "0123456789", "20012345677", "Asta", "Eze");
    let lines = [
        format!("{:?}", Authorization::example()),
        format!("{account:?}"),
        format!(
            "{:?}",
            ValidateCustomer::bvn(code, "NG", "20012345677", "Asta", "Eze")
        ),
        format!("{:?}", Account::new("0123456789", "058")),
        debug_of::<Identification>(r#"{"country":"NG","type":"bvn","bvn":"200*****677"}"#),
        debug_of::<DedicatedAccount>(
            r#"{"id":7,"bank":{"id":1,"name":"Wema Bank","slug":"wema-bank"},"account_number":"9930000737",
                "assigned":true,"assignment":{"assignee_id":3,"account_type":"PAY-WITH-TRANSFER"},
                "currency":"NGN","active":true}"#,
        ),
        debug_of::<VerifiedAuthorization>(
            r#"{"authorization_code":"AUTH_x","channel":"direct_debit","active":true}"#,
        ),
        debug_of::<MandateAuthorization>(
            r#"{"id":9,"status":"active","mandate_id":5,"authorization_id":4,
                "authorization_code":"AUTH_x","account_number":"0123456789"}"#,
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Authorization { authorization_code: Some(AuthorizationCode([redacted])), active: None, bin: Some([redacted]), last4: Some([redacted]), exp_month: Some([redacted]), exp_year: Some([redacted]), channel: Some(Card), card_type: Some("visa"), bank: None, country_code: None, brand: None, reusable: Some(true), signature: None, account_name: None }
    BankAccount { country: "NG", bank_code: "058", account_number: [redacted], bvn: [redacted], first_name: [redacted], last_name: [redacted] }
    ValidateCustomer { customer: Code(CustomerCode(CUS_xnxdt6s1zg1f4nx)), identification: Bvn(Bvn { country: "NG", .. }), middle_name: None }
    Account { number: [redacted], bank_code: "058" }
    Identification { country: Some("NG"), identification_type: Some(Bvn), bvn: Some([redacted]), account_number: None, bank_code: None, value: None, other_fields: OtherFields(0) }
    DedicatedAccount { id: Some(7), bank: Some(DedicatedAccountBank { id: Some(1), name: Some("Wema Bank"), slug: Some("wema-bank"), other_fields: OtherFields(0) }), account_name: None, account_number: Some([redacted]), assigned: Some(true), assignment: Some(DedicatedAccountAssignment { integration: None, assignee_id: Some(3), assignee_type: None, account_type: Some("PAY-WITH-TRANSFER"), expired: None, assigned_at: None, other_fields: OtherFields(0) }), currency: Some("NGN"), active: Some(true), created_at: None, updated_at: None, other_fields: OtherFields(0) }
    VerifiedAuthorization { authorization_code: AuthorizationCode([redacted]), channel: Some(DirectDebit), bank: None, active: Some(true), customer: None }
    MandateAuthorization { id: 9, status: Active, authorization_id: AuthorizationId(4), mandate_id: Some(5), authorization_code: Some(AuthorizationCode([redacted])), integration_id: None, account_number: Some([redacted]), bank_code: None, bank_name: None, customer: None, authorized_at: None }
    "#);
}
