//! What is traced while everything is called, the layers beneath included.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};

use paystack_client::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, VerifyAuthorization,
};
use paystack_client::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    Api, AuthorizationCode, Client, Cursor, Domain, Email, Operation, Pace, SecretKey, Transport,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata as TraceMetadata, Subscriber};
use tracing_core::span::Current;

use crate::{
    ACCOUNT, AUTHORIZATION, BVN, EMAIL, KEY, NAME, PHONE, Shown, account, address, email, failed,
    metadata,
};

#[test]
fn nothing_leaks_into_traces_those_of_hyper_included() {
    let lines = traced(&Lines::default());
    let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(count("paystack_client"), 2 * (CALLS + 1), "one span a call");
    assert_eq!(count("record paystack attempt="), 2 * (CALLS + 1));
    assert_eq!(count("record paystack status=404"), 2 * 2);
    assert!(lines.len() > 500, "only {} lines", lines.len());
}

#[test]
fn nothing_is_traced_where_the_sdks_spans_are_filtered_out() {
    let lines = Lines {
        without_ours: true,
        ..Lines::default()
    };
    let lines = traced(&lines);
    assert!(lines.iter().all(|line| !line.contains("paystack_client")));
    assert!(
        lines
            .iter()
            .all(|line| !line.starts_with("record paystack"))
    );
}

/// How many calls `all_operations` makes.
const CALLS: usize = 16;

/// Traces all operations over both versions of HTTP, and one call that finds nobody there.
fn traced(lines: &Lines) -> Vec<String> {
    // One thread, so that all of it runs under this subscriber.
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
                Arc::new(HyperTransport::with_client(http2)),
            ];
            for transport in transports {
                let server = Server::start(Sandbox::new(1), 0).await.unwrap();
                let api = api.clone().with_base_url(&server.url()).unwrap();
                let unlimited = Pace::new(Domain::Test, 7).without_limit();
                let client = Client::with_pace(api, transport, unlimited);
                all_operations(&client, &server).await;
                server.with(|sandbox, _| Shown::default().debug(sandbox));
                drop(server);
                let once = client.with(|settings| settings.attempts = 1);
                let lost = once.send(FetchCustomer::new(email())).await.unwrap_err();
                failed(&mut Shown::default(), &lost);
            }
        });
    });
    let lines = std::mem::take(&mut *lines.written.lock().unwrap());
    let mut shown = Shown::default();
    for line in &lines {
        shown.text(line);
    }
    assert!(
        lines.iter().all(|line| !line.starts_with("record callers")),
        "a caller's span is the caller's"
    );
    for beneath in ["hyper_util", "h2"] {
        let traces = lines.iter().any(|line| line.starts_with(beneath));
        assert!(traces, "{beneath} traces as well");
    }
    lines
}

/// All thirteen operations with all that is personal in them, over a socket, under a span of the
/// caller's; each time one that succeeds where there is something to succeed with.
async fn all_operations(client: &Client<Arc<dyn Transport>>, server: &Server) {
    async fn send<O: Operation>(
        client: &Client<Arc<dyn Transport>>,
        operation: O,
    ) -> Option<O::Output> {
        client.send(operation).await.ok().map(|reply| reply.data)
    }

    let create = CreateCustomer::new(email())
        .first_name(NAME)
        .last_name(NAME);
    let create = create.phone(PHONE).metadata(metadata());
    let ada = send(client, create).await.unwrap();
    send(client, ListCustomers::new()).await.unwrap();
    let after = Start::After(Cursor::new(EMAIL).unwrap());
    send(client, ListCustomers::new().start(after)).await;
    send(client, FetchCustomer::new(email())).await.unwrap();
    let nobody = Email::new("canary.nobody@example.com").unwrap();
    assert!(send(client, FetchCustomer::new(nobody)).await.is_none());
    let update = UpdateCustomer::new(&ada.customer_code).first_name(NAME);
    let update = update.phone(PHONE).metadata(metadata());
    send(client, update).await.unwrap();
    let bank_account = BankAccount {
        country: "NG".into(),
        bank_code: "007".into(),
        account_number: ACCOUNT.into(),
        bvn: BVN.into(),
        first_name: NAME.into(),
        last_name: NAME.into(),
    };
    let validate = ValidateCustomer::new(&ada.customer_code, bank_account).value(BVN);
    send(client, validate).await.unwrap();
    let set = SetRiskAction::new(email(), RiskAction::Deny);
    send(client, set).await.unwrap();
    let card = AuthorizationCode::new(AUTHORIZATION).unwrap();
    server.with(|sandbox, _| {
        sandbox.seed_authorization(&Domain::Test, &ada.customer_code, &card);
    });
    send(client, FetchCustomer::new(email())).await.unwrap();
    send(client, DeactivateAuthorization::new(&card))
        .await
        .unwrap();
    let initialize = InitializeAuthorization::new(email());
    let initialize = initialize.callback_url(format!("https://x.example/{EMAIL}"));
    let initialize = initialize.account(account()).address(address());
    let link = send(client, initialize).await.unwrap();
    send(client, VerifyAuthorization::new(&link.reference)).await;
    let debit = InitializeDirectDebit::new(ada.id, account(), address());
    send(client, debit).await.unwrap();
    let list = ListMandateAuthorizations::new(ada.id);
    let mandates = send(client, list).await.unwrap();
    let everyones = ListIntegrationMandateAuthorizations::new();
    send(client, everyones).await.unwrap();
    let charge = ChargeActivation::new(ada.id, mandates[0].authorization_id);
    send(client, charge).await;
}

/// Writes down all that is traced, whoever traces it, at every level.
#[derive(Clone, Default)]
struct Lines {
    written: Arc<Mutex<Vec<String>>>,
    spans: Arc<Mutex<Spans>>,
    /// Whether the SDK's own spans are filtered out.
    without_ours: bool,
}

/// The spans there are, and those entered; the first is no span's id.
#[derive(Default)]
struct Spans {
    known: Vec<&'static TraceMetadata<'static>>,
    entered: Vec<Id>,
}

impl Lines {
    fn add(&self, mut line: String, visit: impl FnOnce(&mut Line<'_>)) {
        visit(&mut Line(&mut line));
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
        !(self.without_ours && metadata.target().starts_with("paystack_client"))
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
