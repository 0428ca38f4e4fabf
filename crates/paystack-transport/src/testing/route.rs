//! The requests of an operation, by method and path.

use bytes::Bytes;
use http::Method;
use paystack_core::Operation;

/// The method and the path template of an operation.
#[derive(PartialEq)]
pub(super) struct Route {
    method: Method,
    template: &'static str,
}

impl Route {
    pub(super) fn of<O: Operation>() -> Self {
        Self {
            method: O::METHOD,
            template: O::PATH,
        }
    }

    /// Whether a request is one of the operation. The base URL may have a path of its own.
    pub(super) fn matches(&self, request: &http::Request<Bytes>) -> bool {
        let mut path = request.uri().path().rsplit('/');
        self.method == request.method()
            && segments(self.template).rev().all(|segment| {
                path.next()
                    .is_some_and(|actual| is_placeholder(segment) || segment == actual)
            })
    }

    /// The number of segments that are no placeholders.
    pub(super) fn literals(&self) -> usize {
        let literals = segments(self.template).filter(|segment| !is_placeholder(segment));
        literals.count()
    }
}

fn segments(template: &str) -> impl DoubleEndedIterator<Item = &str> {
    template.split('/').filter(|segment| !segment.is_empty())
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{')
}
