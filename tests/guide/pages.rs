//! The pages of the guide.

use std::fs;
use std::path::{Path, PathBuf};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

#[test]
fn every_page_with_code_is_a_doc_test() {
    for page in pages(Path::new(DOCS)) {
        let has_code = fs::read_to_string(&page).unwrap().contains("```rust");
        let name = page.strip_prefix(DOCS).unwrap().display();
        let is_included =
            include_str!("../support/guide.rs").contains(&format!("\"../../docs/{name}\""));
        assert_eq!(has_code, is_included, "{name}");
    }
}

#[test]
fn every_page_is_in_the_summary() {
    let summary = fs::read_to_string(Path::new(DOCS).join("SUMMARY.md")).unwrap();
    for page in pages(Path::new(DOCS)) {
        let name = page.strip_prefix(DOCS).unwrap().display().to_string();
        let is_named = summary.contains(&format!("({name})"));
        assert!(is_named || name == "SUMMARY.md", "{name}");
    }
}

/// Asserts that the first program after a heading equals a file without its first line, which is documentation.
pub fn assert_program_equals(page: &str, heading: &str, file: &str) {
    let (_, section) = page.split_once(heading).unwrap();
    let (_, rest) = section.split_once("```rust\n").unwrap();
    let (program, _) = rest.split_once("```").unwrap();
    let (_, tested) = file.split_once("\n\n").unwrap();
    assert_eq!(program, tested, "{heading}");
}

/// The pages that make promises. Each promise names its test.
const PROMISES: [&str; 4] = [
    "security.md",
    "errors-and-retries.md",
    "rate-limit.md",
    "queue.md",
];

/// Sections that promise nothing.
const WITHOUT_PROMISES: [&str; 3] = ["The file", "How it works", "Several machines"];

#[test]
fn promise_names_an_existing_test() {
    for page in PROMISES {
        let text = fs::read_to_string(Path::new(DOCS).join(page)).unwrap();
        let faults = faults(&text);
        assert!(faults.is_empty(), "{page}: {faults:#?}");
    }
}

#[test]
fn promise_without_an_existing_test_is_detected() {
    const TEST: &str = "`tests/guide/pages.rs::every_page_is_in_the_summary`";
    let table =
        |cell: &str| format!("## A\n\n| promise | proven by |\n| --- | --- |\n| a | {cell} |\n");
    assert_eq!(faults(&table(TEST)), Vec::<String>::new());
    for (page, fault) in [
        (
            table("`tests/guide/none.rs::a`"),
            "tests/guide/none.rs does not exist",
        ),
        (
            table("`tests/guide/pages.rs::none`"),
            "tests/guide/pages.rs has no test none",
        ),
        (
            table("`tests/guide/pages.rs::faults`"),
            "tests/guide/pages.rs has no test faults",
        ),
        (
            table("`tests/guide/pages.rs`"),
            "no test: | a | `tests/guide/pages.rs` |",
        ),
        (table(""), "no test: | a |  |"),
        (
            format!("{}\n## B\n\nText.\n", table(TEST)),
            "no test in section B",
        ),
    ] {
        let faults = faults(&page);
        assert!(
            faults.iter().any(|found| found == fault),
            "{fault}: {faults:?}"
        );
    }
}

/// The paths and tests of a page that do not exist, and its rows and sections without a test.
fn faults(page: &str) -> Vec<String> {
    // Code blocks promise nothing.
    let text: String = page.split("```").step_by(2).collect();
    let mut faults: Vec<_> = spans(&text).filter_map(missing).collect();
    for section in text.split("\n## ").skip(1) {
        let (title, rest) = section.split_once('\n').unwrap();
        if !rest.contains(".rs::") && !WITHOUT_PROMISES.contains(&title) {
            faults.push(format!("no test in section {title}"));
        }
    }
    let mut has_proof = false;
    for line in text.lines() {
        let is_row = line.starts_with('|') && !line.starts_with("| ---");
        has_proof &= line.starts_with('|');
        if line.ends_with("| proven by |") {
            has_proof = true;
        } else if has_proof && is_row {
            let cell = line.trim_end_matches('|').rsplit('|').next().unwrap();
            if !cell.contains(".rs::") && !cell.contains("`.ci/deep`") {
                faults.push(format!("no test: {line}"));
            }
        }
    }
    faults
}

fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Describes a code span that names a path or a test that does not exist.
fn missing(code: &str) -> Option<String> {
    let (file, test) = match code.split_once(".rs::") {
        Some((file, test)) => (format!("{file}.rs"), Some(test)),
        None => (code.into(), None),
    };
    if !is_path(&file) {
        return None;
    }
    let path = Path::new(DOCS).join("..").join(&file);
    if !path.exists() {
        return Some(format!("{file} does not exist"));
    }
    let test = test?;
    let source = fs::read_to_string(path).unwrap();
    let start = format!("fn {test}(");
    let is_test = source.split_once(&start).is_some_and(|(before, _)| {
        let above = before.rsplit('\n').skip(1);
        let mut attributes = above.take_while(|line| line.trim().starts_with("#["));
        attributes.any(|line| line.contains("test"))
    });
    (!is_test).then(|| format!("{file} has no test {test}"))
}

/// Whether a code span looks like a path of the project.
fn is_path(code: &str) -> bool {
    let is_inner = code.contains('/') && !code.starts_with("..");
    let is_file = [".rs", ".md", ".toml", ".lock"]
        .iter()
        .any(|end| code.ends_with(end));
    !code.contains(' ') && (is_inner || is_file)
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found
}
