//! The bank account to debit, and the address of its holder.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Sensitive;
use crate::types::Redacted;

/// The bank account to debit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The account number.
    pub number: Sensitive,
    /// The bank's code, from `GET /bank`.
    pub bank_code: String,
}

impl Account {
    /// An account at the bank with this code.
    pub fn new(number: impl Into<Sensitive>, bank_code: impl Into<String>) -> Self {
        Self {
            number: number.into(),
            bank_code: bank_code.into(),
        }
    }
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, bank_code } = self;
        f.debug_struct("Account")
            .field("number", number)
            .field("bank_code", &Redacted(bank_code))
            .finish()
    }
}

/// The address of the account's holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Address {
    /// Street and number.
    pub street: Sensitive,
    /// The city.
    pub city: Sensitive,
    /// The state.
    pub state: Sensitive,
}

impl Address {
    /// An address.
    pub fn new(
        street: impl Into<Sensitive>,
        city: impl Into<Sensitive>,
        state: impl Into<Sensitive>,
    ) -> Self {
        Self {
            street: street.into(),
            city: city.into(),
            state: state.into(),
        }
    }
}
