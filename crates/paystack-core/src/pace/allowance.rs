//! What the caller allows, whatever the server does.

use std::time::Duration;

use super::{WINDOW, is_to_come};

/// So many requests a minute, each minute from its first request on: the server's windows may begin
/// anew earlier.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    pub(super) most: u64,
    left: u64,
    ends: Duration,
}

impl Allowance {
    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            left: most,
            ends: Duration::ZERO,
        }
    }

    /// What is left, and when all of it is there again.
    pub(super) fn left(&mut self, now: Duration) -> (u64, Duration) {
        if !is_to_come(self.ends, now) || self.left == self.most {
            self.left = self.most;
            self.ends = now.saturating_add(WINDOW);
        }
        (self.left, self.ends)
    }

    /// Takes one that was left.
    pub(super) fn take(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}
