//! Transports that each break the contract in one way.

mod connection;
mod transport;

use paystack_transport_test::Clause;

pub(crate) use self::transport::Broken;

/// The fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    StatusIsAnError,
    FollowsRedirects,
    ChangesThePath,
    AddsAHeader,
    ChangesTheBody,
    AddsABody,
    SendsAgain,
    SendsAgainAfterA5xx,
    SendsAgainWhenKept,
    SendsAgainInTime,
    LastHeaderOnly,
    HeadersReversed,
    HeadersAsAscii,
    BodyAsText,
    DecodesNoGzip,
    RequestsBrotli,
    ReturnsEarlyHints,
    RefusesHttp10,
    RefusesChunks,
    NoLengthIsNoBody,
    AcceptsTruncatedBodies,
    ReadsOversizedBodies,
    HasNoLimit,
    AllowsAByteMore,
    KeepsTheLastBody,
    UsesDeadConnections,
    SendsBeforeItPolls,
    NoticesClosesLate,
    OneAtATime,
    AllIsMaybe,
    AllIsNo,
    TimeOutsAreIo,
    GoesOnWhenDropped,
    GoesOnLate,
    MixesInAPartialBody,
    ClockStandsStill,
    Oversleeps,
    ShowsTheUrl,
    ShowsTheKey,
}

impl Wrong {
    /// Whether a broken clause waits for the suite's whole timeout.
    pub(crate) fn waits_for_the_timeout(self) -> bool {
        matches!(
            self,
            Self::SendsAgainWhenKept
                | Self::ReadsOversizedBodies
                | Self::HasNoLimit
                | Self::AllowsAByteMore
                | Self::UsesDeadConnections
                | Self::OneAtATime
        )
    }
}

/// Each fault, and the clauses that it breaks.
pub(crate) const ALL: &[(Wrong, &[Clause])] = &[
    (Wrong::StatusIsAnError, &[Clause::Statuses]),
    (Wrong::FollowsRedirects, &[Clause::Redirects]),
    (Wrong::ChangesThePath, &[Clause::RequestLine]),
    (Wrong::AddsAHeader, &[Clause::RequestHeaders]),
    (Wrong::ChangesTheBody, &[Clause::RequestBody]),
    (Wrong::AddsABody, &[Clause::RequestBody]),
    (Wrong::SendsAgain, &[Clause::SentOnce]),
    (Wrong::SendsAgainAfterA5xx, &[Clause::SentOnce]),
    // It keeps dead connections, like `UsesDeadConnections`.
    (
        Wrong::SendsAgainWhenKept,
        &[Clause::SentOnce, Clause::PoolRenewed],
    ),
    (Wrong::SendsAgainInTime, &[Clause::SentOnce]),
    (Wrong::LastHeaderOnly, &[Clause::RepeatedHeaders]),
    (Wrong::HeadersReversed, &[Clause::RepeatedHeaders]),
    (Wrong::HeadersAsAscii, &[Clause::HeaderBytes]),
    (Wrong::BodyAsText, &[Clause::BodyBytes]),
    (
        Wrong::DecodesNoGzip,
        &[Clause::BodyBytes, Clause::LimitStreamed],
    ),
    (
        Wrong::RequestsBrotli,
        &[Clause::RequestHeaders, Clause::BodyBytes],
    ),
    (Wrong::ReturnsEarlyHints, &[Clause::InterimResponses]),
    (Wrong::RefusesHttp10, &[Clause::Http10]),
    // Responses of other clauses have chunks, too.
    (
        Wrong::RefusesChunks,
        &[Clause::Chunked, Clause::LimitStreamed, Clause::KeepAlive],
    ),
    // Responses of other clauses have no length, too.
    (
        Wrong::NoLengthIsNoBody,
        &[Clause::Http10, Clause::NoLength, Clause::LimitStreamed],
    ),
    (Wrong::AcceptsTruncatedBodies, &[Clause::CutOff]),
    (Wrong::ReadsOversizedBodies, &[Clause::LimitDeclared]),
    (
        Wrong::HasNoLimit,
        &[Clause::LimitDeclared, Clause::LimitStreamed],
    ),
    (
        Wrong::AllowsAByteMore,
        &[Clause::LimitDeclared, Clause::LimitStreamed],
    ),
    (Wrong::KeepsTheLastBody, &[Clause::KeepAlive]),
    (Wrong::UsesDeadConnections, &[Clause::PoolRenewed]),
    (Wrong::SendsBeforeItPolls, &[Clause::PoolRenewed]),
    // It fails only after the process was frozen: it had no time to notice the close.
    (Wrong::NoticesClosesLate, &[Clause::PoolRenewed]),
    (Wrong::OneAtATime, &[Clause::AtOnce]),
    (Wrong::AllIsMaybe, &[Clause::Refused, Clause::UnknownName]),
    (
        Wrong::AllIsNo,
        &[
            Clause::SentOnce,
            Clause::CutOff,
            Clause::LimitDeclared,
            Clause::LimitStreamed,
            Clause::Broken,
            Clause::ErrorNumbers,
        ],
    ),
    (Wrong::TimeOutsAreIo, &[Clause::TimeOuts]),
    (Wrong::GoesOnWhenDropped, &[Clause::Dropped]),
    (Wrong::MixesInAPartialBody, &[Clause::Dropped]),
    (Wrong::ClockStandsStill, &[Clause::Timer]),
    (Wrong::Oversleeps, &[Clause::Timer]),
    (Wrong::ShowsTheUrl, &[Clause::Secrets]),
    (Wrong::ShowsTheKey, &[Clause::Secrets]),
];

/// A small limit, so that tests exceed it quickly.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;
