//! The retry budget: while everything fails, nearly nothing is tried twice.

/// What the bucket holds, as in AWS's standard retry mode.
const CAPACITY: u32 = 500;

/// Tokens that retries take and successes bring back.
#[derive(Clone, Debug)]
pub(super) struct Budget(u32);

impl Budget {
    pub(super) fn full() -> Self {
        Self(CAPACITY)
    }

    /// Takes what a retry costs; false if it is not there.
    pub(super) fn charge(&mut self, retry: Retry) -> bool {
        match self.0.checked_sub(retry.cost()) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Puts back what a retry took that was not made, or that succeeded.
    pub(super) fn refund(&mut self, retry: Retry) {
        self.put(retry.cost());
    }

    /// Adds what a success without a retry earns.
    pub(super) fn earn(&mut self) {
        self.put(1);
    }

    fn put(&mut self, tokens: u32) {
        self.0 = self.0.saturating_add(tokens).min(CAPACITY);
    }
}

/// After what something is tried again, which decides on what that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// No answer came in time.
    Timeout,
    /// A rate limit, whose window is waited for: it is free.
    RateLimit,
    Other,
}

impl Retry {
    fn cost(self) -> u32 {
        match self {
            Self::Timeout => 10,
            Self::RateLimit => 0,
            Self::Other => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many retries of a kind the budget still pays for.
    fn paid(budget: &Budget, retry: Retry) -> usize {
        let mut budget = budget.clone();
        (0..1_000).take_while(|_| budget.charge(retry)).count()
    }

    #[test]
    fn it_pays_for_a_hundred_retries_or_for_fifty_after_time_outs() {
        assert_eq!(paid(&Budget::full(), Retry::Other), 100);
        assert_eq!(paid(&Budget::full(), Retry::Timeout), 50);
        assert_eq!(paid(&Budget::full(), Retry::RateLimit), 1_000);
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let mut budget = Budget(9);
        assert!(!budget.charge(Retry::Timeout));
        assert!(budget.charge(Retry::Other));
        assert!(!budget.charge(Retry::Other));
        assert!(budget.charge(Retry::RateLimit));
    }

    #[test]
    fn refunds_and_successes_fill_it_up_and_no_further() {
        let mut budget = Budget(0);
        budget.refund(Retry::Timeout);
        assert_eq!(paid(&budget, Retry::Timeout), 1);
        (0..5).for_each(|_| budget.earn());
        assert_eq!(paid(&budget, Retry::Other), 3);
        (0..1_000).for_each(|_| budget.refund(Retry::Other));
        assert_eq!(paid(&budget, Retry::Other), 100);
        budget.earn();
        assert_eq!(budget.0, CAPACITY);
    }
}
