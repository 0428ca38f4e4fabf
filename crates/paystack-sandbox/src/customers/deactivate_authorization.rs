//! `POST /customer/authorization/deactivate`

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(super) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let code = request.body.required("authorization_code")?;
    if integration.deactivate(&code) {
        Ok(Answer::done(
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
