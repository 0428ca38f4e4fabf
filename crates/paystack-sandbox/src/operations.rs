//! The table of the routes: the operations, found by the method and path of a request.

use http::Method;
use paystack_transport::Operation;
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, TriggerActivationCharge,
    VerifyAuthorization,
};
use paystack_transport::customers::{
    CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, SetRiskAction,
    UpdateCustomer, ValidateCustomer,
};

use crate::request::segments;
use crate::response::Refusal;

/// The method, the path template and the name of an operation.
type Route = (Method, &'static str, &'static str);

const fn route<O: Operation>() -> Route {
    (O::METHOD, O::PATH, O::NAME)
}

/// All routes. No two with one method match the same path.
static ROUTES: [Route; 15] = [
    route::<CreateCustomer>(),
    route::<ListCustomers>(),
    route::<SetRiskAction>(),
    route::<DeactivateAuthorization>(),
    // The legacy path, which most SDKs still use.
    (
        Method::POST,
        "/customer/deactivate_authorization",
        DeactivateAuthorization::NAME,
    ),
    route::<InitializeAuthorization>(),
    route::<VerifyAuthorization>(),
    route::<InitializeDirectDebit>(),
    route::<ChargeActivation>(),
    route::<TriggerActivationCharge>(),
    route::<ListMandateAuthorizations>(),
    route::<ListIntegrationMandateAuthorizations>(),
    route::<ValidateCustomer>(),
    route::<FetchCustomer>(),
    route::<UpdateCustomer>(),
];

/// Returns the name of the operation that a request calls, and the value of its placeholder, if it has one.
pub(crate) fn find<'a>(
    method: &Method,
    segments: &[&'a str],
) -> Result<(&'static str, &'a str), Refusal> {
    let routes = ROUTES.iter().filter_map(|(expected, template, name)| {
        let placeholder = matched(template, segments)?;
        Some((expected, (*name, placeholder)))
    });
    if let Some((_, found)) = routes.clone().find(|(expected, _)| *expected == method) {
        return Ok(found);
    }
    let mut allowed: Vec<_> = routes.map(|(expected, _)| expected.as_str()).collect();
    allowed.sort_unstable();
    if let Some(get) = allowed.iter_mut().find(|method| **method == "GET") {
        *get = "GET, HEAD";
    }
    match allowed.is_empty() {
        true => Err(Refusal::route_not_found()),
        false => Err(Refusal::method_not_allowed(&allowed.join(", "))),
    }
}

/// Returns the name of the operation that a request calls, such as `customers.create`.
pub(crate) fn name_of(method: &Method, path: &str) -> Option<&'static str> {
    // HEAD is a GET whose response has no body.
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let segments: Vec<_> = segments(path).collect();
    find(method, &segments).ok().map(|(name, _)| name)
}

/// Returns whether a name belongs to an operation.
pub(crate) fn is_name(name: &str) -> bool {
    ROUTES.iter().any(|(_, _, known)| *known == name)
}

/// Matches a path with a template. Returns the value of the placeholder, or an empty text if there is none.
fn matched<'a>(template: &str, segments: &[&'a str]) -> Option<&'a str> {
    let expected = template.split('/').skip(1);
    if expected.clone().count() != segments.len() {
        return None;
    }
    let mut placeholder = "";
    for (expected, segment) in expected.zip(segments) {
        if expected.starts_with('{') {
            placeholder = segment;
        } else if expected != *segment {
            return None;
        }
    }
    Some(placeholder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_offers_every_operation_and_event() {
        let page = include_str!("server/page/page.js");
        let operations = ROUTES
            .iter()
            .map(|(_, _, name)| name.trim_start_matches("customers."));
        for name in operations.chain(paystack_webhook::Event::NAMES.iter().copied()) {
            assert!(page.contains(&format!("{name:?}")), "{name}");
        }
    }

    #[test]
    fn names_follow_the_method_and_the_path() {
        let cases = [
            (Method::POST, "/customer", Some("customers.create")),
            (Method::GET, "/customer/", Some("customers.list")),
            (Method::HEAD, "/customer/CUS_ada", Some("customers.fetch")),
            (
                Method::POST,
                "/customer/set_risk_action",
                Some("customers.set_risk_action"),
            ),
            (
                Method::POST,
                "/customer/deactivate_authorization",
                Some("customers.deactivate_authorization"),
            ),
            (
                Method::POST,
                "/customer/ada%40example.com/identification",
                Some("customers.validate"),
            ),
            (Method::PUT, "/customer", None),
            (Method::GET, "/bank", None),
        ];
        for (method, path, name) in cases {
            assert_eq!(name_of(&method, path), name, "{method} {path}");
        }
    }
}
