//! The authorizations of a customer.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::authorization::Authorization;

/// The authorizations of a customer, oldest first. Serializes as a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Authorizations {
    by_number: BTreeMap<u64, Authorization>,
}

impl Authorizations {
    /// Appends an authorization, and returns its number, which stays the same.
    pub(crate) fn push(&mut self, authorization: Authorization) -> u64 {
        let last = self.by_number.last_key_value();
        let number = last.map_or(0, |(number, _)| number.saturating_add(1));
        self.by_number.insert(number, authorization);
        number
    }

    pub(crate) fn replace(&mut self, number: u64, authorization: Authorization) {
        if let Some(existing) = self.by_number.get_mut(&number) {
            *existing = authorization;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Authorization> {
        self.by_number.values()
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.by_number.remove(&number);
    }
}

impl Serialize for Authorizations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
