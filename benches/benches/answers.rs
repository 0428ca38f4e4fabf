//! What it costs to read an answer: a page of customers, against the same page parsed by hand.
//!
//! `cargo bench --bench answers` in this folder.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use http::Response;
use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::{Customer, ListCustomers};
use paystack_hyper::{Api, SecretKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;

fn main() {
    divan::main();
}

const SIZES: [usize; 4] = [10, 50, 1_000, 10_000];

/// A page as Paystack lists it.
fn page(customers: usize) -> Bytes {
    let rows: Vec<_> = (0..customers)
        .map(|number| {
            let code = format!("CUS_{number:015x}");
            format!(
                r#"{{"integration":463433,"first_name":"Okiki","last_name":"Sample","email":"okiki.{number}@sample.com","phone":"09048829123","metadata":{{"plan":"gold","seats":{number}}},"domain":"test","customer_code":"{code}","risk_action":"default","id":{},"createdAt":"2022-08-15T13:42:52.000Z","updatedAt":"2022-08-15T13:42:52.000Z"}}"#,
                90_758_301 + number
            )
        })
        .collect();
    let rows = rows.join(",");
    let meta = r#"{"next":"Y3VzdG9tZXI6OTAyMjU4MDk=","previous":null,"perPage":1000}"#;
    format!(r#"{{"status":true,"message":"Customers retrieved","data":[{rows}],"meta":{meta}}}"#)
        .into()
}

/// All that the SDK does.
#[divan::bench(args = SIZES)]
fn paystack(bencher: Bencher<'_, '_>, customers: usize) {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let (list, page) = (ListCustomers::new(), page(customers));
    let bencher = bencher.counter(BytesCount::from(page.len()));
    bencher.bench(|| {
        api.read(&list, Response::new(black_box(&page).clone()))
            .unwrap()
    });
}

/// The SDK's own types, parsed with serde_json alone.
#[divan::bench(args = SIZES)]
fn the_same_types_by_hand(bencher: Bencher<'_, '_>, customers: usize) {
    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Page {
        status: bool,
        message: String,
        data: Vec<Customer>,
    }

    let page = page(customers);
    let bencher = bencher.counter(BytesCount::from(page.len()));
    bencher.bench(|| {
        let json = std::str::from_utf8(black_box(&page)).unwrap();
        serde_json::from_str::<Page>(json).unwrap()
    });
}

/// What one would write by hand: strings, raw metadata, times.
#[divan::bench(args = SIZES)]
fn plain_types_by_hand(bencher: Bencher<'_, '_>, customers: usize) {
    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Page {
        status: bool,
        message: String,
        data: Vec<Row>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Row {
        id: u64,
        customer_code: String,
        email: String,
        first_name: Option<String>,
        last_name: Option<String>,
        phone: Option<String>,
        metadata: Option<Box<RawValue>>,
        domain: String,
        integration: u64,
        risk_action: String,
        #[serde(rename = "createdAt", with = "time::serde::rfc3339")]
        created_at: OffsetDateTime,
        #[serde(rename = "updatedAt", with = "time::serde::rfc3339")]
        updated_at: OffsetDateTime,
    }

    let page = page(customers);
    let bencher = bencher.counter(BytesCount::from(page.len()));
    bencher.bench(|| {
        let json = std::str::from_utf8(black_box(&page)).unwrap();
        serde_json::from_str::<Page>(json).unwrap()
    });
}
