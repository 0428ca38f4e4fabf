//! Times in Paystack's format.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{OffsetDateTime, UtcOffset};

/// A time that serializes as `2016-03-29T20:03:09.584Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// Deserializes from RFC 3339.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = time::serde::rfc3339::deserialize(deserializer)?;
        let time = time.checked_to_offset(UtcOffset::UTC);
        let time = time.filter(|time: &OffsetDateTime| time.year() >= 0);
        let time =
            time.ok_or_else(|| D::Error::custom("must be in a year from 0 to 9999 in UTC"))?;
        Ok(Self(time.truncate_to_millisecond()))
    }
}
