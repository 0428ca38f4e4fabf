//! A customer, the output of most operations.

mod received;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::rfc3339;

use self::received::Received;
use super::{Authorization, CurrencyAmount, DedicatedAccount, Identification, RiskAction};
use crate::json::Object;
use crate::{CustomerCode, CustomerId, Email, Metadata, Mode, RawJson, Sensitive};

/// A customer, the output of most operations.
///
/// A field that is absent or null in the response is `None`, as is text that is empty. A serialized customer
/// deserializes as the same customer.
///
/// ```
/// use paystack_core::customers::Customer;
///
/// let customer: Customer = serde_json::from_str(r#"{
///     "id": 1173, "customer_code": "CUS_xnxdt6s1zg1f4nx", "email": "bojack@example.com",
///     "createdAt": "2016-03-29T20:03:09.000Z", "authorizations": []
/// }"#)?;
/// assert_eq!(customer.created_at.map(|time| time.year()), Some(2016));
/// assert_eq!(customer.authorizations.as_deref(), Some(&[][..]));
/// assert_eq!(customer.subscriptions, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// To decode fields of your own beside it, decode the same JSON twice:
///
/// ```
/// use paystack_core::customers::{Customer, ListCustomers};
/// use paystack_core::{Api, JsonError, Operation, RawJson, SecretKey, http};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Loyalty {
///     points: u32,
/// }
///
/// #[derive(Deserialize)]
/// #[serde(try_from = "RawJson")]
/// struct Member {
///     customer: Customer,
///     loyalty: Loyalty,
/// }
///
/// impl TryFrom<RawJson> for Member {
///     type Error = JsonError;
///
///     fn try_from(json: RawJson) -> Result<Self, JsonError> {
///         Ok(Self { customer: json.get()?, loyalty: json.get()? })
///     }
/// }
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let list = ListCustomers::new().decode_as::<Vec<Member>>();
/// # let body = r#"{"status":true,"message":"","data":[{"id":1173,"customer_code":"CUS_x",
/// #   "email":"ada@example.com","metadata":{"b":1.00,"a":1},"points":7}]}"#;
/// # let response = http::Response::new(body.into());
/// let members = api.read(&list, response)?.data;
/// assert_eq!((members[0].customer.id.get(), members[0].loyalty.points), (1173, 7));
/// # assert_eq!(members[0].customer.metadata.as_ref().unwrap().as_str(), r#"{"b":1.00,"a":1}"#);
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// For a single customer, use [`Reply::decode`](crate::Reply::decode).
///
/// See <https://paystack.com/docs/api/customer/>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Received>")]
#[non_exhaustive]
pub struct Customer {
    /// The numeric id, for the direct-debit operations.
    pub id: CustomerId,
    /// The code, for the other operations.
    pub customer_code: CustomerCode,
    /// The e-mail address.
    pub email: Email,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Sensitive>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Sensitive>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Sensitive>,
    /// Data of your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Test or live mode. The JSON calls it `domain`.
    #[serde(rename = "domain", skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The numeric id of the integration that the customer belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration: Option<u64>,
    /// The treatment by the fraud rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_action: Option<RiskAction>,
    /// Whether a validation succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identified: Option<bool>,
    /// The identifications of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifications: Option<Vec<Identification>>,
    /// The cards and mandates that can charge the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizations: Option<Vec<Authorization>>,
    /// The subscriptions as raw JSON: they belong to another API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<Vec<RawJson>>,
    /// The transactions as raw JSON: they belong to another API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<Vec<RawJson>>,
    /// The number of transactions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_transactions: Option<u64>,
    /// The sum of the transactions in each currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_transaction_value: Option<Vec<CurrencyAmount>>,
    /// The bank account into which only this customer pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedicated_account: Option<Box<DedicatedAccount>>,
    /// All such bank accounts, in responses that list several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedicated_accounts: Option<Vec<DedicatedAccount>>,
    /// The time of creation.
    #[serde(
        rename = "createdAt",
        with = "rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<OffsetDateTime>,
    /// The time of the last change.
    #[serde(
        rename = "updatedAt",
        with = "rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub updated_at: Option<OffsetDateTime>,
}

impl Customer {
    /// A customer for tests, with all fields but the required ones and the names `None`.
    ///
    /// ```
    /// use paystack_core::customers::{Customer, RiskAction};
    ///
    /// let mut ada = Customer::example();
    /// ada.risk_action = Some(RiskAction::Deny);
    /// assert_eq!(ada.email.as_str(), "ada@example.com");
    /// ```
    pub fn example() -> Self {
        Self {
            id: CustomerId::new(1173),
            customer_code: CustomerCode::example("CUS_xnxdt6s1zg1f4nx"),
            email: Email::example("ada@example.com"),
            first_name: Some("Ada".into()),
            last_name: Some("Obi".into()),
            phone: None,
            metadata: None,
            mode: None,
            integration: None,
            risk_action: None,
            identified: None,
            identifications: None,
            authorizations: None,
            subscriptions: None,
            transactions: None,
            total_transactions: None,
            total_transaction_value: None,
            dedicated_account: None,
            dedicated_accounts: None,
            created_at: None,
            updated_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    /// Reads a customer with these fields and the three required ones.
    fn read(fields: Value) -> Customer {
        let mut body = json!({"id": 1, "customer_code": "CUS_x", "email": "ada@example.com"});
        let fields = fields.as_object().cloned().unwrap();
        body.as_object_mut().unwrap().extend(fields);
        serde_json::from_str(&body.to_string()).unwrap()
    }

    #[test]
    fn metadata_decodes_in_seven_forms() {
        let forms = [json!({"a": 1}), json!({}), json!(""), json!("{}"), json!(0)];
        for form in forms {
            let metadata = read(json!({"metadata": form})).metadata.unwrap();
            assert_eq!(metadata.as_str(), form.to_string());
            assert_eq!(metadata.is_empty(), form != json!({"a": 1}), "{form}");
        }
        assert_eq!(read(json!({"metadata": null})).metadata, None);
        assert_eq!(read(json!({})).metadata, None);
    }

    #[test]
    fn null_field_is_none() {
        let null = read(json!({"phone": null, "authorizations": null, "identifications": null}));
        assert_eq!(null, read(json!({})));
    }

    #[test]
    fn empty_text_in_any_field_is_none() {
        let customer = read(json!({
            "first_name": "", "last_name": "", "phone": "",
            "domain": "", "integration": "", "risk_action": "", "identified": "",
            "total_transactions": "", "dedicated_account": "", "createdAt": "", "updated_at": ""
        }));
        assert_eq!(customer, read(json!({})));
        let lists = read(json!({
            "identifications": "", "authorizations": "", "subscriptions": "", "transactions": 0,
            "total_transaction_value": "", "dedicated_accounts": {}
        }));
        assert_eq!(lists.authorizations.as_deref(), Some(&[][..]));
        assert_eq!(lists.total_transaction_value.as_deref(), Some(&[][..]));
        assert_eq!(lists.dedicated_accounts.as_deref(), Some(&[][..]));
    }

    #[test]
    fn both_spellings_of_a_time_are_read() {
        let time = "2022-08-15T13:46:39.123Z";
        let expected = Some(datetime!(2022-08-15 13:46:39.123 UTC));
        for fields in [
            json!({"createdAt": time, "updatedAt": time}),
            json!({"created_at": time, "updated_at": time}),
            json!({"createdAt": time, "updatedAt": time, "created_at": time, "updated_at": time}),
            json!({"createdAt": null, "updatedAt": time, "created_at": time, "updated_at": null}),
            json!({"createdAt": "", "updatedAt": time, "created_at": time, "updated_at": ""}),
        ] {
            let customer = read(fields);
            assert_eq!(
                (customer.created_at, customer.updated_at),
                (expected, expected)
            );
        }
    }

    #[test]
    fn total_transaction_value_decodes_in_three_forms() {
        assert_eq!(
            read(json!({"total_transaction_value": []})).total_transaction_value,
            Some(vec![])
        );
        assert_eq!(
            read(json!({"total_transaction_value": 0})).total_transaction_value,
            Some(vec![])
        );
        let totals = json!([{"currency": "NGN", "amount": 5_000_000_000_u64},
                            {"currency": "GHS", "amount": "700"}]);
        let totals = read(json!({"total_transaction_value": totals})).total_transaction_value;
        let totals: Vec<_> = totals
            .iter()
            .flatten()
            .map(|total| (&*total.currency, total.amount))
            .collect();
        assert_eq!(totals, [("NGN", 5_000_000_000), ("GHS", 700)]);
    }

    #[test]
    fn numbers_and_flags_are_read_from_strings() {
        let customer = read(json!({
            "id": "9387490384", "integration": "463433", "total_transactions": "12", "identified": 1
        }));
        assert_eq!(customer.id.get(), 9_387_490_384);
        assert_eq!(customer.integration, Some(463_433));
        assert_eq!(customer.total_transactions, Some(12));
        assert_eq!(customer.identified, Some(true));
    }

    #[test]
    fn identifications_decode_in_three_forms() {
        assert_eq!(read(json!({"identifications": null})).identifications, None);
        assert_eq!(
            read(json!({"identifications": []})).identifications,
            Some(vec![])
        );
        let one = json!([{"country": "NG", "type": "bvn", "value": "200*****677"}]);
        let one = read(json!({"identifications": one}))
            .identifications
            .unwrap();
        assert_eq!(one[0].country.as_deref(), Some("NG"));
        assert_eq!(one[0].value.as_deref(), Some("200*****677"));
    }

    #[test]
    fn empty_rows_are_dropped() {
        let rows = json!([[], null, {}, "", {"authorization_code": "AUTH_x"}]);
        let customer = read(json!({"authorizations": rows}));
        assert_eq!(customer.authorizations.unwrap().len(), 1);
        let rows = json!([[], null, {}, "", {"type": "bvn"}, {"unknown": 1}]);
        let customer = read(json!({"identifications": rows}));
        assert_eq!(customer.identifications.unwrap().len(), 2);
        let rows = json!([[], null, {}, "", {"id": 1}, {"unknown": 1}]);
        let customer = read(json!({"dedicated_accounts": rows}));
        assert_eq!(customer.dedicated_accounts.unwrap().len(), 2);
    }

    #[test]
    fn dedicated_account_may_be_null_or_empty() {
        let spaced: Customer = serde_json::from_str(
            r#"{"id":1,"customer_code":"C","email":"a@b","dedicated_account":[ ]}"#,
        )
        .unwrap();
        assert_eq!(spaced.dedicated_account, None);
        for none in [json!(null), json!([]), json!({}), json!("")] {
            assert_eq!(
                read(json!({"dedicated_account": none})).dedicated_account,
                None
            );
        }
        let account = json!({"bank": {"slug": "test-bank"}});
        let account = read(json!({"dedicated_account": account}))
            .dedicated_account
            .unwrap();
        assert_eq!(account.bank.unwrap().slug.as_deref(), Some("test-bank"));
    }

    #[test]
    fn unrecognized_values_round_trip() {
        let customer = read(json!({"risk_action": "banish", "domain": "staging"}));
        assert_eq!(customer.risk_action.as_ref().unwrap().as_str(), "banish");
        let written = serde_json::to_value(&customer).unwrap();
        assert_eq!(
            (&written["risk_action"], &written["domain"]),
            (&json!("banish"), &json!("staging"))
        );
    }

    #[test]
    fn unknown_fields_are_skipped() {
        assert_eq!(
            read(json!({"horse": {"legs": [1, 2, 3, 4]}})),
            read(json!({}))
        );
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let customer = read(json!({
            "email": "canary@example.com", "first_name": "canary", "last_name": "canary",
            "phone": "canary", "metadata": {"a": "canary"}, "transactions": ["canary"],
            "identifications": [{"value": "canary", "bvn": "canary", "name": "canary"}],
            "dedicated_account": {"account_name": "canary", "name": "canary"},
            "risk_action": "canary@example.com",
            "authorizations": [{"authorization_code": "AUTH_canary", "account_name": "canary",
                "last4": "canary", "bin": "canary", "signature": "canary"}]
        }));
        let shown = format!("{customer:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
