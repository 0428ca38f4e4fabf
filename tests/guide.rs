//! The code in the README and in `docs/`, which is compiled and run as documentation tests.

#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../README.md")]
    mod readme {}

    #[doc = include_str!("../docs/adding-an-operation.md")]
    mod adding_an_operation {}

    #[doc = include_str!("../docs/life-of-a-call.md")]
    mod life_of_a_call {}

    #[doc = include_str!("../docs/own-runtime.md")]
    mod own_runtime {}

    #[doc = include_str!("../docs/pages-and-exports.md")]
    mod pages_and_exports {}

    #[doc = include_str!("../docs/retries-and-rate-limits.md")]
    mod retries_and_rate_limits {}

    #[doc = include_str!("../docs/webhooks.md")]
    mod webhooks {}
}
