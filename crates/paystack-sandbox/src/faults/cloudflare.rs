//! The error pages of Cloudflare, the edge in front of Paystack.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, SERVER};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

/// The format of an error page of Cloudflare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageFormat {
    /// A page for browsers.
    #[default]
    Html,
    /// Problem JSON, with the media type `application/problem+json`.
    ProblemJson,
}

/// Returns the error page with this status.
pub(crate) fn response(status: StatusCode, format: PageFormat) -> http::Response<Bytes> {
    let (content_type, body) = match format {
        PageFormat::Html => ("text/html; charset=UTF-8", html(status)),
        PageFormat::ProblemJson => ("application/problem+json", problem_json(status)),
    };
    let mut response = http::Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(SERVER, HeaderValue::from_static("cloudflare"));
    headers.insert("cf-ray", HeaderValue::from_static("7f0a1b2c3d4e5f60-LOS"));
    response
}

fn html(status: StatusCode) -> String {
    let (code, title) = (status.as_u16(), title(status));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>api.paystack.co | {code}: {title}</title></head>\n\
         <body><h1>{title} <span>Error code {code}</span></h1>\
         <p>Visit cloudflare.com for more information.</p></body>\n</html>\n"
    )
}

fn problem_json(status: StatusCode) -> String {
    #[derive(Serialize)]
    struct Problem {
        r#type: &'static str,
        title: String,
        status: u16,
        detail: &'static str,
        error_code: u16,
        cloudflare_error: bool,
        retryable: bool,
    }

    let problem = Problem {
        r#type: "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/",
        title: format!("Error {}: {}", status.as_u16(), title(status)),
        status: status.as_u16(),
        detail: "The edge could not get a response from the origin server.",
        error_code: status.as_u16(),
        cloudflare_error: true,
        retryable: status != StatusCode::FORBIDDEN,
    };
    serde_json::to_string(&problem).unwrap_or_default()
}

/// Returns the title of a status, including those that only Cloudflare sends.
fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "Access denied",
        429 => "You are being rate limited",
        520 => "Web server is returning an unknown error",
        521 => "Web server is down",
        522 => "Connection timed out",
        523 => "Origin is unreachable",
        524 => "A timeout occurred",
        530 => "Origin DNS error",
        _ => status.canonical_reason().unwrap_or("Error"),
    }
}
