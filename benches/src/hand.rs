//! Hand-written code for comparison: plain response types, and requests built in place.

mod request;
mod responses;

pub use self::request::Api;
pub use self::responses::{
    Authorization, Customer, Envelope, Link, ListedCustomer, Mandate, Meta, Owner, Verified,
};
