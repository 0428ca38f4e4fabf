//! The logs of the HTTP clients, at the levels that the documentation allows.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use log::{Level, LevelFilter, Log, Metadata, Record};
use paystack_hyper::HyperTransport;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::transports::attohttpc::AttoHttpc;
use paystack_tests::transports::tower;
use paystack_transport::bytes::Bytes;
use paystack_transport::{Api, Mode, SecretKey};
use paystack_ureq::UreqTransport;

use crate::tls::Tls;
use crate::traces::Lines;
use crate::transports::{OVER_SOCKETS, Sending, blocking, on_tokio};
use crate::{EMAIL, KEY, PHONE, SECRETS, values};

/// A row of a log, and the thread that wrote it.
type Row = (ThreadId, String);

#[test]
fn joined_logs_of_every_transport_show_no_secret() {
    let mut logs = Logs::collect();
    logs.cap(&UREQ, Level::Debug);
    logs.cap(&["attohttpc"], Level::Info);
    let mut targets = BTreeSet::new();
    for (name, send) in OVER_SOCKETS.iter().chain(&BESIDE) {
        let rows = logs.of(*send);
        for rendering in renderings(&rows) {
            for secret in SECRETS {
                let at = rendering.find(secret);
                assert_eq!(at, None, "{name} logs {secret}");
            }
        }
        let target = |(_, row): Row| row.split([' ', ':']).next().unwrap().to_owned();
        targets.extend(rows.into_iter().map(target));
    }
    // The table of docs/security.md names them.
    let page = include_str!("../../docs/security.md");
    for target in LOGGING {
        assert!(targets.contains(target), "{target} must log: {targets:?}");
        assert!(page.contains(&format!("`{target}`")), "{target}");
    }
}

#[test]
fn ureq_at_trace_logs_the_key_in_pieces() {
    let logs = Logs::collect();
    let rows = logs.of(|requests| blocking(UreqTransport::new(), requests));
    let in_one_row = rows.iter().any(|(_, row)| row.contains(KEY));
    assert!(!in_one_row, "a search of the log must miss the key");
    let renderings = renderings(&rows);
    // The key, the address in a URL, and the phone number in a response.
    for secret in [KEY, "canary.ada%40", &PHONE[1..]] {
        let is_shown = renderings.iter().any(|text| text.contains(secret));
        assert!(
            is_shown,
            "ureq no longer logs {secret} at trace: remove the cap from docs/security.md and paystack-ureq"
        );
    }
    let whole_url = |row: &str| row.starts_with("ureq::run: GET") && row.contains("canary.ada");
    assert!(
        rows.iter().any(|(_, row)| whole_url(row)),
        "ureq's row at debug"
    );
    let cap = "RUST_LOG=trace,ureq=debug,ureq_proto=debug";
    assert!(include_str!("../../docs/security.md").contains(cap));
    assert!(include_str!("../../crates/paystack-ureq/src/lib.rs").contains(cap));
}

#[test]
fn attohttpc_at_debug_logs_addresses() {
    let mut logs = Logs::collect();
    logs.cap(&["attohttpc"], Level::Debug);
    let rows = logs.of(|requests| blocking(AttoHttpc(std::time::Instant::now()), requests));
    let shows_it = rows
        .iter()
        .any(|(_, row)| row.contains(EMAIL) || row.contains("canary.ada"));
    assert!(shows_it, "remove attohttpc's cap from docs/security.md");
}

#[test]
fn secret_in_pieces_or_encoded_is_found() {
    let rows = |rows: &[&str]| -> Vec<Row> {
        let id = thread::current().id();
        rows.iter().map(|row| (id, (*row).to_owned())).collect()
    };
    for pieces in [
        &["ureq_proto: 6361 6e61 .ca", "ureq_proto: 7279 0d0a ry.."][..],
        &["h2: can", "ary"],
        &["h2: canary"],
        &["hyper: [99, 97, 110, 97, ", "114, 121]"],
        &["hyper: [63, 61, 6e, 61, 72, 79]"],
        &["hyper: 0x63 0x61 0x6E 0x61 0x72 0x79"],
        &["hyper: \\x63\\x61\\x6e\\x61\\x72\\x79"],
        &["hyper: 63616e", "617279"],
    ] {
        let found = renderings(&rows(pieces));
        assert!(
            found.iter().any(|text| text.contains("canary")),
            "{pieces:?}: {found:?}"
        );
    }
    // The rows of two threads may alternate.
    let mut alternating = rows(&["can", "ary"]);
    let other = thread::spawn(|| thread::current().id()).join().unwrap();
    alternating.insert(1, (other, "x".into()));
    let found = renderings(&alternating);
    assert!(found.iter().any(|text| text.contains("canary")));
}

/// The targets of ureq.
const UREQ: [&str; 2] = ["ureq", "ureq_proto"];

/// Targets that log during the test. If a client is silent, the test proves nothing about it.
const LOGGING: [&str; 6] = [
    "h2",
    "hyper_util",
    "reqwest",
    "rustls",
    "ureq",
    "ureq_proto",
];

/// Transports without an error table of their own in `connections.rs`.
const BESIDE: [(&str, Sending); 6] = [
    ("hyper over HTTP/2", |requests| {
        let client =
            hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
                .http2_only(true)
                .build(hyper_util::client::legacy::connect::HttpConnector::new());
        on_tokio(
            HyperTransport::builder().client(client).build().unwrap(),
            requests,
        )
    }),
    ("hyper over TLS", |requests| {
        let tls = Tls::before(&requests[0]);
        on_tokio(tls.hyper(), tls.to(requests))
    }),
    ("ureq over TLS", |requests| {
        let tls = Tls::before(&requests[0]);
        blocking(tls.ureq(), tls.to(requests))
    }),
    ("in process", |requests| {
        on_tokio(SandboxTransport::new(Sandbox::new(1)), requests)
    }),
    ("tower around axum", |requests| {
        let sandbox = SandboxTransport::new(Sandbox::new(1));
        on_tokio(tower::axum(sandbox), requests)
    }),
    ("attohttpc", |requests| {
        blocking(AttoHttpc(std::time::Instant::now()), requests)
    }),
];

/// All rows of this process, from `log` and `tracing`. One test collects them at a time.
struct Logs {
    _alone: MutexGuard<'static, ()>,
}

/// Targets, and the most verbose level at which they log. All others log at every level.
static CAPS: Mutex<Vec<(&str, Level)>> = Mutex::new(Vec::new());

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

static TRACES: OnceLock<Lines> = OnceLock::new();

impl Logs {
    fn collect() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        TRACES.get_or_init(|| {
            log::set_logger(&Collector).unwrap();
            log::set_max_level(LevelFilter::Trace);
            let lines = Lines::default();
            tracing::subscriber::set_global_default(lines.clone()).unwrap();
            lines
        });
        CAPS.lock().unwrap().clear();
        Self { _alone: alone }
    }

    fn cap(&mut self, targets: &[&'static str], level: Level) {
        let caps = targets.iter().map(|target| (*target, level));
        CAPS.lock().unwrap().extend(caps);
    }

    /// The rows of a transport that sends all operations to a sandbox, and one to a closed port.
    fn of(&self, send: Sending) -> Vec<Row> {
        let traces = TRACES.get().unwrap();
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
        let requests = requests(&server);
        traces.take();
        ROWS.lock().unwrap().clear();
        let results = send(requests.clone());
        let successes = results
            .iter()
            .flatten()
            .filter(|response| response.status() == 200);
        assert!(successes.count() >= 3, "{results:?}");
        runtime.block_on(server.stop());
        send(requests[..1].to_vec());
        let mut rows = std::mem::take(&mut *ROWS.lock().unwrap());
        rows.extend(traces.take());
        rows
    }
}

/// The requests of all operations, with secrets in every field. Some of them succeed.
fn requests(server: &Server) -> Vec<http::Request<Bytes>> {
    struct Requests(Api, Vec<http::Request<Bytes>>);

    impl Visitor for Requests {
        fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
            for operation in [full, small] {
                self.1.push(self.0.request(&operation).unwrap());
            }
        }
    }

    let api = Api::new(SecretKey::new(KEY).unwrap());
    let api = api.with_base_url(&server.url()).unwrap();
    server.with(|sandbox, now| sandbox.seed_customers(&Mode::Test, 2, now));
    let mut requests = Requests(api, Vec::new());
    each_operation(&values(), &mut requests);
    requests.1
}

struct Collector;

impl Log for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let caps = CAPS.lock().unwrap();
        let target = metadata.target();
        let target = target.split("::").next().unwrap();
        let cap = caps.iter().find(|(capped, _)| *capped == target);
        cap.is_none_or(|(_, cap)| metadata.level() <= *cap)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let row = format!("{}: {}", record.target(), record.args());
            ROWS.lock().unwrap().push((thread::current().id(), row));
        }
    }

    fn flush(&self) {}
}

/// The rows of each thread without anything between them: as they are, and with dumped bytes as text.
fn renderings(rows: &[Row]) -> Vec<String> {
    let mut threads: Vec<ThreadId> = Vec::new();
    for (thread, _) in rows {
        if !threads.contains(thread) {
            threads.push(*thread);
        }
    }
    threads
        .into_iter()
        .flat_map(|thread| {
            let rows = rows.iter().filter(|(other, _)| *other == thread);
            let rows: Vec<_> = rows
                .map(|(_, row)| row.split_once(": ").map_or(&**row, |(_, message)| message))
                .collect();
            // The columns of a dump: groups of hex digits, and text in the last one.
            let is_group = |word: &&str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
            let groups = rows.iter().filter_map(|row| row.rsplit_once(' '));
            let groups = groups.flat_map(|(groups, _)| groups.split(' ').filter(is_group));
            let hex: String = groups.collect();
            let text = rows.iter().filter_map(|row| row.split(' ').next_back());
            let all = rows.concat();
            [
                all.clone(),
                text.collect(),
                from_hex(&hex),
                from_hex(&all),
                from_decimal(&all),
            ]
        })
        .collect()
}

/// Decodes the hex digits of a text, from both starts of a pair.
fn from_hex(text: &str) -> String {
    let text = text.replace("0x", "").replace("\\x", "");
    // Digits that belong together have at most a comma, a colon and spaces between them.
    let text: String = text.chars().filter(|c| !", :-".contains(*c)).collect();
    let runs = text.split(|c: char| !c.is_ascii_hexdigit());
    let decoded = runs.flat_map(|run| {
        [0, 1].map(|start| {
            let pairs = run
                .as_bytes()
                .get(start..)
                .unwrap_or_default()
                .chunks_exact(2);
            let pairs = pairs.map(|pair| std::str::from_utf8(pair).unwrap());
            pairs
                .map(|pair| char::from(u8::from_str_radix(pair, 16).unwrap()))
                .collect::<String>()
        })
    });
    decoded.collect::<Vec<_>>().join(" ")
}

/// Decodes the numbers of lists such as `[99, 97]`.
fn from_decimal(text: &str) -> String {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let bytes = numbers.filter_map(|number| number.parse::<u8>().ok());
    bytes.map(char::from).collect()
}
