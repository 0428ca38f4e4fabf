//! Tracing: one span per call or wait, one per attempt, and an event for each wait.

#[cfg(feature = "tracing")]
mod traced;
#[cfg(not(feature = "tracing"))]
mod untraced;

#[cfg(feature = "tracing")]
pub(crate) use self::traced::CallSpan;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::untraced::CallSpan;
