//! Runs the code of the README and of `docs/` as doc tests.

use paystack_hyper::customers::{CreateCustomer, Customer};
use paystack_hyper::{Api, Client, Email, SecretKey};
use paystack_sandbox::{Sandbox, SandboxTransport};

/// Runs a snippet of the guide against a sandbox with one customer.
pub fn against_the_sandbox<S>(snippet: S)
where
    S: AsyncFnOnce(Client<SandboxTransport>, Customer) -> Result<(), Box<dyn std::error::Error>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let run = async {
        let transport = SandboxTransport::new(Sandbox::new(1));
        let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), transport);
        let create = CreateCustomer::new(Email::new("ada@example.com")?).phone("+2348123456789");
        let ada = client.send(create).await?.data;
        snippet(client, ada).await
    };
    runtime.unwrap().block_on(run).unwrap();
}

#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../README.md")]
    mod readme {}

    #[doc = include_str!("../../docs/after-an-unknown-outcome.md")]
    mod after_an_unknown_outcome {}

    #[doc = include_str!("../../docs/migrating.md")]
    mod migrating {}

    #[doc = include_str!("../../docs/connections.md")]
    mod connections {}

    #[doc = include_str!("../../docs/errors-and-retries.md")]
    mod errors_and_retries {}

    #[doc = include_str!("../../docs/operations.md")]
    mod operations {}

    #[doc = include_str!("../../docs/own-endpoints.md")]
    mod own_endpoints {}

    #[doc = include_str!("../../docs/own-runtime.md")]
    mod own_runtime {}

    #[doc = include_str!("../../docs/pagination.md")]
    mod pagination {}

    #[doc = include_str!("../../docs/rate-limit.md")]
    mod rate_limit {}

    #[doc = include_str!("../../docs/sandbox.md")]
    mod sandbox {}

    #[doc = include_str!("../../docs/testing.md")]
    mod testing {}

    #[doc = include_str!("../../docs/start.md")]
    mod start {}

    #[doc = include_str!("../../docs/telemetry.md")]
    mod telemetry {}

    #[doc = include_str!("../../docs/webhooks.md")]
    mod webhooks {}
}
