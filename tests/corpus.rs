//! The corpus of the fuzz targets, as a normal test: what each body is read as may not change
//! unnoticed. The kinds of errors are kept, not their texts.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use paystack_core::customers::direct_debit::{
    AuthorizationLink, MandateAuthorization, VerifiedAuthorization,
};
use paystack_core::customers::{Customer, ListCustomers};
use paystack_core::{
    Api, ErrorKind, JsonProblem, NoData, Operation, SecretKey, bytes::Bytes, http,
};

/// What a body is read as, in a word.
fn kind<O: Operation>(operation: O, body: &Bytes) -> &'static str {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let Err(error) = api.read(&operation, http::Response::new(body.clone())) else {
        return "read";
    };
    match error.kind() {
        ErrorKind::Api(_) => "refusal",
        ErrorKind::Decode(error) => match error.json().problem() {
            JsonProblem::Syntax => "syntax",
            JsonProblem::CutOff => "cut off",
            JsonProblem::TooDeep => "too deep",
            JsonProblem::NotUtf8 => "not UTF-8",
            JsonProblem::Missing { .. } => "missing",
            JsonProblem::Mismatch { .. } => "mismatch",
            JsonProblem::Repeated { .. } => "repeated",
            JsonProblem::Refused => "refused",
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_body_of_the_corpus_is_read_as_ever() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut paths = Vec::new();
    for target in ["answers", "errors", "paging"] {
        let entries = fs::read_dir(corpus.join(target)).unwrap();
        paths.extend(entries.map(|entry| entry.unwrap().path()));
    }
    paths.sort();
    assert!(paths.len() >= 300);
    let mut table = String::new();
    for path in &paths {
        let body = Bytes::from(fs::read(path).unwrap());
        let list = ListCustomers::new();
        let kinds = [
            kind(list.clone().answering::<NoData>(), &body),
            kind(list.clone().answering::<Customer>(), &body),
            kind(list.clone(), &body),
            kind(list.clone().answering::<AuthorizationLink>(), &body),
            kind(list.clone().answering::<VerifiedAuthorization>(), &body),
            kind(list.answering::<Vec<MandateAuthorization>>(), &body),
        ];
        let name = path.strip_prefix(&corpus).unwrap().display();
        writeln!(table, "{name}: {}", kinds.join(", ")).unwrap();
    }
    insta::assert_snapshot!(table);
}
