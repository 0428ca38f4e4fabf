//! No example and no test program sends a request with a live key.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Each program that reads a key from the environment. `tests/Cargo.toml` builds them from the examples.
const PROGRAMS: [(&str, &str); 6] = [
    ("axum_service", env!("CARGO_BIN_EXE_axum_service")),
    ("first_call", env!("CARGO_BIN_EXE_first_call")),
    ("quickstart", env!("CARGO_BIN_EXE_quickstart")),
    ("webhook_server", env!("CARGO_BIN_EXE_webhook_server")),
    ("export", env!("CARGO_BIN_EXE_export")),
    ("customers", env!("CARGO_BIN_EXE_customers")),
];

#[test]
fn example_with_a_live_key_stops_before_its_first_call() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    for (name, program) in PROGRAMS {
        let mut program = Command::new(program);
        program.env("PAYSTACK_SECRET_KEY", "sk_live_canary");
        program.env("PAYSTACK_BASE_URL", &url);
        if name == "export" {
            program.args(["--base-url", &url]);
        }
        let output = program.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains("live key"), "{name}: {said}");
        assert!(!said.contains("canary"), "{name}: {said}");
        let connection = server.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(connection, Err(ErrorKind::WouldBlock), "{name} connected");
    }
}

#[test]
fn program_that_reads_a_key_refuses_live_ones() {
    // Some programs belong to other workspaces or have no path here, so this test reads them.
    let mut readers = Vec::new();
    for folder in ["benches", "crates", "examples", "fuzz", "tests"] {
        for file in sources(&Path::new(ROOT).join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            if !has_main(&text) || !reads_a_key(&text) {
                continue;
            }
            let refuses = ["== Mode::Live ", "starts_with(\"sk_live_\")", "add --live"];
            let refuses = refuses.iter().any(|check| text.contains(check));
            assert!(refuses, "{}", file.display());
            readers.push(file);
        }
    }
    assert_eq!(readers.len(), PROGRAMS.len() + 5, "{readers:#?}");
}

#[test]
fn program_of_a_page_that_reads_a_key_refuses_live_ones() {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let pages = docs.map(|page| page.unwrap().path());
    let pages = pages.chain([Path::new(ROOT).join("README.md")]);
    let mut readers = 0;
    for page in pages.filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        let text = fs::read_to_string(&page).unwrap();
        for program in text.split("```rust").skip(1) {
            let (program, _) = program.split_once("```").unwrap();
            if reads_a_key(program) {
                assert!(
                    program.contains("Mode::Live"),
                    "{}: {program}",
                    page.display()
                );
                readers += 1;
            }
        }
    }
    assert_eq!(readers, 2);
}

fn has_main(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("fn main(") || line.starts_with("async fn main("))
}

fn reads_a_key(text: &str) -> bool {
    ["env::var(\"PAYSTACK_SECRET_KEY\")", "_from_env()?"]
        .iter()
        .any(|read| text.contains(read))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            continue; // an example that a test includes
        }
        if path.is_dir() && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
