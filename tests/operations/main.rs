//! What does each operation send, and what does it decode?

mod changed_responses;
mod corpus;
mod documented_responses;
mod every_operation;
mod identifiers;
mod outcomes;
mod retries;
mod sources;
mod transports;
