//! `examples/opentelemetry` exports traces and metrics.

use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::trace::InMemorySpanExporter;
use paystack_tests::values::{api, email};
use paystack_transport::Client;
use paystack_transport::customers::{Customer, FetchCustomer};
use paystack_transport::testing::{Answer, Scripted};

use crate::otel::{providers, subscriber};

/// The data points of a metric: the attributes, and the count or the value.
fn points(exported: &[ResourceMetrics], name: &str) -> Vec<String> {
    let scopes = exported.last().unwrap().scope_metrics();
    let metrics = scopes.flat_map(|scope| scope.metrics());
    let metric = metrics.filter(|metric| metric.name() == name).last();
    let shown = |attributes: Vec<_>, value: u64| {
        let mut attributes: Vec<String> = attributes
            .iter()
            .map(|attribute: &&opentelemetry::KeyValue| {
                format!("{}={}", attribute.key, attribute.value)
            })
            .collect();
        attributes.sort();
        format!("{} {value}", attributes.join(" "))
    };
    let mut points: Vec<_> = match metric.unwrap().data() {
        AggregatedMetrics::F64(MetricData::Histogram(histogram)) => histogram
            .data_points()
            .map(|point| shown(point.attributes().collect(), point.count()))
            .collect(),
        AggregatedMetrics::U64(MetricData::Gauge(gauge)) => gauge
            .data_points()
            .map(|point| shown(point.attributes().collect(), point.value()))
            .collect(),
        other => panic!("{other:?}"),
    };
    points.sort();
    points
}

#[test]
fn exporters_receive_traces_metrics_and_gauges() {
    let limited = Answer::data(Customer::example())
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", "77")
        .header("x-ratelimit-reset", "50");
    let scripted = Scripted::new().then(Answer::status(502)).then(limited);
    let client = Client::new(api(), scripted);
    let spans = InMemorySpanExporter::default();
    let metrics = InMemoryMetricExporter::default();
    let (traces, meters) = providers(&client, spans.clone(), metrics.clone());
    tracing::subscriber::with_default(subscriber(&traces), || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let fetch = FetchCustomer::new(email("ada@example.com"));
        runtime.block_on(client.send(fetch)).unwrap();
    });
    traces.force_flush().unwrap();
    meters.force_flush().unwrap();

    let names = spans.get_finished_spans().unwrap().into_iter();
    let names: Vec<_> = names.map(|span| span.name).collect();
    let attempt = "GET /customer/{email_or_code}";
    assert_eq!(names, [attempt, attempt, "customers.fetch"]);

    let exported = metrics.get_finished_metrics().unwrap();
    let common =
        "server.address=api.paystack.co server.port=443 url.template=/customer/{email_or_code} 1";
    assert_eq!(
        points(&exported, "http.client.request.duration"),
        [
            format!(
                "error.type=502 http.request.method=GET http.response.status_code=502 {common}"
            ),
            format!("http.request.method=GET http.response.status_code=200 {common}"),
        ]
    );
    assert_eq!(points(&exported, "paystack.rate_limit.remaining"), [" 77"]);
    assert_eq!(points(&exported, "paystack.rate_limit.queue"), [" 0"]);
}
