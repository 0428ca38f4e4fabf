//! The description of the routes.

/// Returns the OpenAPI 3.1 description of the customer routes and of the control routes, as JSON.
///
/// Its schemas allow null where the responses of Paystack and of the sandbox contain it. Paystack's own
/// description does not: <https://github.com/PaystackOSS/openapi>.
///
/// ```
/// assert!(paystack_sandbox::openapi().contains("/customer/authorization/deactivate"));
/// ```
pub const fn openapi() -> &'static str {
    include_str!("../openapi.json")
}
