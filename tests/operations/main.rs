//! What does each operation send, and what does it decode?

#[path = "../conformance/attohttpc.rs"]
mod attohttpc;
mod changed_responses;
mod corpus;
mod documented_responses;
mod every_operation;
mod formats;
mod identifiers;
mod longest_durations;
mod messages;
mod outcomes;
mod retries;
mod sources;
mod transports;
