//! The description of the routes.

/// Returns the OpenAPI 3.1 description of the customer routes and of the control routes, as JSON.
///
/// Its schemas match the responses of the sandbox, which have null where Paystack's have. Paystack's own
/// description does not allow them: <https://github.com/PaystackOSS/openapi>.
///
/// ```
/// assert!(paystack_sandbox::openapi().contains("/customer/authorization/deactivate"));
/// ```
pub const fn openapi() -> &'static str {
    include_str!("../openapi.json")
}
