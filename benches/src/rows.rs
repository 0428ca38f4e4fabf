//! The rows: work without a network, by the SDK and by hand.

mod calls;
mod operations;
mod pages;
mod sandbox;
mod webhooks;

use std::hint::black_box;

use http::Response;
use paystack_hyper::bytes::Bytes;
use paystack_hyper::{Api, Operation, SecretKey};
use serde::de::DeserializeOwned;

use crate::{KEY, hand};

/// The measured work, which runs many times.
pub type Work = Box<dyn Fn()>;

/// A piece of work and its name, such as `request/customers.create/ours`.
pub struct Row {
    pub name: String,
    /// Prepares the work, unmeasured.
    pub prepare: Box<dyn Fn() -> Work>,
}

impl Row {
    fn new<W: Fn() + 'static>(name: impl Into<String>, prepare: impl Fn() -> W + 'static) -> Self {
        Self {
            name: name.into(),
            prepare: Box::new(move || Box::new(prepare())),
        }
    }
}

/// Returns all rows. Rows to compare have the same name up to the last slash.
pub fn all() -> Vec<Row> {
    let mut rows = operations::rows();
    rows.extend(pages::rows());
    rows.extend(calls::rows());
    rows.extend(sandbox::rows());
    rows.extend(webhooks::rows());
    rows
}

/// Decodes a response with the SDK.
fn read<O: Operation>(operation: O, body: Bytes) -> impl Fn() {
    let api = Api::new(SecretKey::new(KEY).unwrap());
    move || {
        let response = Response::new(black_box(&body).clone());
        drop(black_box(api.read(&operation, response).unwrap()));
    }
}

fn read_by_hand<T: DeserializeOwned>(body: Bytes) -> impl Fn() {
    move || {
        let json = std::str::from_utf8(black_box(&body)).unwrap();
        drop(black_box(
            serde_json::from_str::<hand::Envelope<T>>(json).unwrap(),
        ));
    }
}
