//! Test transports without a network, in virtual time.
//!
//! | to test | use |
//! | --- | --- |
//! | code that calls a few operations, with answers from the test | [`Scripted`] |
//! | code with recorded responses of Paystack, offline | [`Recording`], [`Replay`] |
//! | code that handles errors and pages, without a transport | [`ApiError::example`](crate::ApiError::example), [`Page::example`](crate::Page::example) |
//! | all requests and responses of a handler, as a snapshot | [`Recording`] |
//! | code that waits, with a transport of your own | [`VirtualClock`] |
//!
//! For a whole API with state, use the sandbox of `paystack-sandbox`, which runs on the same clock.

mod answer;
mod delivery;
mod diff;
mod recording;
mod replay;
mod route;
mod scripted;
mod unexpected;
mod virtual_clock;

pub use self::answer::Answer;
pub use self::recording::{LocalRecording, Recording, Redaction};
pub use self::replay::Replay;
pub use self::scripted::Scripted;
pub use self::virtual_clock::{Hold, VirtualClock};
