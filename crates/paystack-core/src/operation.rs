//! The trait of all operations: a value that defines its request and its output.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::error::RetryRule;
use crate::request::{Path, Query};
use crate::types::RateLimitGroup;

/// An operation of the API as a value: its request, its output and its retry rule.
///
/// The trait is open. Define an operation that this SDK lacks, and clients, retries, errors and snapshots
/// work with it:
///
/// ```
/// use paystack_core::{Api, Operation, Query, SecretKey, http::Method};
///
/// struct ListBanks<'a> { country: &'a str }
/// # #[allow(dead_code)]
/// #[derive(serde::Deserialize)]
/// struct Bank { name: String, code: String }
///
/// impl Operation for ListBanks<'_> {
///     const NAME: &'static str = "banks.list";
///     const METHOD: Method = Method::GET;
///     const PATH: &'static str = "/bank";
///     type Output = Vec<Bank>;
///     fn query(&self, query: &mut Query) { query.pair("country", self.country) }
/// }
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let request = api.request(&ListBanks { country: "nigeria" })?;
/// assert_eq!(request.uri(), "https://api.paystack.co/bank?country=nigeria");
/// # Ok::<(), paystack_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation",
    label = "not an operation",
    note = "operations are values such as `CreateCustomer::new(email)`, and your own types that implement `Operation`"
)]
pub trait Operation {
    /// The name in errors, traces and snapshots: `"customers.create"`.
    const NAME: &'static str;

    /// The HTTP method.
    const METHOD: Method;

    /// The path as a template, such as `/customer/{email_or_code}`.
    const PATH: &'static str;

    /// The retry rule: [`RetryRule::of`] the method by default. A write that sets the same values again is
    /// [`RetryRule::Idempotent`].
    const RETRY: RetryRule = RetryRule::of(Self::METHOD);

    /// The rate limit that the operation counts against. Most endpoints share Paystack's default limit.
    const RATE_LIMIT_GROUP: RateLimitGroup = RateLimitGroup::DEFAULT;

    /// The type of `data` in a success. [`NoData`] if there is none.
    type Output: DeserializeOwned;

    /// The path: [`PATH`](Self::PATH) with a value for each placeholder, in order.
    fn path(&self) -> Path {
        Path::new(Self::PATH)
    }

    /// Appends the query.
    fn query(&self, query: &mut Query) {
        let _ = query;
    }

    /// The body, which is encoded as JSON. `None` sends neither a body nor a `Content-Type`.
    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    /// The same operation with another output type.
    ///
    /// ```
    /// use paystack_core::customers::FetchCustomer;
    /// use paystack_core::{Api, CustomerCode, Operation, SecretKey, http};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Slim {
    ///     total_transactions: u64,
    /// }
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?).decode_as::<Slim>();
    /// let body = r#"{"status":true,"message":"","data":{"total_transactions":7}}"#;
    /// let reply = api.read(&fetch, http::Response::new(body.into()))?;
    /// assert_eq!(reply.data.total_transactions, 7);
    /// # Ok::<(), paystack_core::Error>(())
    /// ```
    fn decode_as<T: DeserializeOwned>(self) -> DecodedAs<Self, T>
    where
        Self: Sized,
    {
        DecodedAs {
            operation: self,
            output: PhantomData,
        }
    }
}

impl<O: Operation> Operation for &O {
    const NAME: &'static str = O::NAME;
    const METHOD: Method = O::METHOD;
    const PATH: &'static str = O::PATH;
    const RETRY: RetryRule = O::RETRY;
    const RATE_LIMIT_GROUP: RateLimitGroup = O::RATE_LIMIT_GROUP;
    type Output = O::Output;

    fn path(&self) -> Path {
        O::path(self)
    }

    fn query(&self, query: &mut Query) {
        O::query(self, query);
    }

    fn body(&self) -> Option<impl Serialize> {
        O::body(self)
    }
}

/// An operation with another output type: [`Operation::decode_as`]. It serializes as that operation.
#[derive(Serialize, Deserialize)]
#[serde(
    transparent,
    bound(serialize = "O: Serialize", deserialize = "O: Deserialize<'de>")
)]
pub struct DecodedAs<O, T> {
    pub(crate) operation: O,
    /// A function type: the operation stays `Send` and `Sync` if its output is not.
    output: PhantomData<fn() -> T>,
}

impl<O: Operation, T: DeserializeOwned> Operation for DecodedAs<O, T> {
    const NAME: &'static str = O::NAME;
    const METHOD: Method = O::METHOD;
    const PATH: &'static str = O::PATH;
    const RETRY: RetryRule = O::RETRY;
    const RATE_LIMIT_GROUP: RateLimitGroup = O::RATE_LIMIT_GROUP;
    type Output = T;

    fn path(&self) -> Path {
        self.operation.path()
    }

    fn query(&self, query: &mut Query) {
        self.operation.query(query);
    }

    fn body(&self) -> Option<impl Serialize> {
        self.operation.body()
    }
}

impl<O: Clone, T> Clone for DecodedAs<O, T> {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation.clone(),
            output: PhantomData,
        }
    }
}

impl<O: fmt::Debug, T> fmt::Debug for DecodedAs<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation.fmt(f)
    }
}

/// Identifies a request without a body: the FNV-1a hash of path and query. It is stored in files, so it must not
/// change with the version of Rust.
pub(crate) fn fingerprint(operation: &impl Operation) -> u32 {
    let mut query = Query::after(operation.path().as_str().to_owned().into());
    operation.query(&mut query);
    let text = query.into_path_and_query();
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The output of operations whose success has no data.
///
/// It decodes from anything: absent data, null, `{}`, `[]`, and data that Paystack may add later.
/// [`Reply::decode`](crate::Reply::decode) reads such data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoData;

impl<'de> Deserialize<'de> for NoData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Email;
    use crate::customers::{CreateCustomer, ListCustomers};
    use crate::tests::snapshot;

    fn create() -> CreateCustomer {
        CreateCustomer::new(Email::new("ada@example.com").unwrap()).first_name("Ada")
    }

    fn list() -> ListCustomers {
        ListCustomers::new().per_page(7)
    }

    #[test]
    fn wrappers_send_the_same_request() {
        let created = snapshot(&create());
        assert!(created.contains(r#""first_name": "Ada""#), "{created}");
        assert_eq!(snapshot(&&create()), created);
        assert_eq!(snapshot(&create().decode_as::<NoData>()), created);
        let listed = snapshot(&list());
        assert!(listed.contains("/customer?perPage=7"), "{listed}");
        assert_eq!(snapshot(&&list()), listed);
        assert_eq!(snapshot(&list().decode_as::<NoData>()), listed);
    }

    #[test]
    fn another_output_type_keeps_clone_and_debug() {
        let other = list().decode_as::<NoData>();
        assert_eq!(snapshot(&other.clone()), snapshot(&list()));
        assert_eq!(format!("{other:?}"), format!("{:?}", list()));
    }
}
