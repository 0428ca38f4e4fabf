//! What does each operation send, and what does it decode?

mod changed_responses;
mod corpus;
mod documented_responses;
mod every_operation;
mod formats;
mod identifiers;
mod longest_durations;
mod messages;
mod outcomes;
mod rate_limit_group;
mod retries;
mod sources;
mod transports;
