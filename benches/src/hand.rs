//! What one would write by hand: plain types for answers, and requests put together in place.

mod answers;
mod request;

pub use self::answers::{
    Authorization, Customer, Envelope, Link, ListedCustomer, Mandate, Meta, Owner, Verified,
};
pub use self::request::Api;
