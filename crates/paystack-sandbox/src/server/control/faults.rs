//! The injected faults.

use http::StatusCode;
use serde::Serialize;

use super::{ServedSandbox, done, json, not_found, number};
use crate::faults::{Fault, InjectedFault};
use crate::request::check_json;
use crate::response::{Refusal, Response};

pub(super) fn list(served: &ServedSandbox) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Faults<'a> {
        faults: Vec<&'a InjectedFault>,
    }

    Ok(served.sandbox.with(|sandbox, _| {
        json(&Faults {
            faults: sandbox.faults().collect(),
        })
    }))
}

pub(super) fn inject(served: &ServedSandbox, body: &[u8]) -> Result<Response, Refusal> {
    check_json(body)?;
    let fault: Fault =
        serde_json::from_slice(body).map_err(|error| Refusal::invalid(error.to_string()))?;
    served.with(|sandbox, _| {
        let number = sandbox.inject(fault);
        let number = number.map_err(|invalid| Refusal::invalid(invalid.to_string()))?;
        let injected = sandbox.faults().find(|fault| fault.number == number);
        Ok(Response::json(StatusCode::CREATED, &injected))
    })
}

pub(super) fn clear(served: &ServedSandbox) -> Result<Response, Refusal> {
    served.with(|sandbox, _| sandbox.clear_faults());
    Ok(done("All faults are removed"))
}

pub(super) fn remove(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    if served.with(|sandbox, _| sandbox.remove_fault(number)) {
        Ok(done("The fault is removed"))
    } else {
        Err(not_found("No fault has this number"))
    }
}
