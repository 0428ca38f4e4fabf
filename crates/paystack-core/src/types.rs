//! Vocabulary: identifiers, the secret key, sensitive text, open enums, and the error for bad input.

mod code_or_id;
mod email_or_code;
mod identifiers;
mod invalid_input;
mod mode;
mod open_enum;
mod rate_limit_group;
mod redacted;
mod secret_key;
mod sensitive;
mod whole_number;

pub use self::code_or_id::CodeOrId;
pub use self::email_or_code::EmailOrCode;
pub(crate) use self::identifiers::check_segment;
pub use self::identifiers::{AuthorizationCode, CustomerCode, CustomerId, Email, Reference};
pub use self::invalid_input::InvalidInput;
pub use self::mode::Mode;
pub use self::open_enum::UnrecognizedValue;
pub(crate) use self::open_enum::open_enum;
pub use self::rate_limit_group::RateLimitGroup;
pub(crate) use self::redacted::{REDACTED, Redacted, is_sensitive_id};
pub use self::secret_key::SecretKey;
pub use self::sensitive::Sensitive;
pub(crate) use self::whole_number::{WholeNumber, whole_number};
