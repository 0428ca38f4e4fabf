//! The name of a rate limit.

/// The name of a rate limit. Operations with the same name share it.
///
/// ```
/// use paystack_core::RateLimitGroup;
///
/// const VERIFY: RateLimitGroup = RateLimitGroup::new("transaction.verify");
/// assert_eq!(VERIFY.name(), "transaction.verify");
/// assert_ne!(VERIFY, RateLimitGroup::DEFAULT);
/// ```
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateLimitGroup(&'static str);

impl RateLimitGroup {
    /// Paystack's default limit: 600 requests a minute in live mode, 100 in test mode.
    pub const DEFAULT: Self = Self::new("default");

    /// A limit with this name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}
