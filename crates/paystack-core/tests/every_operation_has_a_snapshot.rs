//! The sources of the operations are read: one without a snapshot of its request fails here.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "these are tests, which read files"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The operations that a source implements, without those that wrap another.
fn operations(source: &str) -> Vec<&str> {
    let implemented = source.split("\nimpl").skip(1).filter_map(|rest| {
        let (head, _) = rest.split_once('{')?;
        let (_, name) = head.split_once("Operation for ")?;
        name.split(|character: char| !character.is_alphanumeric())
            .next()
    });
    implemented
        .filter(|name| !matches!(*name, "" | "Answering"))
        .collect()
}

/// The snapshots of a source, from their first line on.
fn snapshots(source: &str) -> Vec<&str> {
    let (_, tests) = source.split_once("#[cfg(test)]").unwrap_or_default();
    let asserted = tests.split("insta::assert_snapshot!(wire_text(").skip(1);
    asserted
        .filter_map(|snapshot| Some(snapshot.split_once("@")?.1.split_once('\n')?.1.trim_start()))
        .collect()
}

#[test]
fn every_operation_has_a_file_of_its_own_with_a_snapshot_of_its_request() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    for path in sources(&folder) {
        let source = fs::read_to_string(&path).unwrap();
        let operations = operations(&source);
        assert!(operations.len() <= 1, "{path:?} holds {operations:?}");
        for operation in operations {
            found += 1;
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
    assert_eq!(found, 13);
}

#[test]
fn a_source_without_a_snapshot_would_be_noticed() {
    let without = "\nimpl<'a> Operation for Zz<'a> {\n}\n#[cfg(test)]\nmod tests {}";
    assert_eq!(operations(without), ["Zz"]);
    assert!(snapshots(without).is_empty());
    let empty = "#[cfg(test)]\ninsta::assert_snapshot!(wire_text(&fetch), @\"\");\n";
    assert!(
        !snapshots(empty)
            .iter()
            .any(|snapshot| snapshot.starts_with("GET "))
    );
    let wrapped =
        "\nimpl<O: Operation> Operation for &O {\n}\nimpl<O> Operation for Answering<O> {}";
    assert!(operations(wrapped).is_empty());
}
