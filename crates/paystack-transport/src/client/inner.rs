//! The parts of every client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paystack_core::{
    Api, InvalidInput, Operation, RateLimiter, RetryRule, SavedWait, Settings, Waiter,
};

use crate::shared_rate_limiter::{SharedRateLimiter, seeded};

/// The parts of every client. A clone shares the transport and the rate limiter.
pub(crate) struct Inner<T> {
    pub(crate) api: Api,
    pub(crate) transport: Arc<T>,
    pub(crate) rate_limiter: SharedRateLimiter,
    pub(crate) settings: Settings,
}

impl<T> Inner<T> {
    pub(crate) fn new(api: Api, transport: T) -> Self {
        Self {
            rate_limiter: seeded(api.mode()).into(),
            api,
            transport: Arc::new(transport),
            settings: Settings::new(),
        }
    }

    pub(crate) fn with_api(&self, api: Api) -> Self {
        let rate_limiter = match api.mode() == self.api.mode() {
            true => self.rate_limiter.clone(),
            false => seeded(api.mode()).into(),
        };
        Self {
            api,
            rate_limiter,
            ..self.clone()
        }
    }

    pub(crate) fn with_settings(&self, settings: Settings) -> Self {
        Self {
            settings,
            ..self.clone()
        }
    }

    pub(crate) fn with_rate_limiter(&self, rate_limiter: impl Into<SharedRateLimiter>) -> Self {
        Self {
            rate_limiter: rate_limiter.into(),
            ..self.clone()
        }
    }

    /// A rate limiter of its own for this mode.
    pub(crate) fn with_own_limit(&self, change: impl FnOnce(RateLimiter) -> RateLimiter) -> Self {
        self.with_rate_limiter(change(seeded(self.api.mode())))
    }

    pub(crate) fn waiter<O, F>(
        &self,
        operation: O,
        condition: F,
        unix_time: Option<Duration>,
    ) -> Waiter<O, F>
    where
        O: Operation + Clone,
        F: Fn(&O::Output) -> bool,
    {
        let unix_time = unix_time.unwrap_or_default();
        Waiter::new(&self.api, operation, condition, unix_time).settings(self.settings)
    }

    pub(crate) fn resume_waiter<O, F>(
        &self,
        operation: O,
        condition: F,
        saved: &SavedWait,
        unix_time: Option<Duration>,
    ) -> Result<Waiter<O, F>, InvalidInput>
    where
        O: Operation + Clone,
        F: Fn(&O::Output) -> bool,
    {
        let unix_time = unix_time.unwrap_or_default();
        let waiter = Waiter::resume(&self.api, operation, condition, saved, unix_time)?;
        Ok(waiter.settings(self.settings))
    }

    pub(crate) fn retry_rule<O: Operation>(&self) -> RetryRule {
        self.settings.effective_retry_rule(O::RETRY)
    }
}

impl<T> Clone for Inner<T> {
    fn clone(&self) -> Self {
        Self {
            api: self.api.clone(),
            transport: Arc::clone(&self.transport),
            rate_limiter: self.rate_limiter.clone(),
            settings: self.settings,
        }
    }
}

impl<T> fmt::Debug for Inner<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.api.fmt(f)
    }
}
