//! Measures, and writes the tables of `benches/README.md`: `report [counts] [far] [sandbox] [programs]`, all four
//! without arguments. Only all four write the date and the versions. `far` fails beyond its limit, after all tables are
//! written. `report check` counts, writes nothing, and fails beyond the limits.
//!
//! It needs the other programs of this package in its own directory, `valgrind`, and `cargo` for the programs of ten
//! lines. Compared clients alternate, so that other load on the machine affects all of them.

mod aims;
mod measure;
mod tables;

use std::fs;

use self::measure::Counts;

const PARTS: [&str; 4] = ["counts", "far", "sandbox", "programs"];
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn main() {
    let parts: Vec<_> = std::env::args().skip(1).collect();
    if parts == ["check"] {
        let beyond = aims::beyond(&Counts::take());
        assert!(beyond.is_empty(), "beyond the limits:\n{beyond}");
        return;
    }
    for part in &parts {
        assert!(
            PARTS.contains(&part.as_str()),
            "unknown part `{part}`; use `check` alone, or some of {PARTS:?}"
        );
    }
    let wants = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    let write = |name: &str, table: String| {
        let page = fs::read_to_string(PAGE).unwrap();
        fs::write(PAGE, replaced(&page, name, &table)).unwrap();
    };
    if wants("counts") {
        let counts = Counts::take();
        write("counts", aims::table(&counts));
    }
    let mut is_within_limits = true;
    if wants("far") {
        let (tables, is_within) = measure::far();
        write("far", tables);
        is_within_limits = is_within;
    }
    if wants("sandbox") {
        write("sandbox", measure::sandbox());
    }
    if wants("programs") {
        write("programs", tables::programs(&measure::programs()));
    }
    if PARTS.into_iter().all(wants) {
        write("machine", tables::machine());
    }
    assert!(is_within_limits, "far: a ratio is beyond the limit");
}

/// Replaces the table between the marks of this name.
fn replaced(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let (before, rest) = page
        .split_once(&begin)
        .expect("the page must contain the start mark");
    let (_, after) = rest
        .split_once(&end)
        .expect("the page must contain the end mark");
    format!("{before}{begin}\n{table}\n{end}{after}")
}
