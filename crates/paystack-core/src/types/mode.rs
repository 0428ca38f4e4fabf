//! Test mode or live mode.

use super::open_enum;

open_enum! {
    /// The mode of a key or an object. Paystack's JSON calls it `domain`.
    ///
    /// ```
    /// use paystack_core::Mode;
    ///
    /// assert_eq!(Mode::from("live"), Mode::Live);
    /// assert_eq!(Mode::from("staging").as_str(), "staging");
    /// ```
    pub enum Mode {
        /// Test mode: no money moves and no customer is notified.
        Test = "test",
        /// Live mode.
        Live = "live",
    }
}
