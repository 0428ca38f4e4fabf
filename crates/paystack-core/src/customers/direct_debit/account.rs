//! The bank account that is debited, and where its holder lives.

use serde::Serialize;

use crate::Personal;

/// The bank account that is debited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The account number.
    pub number: Personal,
    /// The bank's code, from `GET /bank`.
    pub bank_code: Personal,
}

/// Where the holder of the account lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Street and number.
    pub street: Personal,
    /// The city.
    pub city: Personal,
    /// The state.
    pub state: Personal,
}
