//! Many mandates of one customer.

use paystack_sandbox::Sandbox;

use super::{NOW, create, send};

#[test]
fn a_customer_may_have_thousands_of_mandates() {
    const COUNT: usize = 2_000;
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let path = format!("/customer/{}", ada["data"]["id"]);
    let body = r#"{"account":{"number":"0123456789","bank_code":"058"},
        "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
    let initialize = format!("POST {path}/initialize-direct-debit");
    let mut now = NOW;
    for _ in 0..COUNT {
        now += time::Duration::seconds(1);
        send(&mut sandbox, now, &initialize, body);
    }
    let later = now + time::Duration::minutes(1);
    assert_eq!(sandbox.take_webhooks(later).len(), 2 * COUNT);
    let list = format!("GET {path}/directdebit-mandate-authorizations");
    let listed = send(&mut sandbox, later, &list, "");
    assert_eq!(listed["meta"]["total"], COUNT);
    assert_eq!(listed["data"][0]["status"], "active");
}
