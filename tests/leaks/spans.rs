//! The SDK's own spans and events, at every level, over each transport.

use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, SandboxTransport, server::Server};
use paystack_tests::operations::{AsyncVisitor, Entry, Example, Visitor, names};
use paystack_tests::operations::{each_operation, each_operation_async};
use paystack_tests::transports::attohttpc::AttoHttpc;
use paystack_tests::transports::{LIMIT, compio, local_tokio, smol, tokio_runtime, tower};
use paystack_tests::values::{Values, unlimited};
use paystack_transport::customers::RiskAction;
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{Api, BlockingClient, BlockingTransport, SecretKey, Settings};
use paystack_ureq::UreqTransport;
use tokio::task::LocalSet;

use crate::traces::Lines;
use crate::{KEY, NAME, Shown, values};

/// Sends all operations with secrets in every field, over this transport.
async fn send_all(transport: impl LocalTransport, api: Api, values: Values) {
    struct Sender<T>(LocalClient<T>);

    impl<T: LocalTransport> AsyncVisitor for Sender<T> {
        async fn visit<O: Example>(&mut self, Entry { full, .. }: Entry<O>) {
            let _ = self.0.send(full).await;
        }
    }

    let client = LocalClient::new(api, transport).with_rate_limiter(unlimited());
    // An attempt without an answer ends at the deadline.
    let settings = Settings::new().attempts(2).attempt_timeout(None);
    let client = client.with_settings(settings);
    each_operation_async(&values, &mut Sender(client)).await;
}

/// The same over a blocking transport.
fn send_all_blocking(transport: impl BlockingTransport, api: Api, values: Values) {
    struct Sender<T>(BlockingClient<T>);

    impl<T: BlockingTransport> Visitor for Sender<T> {
        fn visit<O: Example>(&mut self, Entry { full, .. }: Entry<O>) {
            let _ = self.0.send(full);
        }
    }

    let client = BlockingClient::new(api, transport).with_rate_limiter(unlimited());
    each_operation(&values, &mut Sender(client));
}

fn on_tokio(transport: impl LocalTransport, api: Api, values: Values) {
    LocalSet::new().block_on(&tokio_runtime(), send_all(transport, api, values));
}

/// Answers each operation with personal data in places where a decoder may stumble over it.
fn odd() -> Scripted {
    let body = r#"{"status":true,"message":"canary@example.com","data":{"id":1,"customer_code":"CUS_x",
        "email":"canary@example.com","phone":{"canary":1},"createdAt":"canary"}}"#;
    Scripted::new()
        .then(Answer::refusal(400, "canary@example.com").code("AUTH_canary"))
        .then(Answer::refusal(503, NAME))
        .then(Answer::silence())
        .then(
            Answer::body(body)
                .header("x-request-id", "sk_test_canary")
                .always(),
        )
}

/// Sends all operations with the secrets to this API.
type Send = fn(Api, Values);

const TRANSPORTS: [(&str, Send); 11] = [
    ("hyper", |api, values| {
        on_tokio(HyperTransport::new(), api, values)
    }),
    ("tower around hyper", |api, values| {
        tokio_runtime().block_on(async {
            send_all(tower::hyper_with_layers(LIMIT), api, values).await;
        });
    }),
    ("tower around reqwest", |api, values| {
        tokio_runtime().block_on(async { send_all(tower::reqwest(LIMIT), api, values).await });
    }),
    ("tower around axum", |api, values| {
        on_tokio(
            tower::axum(SandboxTransport::new(Sandbox::new(1))),
            api,
            values,
        );
    }),
    ("tokio on one thread", |api, values| {
        on_tokio(local_tokio::LocalTokio::new(), api, values);
    }),
    ("smol", |api, values| {
        ::smol::block_on(send_all(smol::SmolTransport::new(), api, values));
    }),
    ("compio", |api, values| {
        let runtime = ::compio::runtime::Runtime::new().unwrap();
        runtime.block_on(send_all(compio::CompioTransport::new(), api, values));
    }),
    ("sandbox", |api, values| {
        on_tokio(SandboxTransport::new(Sandbox::new(1)), api, values);
    }),
    ("scripted", |api, values| on_tokio(odd(), api, values)),
    ("ureq", |api, values| {
        send_all_blocking(UreqTransport::new(), api, values)
    }),
    ("attohttpc", |api, values| {
        send_all_blocking(AttoHttpc(std::time::Instant::now()), api, values);
    }),
];

#[test]
fn spans_over_each_transport_show_no_secret() {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    for (name, send) in TRANSPORTS {
        let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
        let api = Api::new(SecretKey::new(KEY).unwrap());
        let api = api.with_base_url(&server.url()).unwrap();
        let values = Values {
            risk_action: RiskAction::Deny,
            ..values()
        };
        let values = server.with(|sandbox, now| values.in_sandbox(sandbox, now));
        let lines = Lines::default();
        tracing::subscriber::with_default(lines.clone(), || send(api, values));
        let ours = lines.take().into_iter().map(|(_, line)| line);
        let ours = ours.filter(|line| {
            let starts = ["paystack_transport ", "record paystack ", "record attempt "];
            starts.iter().any(|start| line.starts_with(start))
        });
        let mut shown = Shown::default();
        for line in ours {
            shown.text(&line);
        }
        // At least two spans and three records of each call.
        let least = 5 * names().len();
        assert!(shown.renderings >= least, "{name}: {}", shown.renderings);
    }
}
