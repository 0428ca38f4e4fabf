//! Refused requests, with Paystack's messages, types and codes.

use bytes::Bytes;
use http::{Request, Response};
use paystack_sandbox::Sandbox;
use serde_json::{Value, json};
use time::Duration;

use super::{CREDENTIAL, NOW, create, request, send};

fn form(line: &str, body: &str) -> Request<Bytes> {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = request(method, path, "sk_test_x", body);
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", form);
    request
}

fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn key_that_is_not_a_secret_key_is_refused() {
    let mut sandbox = Sandbox::new(1);
    for key in [
        "",
        "pk_test_x",
        "sk_test_",
        "sk_other_x",
        "secret",
        "sk_test_a b",
    ] {
        let response = sandbox.handle(NOW, request("GET", "/customer", key, ""));
        assert_eq!(response.status(), 401, "{key}");
        let refused = body(&response);
        assert_eq!(refused["message"], "Invalid key");
        assert_eq!(refused["type"], "validation_error");
        assert_eq!(refused["code"], "invalid_Key");
        assert!(refused["meta"]["nextStep"].is_string());
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    for path in [
        "/customer",
        "/customer/ada@example.com",
        "/customer/CUS_x",
        "/bank",
    ] {
        let get = sandbox.handle(NOW, request("GET", path, "sk_test_x", ""));
        let head = sandbox.handle(NOW, request("HEAD", path, "sk_test_x", ""));
        assert_eq!(head.status(), get.status(), "{path}");
        assert!(head.body().is_empty());
        assert_eq!(
            head.headers()["content-length"],
            get.body().len().to_string()
        );
        assert_eq!(
            head.headers()["content-type"],
            get.headers()["content-type"]
        );
    }
    assert_eq!(sandbox.writes(), 1, "HEAD is not a write");
}

#[test]
fn known_path_with_another_method_is_405_with_allow() {
    let mut sandbox = Sandbox::new(1);
    for (line, allow) in [
        ("DELETE /customer", "GET, HEAD, POST"),
        ("POST /customer/CUS_x", "GET, HEAD, PUT"),
        ("DELETE /customer/set_risk_action", "GET, HEAD, POST, PUT"),
        ("GET /customer/CUS_x/identification", "POST"),
        ("GET /customer/authorization/deactivate", "POST"),
        ("PUT /customer/authorization/initialize", "POST"),
        ("POST /customer/authorization/verify/x", "GET, HEAD"),
        ("GET /customer/1/initialize-direct-debit", "POST"),
        ("POST /customer/1/directdebit-activation-charge", "PUT"),
        (
            "PUT /customer/1/directdebit-mandate-authorizations",
            "GET, HEAD",
        ),
        ("POST /directdebit/activation-charge", "PUT"),
        ("DELETE /directdebit/mandate-authorizations", "GET, HEAD"),
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let response = sandbox.handle(NOW, request(method, path, "sk_test_x", ""));
        assert_eq!(
            (response.status().as_u16(), &response.headers()["allow"]),
            (405, &allow.parse().unwrap()),
            "{line}"
        );
    }
}

#[test]
fn reserved_or_malformed_address_is_refused() {
    let mut sandbox = Sandbox::new(1);
    for email in [
        "ada@shop.test",
        "ada@shop.LOCAL",
        "ada@shop.invalid",
        "ada",
        "a@b@c.com",
        "@",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@example..com",
        "ada@.com",
        "ada@example.",
    ] {
        let refused = create(&mut sandbox, NOW, email);
        assert_eq!(
            refused["message"], "Invalid Email Address Passed",
            "{email}"
        );
        assert_eq!(refused["code"], "invalid_email_address");
    }
    let accepted = create(&mut sandbox, NOW, "ada@test.example.com");
    assert_eq!(accepted["status"], true);
}

#[test]
fn parameter_in_an_odd_encoding_is_refused_not_dropped() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let update = format!("PUT /customer/{}", ada["data"]["id"]);
    for fields in [
        "first_name[]=Ada",
        "first_name[a]=Ada",
        "first_name=Ada&first_name=Ada",
        "metadata=a&metadata[b]=c",
        "metadata[]=a",
        "metadata=gold",
        "phone=%zz",
        "phone=%ff",
        r#"{"first_name":"Ada"}"#,
        "metadata[a][b][c][d][e][f]=1",
    ] {
        let response = sandbox.handle(NOW, form(&update, fields));
        assert_eq!(response.status(), 400, "{fields}");
        assert_eq!(body(&response)["code"], "invalid_params");
    }
    for json in [
        r#"{"first_name":"Ada","first_name":"Ada"}"#.to_owned(),
        r#"{"metadata":{"a":1,"a":2}}"#.to_owned(),
        r#"{"first_name":["Ada"]}"#.to_owned(),
        format!(
            r#"{{"metadata":{}1{}}}"#,
            r#"{"a":"#.repeat(128),
            "}".repeat(128)
        ),
        "[1]".to_owned(),
        "7".to_owned(),
    ] {
        assert_eq!(
            send(&mut sandbox, NOW, &update, &json)["status"],
            false,
            "{json}"
        );
    }
    for query in [
        "page=1&page=1",
        "page[]=1",
        "perPage[a]=1",
        "use_cursor=maybe",
        "from=%zz",
        "=1",
    ] {
        let line = format!("GET /customer?{query}");
        assert_eq!(
            send(&mut sandbox, NOW, &line, "")["status"],
            false,
            "{query}"
        );
    }
    assert_eq!(
        send(&mut sandbox, NOW, "GET /customer/%ff", "")["code"],
        "invalid_params"
    );
    let fetched = send(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["first_name"], Value::Null);
    assert_eq!(fetched["data"]["metadata"], Value::Null);
}

#[test]
fn numbers_of_a_form_are_text() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let id = &ada["data"]["id"];
    let account = "account[number]=0123456789&account[bank_code]=058\
        &address%5Bstreet%5D=1+Main&address[city]=Ikeja&address[state]=Lagos";
    let initialize = format!("POST /customer/{id}/initialize-direct-debit");
    assert_eq!(
        sandbox.handle(NOW, form(&initialize, account)).status(),
        200
    );
    let later = NOW + Duration::seconds(3);
    for (line, fields) in [
        (
            format!("PUT /customer/{id}/directdebit-activation-charge"),
            "authorization_id=1069309917".to_owned(),
        ),
        (
            "PUT /directdebit/activation-charge".to_owned(),
            format!("customer_ids[]={id}"),
        ),
        (
            "PUT /directdebit/activation-charge".to_owned(),
            format!("customer_ids[0]={id}"),
        ),
    ] {
        let response = sandbox.handle(later, form(&line, &fields));
        assert_eq!(
            body(&response)["message"],
            "Mandate is queued for retry",
            "{fields}"
        );
    }
    let list = format!("GET /customer/{id}/directdebit-mandate-authorizations");
    let listed = send(&mut sandbox, later + Duration::seconds(2), &list, "");
    assert_eq!(listed["data"][0]["status"], "active");
}

#[test]
fn missing_field_of_a_validation_is_named_in_backticks() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let complete: Value = serde_json::from_str(CREDENTIAL).unwrap();
    for name in complete.as_object().unwrap().keys() {
        for value in [Value::Null, json!("")] {
            let mut fields = complete.clone();
            fields[name] = value;
            let line = "POST /customer/ada@example.com/identification";
            let refused = send(&mut sandbox, NOW, line, &fields.to_string());
            assert_eq!(refused["message"], format!("Please enter a valid `{name}`"));
        }
    }
}

#[test]
fn identified_customer_keeps_the_names_of_the_bvn() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let line = "POST /customer/ada@example.com/identification";
    send(&mut sandbox, NOW, line, CREDENTIAL);
    let later = NOW + Duration::seconds(3);
    let fetched = send(&mut sandbox, later, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["first_name"], "Uchenna");
    let update = format!(
        "PUT /customer/{}",
        fetched["data"]["customer_code"].as_str().unwrap()
    );
    let fields = r#"{"first_name":"Ada","last_name":null,"phone":"1"}"#;
    let updated = send(&mut sandbox, later, &update, fields);
    let data = &updated["data"];
    assert_eq!(
        (&data["first_name"], &data["last_name"], &data["phone"]),
        (&json!("Uchenna"), &json!("Okoro"), &json!("1"))
    );
    let again = send(&mut sandbox, later, line, CREDENTIAL);
    assert_eq!(
        again["message"],
        "Customer already validated using the same credentials"
    );
}

#[test]
fn existing_customer_has_null_where_a_new_one_has_nothing() {
    let mut sandbox = Sandbox::new(1);
    let new = create(&mut sandbox, NOW, "ada@example.com");
    let existing = create(&mut sandbox, NOW, "ada@example.com");
    for name in ["phone", "metadata"] {
        assert_eq!(new["data"].get(name), None);
        assert_eq!(existing["data"].get(name), Some(&Value::Null));
    }
}

#[test]
fn direct_debit_refuses_incomplete_accounts_and_other_banks() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let address = r#""address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}"#;
    let line = format!(
        "POST /customer/{}/initialize-direct-debit",
        ada["data"]["id"]
    );
    for (fields, message) in [
        ("{}".to_owned(), "account is required"),
        (
            r#"{"account":{"number":"1","bank_code":"058"}}"#.to_owned(),
            "address is required",
        ),
        (
            format!(r#"{{"account":7,{address}}}"#),
            r#""account" must be of type object"#,
        ),
        (
            format!(r#"{{"account":{{"number":"","bank_code":"058"}},{address}}}"#),
            "account.number is required",
        ),
        (
            format!(r#"{{"account":{{"number":"1","bank_code":""}},{address}}}"#),
            "account.bank_code is required",
        ),
        (
            format!(r#"{{"account":{{"number":"1","bank_code":"999"}},{address}}}"#),
            "Bank not supported for direct debit",
        ),
        (
            r#"{"account":{"number":"1","bank_code":"058"},"address":{"street":"1"}}"#.to_owned(),
            "address.city is required",
        ),
    ] {
        let refused = send(&mut sandbox, NOW, &line, &fields);
        assert_eq!(refused["message"], message, "{fields}");
    }
    let list = "GET /directdebit/mandate-authorizations";
    let empty = send(&mut sandbox, NOW, list, "");
    assert_eq!(
        (&empty["data"], empty["meta"].get("total")),
        (&json!([]), None)
    );
    let refused = send(&mut sandbox, NOW, &format!("{list}?status=AAA"), "");
    assert_eq!(
        refused["message"],
        r#""status" must be one of [pending, active, revoked]"#
    );
    let response = sandbox.handle(
        NOW,
        request(
            "GET",
            "/directdebit/mandate-authorizations?cursor=x",
            "sk_test_x",
            "",
        ),
    );
    assert_eq!(
        (response.status().as_u16(), &body(&response)["data"]),
        (500, &json!([]))
    );
}
