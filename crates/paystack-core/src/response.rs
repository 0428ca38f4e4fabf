//! Responses: the envelope around every body, replies, refusals, page information and rate limits.

mod api_error;
mod cursor;
mod decode;
mod decode_error;
mod envelope;
mod error_code;
mod meta;
mod rate_limit_status;
mod raw_response;
mod reply;
mod snapshot;
mod success;

pub use self::api_error::ApiError;
pub use self::cursor::Cursor;
pub(crate) use self::decode::{Failure, decode};
pub use self::decode_error::DecodeError;
pub use self::envelope::read_event;
pub use self::error_code::{ErrorCode, ErrorType};
pub use self::meta::Meta;
pub use self::rate_limit_status::RateLimitStatus;
pub use self::raw_response::{RawResponse, traceable_request_id};
pub use self::reply::Reply;
pub use self::snapshot::ResponseSnapshot;
pub(crate) use self::success::decode_data;
