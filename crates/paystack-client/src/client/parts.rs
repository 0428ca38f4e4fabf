//! What every client is made of, whatever its transport.

use std::fmt;
use std::sync::Arc;

use paystack_core::{Api, Call, Operation, Pace, Resend, Settings};

use crate::pace::{self, SharedPace};

/// What every client is made of. All clones share it but for the settings.
pub(crate) struct Parts<T> {
    shared: Arc<Shared<T>>,
    settings: Settings,
}

struct Shared<T> {
    api: Api,
    transport: T,
    pace: SharedPace,
}

impl<T> Parts<T> {
    pub(crate) fn new(api: Api, transport: T) -> Self {
        let pace = pace::of_domain(api.domain());
        Self::with_pace(api, transport, pace)
    }

    pub(crate) fn with_pace(api: Api, transport: T, pace: Pace) -> Self {
        Self::with_shared_pace(api, transport, SharedPace::of_one_client(pace))
    }

    pub(crate) fn with_shared_pace(api: Api, transport: T, pace: SharedPace) -> Self {
        let shared = Shared {
            api,
            transport,
            pace,
        };
        Self {
            shared: Arc::new(shared),
            settings: Settings::default(),
        }
    }

    pub(crate) fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut changed = self.clone();
        change(&mut changed.settings);
        changed
    }

    pub(crate) fn api(&self) -> &Api {
        &self.shared.api
    }

    pub(crate) fn transport(&self) -> &T {
        &self.shared.transport
    }

    pub(crate) fn pace(&self) -> &SharedPace {
        &self.shared.pace
    }

    /// What may be sent again: the caller's word, or else the operation's.
    pub(crate) fn retry_rule<O: Operation>(&self) -> Resend {
        self.settings.resend.unwrap_or(O::RESEND)
    }

    pub(crate) fn call<O: Operation>(&self, operation: O) -> Call<O> {
        Call::new(&self.shared.api, operation, self.settings)
    }
}

impl<T> Clone for Parts<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            settings: self.settings,
        }
    }
}

impl<T> fmt::Debug for Parts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.api.fmt(f)
    }
}
