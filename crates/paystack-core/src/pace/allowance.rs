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

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_minute_begins_with_its_first_request_and_ends_with_all_of_it_there_again() {
        let mut allowance = Allowance::new(2);
        assert_eq!(allowance.left(at(5)), (2, at(65)));
        // Nothing was taken: the minute begins when something is.
        assert_eq!(allowance.left(at(10)), (2, at(70)));
        allowance.take();
        assert_eq!(allowance.left(at(20)), (1, at(70)));
        allowance.take();
        assert_eq!(allowance.left(at(69)), (0, at(70)));
        assert_eq!(allowance.left(at(70)), (2, at(130)));
    }

    #[test]
    fn a_clock_that_goes_back_costs_no_more_than_a_minute() {
        let mut allowance = Allowance::new(1);
        allowance.left(at(100));
        allowance.take();
        assert_eq!(allowance.left(at(101)), (0, at(160)));
        assert_eq!(allowance.left(at(99)), (0, at(160)), "clocks may differ");
        assert_eq!(allowance.left(at(98)), (1, at(158)));
    }
}
