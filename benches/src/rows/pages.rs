//! Decodes pages of customers: the growth with their size, and the savings of borrowed text.

use std::hint::black_box;

use http::Response;
use paystack_hyper::customers::{Customer, ListCustomers};
use paystack_hyper::{Api, Reply, SecretKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Row;
use crate::{KEY, PAGE, bodies, hand};

/// The numbers of customers on a page.
const SIZES: [usize; 5] = [10, PAGE, 100, 1_000, 10_000];

pub(super) fn rows() -> Vec<Row> {
    let pages = SIZES.into_iter().flat_map(|customers| {
        let name = |author| format!("page/{customers}/{author}");
        let page = move || bodies::listed(customers).into();
        [
            Row::new(name("ours"), move || {
                super::read(ListCustomers::new(), page())
            }),
            Row::new(name("hand"), move || {
                super::read_by_hand::<Vec<hand::Customer>>(page())
            }),
            Row::new(name("lean"), move || {
                super::read_by_hand::<Vec<hand::ListedCustomer>>(page())
            }),
        ]
    });
    let decodes = [
        Row::new("decode/1000/owned", decode::<Owned>),
        Row::new("decode/1000/borrowed", || {
            let reply = listed();
            move || drop(black_box(reply.decode::<Vec<Borrowed<'_>>>().unwrap()))
        }),
    ];
    pages.chain(decodes).collect()
}

fn listed() -> Reply<Vec<Customer>> {
    let api = Api::new(SecretKey::new(KEY).unwrap());
    let page = Response::new(bodies::listed(1_000).into());
    api.read(&ListCustomers::new(), page).unwrap()
}

fn decode<T: DeserializeOwned + 'static>() -> impl Fn() {
    let reply = listed();
    move || drop(black_box(reply.decode::<Vec<T>>().unwrap()))
}

/// The text fields of a customer.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Owned {
    customer_code: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    domain: Option<String>,
    risk_action: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Borrowed<'a> {
    customer_code: &'a str,
    email: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    phone: Option<&'a str>,
    domain: Option<&'a str>,
    risk_action: Option<&'a str>,
}
