//! JSON as the API writes it: lenient values, repairs, odd fields and rows, raw JSON, metadata, and errors with
//! paths.

mod custom_field;
mod decode;
mod field_path;
mod ignored_fields;
mod json_error;
mod json_text;
pub(crate) mod lenient;
mod lenient_values;
mod metadata;
mod odd_rows;
mod other_fields;
mod raw_json;
mod repair;
mod span;

pub use self::custom_field::CustomField;
pub(crate) use self::decode::{decode, decode_object, locate};
pub use self::json_error::{JsonError, JsonProblem};
pub use self::lenient::{optional_text, optional_unless_empty, optional_value};
pub(crate) use self::lenient_values::{Object, Scalar};
pub use self::metadata::Metadata;
pub(crate) use self::metadata::MetadataObject;
pub use self::odd_rows::OddRow;
pub(crate) use self::odd_rows::{MaybeUndecoded, Undecoded, decode_leniently, is_list};
pub use self::other_fields::OtherFields;
pub use self::raw_json::{RawJson, read_json};
pub(crate) use self::repair::{lossy_text, without_byte_order_mark};
