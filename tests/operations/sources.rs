//! The list of operations is complete, and each operation has a file of its own with a snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use paystack_tests::operations;

const CORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/paystack-core/src");

/// Returns all source files in a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Returns the operations that a source implements, without wrappers of other operations.
fn implemented(source: &str) -> Vec<&str> {
    let implemented = source.split("\nimpl").skip(1).filter_map(|rest| {
        let (head, _) = rest.split_once('{')?;
        let (_, name) = head.split_once("Operation for ")?;
        name.split(|character: char| !character.is_alphanumeric())
            .next()
    });
    implemented
        .filter(|name| !matches!(*name, "" | "DecodedAs"))
        .collect()
}

/// Returns the request snapshots of a source. Each begins with its request line.
fn snapshots(source: &str) -> Vec<&str> {
    let (_, tests) = source.split_once("#[cfg(test)]").unwrap_or_default();
    let asserted = tests.split("insta::assert_snapshot!(snapshot(").skip(1);
    asserted
        .filter_map(|snapshot| Some(snapshot.split_once("@")?.1.split_once('\n')?.1.trim_start()))
        .collect()
}

fn listed() -> Vec<&'static str> {
    let names = operations::names().into_iter();
    names.map(|name| name.type_name).collect()
}

/// Returns the names that the list lacks.
fn missing<'a>(names: &[&'a str], list: &[&str]) -> Vec<&'a str> {
    let missing = names.iter().filter(|name| !list.contains(name));
    missing.copied().collect()
}

#[test]
fn list_holds_every_operation_of_the_core() {
    let files = sources(Path::new(CORE));
    let files: Vec<_> = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let found: Vec<_> = files.iter().flat_map(|file| implemented(file)).collect();
    let listed = listed();
    let unlisted = missing(&found, &listed);
    assert!(
        unlisted.is_empty(),
        "tests/support/operations.rs lacks {unlisted:?}; add an example of each"
    );
    let unknown = missing(&listed, &found);
    assert!(
        unknown.is_empty(),
        "the core does not implement {unknown:?}"
    );
    assert_eq!(found.len(), listed.len(), "an operation is listed twice");
}

#[test]
fn operation_has_its_own_file_with_a_request_snapshot() {
    for path in sources(Path::new(CORE)) {
        let source = fs::read_to_string(&path).unwrap();
        let operations = implemented(&source);
        assert!(operations.len() <= 1, "{path:?} holds {operations:?}");
        for operation in operations {
            let method = source
                .split("const METHOD: Method = Method::")
                .nth(1)
                .unwrap();
            let line = format!(
                "{} https://api.paystack.co/",
                method.split(';').next().unwrap()
            );
            let snapshots = snapshots(&source);
            assert!(
                snapshots.iter().any(|snapshot| snapshot.starts_with(&line)),
                "{operation} has no snapshot of its request in {path:?}"
            );
        }
    }
}

#[test]
fn source_without_a_request_snapshot_is_detected() {
    let without = "\nimpl<'a> Operation for Zz<'a> {\n}\n#[cfg(test)]\nmod tests {}";
    assert_eq!(implemented(without), ["Zz"]);
    assert!(snapshots(without).is_empty());
    let empty = "#[cfg(test)]\ninsta::assert_snapshot!(snapshot(&fetch), @\"\");\n";
    assert!(
        !snapshots(empty)
            .iter()
            .any(|snapshot| snapshot.starts_with("GET "))
    );
    let wrapped =
        "\nimpl<O: Operation> Operation for &O {\n}\nimpl<O> Operation for DecodedAs<O> {}";
    assert!(implemented(wrapped).is_empty());
}

#[test]
fn operation_is_named_after_its_file() {
    let files = sources(Path::new(CORE));
    let stems = files
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .map(|stem| format!("customers.{stem}"));
    let stems: Vec<_> = stems.collect();
    for name in operations::names() {
        let is_stem = stems.iter().any(|stem| stem == name.operation);
        assert!(is_stem, "{name:?} has no file of its name");
    }
}

#[test]
fn sandbox_knows_the_name_of_each_operation() {
    for name in operations::names() {
        let fault = format!(r#"{{"fault":"gzip","on":"{}"}}"#, name.operation);
        let fault = serde_json::from_str::<paystack_sandbox::Fault>(&fault);
        assert!(
            fault.is_ok(),
            "the sandbox's operations.rs lacks {}",
            name.operation
        );
    }
}
