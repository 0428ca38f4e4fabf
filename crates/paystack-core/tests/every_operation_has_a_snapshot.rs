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

/// The names of the operations that a source implements.
fn operations(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter_map(|line| line.strip_prefix("impl Operation for ")?.strip_suffix(" {"))
}

/// The snapshots of a source that are not empty.
fn snapshots(source: &str) -> Vec<&str> {
    let (_, tests) = source.split_once("#[cfg(test)]").unwrap_or_default();
    let asserted = tests.split("insta::assert_snapshot!(wire_text(").skip(1);
    asserted
        .filter(|snapshot| snapshot.contains("api.paystack.co/"))
        .collect()
}

#[test]
fn every_operation_has_a_snapshot_of_its_request() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/customers");
    let mut found = 0;
    for path in sources(&folder) {
        let source = fs::read_to_string(&path).unwrap();
        for operation in operations(&source) {
            found += 1;
            let (_, tests) = source.split_once("#[cfg(test)]").unwrap_or_default();
            assert!(
                !snapshots(&source).is_empty(),
                "{operation} has no snapshot in {path:?}"
            );
            assert!(
                tests.contains(&format!("{operation}::new(")),
                "the snapshots in {path:?} are not of {operation}"
            );
        }
    }
    assert!(found >= 7, "only {found} operations were found");
}

#[test]
fn a_source_without_a_snapshot_would_be_noticed() {
    let without = "impl Operation for FetchCustomer {\n}\n#[cfg(test)]\nmod tests {}";
    assert_eq!(operations(without).collect::<Vec<_>>(), ["FetchCustomer"]);
    assert!(snapshots(without).is_empty());
    let empty = "#[cfg(test)]\ninsta::assert_snapshot!(wire_text(&fetch), @\"\");";
    assert!(snapshots(empty).is_empty());
}
