//! The sandbox serves Paystack clients in other languages.
//!
//! `fixtures/other_clients` holds the recorded bytes of their requests.

use std::fs;
use std::path::Path;
use std::time::Duration;

use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport::{AuthorizationCode, CustomerCode, Email, Mode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes. Returns the status and body of the response.
async fn exchange(server: &Server, request: &[u8]) -> (u16, Value) {
    let mut stream = TcpStream::connect(server.url().replace("http://", ""))
        .await
        .unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert_ne!(read, 0, "the response is incomplete");
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_lowercase();
        assert!(head.contains("content-type: application/json"), "{head}");
        let length = head
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            return (status, serde_json::from_str(body).unwrap());
        }
    }
}

/// The status and message of the response to a recorded request.
fn expected(client: &str, operation: &str) -> (u16, &'static str) {
    match operation {
        // This client misspells the name of the field.
        "deactivate_authorization" if client == "npm-paystack-sdk-4.2.1" => {
            (400, "authorization_code is required")
        }
        "deactivate_authorization" => (200, "Authorization has been deactivated"),
        // This client sends `"metadata": null`, and the others a string.
        "create" if client == "paystackease-2.3.7" => (400, NOT_AN_OBJECT),
        "create_with_stringified_metadata" => (400, NOT_AN_OBJECT),
        "create" | "create_full" => (200, "Customer created"),
        "fetch_by_code" | "fetch_by_email" => (200, "Customer retrieved"),
        "list" | "list_by_page" | "list_by_cursor" => (200, "Customers retrieved"),
        "update" | "update_by_id" | "set_risk_action" => (200, "Customer updated"),
        "validate_bank_account" | "validate_bvn" => (202, "Customer Identification in progress"),
        "initialize_authorization" | "initialize_direct_debit" => {
            (200, "Authorization initialized")
        }
        "charge_activation" | "trigger_activation_charge" => (200, "Mandate is queued for retry"),
        other => panic!("no expected response for {other}"),
    }
}

const NOT_AN_OBJECT: &str = r#""metadata" must be of type object"#;

/// The fields of the customer, the mandate or the webhook that a recorded request must set.
fn expected_effect(client: &str, operation: &str) -> Value {
    let identification = |kind: &str| match kind {
        "bvn" => json!({"country": "NG", "type": "bvn", "value": "222******221"}),
        kind => json!({"country": "NG", "type": kind, "bvn": "222******221",
            "account_number": "011****111", "bank_code": "007"}),
    };
    let (code, message) = expected(client, operation);
    match operation {
        operation if operation.starts_with("create") && code == 400 => {
            json!({"message": "Customer email is invalid for your test domain."})
        }
        "create" => json!({"data": {"first_name": null, "last_name": null, "phone": null,
            "metadata": null, "email": "ada@example.com"}}),
        "create_full" => json!({"data": {"first_name": "Ada", "last_name": "Obi",
            "phone": "+2348123456789", "metadata": {"plan": "gold"}, "email": "ada@example.com"}}),
        "update" | "update_by_id" => json!({"data": {"first_name": null, "last_name": "Obi",
            "phone": null, "metadata": null}}),
        "set_risk_action" => json!({"data": {"risk_action": "deny"}}),
        "deactivate_authorization" if message.contains("required") => {
            json!({"data": {"authorizations": [{"authorization_code": "AUTH_x"}]}})
        }
        "deactivate_authorization" => json!({"data": {"authorizations": []}}),
        "validate_bank_account" => json!({"event": "customeridentification.failed",
            "data": {"identification": identification("bank_account")}}),
        "validate_bvn" => json!({"event": "customeridentification.failed",
            "data": {"identification": identification("bvn")}}),
        "initialize_authorization" | "initialize_direct_debit" => json!({"data": [
            {"status": "pending", "account_number": "0123456789", "bank_code": "058"}]}),
        "charge_activation" | "trigger_activation_charge" => json!({"data": [
            {"status": "active"}]}),
        _ => json!({"status": true}),
    }
}

/// Returns the state that a recorded request changed.
async fn effect(server: &Server, operation: &str) -> Value {
    server.advance(Duration::from_secs(3));
    if operation.starts_with("validate") {
        let webhooks = server.with(|sandbox, now| sandbox.take_webhooks(now));
        return serde_json::from_slice(&webhooks[0].body).unwrap();
    }
    let path = match operation.contains("initialize") || operation.contains("charge") {
        true => format!("/customer/{FIRST_ID}/directdebit-mandate-authorizations"),
        false => "/customer/ada@example.com".to_owned(),
    };
    send(server, &format!("GET {path}"), JSON, "").await.1
}

/// The id of the first customer in the sandbox.
const FIRST_ID: u64 = 4_294_967_296;

/// Asserts that a value has all members of another one.
fn assert_contains(value: &Value, expected: &Value, context: &str) {
    match expected {
        Value::Object(members) => {
            for (name, expected) in members {
                assert_contains(&value[name], expected, &format!("{context}.{name}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(value.as_array().unwrap().len(), items.len(), "{context}");
            for (value, expected) in value.as_array().unwrap().iter().zip(items) {
                assert_contains(value, expected, context);
            }
        }
        expected => assert_eq!(value, expected, "{context}"),
    }
}

/// Starts a server with the state that a recorded request needs.
async fn server_before(operation: &str) -> Server {
    let server = server().await;
    let code = CustomerCode::new("CUS_x").unwrap();
    let email = Email::new("ada@example.com").unwrap();
    let card = AuthorizationCode::new("AUTH_x").unwrap();
    if !operation.starts_with("create") {
        server.with(|sandbox, now| {
            sandbox
                .seed_customer(&Mode::Test, &code, &email, now)
                .unwrap();
            assert!(sandbox.seed_authorization(&Mode::Test, &code, &card));
        });
    }
    if operation.starts_with("list") {
        server.with(|sandbox, now| sandbox.seed_customers(&Mode::Test, 14, now));
    }
    if operation.contains("charge") {
        let line = format!("POST /customer/{FIRST_ID}/initialize-direct-debit");
        let body = r#"{"account":{"number":"0123456789","bank_code":"058"},
            "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
        send(&server, &line, JSON, body).await;
        server.advance(Duration::from_secs(3));
    }
    server
}

#[tokio::test]
async fn recorded_request_has_its_response_and_its_effect() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/other_clients");
    let mut replayed = 0;
    for client in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = client.file_name().into_string().unwrap();
        for recorded in fs::read_dir(client.path()).unwrap().map(Result::unwrap) {
            let path = recorded.path();
            let operation = path.file_stem().unwrap().to_str().unwrap();
            let context = format!("{name} {operation}");
            let server = server_before(operation).await;
            let (status, said) = exchange(&server, &fs::read(&path).unwrap()).await;
            let message = said["message"].as_str().unwrap();
            assert_eq!((status, message), expected(&name, operation), "{context}");
            match operation {
                "list" => assert_eq!(said["data"].as_array().unwrap().len(), 15, "{context}"),
                "list_by_page" => {
                    assert_eq!(said["data"].as_array().unwrap().len(), 5, "{context}")
                }
                "list_by_cursor" => assert!(said["meta"]["next"].is_string(), "{context}"),
                _ => {}
            }
            let effect = effect(&server, operation).await;
            assert_contains(&effect, &expected_effect(&name, operation), &context);
            replayed += 1;
        }
    }
    assert_eq!(replayed, 116);
}

/// Sends a request with the headers of other clients. Returns the status and body.
async fn send(server: &Server, request_line: &str, headers: &str, body: &str) -> (u16, Value) {
    let host = server.url().replace("http://", "");
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let request = format!(
        "{request_line} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\
         Accept-Encoding: gzip, deflate, br, zstd\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.to_lowercase()
            .contains("content-type: application/json"),
        "{head}"
    );
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

const JSON: &str = "Authorization: Bearer sk_test_3f2a9c\r\ncontent-type: application/json\r\n";
const FORM: &str = "Authorization: Bearer sk_test_3f2a9c\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n";

async fn server() -> Server {
    Server::start(Sandbox::new(1), 0).await.unwrap()
}

#[tokio::test]
async fn null_name_or_phone_counts_as_not_set() {
    let server = server().await;
    let body =
        r#"{"email": "ada@example.com", "first_name": "Ada", "last_name": null, "phone": null}"#;
    let (status, created) = send(&server, "POST /customer", JSON, body).await;
    assert_eq!(status, 200);
    let code = created["data"]["customer_code"].as_str().unwrap();

    let body = r#"{"first_name": null, "last_name": "Obi", "phone": null, "metadata": null}"#;
    let (status, updated) = send(&server, &format!("PUT /customer/{code}"), JSON, body).await;
    assert_eq!(
        (status, &updated["data"]["first_name"]),
        (200, &Value::Null),
        "an update with null clears the field"
    );
}

#[tokio::test]
async fn at_sign_in_a_path_may_be_raw_or_encoded() {
    let server = server().await;
    send(
        &server,
        "POST /customer",
        JSON,
        r#"{"email":"ada@example.com"}"#,
    )
    .await;
    for path in ["/customer/ada@example.com", "/customer/ada%40example.com"] {
        let (status, fetched) = send(&server, &format!("GET {path}"), JSON, "").await;
        assert_eq!(
            (status, &fetched["data"]["email"]),
            (200, &json!("ada@example.com"))
        );
    }
}

#[tokio::test]
async fn list_accepts_page_and_size_with_other_parameters() {
    let server = server().await;
    send(
        &server,
        "POST /customer",
        JSON,
        r#"{"email":"ada@example.com"}"#,
    )
    .await;
    for query in [
        "perPage=50&page=1",
        "perPage=50&page=1&from=&to=",
        "perPage=50&page=1&use_cursor=true",
        "perPage=50&page=1&from=2020-01-01&to=2099-12-31%2010:00:00",
        "from=2020-01-01T00:00:00&to=2099-12-31T00%3A00%3A00.000Z",
    ] {
        let (status, listed) = send(&server, &format!("GET /customer?{query}"), JSON, "").await;
        assert_eq!(status, 200, "{query}: {listed}");
        assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{query}");
    }
}

#[tokio::test]
async fn form_body_is_accepted() {
    let server = server().await;
    let body = "email=ada%40example.com&first_name=Ada+Augusta";
    let (status, created) = send(&server, "POST /customer", FORM, body).await;
    assert_eq!(
        (status, &created["data"]["first_name"]),
        (200, &json!("Ada Augusta"))
    );
}

#[tokio::test]
async fn invalid_request_is_refused_in_paystacks_format() {
    let server = server().await;
    send(
        &server,
        "POST /customer",
        JSON,
        r#"{"email":"ada@example.com"}"#,
    )
    .await;
    for (line, headers, body, status, message) in [
        (
            "GET /customer",
            "",
            "",
            401,
            "No Authorization Header was found",
        ),
        (
            "GET /customer",
            "Authorization: sk_test_x\r\n",
            "",
            401,
            "Format is Authorization: Bearer [secret key]",
        ),
        (
            "GET /customer",
            "Authorization: Bearer pk_test_x\r\n",
            "",
            401,
            "Invalid key",
        ),
        (
            "POST /customer",
            JSON,
            "{}",
            400,
            "Email Address is required",
        ),
        (
            "POST /customer",
            JSON,
            r#"{"email":""}"#,
            400,
            "Email Address is required",
        ),
        (
            "POST /customer",
            JSON,
            r#"{"email":"ada"}"#,
            400,
            "Invalid Email Address Passed",
        ),
        (
            "POST /customer",
            JSON,
            r#"{"email":7}"#,
            400,
            r#""email" must be a string"#,
        ),
        (
            "POST /customer",
            JSON,
            r#"{"email":"b@example.com","metadata":"{}"}"#,
            400,
            NOT_AN_OBJECT,
        ),
        (
            "POST /customer",
            JSON,
            "{",
            400,
            "Invalid JSON in the request body",
        ),
        ("GET /customer/", JSON, "", 200, "Customers retrieved"),
        (
            "GET /customer?perPage=x",
            JSON,
            "",
            400,
            r#""perPage" must be a positive number"#,
        ),
        (
            "GET /customer?next=x",
            JSON,
            "",
            400,
            r#""next" must be a valid cursor"#,
        ),
        (
            "GET /customer?from=x",
            JSON,
            "",
            400,
            r#""from" must be a valid date"#,
        ),
        (
            "GET /customer/x@example.com",
            JSON,
            "",
            404,
            "Customer email is invalid for your test domain.",
        ),
        (
            "PUT /customer/CUS_x",
            JSON,
            "{}",
            400,
            "Customer code/email specified is invalid",
        ),
        (
            "POST /customer/set_risk_action",
            JSON,
            "{}",
            400,
            "customer is required",
        ),
        (
            "POST /customer/CUS_x/identification",
            JSON,
            "{}",
            400,
            "Please enter a valid `type`",
        ),
        ("DELETE /customer", JSON, "", 405, "Method not allowed"),
        ("GET /bank", JSON, "", 404, "No such route"),
    ] {
        let (responded, said) = send(&server, line, headers, body).await;
        assert_eq!(
            (responded, &said["message"]),
            (status, &json!(message)),
            "{line} {body}"
        );
        assert_eq!(said["status"], json!(status == 200));
    }
    let (_, said) = send(&server, "POST /customer", JSON, "{}").await;
    assert_eq!(said["type"], "validation_error");
    assert_eq!(said["code"], "missing_params");
    assert!(said["meta"]["nextStep"].is_string());
}

#[tokio::test]
async fn integration_without_risk_actions_gets_403() {
    let server = Server::start(Sandbox::new(1).without_risk_actions(), 0)
        .await
        .unwrap();
    let body = r#"{"customer":"ada@example.com","risk_action":"deny"}"#;
    let (status, said) = send(&server, "POST /customer/set_risk_action", JSON, body).await;
    assert_eq!(status, 403);
    assert_eq!(
        said["message"],
        "You cannot modify risk level of customers on this integration"
    );
}

#[tokio::test]
async fn too_large_request_is_refused_as_json() {
    let server = server().await;
    let body = format!(r#"{{"email":"{}"}}"#, "a".repeat(2_000_000));
    let (status, said) = send(&server, "POST /customer", JSON, &body).await;
    assert_eq!((status, &said["status"]), (413, &json!(false)));
}
