//! Successes with odd fields and rows: what happened is never reported as a failure.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use bytes::Bytes;
use paystack_core::customers::{Customer, FetchCustomer, ListCustomers};
use paystack_core::{
    Api, CustomerCode, Error, ErrorKind, JsonProblem, NoData, Operation, Outcome, Reply, SecretKey,
};

fn read<O: Operation>(operation: &O, body: impl Into<Bytes>) -> Result<Reply<O::Output>, Error> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    api.read(operation, http::Response::new(body.into()))
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

/// The body of a customer with more fields.
fn body(fields: &str) -> String {
    format!(
        r#"{{"status":true,"message":"Done","data":{}}}"#,
        row(fields)
    )
}

fn row(fields: &str) -> String {
    format!(r#"{{"id":7,"customer_code":"CUS_x","email":"ada@example.com"{fields}}}"#)
}

fn list(rows: &[&str]) -> String {
    let rows = rows.join(",\n");
    format!("{{\"status\":true,\"message\":\"Done\",\"data\":[{rows}]}}")
}

/// The paths of the ignored fields.
fn ignored<T>(reply: &Reply<T>) -> Vec<&str> {
    let fields = reply.ignored_fields().iter();
    fields.map(|error| error.path()).collect()
}

#[test]
fn optional_field_of_the_wrong_type_is_none() {
    for (field, value) in [
        ("createdAt", r#""29 November 2026""#),
        ("updated_at", "1764422400000"),
        ("first_name", "{}"),
        ("phone", "[8]"),
        ("identified", r#""perhaps""#),
        ("integration", "1e400"),
        ("integration", "1.5"),
        ("total_transactions", "123456789012345678901234567890"),
        ("authorizations", "7"),
        ("risk_action", "{\"a\":[1]}"),
        ("domain", "true"),
        ("total_transaction_value", r#""much""#),
        ("identifications", "7"),
        ("dedicated_account", "7"),
        ("dedicated_account", "[7]"),
        ("dedicated_accounts", r#""one""#),
    ] {
        let reply = read(
            &fetch(),
            body(&format!(r#","{field}":{value},"last_name":"O""#)),
        );
        let reply = reply.unwrap_or_else(|error| panic!("{field}: {error}"));
        assert_eq!(ignored(&reply), [format!("data.{field}")], "{value}");
        let plain: Customer = serde_json::from_str(&row(r#","last_name":"O""#)).unwrap();
        assert_eq!(reply.data, plain, "{field}: {value}");
    }
}

#[test]
fn required_field_of_the_wrong_type_is_an_error() {
    for (field, value, path) in [
        (r#""id":7"#, r#""id":"x""#, "data.id"),
        (r#""id":7"#, r#""id":null"#, "data.id"),
        (r#""id":7"#, r#""id":7,"id":8"#, "data.id"),
        (r#""id":7,"#, "", "data.id"),
        (r#""CUS_x""#, "{}", "data.customer_code"),
        (r#""ada@example.com""#, "[]", "data.email"),
    ] {
        // An odd optional field before it does not hide it.
        let body = body("").replace(r#""data":{"#, r#""data":{"phone":{},"#);
        let error = read(&fetch(), body.replace(field, value)).unwrap_err();
        let ErrorKind::Decode(decode) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(decode.json().path(), path, "{value}");
        assert_eq!(decode.json().line(), 1);
        assert_eq!(error.outcome(), Outcome::Processed);
    }
}

#[test]
fn success_without_a_true_status_is_an_error() {
    for (status, problem) in [
        ("", "status is missing"),
        (
            r#""status":"maybe","#,
            "status: expected true, found another value",
        ),
    ] {
        let body = body("").replace(r#""status":true,"#, status);
        let error = read(&fetch(), body).unwrap_err();
        let ErrorKind::Decode(decode) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(decode.json().to_string(), problem);
    }
}

#[test]
fn repeated_optional_field_is_none() {
    let fields = r#","phone":"1","first_name":"Ada","phone":"2" , "phone":{}"#;
    let reply = read(&fetch(), body(fields)).unwrap();
    assert_eq!(reply.data.phone, None);
    assert_eq!(reply.data.first_name.as_deref(), Some("Ada"));
    assert_eq!(ignored(&reply), ["data.phone"]);
    let problem = reply.ignored_fields()[0].problem();
    assert!(matches!(problem, JsonProblem::Repeated { .. }), "{problem}");
}

#[test]
fn odd_field_with_an_escaped_name_is_none() {
    let fields = r#","first\u005fname":"Ada","\u0070hone":{},"last_name":"O""#;
    let reply = read(&fetch(), body(fields)).unwrap();
    assert_eq!(ignored(&reply), ["data.phone"]);
    assert_eq!(reply.data.phone, None);
    assert_eq!(reply.data.first_name.as_deref(), Some("Ada"));
    assert_eq!(reply.data.last_name.as_deref(), Some("O"));
}

#[test]
fn odd_row_inside_an_object_costs_that_row() {
    let fields = r#","authorizations":[{"bin":"1"},7,{"exp_month":{},"bin":"2"},["x"]],
        "total_transaction_value":[{"currency":"NGN","amount":5},{"currency":"GHS","amount":"x"},{}]"#;
    let reply = read(&fetch(), body(fields)).unwrap();
    let bins = reply.data.authorizations.as_deref().unwrap().iter();
    let bins: Vec<_> = bins.map(|row| row.bin.as_deref().unwrap()).collect();
    assert_eq!(bins, ["1", "2"]);
    assert_eq!(
        reply.data.total_transaction_value.as_deref().unwrap().len(),
        1
    );
    let mut paths = ignored(&reply);
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "data.authorizations[1]",
            "data.authorizations[2].exp_month",
            "data.authorizations[3]",
            "data.total_transaction_value[1].amount",
            "data.total_transaction_value[2].currency",
        ]
    );
}

#[test]
fn odd_identification_or_account_costs_one_field() {
    let fields = r#","identifications":[{"type":"bvn","value":{},"level":{}},7,["x"],null],
        "dedicated_account":{"id":253,"bank":{"name":[7],"slug":"wema-bank"},"assigned":"perhaps",
            "assignment":7,"more":[]}"#;
    let reply = read(&fetch(), body(fields)).unwrap();
    let identifications = reply.data.identifications.as_deref().unwrap();
    assert_eq!(identifications.len(), 1);
    assert_eq!(identifications[0].value, None);
    assert!(identifications[0].other_fields.get("level").is_some());
    let account = reply.data.dedicated_account.as_deref().unwrap();
    assert_eq!((account.id, account.assigned), (Some(253), None));
    let bank = account.bank.as_deref().unwrap();
    assert_eq!(
        (&bank.name, bank.slug.as_deref()),
        (&None, Some("wema-bank"))
    );
    assert_eq!(account.assignment, None);
    assert!(account.other_fields.get("more").is_some());
    let mut paths = ignored(&reply);
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "data.dedicated_account.assigned",
            "data.dedicated_account.assignment",
            "data.dedicated_account.bank.name",
            "data.identifications[0].value",
            "data.identifications[1]",
            "data.identifications[2]",
        ]
    );
}

#[test]
fn byte_that_is_not_utf_8_is_replaced() {
    let mut bytes = body(r#","first_name":"Ad!","phone":{}"#).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'!').unwrap();
    bytes[at] = 0xff;
    let reply = read(&fetch(), bytes.clone()).unwrap();
    assert_eq!(reply.data.first_name.as_deref(), Some("Ad\u{fffd}"));
    assert_eq!(ignored(&reply), ["data.phone"]);
    assert_eq!(reply.body(), &bytes, "the body stays as received");
}

#[test]
fn sixty_fifth_odd_field_costs_the_field_around_it() {
    let odd = |rows: usize| {
        let rows = vec![r#"{"bin":"1","last4":{}}"#; rows].join(",");
        body(&format!(
            r#","phone":{{}},"authorizations":[{rows}],"last_name":"O""#
        ))
    };
    let reply = read(&fetch(), odd(63)).unwrap();
    assert_eq!(reply.ignored_fields().len(), 64);
    assert_eq!(reply.data.authorizations.unwrap().len(), 63);
    for rows in [64, 200] {
        let reply = read(&fetch(), odd(rows)).unwrap();
        assert_eq!(ignored(&reply), ["data.phone", "data.authorizations"]);
        assert_eq!(reply.data.authorizations, None);
        assert_eq!(reply.data.last_name.as_deref(), Some("O"));
        let problem = reply.ignored_fields()[1].problem();
        assert_eq!(problem, &JsonProblem::TooManyOddFields);
    }
}

#[test]
fn value_with_sixty_five_odd_fields_of_its_own_is_an_error() {
    let names: Vec<_> = (0..65).map(|field| format!("f{field}")).collect();
    let odd = |fields: usize| {
        let fields = names[..fields]
            .iter()
            .map(|name| format!(r#""{name}":"x""#));
        let fields: Vec<_> = fields.collect();
        format!(r#"{{"status":true,"data":{{{}}}}}"#, fields.join(","))
    };
    type Numbers = std::collections::BTreeMap<String, Option<u8>>;
    let reply = read(&fetch().decode_as::<Numbers>(), odd(64)).unwrap();
    assert_eq!(reply.ignored_fields().len(), 64);
    let error = read(&fetch().decode_as::<Numbers>(), odd(65)).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Processed);
    let message = "data has too many fields that do not decode";
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn list_inside_an_object_has_ten_thousand_rows_at_most() {
    for (field, row) in [
        ("authorizations", "{}"),
        ("authorizations", r#"{"bin":1}"#),
        ("subscriptions", "0"),
        ("identifications", "null"),
        (
            "total_transaction_value",
            r#"{"currency":"NGN","amount":5}"#,
        ),
    ] {
        let rows = |rows| vec![row; rows].join(",");
        let most = body(&format!(r#","{field}":[{}]"#, rows(10_000)));
        assert!(read(&fetch(), most).is_ok(), "{field}");
        let more = body(&format!(r#","{field}":[{}]"#, rows(10_001)));
        let error = read(&fetch(), more).unwrap_err();
        let ErrorKind::Decode(decode) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(decode.json().path(), format!("data.{field}"));
        assert_eq!(decode.json().problem(), &JsonProblem::TooManyRows);
    }
}

#[test]
fn odd_row_of_a_list_costs_that_row() {
    let rows = [
        &row(r#","first_name":"A""#),
        "7",
        &row(r#","first_name":"B","createdAt":"never""#),
        r#"{"id":8,"customer_code":"CUS_y"}"#,
        &row(r#","id":9"#),
        "null",
        &row(r#","first_name":"C""#),
    ];
    let body = list(&rows);
    let reply = read(&ListCustomers::new(), body.clone()).unwrap();
    let names: Vec<_> = reply
        .data
        .iter()
        .map(|row| row.first_name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(ignored(&reply), ["data[2].createdAt"]);
    let odd: Vec<_> = reply
        .odd_rows()
        .iter()
        .map(|row| (row.index(), row.error().path()))
        .collect();
    assert_eq!(
        odd,
        [
            (1, "data[1]"),
            (3, "data[3].email"),
            (4, "data[4].id"),
            (5, "data[5]")
        ]
    );
    for row in reply.odd_rows() {
        assert_eq!(row.raw().as_str(), rows[row.index()]);
        assert_eq!(row.error().line(), 0, "unknown");
    }
    let shown = reply.odd_rows()[1].to_string();
    assert_eq!(shown, "cannot decode a row: data[3].email is missing");
    assert_eq!(reply.body(), &body);
}

#[test]
fn list_of_odd_rows_alone_is_empty() {
    let reply = read(&ListCustomers::new(), list(&["{}", "{}"])).unwrap();
    assert_eq!((reply.data.len(), reply.odd_rows().len()), (0, 2));
}

#[test]
fn null_in_place_of_a_list_is_an_empty_list() {
    let reply = read(&ListCustomers::new(), r#"{"status":true,"data":null}"#).unwrap();
    assert_eq!((reply.data.len(), reply.odd_rows().len()), (0, 0));
    // Absent data may be a list that was lost.
    for body in [
        r#"{"status":true}"#,
        r#"{"status":true,"data":{}}"#,
        r#"{"status":true,"data":7}"#,
    ] {
        let error = read(&ListCustomers::new(), body).unwrap_err();
        assert_eq!(error.outcome(), Outcome::Processed, "{body}");
    }
    let error = read(&fetch(), r#"{"status":true,"data":null}"#).unwrap_err();
    assert!(error.to_string().contains("data is missing"), "{error}");
}

#[test]
fn more_than_ten_thousand_odd_rows_are_an_error() {
    let rows = |rows| list(&vec!["0"; rows]);
    let reply = read(&ListCustomers::new(), rows(10_000)).unwrap();
    assert_eq!(reply.odd_rows().len(), 10_000);
    let error = read(&ListCustomers::new(), rows(10_001)).unwrap_err();
    let ErrorKind::Decode(decode) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(decode.json().path(), "data");
    assert_eq!(decode.json().problem(), &JsonProblem::TooManyRows);
}

#[test]
fn output_of_a_caller_is_as_lenient() {
    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct Bank {
        name: String,
        code: Option<u16>,
    }
    let body = r#"{"status":true,"data":{"name":"A","code":"x"}}"#;
    let reply = read(&fetch().decode_as::<Bank>(), body).unwrap();
    assert_eq!(reply.data.code, None);
    // The whole is never read as null.
    let body = r#"{"status":true,"data":{"name":7}}"#;
    assert!(read(&fetch().decode_as::<Option<Bank>>(), body).is_err());
    // Only a list has rows.
    let body = r#"{"status":true,"data":["A",7]}"#;
    assert!(read(&fetch().decode_as::<(Bank, u8)>(), body).is_err());
    let rows = read(&fetch().decode_as::<Vec<u8>>(), body).unwrap();
    assert_eq!((rows.data.as_slice(), rows.odd_rows().len()), (&[7][..], 1));
    assert!(read(&fetch().decode_as::<NoData>(), body).is_ok());
}

#[test]
fn error_of_an_odd_row_shows_no_value() {
    let rows = [r#"{"id":7,"customer_code":"canary"}"#, r#""canary""#];
    let reply = read(&ListCustomers::new(), list(&rows)).unwrap();
    for row in reply.odd_rows() {
        let shown = format!("{row} {row:?} {reply:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn optional_object_without_a_required_field_is_none() {
    #[derive(Debug, serde::Deserialize)]
    struct Account {
        #[allow(dead_code, reason = "only read")]
        number: String,
    }
    #[derive(Debug, serde::Deserialize)]
    struct Owner {
        name: String,
        account: Option<Account>,
    }
    for account in ["{}", r#"{"number":7}"#, r#"{"number":"1","number":"2"}"#] {
        let body = format!(r#"{{"status":true,"data":{{"name":"A","account":{account}}}}}"#);
        let reply = read(&fetch().decode_as::<Owner>(), body).unwrap();
        assert_eq!(reply.data.name, "A");
        assert!(reply.data.account.is_none(), "{account}");
        assert_eq!(ignored(&reply), ["data.account.number"], "{account}");
    }
}

#[test]
fn byte_order_mark_before_a_success_is_skipped() {
    let marked = [b"\xef\xbb\xbf", body("").as_bytes()].concat();
    let reply = read(&fetch(), marked).unwrap();
    assert_eq!(reply.data.id.get(), 7);
}

#[test]
fn reply_beyond_a_limit_was_processed() {
    let rows = vec!["null"; 10_001].join(",");
    for error in [
        read(&fetch(), body(&format!(r#","authorizations":[{rows}]"#))).unwrap_err(),
        read(&ListCustomers::new(), list(&vec!["0"; 10_001])).unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
        assert_eq!(error.outcome(), Outcome::Processed, "{error}");
    }
    // A row beyond a limit is an odd row.
    let long = row(&format!(r#","authorizations":[{rows}]"#));
    let reply = read(&ListCustomers::new(), list(&[&row(""), &long, &row("")])).unwrap();
    assert_eq!((reply.data.len(), reply.odd_rows().len()), (2, 1));
}

#[test]
fn time_for_odd_fields_is_bounded() {
    // Each would take minutes if it were quadratic.
    let repeated = r#","createdAt":0,"a":0"#.repeat(50_000);
    let reply = read(&fetch(), body(&repeated)).unwrap();
    assert_eq!(ignored(&reply), ["data.createdAt"]);
    let cards = vec![r#"{"reusable":7}"#; 60].join(",");
    let rows = vec![row(&format!(r#","authorizations":[{cards}]"#)); 1_000];
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let reply = read(&ListCustomers::new(), list(&rows)).unwrap();
    assert_eq!(reply.data.len() + reply.odd_rows().len(), 1_000);
    assert!(!reply.odd_rows().is_empty(), "the body takes too long");
}

#[test]
fn page_with_many_ignored_fields_loses_no_row() {
    let fields = r#","phone":{},"createdAt":1,"updatedAt":2,"first_name":[1]"#;
    let rows = vec![row(fields); 3_000];
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let reply = read(&ListCustomers::new(), list(&rows)).unwrap();
    assert_eq!((reply.data.len(), reply.odd_rows().len()), (3_000, 0));
    assert_eq!(
        reply.ignored_fields().len(),
        10_000,
        "the first ones are reported"
    );
}

#[test]
fn data_of_127_levels_is_decoded_and_no_more() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"status":true,"data":{open}{close}}}"#)
    };
    let any = fetch().decode_as::<serde_json::Value>();
    assert!(read(&any, nested(127)).is_ok());
    let error = read(&any, nested(128)).unwrap_err();
    let ErrorKind::Decode(decode) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(decode.json().problem(), &JsonProblem::TooDeep);
    assert_eq!(error.outcome(), Outcome::Processed);
}

#[test]
fn odd_field_behind_a_buffer_costs_the_value_around_it() {
    #[derive(serde::Deserialize)]
    struct Member {
        #[serde(flatten)]
        customer: Customer,
    }
    let member = fetch().decode_as::<Member>();
    let reply = read(&member, body(r#","metadata":{"a":1}"#)).unwrap();
    assert_eq!(reply.data.customer.id.get(), 7);
    let odd = row(r#","createdAt":"never""#);
    assert!(read(&member, body(r#","createdAt":"never""#)).is_err());
    let members = ListCustomers::new().decode_as::<Vec<Member>>();
    let reply = read(&members, list(&[&row(""), &odd, &row("")])).unwrap();
    assert_eq!((reply.data.len(), reply.odd_rows().len()), (2, 1));
}
