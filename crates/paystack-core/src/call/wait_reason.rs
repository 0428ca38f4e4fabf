//! The reason of a wait.

/// The reason why the last step was a [`Step::Wait`](crate::Step::Wait), for traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// The call queues for the rate limit.
    RateLimit,
    /// An attempt failed, and the next one has to wait.
    Retry,
    /// A request is under way.
    Response,
    /// A [`Waiter`](crate::Waiter) pauses between two reads.
    NextRead,
}
