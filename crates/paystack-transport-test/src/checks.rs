//! The checks: one function per clause, each against a server of its own.

mod body_limit;
mod broken_connections;
mod cancellation;
mod closed_connections;
mod connect_errors;
mod pool;
mod requests;
mod responses;
mod sent_once;
mod time;

use crate::clause::Clause;
use crate::harness::{CheckError, CheckResult, Harness};
use crate::transport_under_test::TransportUnderTest;

pub(crate) use self::broken_connections::failing_stream;

/// Checks whether the transport keeps a clause.
pub(crate) async fn check<T: TransportUnderTest>(
    clause: Clause,
    harness: &Harness<'_, T>,
) -> CheckResult {
    match clause {
        Clause::Statuses => responses::statuses(harness).await,
        Clause::Redirects => requests::redirects(harness).await,
        Clause::RequestLine => requests::line(harness).await,
        Clause::RequestHeaders => requests::headers(harness).await,
        Clause::RequestBody => requests::body(harness).await,
        Clause::SentOnce => sent_once::check(harness).await,
        Clause::RepeatedHeaders => responses::repeated_headers(harness).await,
        Clause::HeaderBytes => responses::header_bytes(harness).await,
        Clause::BodyBytes => responses::body_bytes(harness).await,
        Clause::InterimResponses => responses::interim(harness).await,
        Clause::Http10 => responses::http_1_0(harness).await,
        Clause::Chunked => responses::chunked(harness).await,
        Clause::NoLength => responses::no_length(harness).await,
        Clause::CutOff => responses::truncated(harness).await,
        Clause::LimitDeclared => body_limit::declared(harness).await,
        Clause::LimitStreamed => body_limit::streamed(harness).await,
        Clause::KeepAlive => pool::keep_alive(harness).await,
        Clause::PoolRenewed => closed_connections::check(harness).await,
        Clause::AtOnce => pool::concurrent_calls(harness).await,
        Clause::Refused => connect_errors::refused(harness).await,
        Clause::UnknownName => connect_errors::unknown_name(harness).await,
        Clause::Broken => broken_connections::broken(harness).await,
        Clause::ErrorNumbers => broken_connections::error_numbers(harness).await,
        Clause::TimeOuts => time::time_outs(harness).await,
        Clause::Dropped => cancellation::check(harness).await,
        Clause::Timer => time::timer(harness).await,
        Clause::Secrets => match harness.leak() {
            Some(output) => Err(CheckError::Failed(format!(
                "an error shows the key or the URL: {output}"
            ))),
            None => Ok(()),
        },
    }
}
