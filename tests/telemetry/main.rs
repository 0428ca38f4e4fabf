//! Which spans, events and metrics does a call record?

mod metrics;
#[path = "../../examples/opentelemetry/otel.rs"]
mod otel;
mod printed;
mod spans;
