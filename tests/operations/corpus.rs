//! Snapshots of the fuzz corpus: how each body decodes.
//!
//! The snapshots hold the kinds of errors, not their texts.
//! `INSTA_UPDATE=always cargo test -p paystack-tests --test operations corpus` writes them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use paystack_core::customers::direct_debit::{
    AuthorizationLink, MandateAuthorization, VerifiedAuthorization,
};
use paystack_core::customers::{Customer, ListCustomers};
use paystack_core::{ErrorKind, JsonProblem, NoData, Operation, bytes::Bytes, http};
use paystack_tests::values::api;

/// Names the result of decoding a body.
fn kind<O: Operation>(operation: O, body: &Bytes) -> &'static str {
    let Err(error) = api().read(&operation, http::Response::new(body.clone())) else {
        return "read";
    };
    match error.kind() {
        ErrorKind::Api(_) => "refusal",
        ErrorKind::Decode(error) => match error.json().problem() {
            JsonProblem::Syntax => "syntax",
            JsonProblem::CutOff => "cut off",
            JsonProblem::TooDeep => "too deep",
            JsonProblem::Missing { .. } => "missing",
            JsonProblem::Mismatch { .. } => "mismatch",
            JsonProblem::Repeated { .. } => "repeated",
            JsonProblem::Refused => "refused",
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Returns the names and contents of a target's corpus files.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let entries = fs::read_dir(folder.join(target)).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn response_in_the_corpus_decodes_as_in_the_snapshot() {
    let mut table = String::new();
    for (name, body) in corpus("responses") {
        let body = Bytes::from(body);
        let list = ListCustomers::new();
        let kinds = [
            kind(list.clone().decode_as::<NoData>(), &body),
            kind(list.clone().decode_as::<Customer>(), &body),
            kind(list.clone(), &body),
            kind(list.clone().decode_as::<AuthorizationLink>(), &body),
            kind(list.clone().decode_as::<VerifiedAuthorization>(), &body),
            kind(list.decode_as::<Vec<MandateAuthorization>>(), &body),
        ];
        writeln!(table, "{name}: {}", kinds.join(", ")).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn error_in_the_corpus_decodes_as_in_the_snapshot() {
    let mut table = String::new();
    for (name, input) in corpus("errors") {
        // The fuzz target reads the status from the first two bytes.
        let Some((status, body)) = input.split_first_chunk::<2>() else {
            continue;
        };
        let status = 300 + u16::from_le_bytes(*status) % 700;
        let mut response = http::Response::new(Bytes::copy_from_slice(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        let error = api().read(&ListCustomers::new(), response).unwrap_err();
        let ErrorKind::Api(refusal) = error.kind() else {
            panic!("{error}")
        };
        let stated = (refusal.error_type(), refusal.code(), refusal.next_step());
        let stated = [stated.0.is_some(), stated.1.is_some(), stated.2.is_some()];
        let own = error.is_validation() || error.is_not_found();
        writeln!(
            table,
            "{name}: {status}, type, code and next step {stated:?}, validation or not found {own}"
        )
        .unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn meta_in_the_corpus_decodes_as_in_the_snapshot() {
    let mut table = String::new();
    for (name, meta) in corpus("paging") {
        let Ok(meta) = String::from_utf8(meta) else {
            continue;
        };
        let body = format!(r#"{{"status":true,"message":"","data":[],"meta":{meta}}}"#);
        let read = api().read(&ListCustomers::new(), http::Response::new(body.into()));
        let stated = match read.map(|reply| reply.meta) {
            Ok(Some(meta)) => format!(
                "next {}, previous {}, page {:?}, of {:?}",
                meta.next.is_some(),
                meta.previous.is_some(),
                meta.page,
                meta.page_count
            ),
            Ok(None) => "none".to_owned(),
            Err(_) => "no JSON".to_owned(),
        };
        writeln!(table, "{name}: {stated}").unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn corpus_holds_at_least_300_small_bodies() {
    let targets = ["responses", "errors", "paging", "webhooks"];
    let bodies: Vec<_> = targets.into_iter().flat_map(corpus).collect();
    assert!(bodies.len() >= 300, "{}", bodies.len());
    assert!(bodies.iter().all(|(_, body)| body.len() < 64 * 1024));
}
