//! Traces of the SDK, hyper and h2 during all operations.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_tests::operations::{AsyncVisitor, Entry, Example, each_operation_async, names};
use paystack_tests::transports::tower::TokioTimer;
use paystack_tests::values::{Values, unlimited};
use paystack_tower::TowerTransport;
use paystack_transport::Position;
use paystack_transport::customers::direct_debit::MandateStatus;
use paystack_transport::customers::{FetchCustomer, ListCustomers, RiskAction};
use paystack_transport::{Api, Client, Email, SecretKey, Settings, Transport, bytes::Bytes, http};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata as TraceMetadata, Subscriber};
use tracing_core::span::Current;

use crate::{KEY, Shown, email, failed, values};

#[test]
fn traces_of_the_sdk_and_hyper_show_no_secret() {
    let lines = traced(&Lines::default());
    let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    // All operations, two refused ones and a lost one, over two transports.
    let calls = 2 * (names().len() + 3);
    assert_eq!(count("paystack_transport span otel.name="), 2 * calls);
    assert_eq!(count("record paystack paystack.attempts=1"), calls);
    assert_eq!(count("record attempt http.response.status_code=404"), 2);
    assert!(lines.len() > 500, "only {} lines", lines.len());
}

#[test]
fn sdk_traces_nothing_if_its_spans_are_filtered_out() {
    let lines = Lines {
        without_ours: true,
        ..Lines::default()
    };
    let lines = traced(&lines);
    assert!(
        lines
            .iter()
            .all(|line| !line.contains("paystack_transport"))
    );
    assert!(
        lines
            .iter()
            .all(|line| !line.starts_with("record paystack") && !line.starts_with("record attempt"))
    );
}

#[test]
fn odd_fields_and_rows_are_traced_by_name() {
    let body = r#"{"status":true,"data":[
        {"id":1,"customer_code":"CUS_x","email":"canary@example.com","phone":{"a":"canary"}},
        {"id":"canary"}]}"#;
    let client = Client::new(
        Api::new(SecretKey::new(KEY).unwrap()),
        Arc::new(TowerTransport::new(
            tower::service_fn(move |_| async move {
                Ok::<_, std::io::Error>(http::Response::new(http_body_util::Full::<Bytes>::from(
                    body,
                )))
            }),
            TokioTimer::new(),
        )) as Arc<dyn Transport>,
    );
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(client.send(ListCustomers::new())).unwrap();
    });
    let lines: Vec<_> = lines.take().into_iter().map(|(_, line)| line).collect();
    let shown = lines.join("\n");
    Shown::default().text(&shown);
    for part in [
        "paystack_transport event message=ignored a field of the wrong type",
        "error=data[0].phone: expected text, found an object",
        "paystack_transport event message=cannot decode a row",
        "error=data[1].id: expected a whole number, found another string",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

/// Traces all operations over HTTP/1.1 and HTTP/2, and one call without a server.
fn traced(lines: &Lines) -> Vec<String> {
    // The subscriber covers one thread only.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(lines.clone(), || {
        let callers = tracing::info_span!("callers", attempt = tracing::field::Empty);
        let _entered = callers.enter();
        runtime.block_on(async {
            let api = Api::new(SecretKey::new(KEY).unwrap());
            let http2 =
                hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                    .http2_only(true)
                    .build(hyper_util::client::legacy::connect::HttpConnector::new());
            let transports: [Arc<dyn Transport>; 2] = [
                Arc::new(HyperTransport::new()),
                Arc::new(HyperTransport::builder().client(http2).build().unwrap()),
            ];
            for transport in transports {
                let server = Server::start(Sandbox::new(1), 0).await.unwrap();
                let api = api.clone().with_base_url(&server.url()).unwrap();
                let client = Client::new(api, transport).with_rate_limiter(unlimited());
                send_all_operations(&client, &server).await;
                server.with(|sandbox, _| Shown::default().debug(sandbox));
                drop(server);
                let once = client.with_settings(Settings::new().attempts(1));
                let lost = once.send(FetchCustomer::new(email())).await.unwrap_err();
                failed(&mut Shown::default(), &lost);
            }
        });
    });
    let lines: Vec<_> = lines.take().into_iter().map(|(_, line)| line).collect();
    let mut shown = Shown::default();
    for line in &lines {
        shown.text(line);
    }
    assert!(
        lines.iter().all(|line| !line.starts_with("record callers")),
        "the SDK must not record into a caller's span"
    );
    for beneath in ["hyper_util", "h2"] {
        let traces = lines.iter().any(|line| line.starts_with(beneath));
        assert!(traces, "{beneath} must trace as well");
    }
    lines
}

/// Sends all operations with personal data over a socket, and two that Paystack refuses.
async fn send_all_operations(client: &Client<Arc<dyn Transport>>, server: &Server) {
    struct Sender<'a>(&'a Client<Arc<dyn Transport>>);

    impl AsyncVisitor for Sender<'_> {
        async fn visit<O: Example>(&mut self, Entry { full, .. }: Entry<O>) {
            self.0.send(full).await.unwrap();
        }
    }

    let values = Values {
        risk_action: RiskAction::Deny,
        mandate_status: MandateStatus::Active,
        ..values()
    };
    let values = server.with(|sandbox, now| values.in_sandbox(sandbox, now));
    each_operation_async(&values, &mut Sender(client)).await;
    let nobody = Email::new("canary.nobody@example.com").unwrap();
    client.send(FetchCustomer::new(nobody)).await.unwrap_err();
    let after = Position::After(crate::values().cursor);
    let list = ListCustomers::new().start(after);
    client.send(list).await.unwrap_err();
}

/// Records all traces of all crates, at every level.
#[derive(Clone, Default)]
pub(crate) struct Lines {
    written: Arc<Mutex<Vec<(ThreadId, String)>>>,
    spans: Arc<Mutex<Spans>>,
    /// Whether the SDK's own spans are filtered out.
    without_ours: bool,
}

/// All spans, and the entered ones. A span's id is its position plus one.
#[derive(Default)]
struct Spans {
    known: Vec<&'static TraceMetadata<'static>>,
    entered: Vec<Id>,
}

impl Lines {
    /// Takes the lines so far, each with its thread.
    pub(crate) fn take(&self) -> Vec<(ThreadId, String)> {
        std::mem::take(&mut *self.written.lock().unwrap())
    }

    fn add(&self, mut line: String, visit: impl FnOnce(&mut Line<'_>)) {
        visit(&mut Line(&mut line));
        let line = (thread::current().id(), line);
        self.written.lock().unwrap().push(line);
    }

    fn span(&self, id: &Id) -> &'static TraceMetadata<'static> {
        let position = usize::try_from(id.into_u64()).unwrap() - 1;
        self.spans.lock().unwrap().known[position]
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &TraceMetadata<'_>) -> bool {
        !(self.without_ours && metadata.target().starts_with("paystack_transport"))
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(format!("{} span", span.metadata().target()), |line| {
            span.record(line)
        });
        let known = &mut self.spans.lock().unwrap().known;
        known.push(span.metadata());
        Id::from_u64(known.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let name = self.span(id).name();
        self.add(format!("record {name}"), |line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(format!("{} event", event.metadata().target()), |line| {
            event.record(line)
        });
    }

    fn enter(&self, id: &Id) {
        self.spans.lock().unwrap().entered.push(id.clone());
    }

    fn exit(&self, id: &Id) {
        let entered = &mut self.spans.lock().unwrap().entered;
        let last = entered.iter().rposition(|entered| entered == id);
        entered.remove(last.unwrap());
    }

    fn current_span(&self) -> Current {
        let last = self.spans.lock().unwrap().entered.last().cloned();
        last.map_or_else(Current::none, |id| {
            let metadata = self.span(&id);
            Current::new(id, metadata)
        })
    }
}
