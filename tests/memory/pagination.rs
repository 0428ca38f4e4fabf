//! Reading a long list takes as much memory as reading a short one.

use std::fmt::Write;
use std::time::Duration;

use paystack_tests::transports::tokio_runtime;
use paystack_tests::values::{api, unlimited};
use paystack_transport::customers::ListCustomers;
use paystack_transport::{
    Client, Timer, Transport, TransportError, async_trait, bytes::Bytes, http,
};

use crate::{ALLOCATOR, alone};

const PAGES: usize = 1_000;
const PER_PAGE: usize = 100;

/// Creates each page on request, and keeps none.
struct Endless;

#[async_trait]
impl Timer for Endless {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Transport for Endless {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap_or_default();
        let cursor = query.split('&').find_map(|pair| pair.strip_prefix("next="));
        let page: usize = cursor.and_then(|page| page.parse().ok()).unwrap_or(0);
        let mut body = r#"{"status":true,"message":"Customers retrieved","data":["#.to_owned();
        for row in 0..PER_PAGE {
            let id = page * PER_PAGE + row;
            let comma = if row == 0 { "" } else { "," };
            write!(
                body,
                r#"{comma}{{"id":{id},"customer_code":"CUS_{id}","email":"{id}@example.com",
                "first_name":"Ada","last_name":"Obi","phone":null,"metadata":{{"seen":true}}}}"#
            )
            .unwrap();
        }
        let next = match page + 1 {
            PAGES => "null".to_owned(),
            next => format!(r#""{next}""#),
        };
        write!(body, r#"],"meta":{{"next":{next},"perPage":{PER_PAGE}}}}}"#).unwrap();
        Ok(http::Response::new(body.into()))
    }
}

#[test]
fn thousand_pages_take_as_much_memory_as_two() {
    let _alone = alone();
    tokio_runtime().block_on(read_all_pages());
}

async fn read_all_pages() {
    let client = Client::new(api(), Endless).with_rate_limiter(unlimited());
    let mut pages = client.pages(ListCustomers::new().per_page(100));
    let mut customers = 0;
    let mut peaks = [0; 2];
    for (part, peak) in [2, PAGES - 2].into_iter().zip(&mut peaks) {
        ALLOCATOR.reset_peak_usage();
        for _ in 0..part {
            customers += pages.next().await.unwrap().unwrap().data.len();
        }
        *peak = ALLOCATOR.peak_usage();
    }
    assert!(pages.next().await.is_none());
    assert_eq!(customers, PAGES * PER_PAGE);
    let [two_pages, all] = peaks;
    let more = all.saturating_sub(two_pages) / 1024;
    println!(
        "{} KiB at the peak of two pages, {more} KiB more in all",
        two_pages / 1024
    );
    assert!(more <= 64, "{more} KiB more");
}
