//! The result of a wait.

use crate::response::Reply;

/// The result of a wait: the last reply, and why the wait ended.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "the condition may not be met"]
pub struct Waited<T> {
    /// The last reply.
    pub reply: Reply<T>,
    /// Why the wait ended.
    pub end: WaitEnd,
}

impl<T> Waited<T> {
    /// The result of a wait, for tests.
    ///
    /// ```
    /// use paystack_core::{Reply, WaitEnd, Waited, customers::Customer};
    ///
    /// let reply = Reply::example(Customer::example());
    /// assert!(!Waited::example(reply, WaitEnd::DeadlineExceeded).is_met());
    /// ```
    pub fn example(reply: Reply<T>, end: WaitEnd) -> Self {
        Self { reply, end }
    }

    /// Whether the condition is met.
    pub fn is_met(&self) -> bool {
        self.end == WaitEnd::ConditionMet
    }
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitEnd {
    /// The condition is met.
    ConditionMet,
    /// A webhook has reported the outcome, and the condition is not met: the validation may have failed.
    Notified,
    /// The deadline passed, and the last reply does not meet the condition.
    DeadlineExceeded,
}
