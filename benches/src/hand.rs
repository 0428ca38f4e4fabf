//! Hand-written code for comparison: plain response types, and requests built in place.

mod answers;
mod request;

pub use self::answers::{
    Authorization, Customer, Envelope, Link, ListedCustomer, Mandate, Meta, Owner, Verified,
};
pub use self::request::Api;
