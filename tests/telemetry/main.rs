//! Which spans, events and metrics does a call record?

#[rustfmt::skip]
mod otel;
mod metrics;
mod printed;
mod spans;
