//! Times in Paystack's format.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;

/// A time that serializes as `2016-03-29T20:03:09.584Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(pub(crate) OffsetDateTime);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (date, time) = (self.0.date(), self.0.time());
        let (hour, minute, second, milli) = time.as_hms_milli();
        serializer.collect_str(&format_args!(
            "{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        ))
    }
}
