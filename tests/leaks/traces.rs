//! Traces of the SDK, hyper and h2 during all operations.

use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_tests::operations::assert_all_sent;
use paystack_tests::transports::tower::TokioTimer;
use paystack_tests::values::unlimited;
use paystack_tower::TowerTransport;
use paystack_transport::Position;
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, VerifyAuthorization,
};
use paystack_transport::customers::{
    CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_transport::{
    Api, Client, Email, Mode, Operation, SecretKey, Settings, Transport, bytes::Bytes, http,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata as TraceMetadata, Subscriber};
use tracing_core::span::Current;

use crate::{BVN, KEY, NAME, PHONE, Shown, email, failed, metadata, values};

#[test]
fn traces_of_the_sdk_and_hyper_show_no_secret() {
    let lines = traced(&Lines::default());
    let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(
        count("paystack_transport"),
        2 * (CALLS + 1),
        "each call has one span"
    );
    assert_eq!(count("record paystack attempt="), 2 * (CALLS + 1));
    assert_eq!(count("record paystack status=404"), 2 * 2);
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
            .all(|line| !line.starts_with("record paystack"))
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

/// The number of calls that `send_all_operations` makes.
const CALLS: usize = 16;

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

/// Sends all operations with personal data over a socket. Most of them succeed.
async fn send_all_operations(client: &Client<Arc<dyn Transport>>, server: &Server) {
    let sent = Mutex::default();
    let sender = Sender { client, sent };
    let values = values();
    let create = CreateCustomer::new(email())
        .first_name(NAME)
        .last_name(NAME);
    let create = create.phone(PHONE).metadata(metadata());
    let ada = sender.send(create).await.unwrap();
    sender.send(ListCustomers::new()).await.unwrap();
    let after = Position::After(values.cursor);
    sender.send(ListCustomers::new().start(after)).await;
    sender.send(FetchCustomer::new(email())).await.unwrap();
    let nobody = Email::new("canary.nobody@example.com").unwrap();
    assert!(sender.send(FetchCustomer::new(nobody)).await.is_none());
    let update = UpdateCustomer::new(&ada.customer_code).first_name(NAME);
    let update = update.phone(PHONE).metadata(metadata());
    sender.send(update).await.unwrap();
    let validate = ValidateCustomer::new(&ada.customer_code, values.bank_account).value(BVN);
    sender.send(validate).await.unwrap();
    let set = SetRiskAction::new(email(), RiskAction::Deny);
    sender.send(set).await.unwrap();
    let card = values.authorization;
    server.with(|sandbox, _| {
        sandbox.seed_authorization(&Mode::Test, &ada.customer_code, &card);
    });
    sender.send(FetchCustomer::new(email())).await.unwrap();
    let deactivate = DeactivateAuthorization::new(&card);
    sender.send(deactivate).await.unwrap();
    let initialize = InitializeAuthorization::new(email()).callback_url(values.callback_url);
    let initialize = initialize.account(values.account.clone());
    let initialize = initialize.address(values.address.clone());
    let link = sender.send(initialize).await.unwrap();
    sender.send(VerifyAuthorization::new(&link.reference)).await;
    let debit = InitializeDirectDebit::new(ada.id, values.account, values.address);
    sender.send(debit).await.unwrap();
    let list = ListMandateAuthorizations::new(ada.id);
    let mandates = sender.send(list).await.unwrap();
    let everyones = ListIntegrationMandateAuthorizations::new();
    sender.send(everyones).await.unwrap();
    let charge = ChargeActivation::new(ada.id, mandates[0].authorization_id);
    sender.send(charge).await;
    assert_all_sent(&sender.sent.into_inner().unwrap());
}

/// Sends operations, and records their names.
struct Sender<'a> {
    client: &'a Client<Arc<dyn Transport>>,
    sent: Mutex<BTreeSet<&'static str>>,
}

impl Sender<'_> {
    async fn send<O: Operation>(&self, operation: O) -> Option<O::Output> {
        self.sent.lock().unwrap().insert(O::NAME);
        let reply = self.client.send(operation).await;
        reply.ok().map(|reply| reply.data)
    }
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
