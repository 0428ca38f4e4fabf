//! The records that the sandbox stores: customers, authorizations and mandates.

mod authorization;
mod authorizations;
mod bank;
mod customer;
mod mandate;
mod timestamp;

pub(crate) use self::authorization::Authorization;
pub(crate) use self::authorizations::Authorizations;
pub(crate) use self::customer::{Credentials, Customer, Identification, Numbers, TEST_PERSON};
pub(crate) use self::mandate::{Account, Mandate, Owner};
pub(crate) use self::timestamp::Timestamp;
