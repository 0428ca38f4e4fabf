//! The one error type, the outcome of a call, and the retry rule.

mod category;
mod kind;
mod known_message;
mod outcome;
mod paging_error;
mod retry;
mod transport_error;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use self::category::Category;
pub use self::kind::ErrorKind;
pub use self::known_message::KNOWN_MESSAGES;
use self::known_message::{
    ALREADY_VALIDATED, BANK_NOT_SUPPORTED, INVALID_EMAIL_ADDRESS, has_message,
};
pub use self::outcome::Outcome;
pub use self::paging_error::PagingError;
pub use self::retry::RetryRule;
pub use self::transport_error::{Sent, TransportError, TransportErrorKind};
use crate::json::JsonError;
use crate::response::{ApiError, ErrorCode, RawResponse};
use crate::types::InvalidInput;

/// The error of this SDK: what failed, after how many requests, and whether Paystack processed the
/// request.
///
/// `Display` and `Debug` print one line: the fault, its cause and the outcome. They redact what looks like
/// personal data. `{:#?}` prints the fields.
///
/// ```text
/// customers.create: connection lost; the request may have been processed
/// customers.create: 400 validation_error/missing_params: Email Address is required (Provide all required params); the request was not processed
/// ```
///
/// Two questions decide what to do:
///
/// ```
/// use paystack_core::{Error, Outcome};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::NotProcessed if error.is_retryable() => {
///             "wait for error.retry_after(), if it is set, and try again"
///         }
///         Outcome::NotProcessed => "do not try again: error.kind() has the reason",
///         Outcome::Unknown => "find out whether it happened before you write again",
///         _ => "it happened: error.kind() has the reason why the reply is not available",
///     }
/// }
/// ```
///
/// See <https://paystack.com/docs/api/errors/>.
pub struct Error(Box<Inner>);

/// Boxed, so that results stay small.
#[derive(Debug)]
struct Inner {
    operation: Option<&'static str>,
    attempts: u32,
    queued_for: Duration,
    outcome: Outcome,
    /// The error of the last attempt, if the deadline ended the call.
    last_failure: Option<Error>,
    /// The wait that the rate limit demands, if it exceeds the deadline.
    retry_after: Option<Duration>,
    kind: ErrorKind,
}

impl Error {
    /// The error of one attempt, for code that sends requests itself.
    pub fn new(operation: &'static str, kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            operation: Some(operation),
            ..Inner::new(kind)
        }))
    }

    /// The error of a call that the deadline ended.
    pub(crate) fn deadline(
        operation: &'static str,
        last_failure: Option<Self>,
        retry_after: Option<Duration>,
    ) -> Self {
        Self(Box::new(Inner {
            operation: Some(operation),
            last_failure,
            retry_after,
            outcome: Outcome::NotProcessed,
            ..Inner::new(ErrorKind::Deadline)
        }))
    }

    /// The same error with the facts of the whole call. An attempt whose outcome is unknown makes the
    /// call's outcome unknown.
    pub(crate) fn after(mut self, attempts: u32, queued_for: Duration, outcome: Outcome) -> Self {
        self.0.attempts = attempts;
        self.0.queued_for = queued_for;
        self.0.outcome = self.0.outcome.max(outcome);
        self
    }

    /// The name of the operation, such as `customers.create`. `None` for an input or JSON that belongs to no
    /// operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The number of attempts, including those that sent nothing.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call waited for the rate limit, over all attempts. Waits between attempts do not count.
    pub fn queued_for(&self) -> Duration {
        self.0.queued_for
    }

    /// Whether Paystack processed the request, over all attempts of the call.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The reason.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The reason, by value.
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// The response, if it is a refusal or does not decode. It keeps at most [`RawResponse::EXCERPT`] bytes of its
    /// body.
    pub fn response(&self) -> Option<&RawResponse> {
        match self.kind() {
            ErrorKind::Api(error) => Some(error.response()),
            ErrorKind::Decode(error) => error.response(),
            _ => None,
        }
    }

    /// The HTTP status of the [`response`](Self::response).
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(RawResponse::status)
    }

    /// The time to wait before the next request: the wait that the server asks for, at most an hour, or the time
    /// until the rate limit admits the call.
    ///
    /// `Retry-After` may be in seconds, a date in any form of RFC 9110, or a time since 1970 in seconds or
    /// milliseconds. Dates and times are measured from the response's `Date` header, and ignored without it. The
    /// clients of `paystack-transport` add that header.
    pub fn retry_after(&self) -> Option<Duration> {
        let asked = self.response().and_then(RawResponse::retry_after);
        asked.or(self.0.retry_after)
    }

    /// The error of the last attempt, if the deadline ended the call. It is also the
    /// [`source`](StdError::source).
    pub fn last_failure(&self) -> Option<&Self> {
        self.0.last_failure.as_ref()
    }

    /// Whether the same call may succeed later: after a rate limit, a server error, a time-out, or a
    /// connection that failed.
    ///
    /// It does not say that repeating a write is safe; see [`Error::outcome`].
    pub fn is_retryable(&self) -> bool {
        retry::is_retryable(self)
    }

    /// Whether Paystack does not know the customer, the authorization or the route. A proxy's 404 does not
    /// count.
    pub fn is_not_found(&self) -> bool {
        self.is(Category::NotFound)
    }

    /// Whether the rate limit is used up: Paystack's, or that of a proxy.
    pub fn is_rate_limited(&self) -> bool {
        self.is(Category::RateLimited)
    }

    /// Whether the key is missing, wrong or revoked. A proxy's 401 does not count.
    pub fn is_unauthorized(&self) -> bool {
        self.is(Category::Unauthorized)
    }

    /// Whether Paystack rejects an input: by 422, by the code or the type, or by a 400 with neither.
    pub fn is_validation(&self) -> bool {
        self.is(Category::Validation)
    }

    /// Whether Paystack has accepted the same data of a customer before: 400 `Customer already validated using
    /// the same credentials`.
    ///
    /// It does not mean that the customer is identified: that validation may be in progress, or may have
    /// failed. Fetch the customer and check [`identified`](crate::customers::Customer::identified).
    ///
    /// ```
    /// use paystack_core::customers::{BankAccount, FetchCustomer, ValidateCustomer};
    /// use paystack_core::{Api, CustomerCode, SecretKey, http};
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let ada = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
    /// let validate = ValidateCustomer::new(&ada, BankAccount::test_credential());
    /// # let body = r#"{"status":false,"message":"Customer already validated using the same credentials"}"#;
    /// # let response = http::Response::builder().status(400).body(body.into()).unwrap();
    /// let error = api.read(&validate, response).unwrap_err();
    /// assert!(error.is_already_validated());
    ///
    /// let fetch = FetchCustomer::new(&ada);
    /// # let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
    /// #     "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com","identified":false}}"#;
    /// # let response = http::Response::new(body.into());
    /// let ada = api.read(&fetch, response)?.data;
    /// assert_eq!(ada.identified, Some(false));
    /// # Ok::<(), paystack_core::Error>(())
    /// ```
    pub fn is_already_validated(&self) -> bool {
        self.is_refusal(|error| has_message(error, ALREADY_VALIDATED))
    }

    /// Whether Paystack does not accept the e-mail address: by the code `invalid_email_address`, or by 400
    /// `Invalid Email Address Passed`.
    pub fn is_invalid_email_address(&self) -> bool {
        self.is_refusal(|error| {
            let has_code = error.code() == Some(&ErrorCode::InvalidEmailAddress);
            has_code && error.is_paystacks_own() || has_message(error, INVALID_EMAIL_ADDRESS)
        })
    }

    /// Whether the bank of the account has no direct debit: 400 `Bank not supported for direct debit`.
    pub fn is_bank_not_supported(&self) -> bool {
        self.is_refusal(|error| has_message(error, BANK_NOT_SUPPORTED))
    }

    /// A refusal has one category: by its status, or else by its code, or else by its type.
    fn is(&self, category: Category) -> bool {
        self.is_refusal(|error| Category::of(error) == category)
    }

    fn is_refusal(&self, holds: impl FnOnce(&ApiError) -> bool) -> bool {
        matches!(self.kind(), ErrorKind::Api(error) if holds(error))
    }

    /// Whether Paystack itself responded, as far as the body shows.
    pub(crate) fn is_by_paystack(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(error) => error.is_paystacks_own(),
            ErrorKind::Decode(error) => error.is_confirmed(),
            _ => false,
        }
    }

    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Transport(error) if error.kind() == TransportErrorKind::Timeout)
    }
}

impl Inner {
    fn new(kind: ErrorKind) -> Self {
        let attempts = match kind {
            ErrorKind::InvalidInput(_) | ErrorKind::Deadline | ErrorKind::Finished => 0,
            ErrorKind::Decode(ref error) if error.response().is_none() => 0,
            _ => 1,
        };
        Self {
            operation: None,
            attempts,
            queued_for: Duration::ZERO,
            outcome: Outcome::of(&kind),
            last_failure: None,
            retry_after: None,
            kind,
        }
    }
}

impl From<InvalidInput> for Error {
    fn from(error: InvalidInput) -> Self {
        Self(Box::new(Inner::new(ErrorKind::InvalidInput(error))))
    }
}

/// The outcome is [`Outcome::Unknown`]: the JSON may be part of a success, or of no response at all.
impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        Self(Box::new(Inner::new(ErrorKind::Decode(error.into()))))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        self.kind().fmt(f)?;
        if self.attempts() > 1 {
            write!(f, " after {} attempts", self.attempts())?;
        }
        if let Some(last) = self.last_failure() {
            write!(f, " (last: {})", last.kind())?;
        }
        if let Some(wait) = self.0.retry_after {
            let seconds = wait.as_secs_f64().ceil();
            write!(f, "; the rate limit admits it in {seconds} s")?;
        }
        if self.operation().is_some() {
            write!(f, "; {}", self.outcome())?;
        }
        Ok(())
    }
}

/// One line, like `Display`. `{:#?}` prints the fields.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => self.0.fmt(f),
            false => fmt::Display::fmt(self, f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The other kinds have their texts in this error's line.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::tests::read;

    fn refused(status: u16, body: &str) -> Error {
        read(status, body).unwrap_err()
    }

    fn lost(kind: TransportErrorKind, sent: Sent) -> Error {
        let error = TransportError::new(kind, sent).with_source("canary");
        Error::new("customers.create", ErrorKind::Transport(error))
    }

    #[test]
    fn every_message_is_one_line_with_fault_and_outcome() {
        use TransportErrorKind::{
            Connect, ConnectionRefused, Io, NameLookup, Other, Timeout, TooLarge,
            UntrustedCertificate,
        };
        let operation = "customers.create";
        let paging = |error| Error::new("customers.list", ErrorKind::Paging(error));
        let errors = [
            InvalidInput::new("e-mail address", "must not be empty").into(),
            Error::new(
                operation,
                ErrorKind::InvalidInput(InvalidInput::new("path segment", "must not be empty")),
            ),
            Error::new(operation, ErrorKind::Deadline),
            Error::new(operation, ErrorKind::Deadline).after(3, Duration::ZERO, Outcome::Unknown),
            Error::deadline(operation, None, Some(Duration::from_millis(11_001))),
            Error::new(operation, ErrorKind::Finished),
            lost(NameLookup, Sent::No),
            lost(ConnectionRefused, Sent::No).after(3, Duration::ZERO, Outcome::NotProcessed),
            lost(UntrustedCertificate, Sent::No),
            lost(Connect, Sent::No),
            lost(Connect, Sent::No).after(2, Duration::ZERO, Outcome::Unknown),
            lost(Timeout, Sent::Maybe),
            lost(Io, Sent::Maybe),
            lost(TooLarge, Sent::Maybe),
            lost(Other, Sent::Maybe),
            refused(400, r#"{"status":false,"message":"No ada@example.com"}"#),
            refused(
                400,
                r#"{"status":false,"message":"No","type":"api_error","code":"unknown"}"#,
            ),
            refused(
                422,
                r#"{"status":false,"message":"No","code":"unknown","next_step":"Go"}"#,
            ),
            refused(502, "<html><title>502 Bad Gateway</title></html>"),
            refused(599, ""),
            refused(200, r#"{"status":true,"data":{"id":1}}"#),
            refused(200, "canary"),
            crate::read_json::<u8>(br#""canary""#).unwrap_err().into(),
            paging(PagingError::RepeatedCursor),
            paging(PagingError::WrongPage {
                requested: 3,
                returned: 1,
            }),
            paging(PagingError::NoCursors { pages: 9 }),
            paging(PagingError::NoList),
            paging(PagingError::Unsupported),
        ];
        let lines = errors.map(|error| {
            assert_eq!(format!("{error:?}"), error.to_string());
            error.to_string()
        });
        insta::assert_snapshot!(lines.join("\n"), @"
        e-mail address must not be empty
        customers.create: path segment must not be empty; the request was not processed
        customers.create: deadline exceeded; the request may have been processed
        customers.create: deadline exceeded after 3 attempts; the request may have been processed
        customers.create: deadline exceeded; the rate limit admits it in 12 s; the request was not processed
        customers.create: the call has already ended: start a new one; the request was not processed
        customers.create: name look-up failed; the request was not processed
        customers.create: connection refused after 3 attempts; the request was not processed
        customers.create: untrusted certificate; the request was not processed
        customers.create: no connection; the request was not processed
        customers.create: no connection after 2 attempts; the request may have been processed
        customers.create: timed out; the request may have been processed
        customers.create: connection lost; the request may have been processed
        customers.create: the response is larger than the limit: request fewer rows, or raise the limit; the request may have been processed
        customers.create: the transport failed; the request may have been processed
        customers.create: 400: No [redacted]; the request was not processed
        customers.create: 400 api_error/unknown: No; the request was not processed
        customers.create: 422 unknown: No (Go); the request was not processed
        customers.create: 502: 502 Bad Gateway; the request may have been processed
        customers.create: 599: no reason given; the request may have been processed
        customers.create: cannot decode the response with status 200: data.customer_code is missing (line 1, column 23); the request was processed
        customers.create: cannot decode the response with status 200: JSON is not valid (line 1, column 1); the request may have been processed
        cannot decode: expected u8, found a string (line 1, column 8)
        customers.list: the cursor leads to a page that was received before; the request was processed
        customers.list: the server returned page 1 instead of page 3; the request was processed
        customers.list: the server has 9 pages and returned no cursor: list by page number; the request was processed
        customers.list: the data of the response is not a list; the request was processed
        customers.list: the operation cannot start at the next page: `Paginate::at` must return it; the request was processed
        ");
    }

    #[test]
    fn alternate_debug_prints_the_fields() {
        let shown = format!(
            "{:#?}",
            refused(404, "{}").after(2, Duration::ZERO, Outcome::Unknown)
        );
        for field in [
            "operation: Some(",
            "attempts: 2",
            "outcome: Unknown",
            "status: 404",
        ] {
            assert!(shown.contains(field), "{field} in {shown}");
        }
    }

    #[test]
    fn a_deadline_keeps_the_last_failure_and_the_wait() {
        let wait = Some(Duration::from_secs(7));
        let last = lost(TransportErrorKind::Io, Sent::Maybe);
        let error = Error::deadline("customers.create", Some(last), wait);
        assert!(error.is_retryable());
        assert_eq!(
            (error.retry_after(), error.response().is_none()),
            (wait, true)
        );
        let last = error.last_failure().unwrap();
        assert_eq!(error.source().unwrap().to_string(), last.to_string());
        let alone = Error::deadline("customers.create", None, None);
        assert!(alone.source().is_none() && alone.last_failure().is_none());
    }

    #[test]
    fn only_a_lost_request_has_a_source() {
        let error = lost(TransportErrorKind::Io, Sent::No);
        assert_eq!(error.source().unwrap().to_string(), "canary");
        for error in [refused(500, "{}"), refused(200, "{}")] {
            assert!(error.source().is_none(), "{error}");
        }
    }

    #[test]
    fn the_response_is_kept() {
        for (error, status) in [(refused(404, "{}"), 404), (refused(200, "{}"), 200)] {
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.response().unwrap().body(), "{}");
        }
    }

    #[test]
    fn an_error_is_as_small_as_a_pointer() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
