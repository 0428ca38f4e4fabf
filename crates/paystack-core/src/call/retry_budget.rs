//! The retry budget: it stops retries while all calls fail.

use crate::error::Error;

/// The tokens in a full budget, as in AWS's standard retry mode.
const CAPACITY: u32 = 500;

const AFTER_TIMEOUT: u32 = 10;
const AFTER_FAILURE: u32 = 5;

/// Tokens that retries cost and successes earn.
#[derive(Clone, Debug)]
pub(super) struct RetryBudget(u32);

impl RetryBudget {
    pub(super) fn full() -> Self {
        Self(CAPACITY)
    }

    /// Whether the budget can pay for a retry.
    pub(super) fn can_pay(&self, cost: u32) -> bool {
        self.0 >= cost
    }

    /// Pays for a retry.
    pub(super) fn pay(&mut self, cost: u32) {
        self.0 = self.0.saturating_sub(cost);
    }

    /// Adds tokens: the cost of a retry that succeeded, or what another success earns.
    pub(super) fn earn(&mut self, tokens: u32) {
        self.0 = self.0.saturating_add(tokens).min(CAPACITY);
    }
}

/// The tokens that a retry after this error costs. A retry after Paystack's own rate limit waits for its
/// window, so it is free.
pub(super) fn cost(error: &Error) -> u32 {
    match error.is_timeout() {
        true => AFTER_TIMEOUT,
        false if error.is_rate_limited() && error.is_by_paystack() => 0,
        false => AFTER_FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of retries that the budget still pays for.
    fn paid(budget: &RetryBudget, cost: u32) -> usize {
        let mut budget = budget.clone();
        (0..1_000)
            .take_while(|_| {
                let can_pay = budget.can_pay(cost);
                budget.pay(cost);
                can_pay
            })
            .count()
    }

    #[test]
    fn a_full_budget_pays_for_a_hundred_retries() {
        let full = RetryBudget::full();
        assert_eq!(paid(&full, AFTER_FAILURE), 100);
        assert_eq!(paid(&full, AFTER_TIMEOUT), 50);
        assert_eq!(paid(&full, 0), 1_000);
    }

    #[test]
    fn successes_fill_the_budget() {
        let mut budget = RetryBudget(0);
        budget.earn(AFTER_TIMEOUT);
        assert_eq!(paid(&budget, AFTER_TIMEOUT), 1);
        (0..5).for_each(|_| budget.earn(1));
        assert_eq!(paid(&budget, AFTER_FAILURE), 3);
        budget.earn(u32::MAX);
        assert_eq!(budget.0, CAPACITY);
    }
}
