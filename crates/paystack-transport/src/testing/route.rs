//! The requests of an operation, by method and path.

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

    /// Whether a path is one of the operation.
    pub(super) fn matches(&self, method: &Method, path: &str) -> bool {
        let mut actual = path.split('/');
        self.method == method
            && self.template.split('/').all(|segment| {
                let actual = actual.next();
                actual == Some(segment)
                    || (is_placeholder(segment) && actual.is_some_and(|actual| !actual.is_empty()))
            })
            && actual.next().is_none()
    }

    /// The number of segments that are no placeholders.
    pub(super) fn literals(&self) -> usize {
        let segments = self.template.split('/');
        segments.filter(|segment| !is_placeholder(segment)).count()
    }
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_matches_whole_paths_only() {
        let template = "/customer/{code}/identification";
        let route = Route {
            method: Method::POST,
            template,
        };
        assert!(route.matches(&Method::POST, "/customer/CUS_x/identification"));
        assert!(!route.matches(&Method::GET, "/customer/CUS_x/identification"));
        for path in [
            "/a/customer/CUS_x/identification",
            "/customer/CUS_x/identification/a",
            "/customer/CUS_x",
            "/customer//identification",
            "customer/CUS_x/identification",
        ] {
            assert!(!route.matches(&Method::POST, path), "{path}");
        }
    }
}
