//! The text of a recording contains no secret, and is otherwise complete.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use paystack_transport::BlockingTransport;
use paystack_transport::bytes::Bytes;
use paystack_transport::http::{Request, Response};
use paystack_transport::testing::{Answer, Recording, Redaction, Scripted};

/// The recorded text of exchanges with these requests and responses.
fn recorded_all(
    rules: Redaction,
    exchanges: impl IntoIterator<Item = (Request<Bytes>, Response<Bytes>)>,
) -> String {
    let (requests, responses): (Vec<_>, Vec<_>) = exchanges.into_iter().unzip();
    let answers = responses.into_iter().map(Answer::response);
    let scripted = answers.fold(Scripted::new(), Scripted::then);
    let recording = Recording::new(scripted).with_redaction(rules);
    for request in requests {
        recording.send(request, None).unwrap();
    }
    recording.to_string()
}

fn get(path_and_query: &str) -> Request<Bytes> {
    let url = format!("https://api.paystack.co{path_and_query}");
    Request::get(url).body(Bytes::new()).unwrap()
}

fn body(body: impl Into<Bytes>) -> Response<Bytes> {
    Response::new(body.into())
}

/// The recorded text of a response with this body, to the request for a customer.
fn recorded(json: impl Into<Bytes>) -> String {
    recorded_all(Redaction::new(), [(get("/customer"), body(json))])
}

#[track_caller]
fn assert_hidden(text: &str, secrets: &[&str]) {
    for secret in secrets {
        let (text, secret) = (text.to_lowercase(), secret.to_lowercase());
        assert!(!text.contains(&secret), "{secret} in {text}");
    }
}

/// A body with a name, an address and a phone number, of a customer named Ada.
const ADA: &str = r#"{"first_name":"Adaeze","email":"ada@example.org","phone":"08031234567"}"#;
const SECRETS: [&str; 3] = ["adaeze", "ada@", "8031234567"];

#[test]
fn invalid_json_is_redacted_by_its_fields() {
    let trailing_comma = ADA.replace('}', ",}");
    let prefixed = format!("Warning: deprecated\n{ADA}");
    let marked = format!("\u{feff}{ADA}");
    let two = format!("{ADA}\n{ADA}");
    let bare = ADA.replace("\"08031234567\"", "08031234567");
    let in_html = format!("<script>var data = {ADA};</script>");
    let unquoted = ADA.replace("\"first_name\"", "first_name");
    let single = ADA.replace('"', "'");
    for text in [
        trailing_comma,
        prefixed,
        marked,
        two,
        bare,
        in_html,
        unquoted,
        single,
    ] {
        assert_hidden(&recorded(text), &SECRETS);
    }
}

#[test]
fn cut_off_json_is_redacted_by_its_fields() {
    for length in 0..ADA.len() {
        let cut = ADA.get(..length).unwrap();
        let text = recorded(cut);
        // The value may be cut off, so search for its beginning.
        assert_hidden(&text, &["Ada", "ada@", "0803"]);
    }
}

#[test]
fn bytes_that_are_not_text_are_redacted() {
    let mut bytes = b"\xff\xfe ".to_vec();
    bytes.extend(ADA.as_bytes());
    bytes.extend(br#"{"last_name":"Okoro\ud800"}"#);
    assert_hidden(&recorded(bytes), &["adaeze", "ada@", "8031234567", "okoro"]);
}

#[test]
fn sensitive_key_is_redacted() {
    let json = r#"{"first_name":"Adaeze","metadata":{"ada@example.org":1,"AUTH_8dfhjjdt":2,
        "0803 123 4567":3,"Adaeze":4,"plan":"gold"}}"#;
    let text = recorded(json);
    assert_hidden(&text, &["ada@", "8dfhjjdt", "0803", "adaeze"]);
    assert!(text.contains(r#""plan": "gold""#), "{text}");
    assert!(text.contains(r#""first_name": "recorded1""#), "{text}");
}

#[test]
fn all_values_below_a_sensitive_field_are_redacted() {
    let json = r#"{"address":{"lines":["12 Allen Avenue",{"unit":7}],"verified":true,"note":null},
        "phone":[8031234567,-42,1.5e3],"names":["Adaeze"],"email":true}"#;
    let text = recorded(json);
    let secrets = ["allen", "7\n", "true", "8031234567", "42", "1.5", "adaeze"];
    assert_hidden(&text, &secrets);
    assert!(text.contains(r#""note": null"#), "{text}");
}

#[test]
fn number_equal_to_a_known_value_is_redacted() {
    let json = r#"{"phone":"08031234567","longitude":"6.524412","metadata":{"a":8031234567,
        "b":-8031234567,"c":8031234567.0,"d":8.031234567e9,"e":[6.524412],"f":"8031234567"}}"#;
    assert_hidden(&recorded(json), &["8031234567", "8.031234567", "6.524412"]);
}

#[test]
fn encoded_text_in_a_string_is_redacted() {
    let inner = r#"{\"first_name\":\"Chidi\",\"note\":\"{\\\"bvn\\\":\\\"22212345678\\\"}\"}"#;
    let json = format!(
        r#"{{"last_name":"Adaeze Obi","metadata":{{
        "a":"https://shop.example/?email=ada%40example.org&from=x","b":"{inner}",
        "c":"Adaeze%20Obi","d":"Adaeze+Obi","e":"name=Uchenna&amount=5","f":"%61da%2540example.org",
        "g":"\u0061da@example.org","h":"{{'first_name': 'Ngozi', 'member': 'gold'}}","i":"{{city: Enugu}}",
        "j":"[{{name: Emeka}}]","k":"Ngozi's"}}}}"#
    );
    let secrets = [
        "ada@",
        "ada%",
        "adaeze",
        "chidi",
        "22212345678",
        "uchenna",
        "%61",
        "ngozi",
        "enugu",
        "emeka",
    ];
    let text = recorded(json);
    assert_hidden(&text, &secrets);
    assert!(text.contains("'member': 'gold'"), "{text}");
}

#[test]
fn known_value_with_a_brace_is_redacted_in_a_text() {
    for message in [
        "password: p{ss3word is weak",
        "P{ss3word is weak: choose another",
    ] {
        let json = format!(r#"{{"password":"p{{ss3word","message":"{message}"}}"#);
        assert_hidden(&recorded(json), &["ss3word"]);
    }
}

#[test]
fn known_date_is_redacted_with_and_without_a_time() {
    let json = r#"{"dob":"1990-12-10","born":"1990-12-10T00:00:00.000Z","createdAt":"2026-12-10"}"#;
    let text = recorded(json);
    assert_hidden(&text, &["1990"]);
    assert!(text.contains(r#""createdAt": "2026-12-10""#), "{text}");
}

#[test]
fn form_is_redacted_by_its_fields() {
    let text =
        recorded("email=ada%40example.org&account%5Bnumber%5D=0123&first_name=Ada+Obi&page=2");
    assert_hidden(&text, &["ada", "0123", "obi"]);
    assert!(text.contains("&page=2"), "{text}");
}

#[test]
fn known_value_is_redacted_in_another_letter_case() {
    let json = r#"{"message":"ADAEZE and ada@EXAMPLE.org","name":"Adaeze","note":"xAdaezeObi",
        "last_name":"AdaezeObi","other":"adaeze@shop.example"}"#;
    assert_hidden(&recorded(json), &["adaeze", "ada@", "shop"]);
}

#[test]
fn fields_of_paystack_and_of_metadata_are_redacted() {
    for field in [
        "full_name",
        "fullname",
        "customer_name",
        "sender_name",
        "account_holder",
        "address",
        "line1",
        "zip",
        "date_of_birth",
        "dob",
        "username",
        "nin",
        "callback_url",
        "redirect_url",
        "url",
        "customer_code",
        "authorization_code",
        "signature",
        "last4",
        "bin",
        "reference",
        "firstName",
        "addresses",
        "emails",
        "phone_numbers",
    ] {
        assert_hidden(&recorded(format!(r#"{{"{field}":"q7 z"}}"#)), &["q7 z"]);
        let query = get(&format!("/customer?{field}=q7+z"));
        let text = recorded_all(Redaction::new(), [(query, body("{}"))]);
        assert_hidden(&text, &["q7"]);
    }
}

#[test]
fn email_with_an_apostrophe_or_a_slash_is_redacted() {
    let text = recorded(r#"{"message":"'o'brien@example.org' or a/b@example.org exists"}"#);
    assert_hidden(&text, &["o'", "brien", " a/"]);
}

#[test]
fn number_in_any_text_is_redacted() {
    let json = r#"{"account":"0123456789","message":"tel08031234567 or 0803\u00a0123\u20114568",
        "metadata":{"n":["+234 (803) 123.4569"]}}"#;
    assert_hidden(&recorded(json), &["0123456789", "803", "4568", "4569"]);
}

#[test]
fn value_of_the_caller_is_redacted_if_it_is_short() {
    let rules = Redaction::new().value("q").value("gold").value("");
    let json = r#"{"status":"gold","gold":[7,"q","Q!"],"message":"quiet 70 q","amount":"q"}"#;
    let text = recorded_all(rules, [(get("/gold?x=q"), body(json))]);
    assert_hidden(&text, &["gold", "\"q\"", "q!", "70 q", "=q"]);
    assert!(text.contains("quiet 70"), "{text}");
    let rules = Redaction::new().value("7").field("member").field("Größe");
    let json = r#"{"amount":7,"a":[-7,77],"member":{"a":"b"},"Größe":"b"}"#;
    let text = recorded_all(rules, [(get("/x"), body(json))]);
    assert!(text.contains("\"amount\": 900001"), "{text}");
    assert!(text.contains("-900001") && text.contains("77"), "{text}");
    assert_hidden(&text, &["\"b\""]);
}

#[test]
fn debug_of_the_rules_shows_no_value() {
    let rules = Redaction::new().value("canary").field("member");
    assert_eq!(format!("{rules:?}"), "Redaction(1 fields, 1 values)");
}

#[test]
fn technical_values_stay() {
    let request =
        Request::post("https://api.paystack.co/customer/set_risk_action?perPage=100&amount=500000")
            .header("content-type", "application/json; v=20261231")
            .header("content-length", "1234567")
            .body(Bytes::from(
                r#"{"first_name":"Customer","state":"active","last_name":"rate"}"#,
            ));
    let json = r#"{
  "status": true,
  "message": "Since 2026-01-01T10:00:00.000000Z or 31/12/2026 10:30, or Thu, 01 Jan 2026 00:00:00 GMT",
  "code": "rate_limited",
  "type": "validation_error",
  "data": {
    "status": "active",
    "domain": "test",
    "amount": 500000,
    "fees": "150000.00",
    "id": 87654321,
    "customer_id": "87654321",
    "createdAt": "2016-03-29T20:03:09.123456Z",
    "updated_at": "1767225600",
    "metadata": {
      "custom_fields": [
        {
          "variable_name": "cart_id"
        }
      ]
    }
  },
  "meta": {
    "total": 7316000,
    "perPage": "50",
    "next": null
  }
}
"#;
    let response = Response::builder()
        .header("content-type", "text/plain; id=20261231")
        .header("retry-after", "1234567")
        .header("x-ratelimit-reset", "1767225600")
        .body(Bytes::from(json));
    let text = recorded_all(Redaction::new(), [(request.unwrap(), response.unwrap())]);
    let expected = [
        "POST https://api.paystack.co/customer/set_risk_action?perPage=100&amount=500000\n",
        "content-length: 1234567\ncontent-type: application/json; v=20261231\n",
        "content-type: text/plain; id=20261231\ndate: Thu, 01 Jan 2026 00:00:00 GMT\n\
         retry-after: 1234567\nx-ratelimit-reset: 1767225600\n",
        json,
    ];
    for expected in expected {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn blank_before_a_number_stays() {
    let text = recorded(r#"{"message":"Call 0803 123 4567 now"}"#);
    assert!(text.contains("\"Call 09000000001 now\""), "{text}");
}

#[test]
fn id_is_redacted_in_all_places_or_in_none() {
    let created = || {
        (
            get("/customer"),
            body(r#"{"data":{"id":87654321,"customer_id":"87654321"}}"#),
        )
    };
    let text = recorded_all(Redaction::new(), [created()]);
    assert_eq!(text.matches("87654321").count(), 2, "{text}");
    let used = (
        get("/customer/87654321/initialize-direct-debit"),
        body("{}"),
    );
    let text = recorded_all(Redaction::new(), [created(), used]);
    assert_eq!(text.matches("90000001").count(), 3, "{text}");
}

#[test]
fn text_with_underscores_is_redacted() {
    let json =
        r#"{"username":"adaeze_okoro_7","note":"ADAEZE_okoro8 AUTH_8dfhjjdt sk_test_adaeze_1"}"#;
    let text = recorded(json);
    assert_hidden(&text, &["adaeze", "okoro", "8dfhjjdt"]);
    for kept in ["CODE_recorded", "AUTH_recorded", "sk_test_recorded"] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn label_of_a_custom_field_is_not_a_value() {
    let json = r#"{"display_name":"Bank","message":"Bank of Adaeze"}"#;
    assert!(recorded(json).contains("Bank of Adaeze"));
}

#[test]
fn digits_of_an_id_in_metadata_are_redacted() {
    let json = r#"{"national_id":"22212345678","metadata":{"id":"22212345679",
        "inner":"{\"customer_id\":\"22212345670\"}"}}"#;
    assert_hidden(&recorded(json), &["2221234567"]);
    let query = get("/customer?metadata%5Bid%5D=22212345678");
    let text = recorded_all(Redaction::new(), [(query, body("{}"))]);
    assert_hidden(&text, &["22212345678"]);
}

#[test]
fn key_of_metadata_is_redacted_in_any_letter_case() {
    let json = r#"{"name":"Adaeze","metadata":{"adaeze":4,"rows":[{"adaeze":5}]}}"#;
    assert_hidden(&recorded(json), &["adaeze"]);
    let json = r#"{"name":"Adaeze","metadata":"{\"adaeze\":4}"}"#;
    assert_hidden(&recorded(json), &["adaeze"]);
    let json = r#"{"first_name":"Adaeze","metadata":{"adaeze_phone":"08031234567","adaeze_age":4,
        "Adaeze Obi phone":"1","plan_name":"gold"},"Adaeze phone":"2"}"#;
    let query = || get("/customer?metadata[adaeze_phone]=1&metadata%5Badaeze_age%5D=4&sort_name=a");
    let form = body("metadata[adaeze_phone]=1&metadata%5Badaeze_email%5D=2");
    let exchanges = [(query(), body(json)), (query(), form)];
    let text = recorded_all(Redaction::new(), exchanges);
    assert_hidden(&text, &["adaeze"]);
    for kept in ["_phone\"", "_age\"", "\"plan_name\"", "&sort_name="] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn key_of_metadata_with_a_class_stays() {
    let text = recorded(r#"{"name":"City","metadata":{"city":"Ikeja","raw":"{'city': 'Enugu'}"}}"#);
    assert!(text.contains(r#""city": "recorded2""#), "{text}");
    assert!(text.contains("{'city': 'recorded3'}"), "{text}");
}

#[test]
fn field_of_known_words_keeps_only_one_word() {
    let json = r#"{"name":"Adaeze","event":"Adaeze Obi"}"#;
    assert_hidden(&recorded(json), &["adaeze"]);
    let json = r#"{"name":"visa","card_type":"visa "}"#;
    assert!(recorded(json).contains("\"visa \""));
}

#[test]
fn user_agent_stays() {
    let request = Request::get("https://api.paystack.co/customer").header("user-agent", "shop/1");
    let request = request.body(Bytes::new()).unwrap();
    let text = recorded_all(Redaction::new(), [(request, body(r#"{"name":"shop"}"#))]);
    assert!(text.contains("user-agent: shop/1"), "{text}");
}

#[test]
fn value_of_the_caller_is_redacted_in_host_and_agent() {
    let request = Request::get("https://gw.acme.internal:8443/customer")
        .header("user-agent", "acme-billing/2.1234567")
        .header("authorization", "Bearer sk_test_3f2a9c");
    let request = request.body(Bytes::new()).unwrap();
    let rules = Redaction::new()
        .value("gw.acme.internal")
        .value("acme-billing")
        .value("redacted");
    let text = recorded_all(rules, [(request, body(r#"{"name":"acme"}"#))]);
    assert_hidden(&text, &["acme"]);
    for kept in [":8443/customer\n", "/2.1234567\n", "Bearer [redacted]\n"] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn literals_and_names_that_equal_a_value_stay() {
    let json = r#"{
  "status": true,
  "message": "Bank not supported for direct debit",
  "data": {
    "active": true,
    "deleted": false,
    "bank": null,
    "customer": 1,
    "display_name": "Address",
    "variable_name": "invoice",
    "createdAt": "2026-12-10T00:00:00.000Z",
    "updated_at": "2026-12-10",
    "created_at": 1767225600
  }
}
"#;
    for name in [
        "Data",
        "true",
        "false",
        "null",
        "Bank",
        "active",
        "customer",
        "invoice",
        "2026-12-10",
        "1767225600",
    ] {
        let named = body(format!(r#"{{"value":"{name}"}}"#));
        let exchanges = [(get("/customer"), named), (get("/customer"), body(json))];
        let text = recorded_all(Redaction::new(), exchanges);
        assert!(text.contains(json), "{name} in {text}");
        assert!(!text.contains(&format!("\"value\": \"{name}\"")), "{text}");
    }
}

#[test]
fn name_after_a_message_that_stays_is_redacted() {
    let json = r#"{"name":"Bank","message":"Bank not supported for direct debit, Bank"}"#;
    let text = recorded(json);
    let kept = "\"Bank not supported for direct debit, recorded1\"";
    assert!(text.contains(kept), "{text}");
}

#[test]
fn whole_segment_or_text_may_be_an_email() {
    let request = get("/customer/obi%26sons%40example.org");
    let json = r#"{"customer":"ada&co@example.org"}"#;
    let text = recorded_all(Redaction::new(), [(request, body(json))]);
    assert_hidden(&text, &["obi", "sons@", "ada", "co@"]);
    let request = get("/customer/obi%2Fa%3Db%40example.org");
    let text = recorded_all(Redaction::new(), [(request, body("{}"))]);
    assert_hidden(&text, &["obi", "a%3D", "b@"]);
}
