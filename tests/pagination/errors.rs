//! An error is reported once, and the pages continue after it.

use paystack_tests::network::{Fate, Network};
use paystack_tests::values::{api, unlimited};
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{Client, ErrorKind, Operation, PagingError, RawJson, Settings, http};

use crate::{all, by_number, client, ids, list};

#[tokio::test(start_paused = true)]
async fn failed_prefetch_is_reported_only_if_its_retry_fails() {
    // The second page fails as a prefetch, and again when the caller needs it.
    let network = Network::seeded(30).with_fate(|request| match request.number {
        1 | 2 => Fate::status(502),
        _ => Fate::Delivered,
    });
    let once = client(&network).with_settings(Settings::new().attempts(1));
    let mut pages = once.pages(list(10));
    let first = pages.next().await.unwrap().unwrap();
    let Some(Err(error)) = pages.next().await else {
        panic!("the second page must fail")
    };
    assert_eq!(error.status(), Some(http::StatusCode::BAD_GATEWAY));
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!([ids(&first), ids(&second)].concat(), all(30)[..20]);
    let requests = &network.state().requests;
    assert_eq!(requests[1].query, requests[3].query);
}

#[tokio::test(start_paused = true)]
async fn permanent_error_is_reported_without_a_retry() {
    let network = Network::seeded(30).with_fate(|request| match request.number {
        1 => Fate::status(401),
        _ => Fate::Delivered,
    });
    let mut pages = client(&network).pages(list(10));
    pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(network.state().requests.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn error_stops_the_prefetch_until_a_page_succeeds() {
    let network = Network::seeded(200).with_fate(|request| match request.number {
        0 | 6 => Fate::Delivered,
        1 | 5 => Fate::status(401),
        _ => Fate::Hangs { carried_out: false },
    });
    let mut pages = client(&network).pages(by_number(10)).ahead(4);
    pages.next().await.unwrap().unwrap();
    for asked in [5, 6] {
        pages.next().await.unwrap().unwrap_err();
        let state = network.state();
        assert_eq!((state.requests.len(), state.open), (asked, 0));
    }
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!(ids(&second), all(200)[10..20]);
    assert_eq!(network.state().open, 4);
}

#[tokio::test(start_paused = true)]
async fn repeated_cursor_is_an_error() {
    let scripted = Scripted::new().otherwise(|request| {
        let is_second = request.uri().query().unwrap().contains("next=b");
        let next = if is_second { "c" } else { "b" };
        Answer::body(format!(
            r#"{{"status":true,"data":[{{"id":1}}],"meta":{{"next":"{next}"}}}}"#
        ))
    });
    let client = Client::new(api(), scripted).with_rate_limiter(unlimited());
    let mut pages = client.pages(list(10).decode_as::<Vec<RawJson>>());
    let mut came = 0;
    let error = loop {
        match pages.next().await.unwrap() {
            Ok(_) => came += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(came, 2);
    let repeated = matches!(error.kind(), ErrorKind::Paging(PagingError::RepeatedCursor));
    assert!(repeated && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "customers.list: the cursor leads to a page that was received before; the request was processed"
    );
}
