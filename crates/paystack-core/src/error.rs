//! What can go wrong with a call, and what is known about it then.

mod api;
mod code;
mod json;
mod transport;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

pub use self::api::ApiError;
pub(crate) use self::api::says_yes;
pub use self::code::{ErrorCode, ErrorType};
pub use self::json::{JsonError, JsonProblem};
pub(crate) use self::json::{decode, decode_owned, locate};
pub use self::transport::{TransportError, TransportErrorKind};
use crate::answer::Answer;
use crate::identifiers::IdentifierError;
use crate::settings::SettingsError;

/// Everything that is known about a call that failed.
///
/// `Display` is one line that a person can act on, without personal data:
///
/// ```text
/// customers.create: 400 validation_error/missing_params: Email Address is required (Provide all required params)
/// ```
///
/// What to do is mostly decided by three questions:
///
/// ```
/// use paystack_core::Error;
///
/// fn advice(error: &Error) -> &'static str {
///     if error.is_outcome_unknown() {
///         "look whether it happened before you write again"
///     } else if error.is_retryable() {
///         "wait for error.retry_after(), if there is one, then try again"
///     } else {
///         "it will not get better by itself: error.kind() says why"
///     }
/// }
/// ```
///
/// See <https://paystack.com/docs/api/errors/>.
pub struct Error(Box<Failure>);

/// Behind a box, so that a result is not made larger by an error that nearly never comes.
struct Failure {
    operation: &'static str,
    attempts: u32,
    sent: Sent,
    outcome_unknown: bool,
    /// What the last attempt of a call ended with that then ran out of time.
    last: Option<Error>,
    /// What the rate limit asked for, of a call that has not the time.
    asked: Option<Duration>,
    kind: ErrorKind,
}

impl Error {
    /// An error of one attempt, for code that drives requests itself.
    pub fn new(operation: &'static str, kind: ErrorKind) -> Self {
        let (attempts, sent) = match &kind {
            ErrorKind::Request(_) | ErrorKind::Deadline => (0, Sent::No),
            ErrorKind::Transport(error) => (1, error.sent()),
            ErrorKind::Api(_) | ErrorKind::Decode(_) => (1, Sent::Yes),
        };
        let outcome_unknown = match &kind {
            // Only Paystack's own refusal proves that nothing happened, and not every one does: under
            // 408 and from 500 on it may have failed after the work was done.
            ErrorKind::Api(error) => {
                let status = error.status().as_u16();
                !error.is_paystacks_own() || status == 408 || status >= 500
            }
            ErrorKind::Decode(error) => !error.says_yes,
            _ => sent == Sent::Maybe,
        };
        Self(Box::new(Failure {
            operation,
            attempts,
            sent,
            outcome_unknown,
            last: None,
            asked: None,
            kind,
        }))
    }

    /// The error of a call that has run out of time, after an attempt that failed or for the rate
    /// limit.
    pub(crate) fn deadline(
        operation: &'static str,
        last: Option<Self>,
        asked: Option<Duration>,
    ) -> Self {
        let mut error = Self::new(operation, ErrorKind::Deadline);
        error.0.last = last;
        error.0.asked = asked;
        error
    }

    /// The same, with what is known of the whole call.
    pub(crate) fn after(mut self, attempts: u32, sent: Sent, outcome_unknown: bool) -> Self {
        self.0.attempts = attempts;
        self.0.sent = sent;
        self.0.outcome_unknown = outcome_unknown;
        self
    }

    /// The name of the operation, such as `customers.create`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many requests were made.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether any of them reached Paystack.
    pub fn was_sent(&self) -> Sent {
        self.0.sent
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// What went wrong, to keep.
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// The answer, if one came. Of its body at most [`Answer::EXCERPT`] bytes are kept.
    pub fn answer(&self) -> Option<&Answer> {
        match self.kind() {
            ErrorKind::Api(error) => Some(error.answer()),
            ErrorKind::Decode(error) => Some(error.answer()),
            ErrorKind::Request(_) | ErrorKind::Deadline | ErrorKind::Transport(_) => None,
        }
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(Answer::status)
    }

    /// How long to wait before the next request: what the server asks for, or, of a call that ended
    /// because its turn in the rate limit could not come in time, when that turn comes at the earliest.
    pub fn retry_after(&self) -> Option<Duration> {
        let asked = self.answer().and_then(Answer::retry_after);
        asked.or(self.0.asked)
    }

    /// Of a call that ran out of time ([`ErrorKind::Deadline`]), what its last attempt before ended
    /// with, if there was one. It is the [`source`](StdError::source) as well.
    pub fn last_failure(&self) -> Option<&Self> {
        self.0.last.as_ref()
    }

    /// Whether the same call may well succeed later: a rate limit, a server error, a broken or
    /// refused connection, a time-out. It says nothing about whether repeating a write is safe; see
    /// [`Error::is_outcome_unknown`].
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Transport(error) => matches!(
                error.kind(),
                TransportErrorKind::Connect | TransportErrorKind::Timeout | TransportErrorKind::Io
            ),
            ErrorKind::Api(error) => {
                let status = error.status().as_u16();
                let in_vain = matches!(status, 501 | 505);
                self.is_rate_limited() || matches!(status, 408 | 425) || status >= 500 && !in_vain
            }
            ErrorKind::Deadline => true,
            ErrorKind::Request(_) | ErrorKind::Decode(_) => false,
        }
    }

    /// Whether nobody knows if Paystack did what was asked: the connection was lost after something
    /// may have been sent, the server failed or timed out, or the answer is not one that Paystack wrote.
    /// Look before writing again.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// Paystack knows no such customer, authorization or route. A page that a proxy puts under 404 says
    /// nothing of the kind.
    pub fn is_not_found(&self) -> bool {
        self.api().is_some_and(|error| {
            error.status() == StatusCode::NOT_FOUND && error.is_paystacks_own()
                || error.code() == Some(&ErrorCode::CustomerNotFound)
        })
    }

    /// Too many requests in this window.
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(|error| {
            error.status() == StatusCode::TOO_MANY_REQUESTS
                || error.code() == Some(&ErrorCode::RateLimited)
        })
    }

    /// Whether somebody on the way has answered in Paystack's place.
    pub(crate) fn is_by_a_proxy(&self) -> bool {
        self.api().is_some_and(|error| !error.is_paystacks_own())
    }

    /// The key is missing, wrong or revoked.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Paystack does not accept what was sent: it says so by type, by code or by 422, or answers
    /// 400 in its own shape without saying what else it is.
    pub fn is_validation(&self) -> bool {
        self.api()
            .is_some_and(|error| match (error.error_type(), error.code()) {
                (Some(ErrorType::ValidationError), _)
                | (_, Some(ErrorCode::MissingParams | ErrorCode::InvalidParams)) => true,
                _ if error.status() == StatusCode::UNPROCESSABLE_ENTITY => true,
                (None, None) => {
                    error.status() == StatusCode::BAD_REQUEST && error.is_paystacks_own()
                }
                _ => false,
            })
    }

    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Transport(error) if error.kind() == TransportErrorKind::Timeout)
    }

    fn api(&self) -> Option<&ApiError> {
        match self.kind() {
            ErrorKind::Api(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation(), self.kind())?;
        if let ErrorKind::Transport(_) | ErrorKind::Deadline = self.kind() {
            // An answer to one attempt says nothing of what another has done.
            let unknown = self.is_outcome_unknown().then_some(Sent::Maybe);
            write!(f, " ({})", unknown.unwrap_or(self.was_sent()))?;
        }
        if self.attempts() > 1 {
            write!(f, " after {} attempts", self.attempts())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.operation())
            .field("attempts", &self.attempts())
            .field("sent", &self.was_sent())
            .field("kind", self.kind())
            .field("last_failure", &self.last_failure())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The kind's own words are in this error's line already.
        match self.kind() {
            ErrorKind::Transport(error) => error.source(),
            ErrorKind::Deadline => {
                let last = self.last_failure()?;
                Some(last)
            }
            _ => None,
        }
    }
}

/// What went wrong with a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No request could be made: nothing was sent.
    Request(RequestError),
    /// There was no time left, in the queue for the rate limit or for an answer; see
    /// [`Error::was_sent`], [`Error::last_failure`] and [`Error::retry_after`].
    Deadline,
    /// The request or its answer was lost on the way.
    Transport(TransportError),
    /// Paystack, or a proxy in front of it, refused.
    Api(ApiError),
    /// A success that is not what the operation answers with.
    ///
    /// If it says `"status": true` as Paystack's own do, what was asked has been done, and only the
    /// account of it cannot be read. If it does not (a proxy's page under 200, an empty body, JSON
    /// that is cut off), nobody knows: [`Error::is_outcome_unknown`].
    Decode(DecodeError),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Deadline => f.write_str("no time was left"),
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

/// Whether a request reached Paystack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sent {
    /// Surely not: repeating it cannot write twice.
    No,
    /// It may have: the connection was lost before an answer came.
    Maybe,
    /// It did: an answer came.
    Yes,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "nothing was sent",
            Self::Maybe => "it may have been carried out",
            Self::Yes => "an answer came",
        })
    }
}

/// Why no request could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A path segment would change the route.
    Path(IdentifierError),
    /// Path and query together are longer than a URI may be (64 KiB).
    TooLong,
    /// The body does not serialize to JSON, or holds metadata that is no object.
    Body,
    /// A setting makes no sense.
    Settings(SettingsError),
    /// The call is over already.
    Over,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request cannot be made: ")?;
        match self {
            Self::Path(error) => error.fmt(f),
            Self::TooLong => f.write_str("path and query are longer than 64 KiB"),
            Self::Body => {
                f.write_str("the body does not serialize to JSON, or its metadata is no object")
            }
            Self::Settings(error) => error.fmt(f),
            Self::Over => f.write_str("the call is over"),
        }
    }
}

impl StdError for RequestError {}

/// A success that is not what the operation answers with.
#[derive(Debug)]
pub struct DecodeError {
    json: JsonError,
    answer: Answer,
    /// Whether it is in the shape of Paystack's own successes.
    says_yes: bool,
}

impl DecodeError {
    pub(crate) fn new(json: JsonError, answer: Answer, says_yes: bool) -> Self {
        let around = json.offset(answer.body());
        Self {
            json,
            answer: answer.into_excerpt(around),
            says_yes,
        }
    }

    /// Where the body does not fit, and how. Line and column are those of the whole body.
    pub fn json(&self) -> &JsonError {
        &self.json
    }

    /// The answer. Of its body [`Answer::EXCERPT`] bytes are kept, around the place of the problem.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unreadable answer {}: {}",
            self.answer.status().as_u16(),
            self.json
        )
    }
}

impl StdError for DecodeError {}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::IdentifierProblem;

    fn refused(status: u16, body: &'static str) -> Error {
        let mut response = http::Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let error = ApiError::new(Answer::new(response));
        Error::new("customers.create", ErrorKind::Api(error))
    }

    fn lost(kind: TransportErrorKind, sent: Sent) -> Error {
        let error = TransportError::new(kind, sent);
        Error::new("customers.create", ErrorKind::Transport(error))
    }

    #[test]
    fn statuses_are_told_apart() {
        // retryable, outcome unknown, not found, rate limited, unauthorized, validation
        for (status, expected) in [
            (101, "-o----"),
            (304, "-o----"),
            (400, "-o----"),
            (401, "-o--u-"),
            (403, "-o----"),
            (404, "-o----"),
            (408, "ro----"),
            (422, "-o---v"),
            (425, "ro----"),
            (429, "ro-l--"),
            (500, "ro----"),
            (501, "-o----"),
            (502, "ro----"),
            (503, "ro----"),
            (504, "ro----"),
            (505, "-o----"),
            (521, "ro----"),
            (600, "ro----"),
            (999, "ro----"),
            (302, "-o----"),
        ] {
            let error = refused(status, "{}");
            let mark = |is, mark| if is { mark } else { '-' };
            let told: String = [
                mark(error.is_retryable(), 'r'),
                mark(error.is_outcome_unknown(), 'o'),
                mark(error.is_not_found(), 'n'),
                mark(error.is_rate_limited(), 'l'),
                mark(error.is_unauthorized(), 'u'),
                mark(error.is_validation(), 'v'),
            ]
            .into_iter()
            .collect();
            assert_eq!(told, expected, "{status}");
            assert_eq!((error.was_sent(), error.attempts()), (Sent::Yes, 1));
        }
    }

    #[test]
    fn a_proxys_404_says_nothing_about_a_customer() {
        assert!(refused(404, r#"{"status":false,"message":"Customer not found"}"#).is_not_found());
        assert!(!refused(404, "<title>404 Not Found</title>").is_not_found());
    }

    #[test]
    fn paystacks_own_limit_leaves_no_doubt() {
        let own = refused(429, r#"{"status":false,"message":"Rate limit exceeded!"}"#);
        assert_eq!(
            (own.is_rate_limited(), own.is_outcome_unknown()),
            (true, false)
        );
    }

    #[test]
    fn codes_and_types_count_beside_the_status() {
        assert!(refused(400, r#"{"code":"customer_not_found"}"#).is_not_found());
        assert!(refused(400, r#"{"code":"rate_limited"}"#).is_rate_limited());
    }

    #[test]
    fn a_validation_error_says_so_or_is_a_400_of_paystacks_own_that_says_nothing_else() {
        for (status, body, is_validation) in [
            (403, r#"{"type":"validation_error"}"#, true),
            (404, r#"{"code":"missing_params"}"#, true),
            (400, r#"{"type":"api_error","code":"invalid_params"}"#, true),
            (422, "<html>", true),
            (400, r#"{"status":false,"message":"Invalid BVN"}"#, true),
            (
                400,
                r#"{"status":"false","message":"No","type":"processor_error"}"#,
                false,
            ),
            (
                400,
                r#"{"status":false,"message":"No","type":"api_error"}"#,
                false,
            ),
            (
                400,
                r#"{"status":false,"message":"No","code":"customer_not_found"}"#,
                false,
            ),
            (
                400,
                r#"{"status":false,"message":"No","code":"rate_limited"}"#,
                false,
            ),
            (400, "<html><title>400 Bad Request</title></html>", false),
            (400, "{}", false),
            (401, r#"{"status":false,"message":"Invalid key"}"#, false),
        ] {
            assert_eq!(
                refused(status, body).is_validation(),
                is_validation,
                "{body}"
            );
        }
    }

    #[test]
    fn a_lost_request_is_told_by_its_kind_and_its_fate() {
        for (kind, sent, retryable, unknown) in [
            (TransportErrorKind::Connect, Sent::No, true, false),
            (TransportErrorKind::Timeout, Sent::Maybe, true, true),
            (TransportErrorKind::Io, Sent::Maybe, true, true),
            (TransportErrorKind::Io, Sent::No, true, false),
            (TransportErrorKind::TooLarge, Sent::Maybe, false, true),
            (TransportErrorKind::Other, Sent::Maybe, false, true),
        ] {
            let error = lost(kind, sent);
            assert_eq!(
                (error.is_retryable(), error.is_outcome_unknown()),
                (retryable, unknown)
            );
            assert_eq!((error.was_sent(), error.status()), (sent, None));
        }
    }

    #[test]
    fn a_request_that_cannot_be_written_was_not_sent() {
        let refused = crate::CustomerCode::new("..").unwrap_err();
        assert_eq!(refused.problem(), IdentifierProblem::DotDot);
        let error = Error::new(
            "customers.fetch",
            ErrorKind::Request(RequestError::Path(refused)),
        );
        assert_eq!((error.was_sent(), error.attempts()), (Sent::No, 0));
        assert_eq!(
            (error.is_retryable(), error.is_outcome_unknown()),
            (false, false)
        );
        assert_eq!(
            error.to_string(),
            "customers.fetch: the request cannot be made: the customer code is `..`, which would \
             change the route"
        );
    }

    #[test]
    fn an_error_takes_no_more_room_than_a_pointer() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    fn unreadable(body: &'static str) -> Error {
        let answer = Answer::new(http::Response::new(Bytes::from_static(body.as_bytes())));
        let decode = DecodeError::new(JsonError::missing("data"), answer, true);
        Error::new("customers.create", ErrorKind::Decode(decode))
    }

    #[test]
    fn an_error_is_one_line_that_says_what_happened() {
        let request = |error| Error::new("customers.create", ErrorKind::Request(error));
        let timeout = || lost(TransportErrorKind::Timeout, Sent::Maybe);
        let settings = crate::Settings {
            attempts: 0,
            ..crate::Settings::default()
        };
        let settings = settings.check().unwrap_err();
        for (error, says) in [
            (
                request(RequestError::TooLong),
                "the request cannot be made: path and query are longer than 64 KiB",
            ),
            (
                request(RequestError::Body),
                "the request cannot be made: the body does not serialize to JSON, or its metadata is \
                 no object",
            ),
            (
                request(RequestError::Settings(settings)),
                "the request cannot be made: attempts is zero",
            ),
            (
                request(RequestError::Over),
                "the request cannot be made: the call is over",
            ),
            (
                Error::new("customers.create", ErrorKind::Deadline),
                "no time was left (nothing was sent)",
            ),
            (
                timeout(),
                "no answer came in time (it may have been carried out)",
            ),
            (
                timeout().after(3, Sent::Maybe, true),
                "no answer came in time (it may have been carried out) after 3 attempts",
            ),
            (
                timeout().after(2, Sent::Yes, true),
                "no answer came in time (it may have been carried out) after 2 attempts",
            ),
            (
                refused(400, r#"{"code":"invalid_params","message":"No"}"#),
                "400 invalid_params: No",
            ),
            (
                unreadable("{}"),
                "unreadable answer 200: data: the field is missing",
            ),
        ] {
            assert_eq!(error.to_string(), format!("customers.create: {says}"));
        }
    }

    #[test]
    fn a_call_without_time_tells_what_its_last_attempt_ended_with() {
        let asked = Some(Duration::from_secs(7));
        let last = lost(TransportErrorKind::Io, Sent::Maybe);
        let error = Error::deadline("customers.create", Some(last), asked);
        assert!(error.is_retryable());
        assert_eq!(
            (error.retry_after(), error.answer().is_none()),
            (asked, true)
        );
        let last = error.last_failure().unwrap();
        assert_eq!(error.source().unwrap().to_string(), last.to_string());
        assert!(format!("{error:?}").contains("kind: Io"), "{error:?}");
        let alone = Error::deadline("customers.create", None, None);
        assert!(alone.source().is_none());
        assert!(alone.last_failure().is_none());
    }

    #[test]
    fn the_cause_is_what_the_transport_gave_and_no_answer_has_one() {
        let error = TransportError::new(TransportErrorKind::Io, Sent::No).with_source("reset");
        let error = Error::new("customers.create", ErrorKind::Transport(error));
        assert_eq!(error.source().unwrap().to_string(), "reset");
        for answered in [refused(500, "{}"), unreadable("{}")] {
            assert!(answered.source().is_none(), "{answered}");
        }
    }

    #[test]
    fn only_a_transports_time_out_is_one() {
        assert!(lost(TransportErrorKind::Timeout, Sent::Maybe).is_timeout());
        assert!(!lost(TransportErrorKind::Io, Sent::Maybe).is_timeout());
        assert!(!refused(504, "{}").is_timeout());
    }

    #[test]
    fn an_answer_that_came_stands_with_the_error() {
        for (error, status) in [(refused(404, "{}"), 404), (unreadable("{}"), 200)] {
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.answer().unwrap().body(), "{}");
        }
        let done = unreadable("{}");
        assert_eq!(
            (done.is_retryable(), done.is_outcome_unknown()),
            (false, false)
        );
    }
}
