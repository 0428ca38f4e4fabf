//! `GET /bank` of `docs/own-endpoints.md`.

use paystack_hyper::http::Method;
use paystack_hyper::{Operation, Paginate, Position, Query};
use serde::Deserialize;

/// Lists the banks of a country, page by page: `GET /bank`.
#[derive(Clone)]
pub struct ListBanks {
    pub country: &'static str,
    pub per_page: u32,
    pub start: Position,
}

impl Operation for ListBanks {
    const NAME: &'static str = "banks.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/bank";
    type Output = Vec<Bank>;

    fn query(&self, query: &mut Query) {
        query.pair("country", self.country);
        query.pair("perPage", self.per_page);
        self.start.write_to(query);
    }
}

impl Paginate for ListBanks {
    fn position(&self) -> Option<Position> {
        Some(self.start.clone())
    }

    fn at(&self, start: Position) -> Option<Self> {
        Some(Self {
            start,
            ..self.clone()
        })
    }
}

#[derive(Debug, Deserialize)]
pub struct Bank {
    pub id: u64,
    pub name: String,
    pub code: String,
    pub active: Option<bool>,
    pub country: String,
    pub currency: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[test]
fn list_banks_after_a_cursor() {
    use paystack_hyper::{Api, Cursor, RequestSnapshot, SecretKey};

    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let start = Position::After(Cursor::new("YmFuazoxNjk=").unwrap());
    let list = ListBanks {
        country: "nigeria",
        per_page: 100,
        start,
    };
    insta::assert_snapshot!(RequestSnapshot(&api.request(&list).unwrap()), @"
    GET https://api.paystack.co/bank?country=nigeria&perPage=100&use_cursor=true&next=YmFuazoxNjk%3D
    accept: application/json
    authorization: Bearer [redacted]
    user-agent: paystack-rust/[version]
    ");
}
