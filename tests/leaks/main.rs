//! Can a secret or personal data appear in `Debug`, `Display`, errors, traces or logs?
//!
//! The tests use values that are easy to recognize, and search for them in all output.

mod connections;
mod logs;
mod operations;
mod plain_text;
mod recordings;
mod rejected;
mod spans;
mod tls;
mod traces;
mod transports;

use std::error::Error as StdError;
use std::fmt::{Debug, Display};

use paystack_tests::values::Values;
use paystack_transport::customers::BankAccount;
use paystack_transport::customers::RiskAction;
use paystack_transport::customers::direct_debit::{Account, Address};
use paystack_transport::{AuthorizationCode, Cursor, Email, Metadata, Reference};
use serde_json::json;

const KEY: &str = "sk_test_canary7f3a";
const EMAIL: &str = "canary.ada@example.com";
const PHONE: &str = "+2348123456798";
const BVN: &str = "22299988871";
const ACCOUNT: &str = "0119998887";
const NAME: &str = "Canaria";
const AUTHORIZATION: &str = "AUTH_canarycode";

/// Parts of the values that no output may contain.
const SECRETS: [&str; 6] = [
    "canary",
    "Canaria",
    "8123456798",
    "22299988871",
    "0119998887",
    "63616e617279",
];

/// Searches output for secrets, and counts the outputs.
#[derive(Default)]
struct Shown {
    renderings: usize,
}

impl Shown {
    fn text(&mut self, text: &str) {
        self.renderings += 1;
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is shown in: {text}");
        }
    }

    fn debug(&mut self, value: &dyn Debug) {
        self.text(&format!("{value:?}"));
        self.text(&format!("{value:#?}"));
    }

    fn display(&mut self, value: &dyn Display) {
        self.text(&value.to_string());
    }

    fn error(&mut self, error: &dyn StdError) {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.text(&format!("{error:?}"));
            self.text(&error.to_string());
            cause = error.source();
        }
    }
}

fn email() -> Email {
    Email::new(EMAIL).unwrap()
}

fn metadata() -> Metadata {
    Metadata::new(&json!({"phone": PHONE, "canary": EMAIL})).unwrap()
}

/// Returns values for operations, with secrets in every field that can hold one.
fn values() -> Values {
    Values {
        new_email: email(),
        email: email(),
        name: NAME.into(),
        phone: PHONE.into(),
        metadata: metadata(),
        bank_account: BankAccount::new("NG", "007", ACCOUNT, BVN, NAME, NAME),
        risk_action: RiskAction::from(EMAIL),
        authorization: AuthorizationCode::new(AUTHORIZATION).unwrap(),
        reference: Reference::new(PHONE).unwrap(),
        callback_url: format!("https://x.example/{EMAIL}"),
        account: Account::new(ACCOUNT, "058"),
        address: Address::new(NAME, NAME, NAME),
        mandate_status: BVN.into(),
        cursor: Cursor::new(EMAIL).unwrap(),
        mandate_cursor: Cursor::new(EMAIL).unwrap(),
        ..Values::default()
    }
}

fn failed(shown: &mut Shown, error: &paystack_transport::Error) {
    shown.debug(error);
    shown.debug(error.kind());
    shown.display(error.kind());
    shown.error(error);
}
