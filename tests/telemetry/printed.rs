//! The three lines of the README make the usual subscriber print each call.

use std::io::Write;
use std::sync::{Arc, Mutex};

use paystack_tests::values::{api, email};
use paystack_transport::Client;
use paystack_transport::customers::{CreateCustomer, Customer};
use paystack_transport::testing::{Answer, Scripted};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
pub struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn usual_subscriber_prints_each_call() {
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer({
            let written = written.clone();
            move || written.clone()
        })
        .finish();
    let scripted = Scripted::new().then(Answer::data(Customer::example()));
    let client = Client::new(api(), scripted);
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let create = CreateCustomer::new(email("ada@example.com"));
        runtime.block_on(client.send(create)).unwrap();
    });
    let written = written.text();
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines.len(), 2, "{written}");
    assert!(lines[0].contains(":attempt{otel.name=POST /customer "));
    assert!(lines[0].contains("http.response.status_code=200"));
    assert!(lines[1].contains(r#"paystack{otel.name="customers.create""#));
    assert!(lines[1].contains(r#"paystack.outcome="processed""#));
    assert!(!written.contains("example.com"), "{written}");
}

#[test]
fn readme_and_guide_have_the_lines() {
    for page in [
        include_str!("../../README.md"),
        include_str!("../../docs/telemetry.md"),
    ] {
        let lines = "tracing_subscriber::fmt()\n    .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)\n    .init();\n";
        assert!(page.contains(lines));
    }
}
