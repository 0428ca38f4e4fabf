// Spans and metrics for OpenTelemetry, without a dependency of the SDK on a library of metrics. `docs/telemetry.md`
// explains them.

use std::time::Duration;

use opentelemetry::metrics::{Histogram, Meter};
use opentelemetry::trace::{SpanKind, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use paystack_hyper::{Client, RateLimitGroup, Transport};
use tracing_subscriber::layer::SubscriberExt;

/// A subscriber that turns the spans of `tracing` into those of OpenTelemetry.
pub fn subscriber(traces: &SdkTracerProvider) -> impl tracing::Subscriber + Send + Sync + use<> {
    let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer("shop"));
    tracing_subscriber::registry().with(layer)
}

/// Turns the span of each attempt into a value of the metric `http.client.request.duration`.
#[derive(Debug)]
pub struct RequestDurations(Histogram<f64>);

impl RequestDurations {
    pub fn new(meter: &Meter) -> Self {
        let histogram = meter
            .f64_histogram("http.client.request.duration")
            .with_unit("s");
        let seconds = [0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0];
        Self(histogram.with_boundaries(seconds.into()).build())
    }
}

/// The attributes of the metric. Each of them has few values.
const ATTRIBUTES: [&str; 6] = [
    "error.type",
    "http.request.method",
    "http.response.status_code",
    "server.address",
    "server.port",
    "url.template",
];

impl SpanProcessor for RequestDurations {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_kind == SpanKind::Client {
            let is_kept = |attribute: &KeyValue| ATTRIBUTES.contains(&attribute.key.as_str());
            let attributes: Vec<_> = span.attributes.into_iter().filter(is_kept).collect();
            let duration = span.end_time.duration_since(span.start_time);
            self.0
                .record(duration.unwrap_or_default().as_secs_f64(), &attributes);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Reports the rate limit and its queue as gauges, whenever the metrics are exported.
pub fn observe_rate_limit<T: Transport + 'static>(meter: &Meter, client: &Client<T>) {
    let paystack = client.clone();
    let remaining = meter.u64_observable_gauge("paystack.rate_limit.remaining");
    remaining
        .with_callback(move |gauge| {
            let now = paystack.transport().now();
            let status = paystack.rate_limiter().status(RateLimitGroup::DEFAULT, now);
            if let Some(remaining) = status.remaining {
                gauge.observe(remaining, &[]);
            }
        })
        .build();
    let limiter = client.rate_limiter().clone();
    let queue = meter.u64_observable_gauge("paystack.rate_limit.queue");
    queue
        .with_callback(move |gauge| {
            gauge.observe(limiter.queue_length(RateLimitGroup::DEFAULT) as u64, &[]);
        })
        .build();
}
