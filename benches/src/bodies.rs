//! Response bodies in Paystack's form.

/// The response to a fetch of a customer with one card.
pub const FETCHED: &str = r#"{"status":true,"message":"Customer retrieved","data":{"transactions":[],"subscriptions":[],"authorizations":[{"authorization_code":"AUTH_p3k8d0vnq2","bin":"408408","last4":"4081","exp_month":"07","exp_year":"2031","channel":"card","card_type":"visa ","bank":"TEST BANK","country_code":"NG","brand":"visa","reusable":true,"signature":"SIG_m2Zr81hQxYwCz0aBv4Lk","account_name":null}],"first_name":"Kwame","last_name":"Mensah","email":"kwame@example.com","phone":"+233201234567","metadata":{"calling_code":"+233"},"domain":"test","customer_code":"CUS_xnxdt6s1zg1f4nx","risk_action":"default","id":9387490384,"integration":100071,"createdAt":"2026-03-02T08:15:30.000Z","updatedAt":"2026-03-04T21:00:09.000Z","created_at":"2026-03-02T08:15:30.000Z","updated_at":"2026-03-04T21:00:09.000Z","total_transactions":0,"total_transaction_value":[],"dedicated_account":null,"identified":false,"identifications":null}}"#;

/// The response to a creation.
pub const CREATED: &str = r#"{"status":true,"message":"Customer created","data":{"email":"ada@example.com","integration":100071,"domain":"test","customer_code":"CUS_xnxdt6s1zg1f4nx","id":1173,"identified":false,"identifications":null,"createdAt":"2026-03-29T20:03:09.584Z","updatedAt":"2026-03-29T20:03:09.584Z"}}"#;

/// Returns a page of customers that repeats the three of Paystack's own example: one with only an e-mail
/// address, and two with names and phone numbers.
pub fn exampled(customers: usize) -> String {
    let rows = (0..customers).map(|number| {
        let id = 90_758_301 + number;
        let [first_name, last_name, phone, metadata] = match number % 3 {
            0 => ["null"; 4],
            1 => [r#""Okiki""#, r#""Sample""#, r#""09048829123""#, "{}"],
            _ => [r#""Lukman""#, r#""Bello""#, r#""08922383034""#, "{}"],
        };
        format!(
            r#"{{"integration":463433,"first_name":{first_name},"last_name":{last_name},"email":"{number}@sample.com","phone":{phone},"metadata":{metadata},"domain":"test","customer_code":"CUS_{number:015x}","risk_action":"default","id":{id},"createdAt":"2022-08-15T13:46:39.000Z","updatedAt":"2022-08-15T13:46:39.000Z"}}"#
        )
    });
    page(rows)
}

/// Returns a page of customers with all fields.
pub fn listed(customers: usize) -> String {
    let rows = (0..customers)
        .map(|number| {
            let id = 90_758_301 + number;
            format!(
                r#"{{"integration":463433,"first_name":"Okiki","last_name":"Sample","email":"okiki.{number}@sample.com","phone":"09048829123","metadata":{{"calling_code":"+234"}},"domain":"test","customer_code":"CUS_{number:015x}","risk_action":"default","id":{id},"createdAt":"2022-08-15T13:42:52.000Z","updatedAt":"2022-08-15T13:42:52.000Z"}}"#
            )
        });
    page(rows)
}

fn page(rows: impl ExactSizeIterator<Item = String>) -> String {
    let customers = rows.len();
    let rows = rows.collect::<Vec<_>>().join(",");
    let meta = format!(
        r#"{{"total":{customers},"skipped":0,"perPage":{customers},"page":1,"pageCount":1}}"#
    );
    format!(r#"{{"status":true,"message":"Customers retrieved","data":[{rows}],"meta":{meta}}}"#)
}
