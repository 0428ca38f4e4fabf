//! Hand-written code for comparison: plain response types, requests built in place, and a client.

mod client;
mod request;
mod responses;

pub use self::client::Client;
pub use self::request::Api;
pub use self::responses::{
    Authorization, Customer, Envelope, Link, ListedCustomer, Mandate, Meta, Owner, Verified,
};
