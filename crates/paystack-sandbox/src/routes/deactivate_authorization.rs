//! `POST /customer/authorization/deactivate`: removes an authorization.

use http::StatusCode;

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response};

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let code = request.body.required("authorization_code")?;
    if integration.deactivate(&code) {
        Ok(Response::without_data(
            StatusCode::OK,
            "Authorization has been deactivated",
        ))
    } else {
        Err(Refusal::plain(
            StatusCode::NOT_FOUND,
            "Authorization code not found.",
        ))
    }
}
