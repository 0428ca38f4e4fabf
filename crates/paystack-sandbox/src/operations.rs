//! The names of the operations, found by the method and path of a request.

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

/// The method, the path template and the name of an operation.
type Route = (Method, &'static str, &'static str);

const fn route<O: Operation>() -> Route {
    (O::METHOD, O::PATH, O::NAME)
}

/// All routes. Fixed segments precede placeholders that they match.
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

/// Returns the name of the operation that a request calls, such as `customers.create`.
pub(crate) fn name_of(method: &Method, path: &str) -> Option<&'static str> {
    // HEAD is a GET whose response has no body.
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let called = ROUTES.iter().find(|(expected, template, _)| {
        expected == method && matches(template, path.trim_end_matches('/'))
    });
    called.map(|(_, _, name)| *name)
}

/// Returns whether a name belongs to an operation.
pub(crate) fn is_name(name: &str) -> bool {
    ROUTES.iter().any(|(_, _, known)| *known == name)
}

fn matches(template: &str, path: &str) -> bool {
    let (mut expected, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), segments.next()) {
            (None, None) => return true,
            (Some(expected), Some(segment)) if expected == segment => {}
            (Some(expected), Some(segment)) if expected.starts_with('{') && !segment.is_empty() => {
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
