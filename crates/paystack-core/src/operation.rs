//! What an operation is: a value that says its request and what it answers with.

use std::fmt;
use std::marker::PhantomData;

use http::Method;
use serde::de::{Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::path::Path;
use crate::query::Query;

/// An operation of the API as a value: its request, what it answers with, and what a retry may do.
///
/// The trait is open. What this SDK does not name, a few lines add, and everything else (clients,
/// retries, errors, snapshots) works with it:
///
/// ```
/// use paystack_core::{Api, Operation, Path, Query, Resend, SecretKey, http::Method};
///
/// struct ListBanks<'a> { country: &'a str }
/// # #[allow(dead_code)]
/// #[derive(serde::Deserialize)]
/// struct Bank { name: String, code: String }
///
/// impl Operation for ListBanks<'_> {
///     const NAME: &'static str = "banks.list";
///     const METHOD: Method = Method::GET;
///     const RESEND: Resend = Resend::Always;
///     type Output = Vec<Bank>;
///     fn path(&self) -> Path { Path::new("bank") }
///     fn query(&self, query: &mut Query) { query.pair("country", self.country) }
/// }
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let request = api.request(&ListBanks { country: "nigeria" })?;
/// assert_eq!(request.uri(), "https://api.paystack.co/bank?country=nigeria");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation",
    label = "not an operation",
    note = "operations are values such as `CreateCustomer::new(email)`, and whatever implements `Operation`"
)]
pub trait Operation {
    /// Its name in errors, traces and snapshots: `"customers.create"`.
    const NAME: &'static str;

    /// The HTTP method.
    const METHOD: Method;

    /// What may be done after an attempt whose fate is unknown.
    const RESEND: Resend;

    /// What a success holds in its `data`. [`NoData`] where there is none.
    type Output: serde::de::DeserializeOwned;

    /// The path, from the host on.
    fn path(&self) -> Path;

    /// Adds the query, if there is one.
    fn query(&self, query: &mut Query) {
        let _ = query;
    }

    /// The body, which is written as JSON; `None` sends neither a body nor a `Content-Type`.
    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    /// The same request, whose answer is read as a type of the caller's.
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
    /// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?).answering::<Slim>();
    /// let body = r#"{"status":true,"message":"","data":{"total_transactions":7}}"#;
    /// let reply = api.read(&fetch, http::Response::new(body.into()))?;
    /// assert_eq!(reply.data.total_transactions, 7);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn answering<T: serde::de::DeserializeOwned>(self) -> Answering<Self, T>
    where
        Self: Sized,
    {
        Answering {
            operation: self,
            output: PhantomData,
        }
    }
}

impl<O: Operation> Operation for &O {
    const NAME: &'static str = O::NAME;
    const METHOD: Method = O::METHOD;
    const RESEND: Resend = O::RESEND;
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

/// An operation whose answer is read as a type of the caller's: [`Operation::answering`].
pub struct Answering<O, T> {
    pub(crate) operation: O,
    /// Made by reading, never held: it need not be `Send` or `Sync` for the operation to be.
    output: PhantomData<fn() -> T>,
}

impl<O: Operation, T: serde::de::DeserializeOwned> Operation for Answering<O, T> {
    const NAME: &'static str = O::NAME;
    const METHOD: Method = O::METHOD;
    const RESEND: Resend = O::RESEND;
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

impl<O: Clone, T> Clone for Answering<O, T> {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation.clone(),
            output: PhantomData,
        }
    }
}

impl<O: fmt::Debug, T> fmt::Debug for Answering<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation.fmt(f)
    }
}

/// What may be sent again after an attempt whose fate is unknown: a time-out, a broken connection,
/// a server error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resend {
    /// The operation. Doing it twice is the same as doing it once.
    Always,
    /// Nothing, unless it is sure that nothing was sent. Doing it twice would write twice.
    OnlyIfUnsent,
    /// Nothing at all.
    Never,
}

/// The output of operations that answer without data.
///
/// It is read from whatever stands there: absent, null, `{}` or `[]`, or data that Paystack may
/// add one day, which stays readable through [`Reply::decode`](crate::Reply::decode).
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
    use crate::tests::wire_text;

    fn create() -> CreateCustomer {
        CreateCustomer::new(Email::new("ada@example.com").unwrap()).first_name("Ada")
    }

    fn list() -> ListCustomers {
        ListCustomers::new().per_page(7)
    }

    #[test]
    fn an_operation_that_is_borrowed_or_read_otherwise_is_asked_for_in_the_same_words() {
        let created = wire_text(&create());
        assert!(created.contains(r#""first_name": "Ada""#), "{created}");
        assert_eq!(wire_text(&&create()), created);
        assert_eq!(wire_text(&create().answering::<NoData>()), created);
        let listed = wire_text(&list());
        assert!(listed.contains("/customer?perPage=7"), "{listed}");
        assert_eq!(wire_text(&&list()), listed);
        assert_eq!(wire_text(&list().answering::<NoData>()), listed);
    }

    #[test]
    fn an_operation_that_is_read_otherwise_is_cloned_and_shown_as_itself() {
        let otherwise = list().answering::<NoData>();
        assert_eq!(wire_text(&otherwise.clone()), wire_text(&list()));
        assert_eq!(format!("{otherwise:?}"), format!("{:?}", list()));
    }
}
