//! The error of every constructor that checks its input.

use std::fmt;

/// The error of an invalid input: the field and the problem.
///
/// It holds no part of the input. It converts into [`Error`](crate::Error), so a program needs one error
/// type. Adapters construct it for their own inputs, such as a proxy URL.
///
/// ```
/// use paystack_core::{Email, InvalidInput};
///
/// let refused = Email::new("ada.example.com").unwrap_err();
/// assert_eq!(refused.to_string(), "e-mail address must contain exactly one `@`");
/// assert_eq!(refused, InvalidInput::new("e-mail address", "must contain exactly one `@`"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidInput {
    field: &'static str,
    problem: &'static str,
}

impl InvalidInput {
    /// A refusal of this field. The problem completes the sentence that the field begins:
    /// `must not be empty`.
    pub const fn new(field: &'static str, problem: &'static str) -> Self {
        Self { field, problem }
    }

    /// The name of the input: `e-mail address`, `base URL`, `secret key`.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// The problem, such as `must not be empty`.
    pub const fn problem(&self) -> &'static str {
        self.problem
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}

impl std::error::Error for InvalidInput {}
