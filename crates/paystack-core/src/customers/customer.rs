//! What the operations answer with.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::serde::rfc3339;

use super::{Authorization, CurrencyAmount, RiskAction};
use crate::lenient::{self, Object};
use crate::{CustomerCode, CustomerId, Domain, Email, Metadata, Personal, RawJson};

/// A customer, as any of the operations tells of it.
///
/// What an operation does not tell, or tells as null, is `None`; an empty list is one that was told
/// to be empty. Serialized, it reads back as the same customer.
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
/// To read fields of one's own beside it, read the same JSON twice. `#[serde(flatten)]` cannot do
/// that: what it hands on has lost the order of fields and the digits of numbers, which
/// [`Metadata`] keeps, and so it fails.
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
/// // Where one does not fit, the error tells the row, and not the field in it.
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let list = ListCustomers::new().answering::<Vec<Member>>();
/// # let body = r#"{"status":true,"message":"","data":[{"id":1173,"customer_code":"CUS_x",
/// #   "email":"ada@example.com","metadata":{"b":1.00,"a":1},"points":7}]}"#;
/// # let response = http::Response::new(body.into());
/// let members = api.read(&list, response)?.data;
/// assert_eq!((members[0].customer.id.get(), members[0].loyalty.points), (1173, 7));
/// # assert_eq!(members[0].customer.metadata.as_ref().unwrap().as_str(), r#"{"b":1.00,"a":1}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// For a single customer, [`Reply::decode`](crate::Reply::decode) does the second reading.
///
/// See <https://paystack.com/docs/api/customer/>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct Customer {
    /// The numeric id, which the direct-debit operations take.
    pub id: CustomerId,
    /// The code, which the other operations take.
    pub customer_code: CustomerCode,
    /// The address.
    pub email: Email,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Personal>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Personal>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal>,
    /// The caller's own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Test or live mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// The numeric id of the integration that the customer belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration: Option<u64>,
    /// How the fraud rules treat the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_action: Option<RiskAction>,
    /// Whether a validation has succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identified: Option<bool>,
    /// What the customer was identified by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifications: Option<Vec<RawJson>>,
    /// The cards and mandates that can be charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizations: Option<Vec<Authorization>>,
    /// The subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<Vec<RawJson>>,
    /// The transactions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<Vec<RawJson>>,
    /// How many transactions there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_transactions: Option<u64>,
    /// What they add up to, currency by currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_transaction_value: Option<Vec<CurrencyAmount>>,
    /// The bank account that is the customer's own to pay into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedicated_account: Option<RawJson>,
    /// The same, where there may be several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dedicated_accounts: Option<Vec<RawJson>>,
    /// When the customer was created.
    #[serde(
        rename = "createdAt",
        with = "rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<OffsetDateTime>,
    /// When the customer was last changed.
    #[serde(
        rename = "updatedAt",
        with = "rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub updated_at: Option<OffsetDateTime>,
}

/// A customer as it comes: with the times in either spelling, or in both at once, which an alias
/// would refuse as a repeated field.
#[derive(Deserialize)]
struct Body {
    id: CustomerId,
    customer_code: CustomerCode,
    email: Email,
    first_name: Option<Personal>,
    last_name: Option<Personal>,
    phone: Option<Personal>,
    metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    domain: Option<Domain>,
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    integration: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    risk_action: Option<RiskAction>,
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    identified: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    identifications: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_rows")]
    authorizations: Option<Vec<Authorization>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    subscriptions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    transactions: Option<Vec<RawJson>>,
    #[serde(default, deserialize_with = "lenient::optional_whole_number")]
    total_transactions: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    total_transaction_value: Option<Vec<CurrencyAmount>>,
    dedicated_account: Option<RawJson>,
    #[serde(default, deserialize_with = "lenient::optional_list")]
    dedicated_accounts: Option<Vec<RawJson>>,
    #[serde(
        default,
        rename = "createdAt",
        deserialize_with = "lenient::optional_time"
    )]
    created_at_camel: Option<OffsetDateTime>,
    #[serde(
        default,
        rename = "updatedAt",
        deserialize_with = "lenient::optional_time"
    )]
    updated_at_camel: Option<OffsetDateTime>,
    #[serde(default, deserialize_with = "lenient::optional_time")]
    created_at: Option<OffsetDateTime>,
    #[serde(default, deserialize_with = "lenient::optional_time")]
    updated_at: Option<OffsetDateTime>,
}

impl From<Object<Body>> for Customer {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            id: body.id,
            customer_code: body.customer_code,
            email: body.email,
            first_name: body.first_name,
            last_name: body.last_name,
            phone: body.phone,
            metadata: body.metadata,
            domain: body.domain,
            integration: body.integration,
            risk_action: body.risk_action,
            identified: body.identified,
            identifications: body.identifications,
            authorizations: body.authorizations,
            subscriptions: body.subscriptions,
            transactions: body.transactions,
            total_transactions: body.total_transactions,
            total_transaction_value: body.total_transaction_value,
            dedicated_account: body.dedicated_account.filter(|account| !is_empty(account)),
            dedicated_accounts: body.dedicated_accounts,
            created_at: body.created_at_camel.or(body.created_at),
            updated_at: body.updated_at_camel.or(body.updated_at),
        }
    }
}

/// An empty object may come as an empty list, or as empty text.
fn is_empty(json: &RawJson) -> bool {
    let mut tokens = json
        .as_str()
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace());
    matches!(
        (tokens.next(), tokens.next(), tokens.next()),
        (_, Some(b']' | b'}' | b'"'), None)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    /// A customer with these fields beside the three that are required.
    fn read(fields: Value) -> Customer {
        let mut body = json!({"id": 1, "customer_code": "CUS_x", "email": "ada@example.com"});
        let fields = fields.as_object().cloned().unwrap();
        body.as_object_mut().unwrap().extend(fields);
        serde_json::from_str(&body.to_string()).unwrap()
    }

    #[test]
    fn metadata_comes_in_seven_forms() {
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
    fn what_is_null_is_not_told() {
        let null = read(json!({"phone": null, "authorizations": null, "identifications": null}));
        assert_eq!(null, read(json!({})));
    }

    #[test]
    fn empty_text_where_something_else_belongs_costs_nothing() {
        let told = read(json!({
            "domain": "", "integration": "", "risk_action": "", "identified": "",
            "total_transactions": "", "dedicated_account": "", "createdAt": "", "updated_at": ""
        }));
        assert_eq!(told, read(json!({})));
        let lists = read(json!({
            "identifications": "", "authorizations": "", "subscriptions": "", "transactions": 0,
            "total_transaction_value": "", "dedicated_accounts": {}
        }));
        assert_eq!(lists.authorizations.as_deref(), Some(&[][..]));
        assert_eq!(lists.total_transaction_value.as_deref(), Some(&[][..]));
        assert_eq!(lists.dedicated_accounts.as_deref(), Some(&[][..]));
    }

    #[test]
    fn times_come_in_two_spellings_and_in_both_at_once() {
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
    fn totals_come_in_three_forms() {
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
    fn numbers_and_flags_come_as_strings_too() {
        let customer = read(json!({
            "id": "9387490384", "integration": "463433", "total_transactions": "12", "identified": 1
        }));
        assert_eq!(customer.id.get(), 9_387_490_384);
        assert_eq!(customer.integration, Some(463_433));
        assert_eq!(customer.total_transactions, Some(12));
        assert_eq!(customer.identified, Some(true));
    }

    #[test]
    fn identifications_come_as_null_as_an_empty_list_and_as_objects() {
        assert_eq!(read(json!({"identifications": null})).identifications, None);
        assert_eq!(
            read(json!({"identifications": []})).identifications,
            Some(vec![])
        );
        let one = json!([{"country": "NG", "type": "bvn", "value": "200*****677"}]);
        let one = read(json!({"identifications": one}))
            .identifications
            .unwrap();
        assert_eq!(one[0].get::<Value>().unwrap()["country"], "NG");
    }

    #[test]
    fn an_authorization_that_is_nothing_costs_no_customer() {
        let rows = json!([[], null, {"authorization_code": "AUTH_x"}]);
        let customer = read(json!({"authorizations": rows}));
        assert_eq!(customer.authorizations.unwrap().len(), 1);
    }

    #[test]
    fn a_dedicated_account_may_be_null_or_empty_as_a_list() {
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
        assert_eq!(account.get::<Value>().unwrap()["bank"]["slug"], "test-bank");
    }

    #[test]
    fn words_that_are_not_known_are_kept_and_written_back() {
        let customer = read(json!({"risk_action": "banish", "domain": "staging"}));
        assert_eq!(customer.risk_action.as_ref().unwrap().as_str(), "banish");
        let written = serde_json::to_value(&customer).unwrap();
        assert_eq!(
            (&written["risk_action"], &written["domain"]),
            (&json!("banish"), &json!("staging"))
        );
    }

    #[test]
    fn fields_that_are_not_known_are_passed_over() {
        assert_eq!(
            read(json!({"horse": {"legs": [1, 2, 3, 4]}})),
            read(json!({}))
        );
    }

    #[test]
    fn flattened_into_another_type_it_fails_rather_than_lose_a_digit_of_its_metadata() {
        #[derive(Deserialize)]
        #[allow(dead_code, reason = "only read")]
        struct Flattened {
            #[serde(flatten)]
            customer: Customer,
        }

        let plain = r#"{"id":1,"customer_code":"CUS_x","email":"a@b"}"#;
        assert!(serde_json::from_str::<Flattened>(plain).is_ok());
        let with_metadata =
            r#"{"id":1,"customer_code":"CUS_x","email":"a@b","metadata":{"b":1.00}}"#;
        assert!(serde_json::from_str::<Flattened>(with_metadata).is_err());
    }

    #[test]
    fn debug_shows_nobody() {
        let customer = read(json!({
            "email": "canary@example.com", "first_name": "canary", "last_name": "canary",
            "phone": "canary", "metadata": {"a": "canary"}, "identifications": ["canary"],
            "dedicated_account": {"name": "canary"}, "transactions": ["canary"],
            "risk_action": "canary@example.com",
            "authorizations": [{"authorization_code": "AUTH_canary", "account_name": "canary",
                "last4": "canary", "bin": "canary", "signature": "canary"}]
        }));
        let shown = format!("{customer:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}
