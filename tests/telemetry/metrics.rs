//! `examples/opentelemetry` exports traces and metrics.

use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use paystack_tests::values::{api, email};
use paystack_transport::Client;
use paystack_transport::customers::{Customer, FetchCustomer};
use paystack_transport::testing::{Answer, Scripted};

use crate::otel::{RequestDurations, observe_rate_limit, subscriber};

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
    let spans = InMemorySpanExporter::default();
    let metrics = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(metrics.clone()).build())
        .build();
    let meter = meters.meter("shop");
    let traces = SdkTracerProvider::builder()
        .with_simple_exporter(spans.clone())
        .with_span_processor(RequestDurations::new(&meter))
        .build();

    let limited = Answer::data(Customer::example())
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", "77")
        .header("x-ratelimit-reset", "50");
    let scripted = Scripted::new().then(Answer::status(502)).then(limited);
    let client = Client::new(api(), scripted);
    observe_rate_limit(&meter, &client);
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
