//! Test transports without a network, in virtual time.
//!
//! | to test | use |
//! | --- | --- |
//! | code that calls a few operations, against answers that the test states | [`Scripted`] |
//! | code that waits, against a transport of your own | [`VirtualClock`] |
//!
//! For a whole API with state, use the sandbox of `paystack-sandbox`, which runs on the same clock.

mod answer;
mod route;
mod scripted;
mod virtual_clock;

pub use self::answer::Answer;
pub use self::scripted::Scripted;
pub use self::virtual_clock::VirtualClock;
