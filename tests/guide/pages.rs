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

#[test]
fn threat_model_names_existing_files_and_tests() {
    let root = Path::new(DOCS).join("..");
    let model = fs::read_to_string(Path::new(DOCS).join("security.md")).unwrap();
    let mut tests = 0;
    for code in model.split('`').skip(1).step_by(2) {
        let (file, test) = match code.split_once(".rs::") {
            Some((file, test)) => (format!("{file}.rs"), Some(test)),
            None => (code.into(), None),
        };
        if !is_path(&file) {
            continue;
        }
        assert!(root.join(&file).exists(), "{file}");
        if let Some(test) = test {
            let text = fs::read_to_string(root.join(&file)).unwrap();
            assert!(text.contains(&format!("fn {test}(")), "{file}: {test}");
            tests += 1;
        }
    }
    assert!(tests > 20, "{tests}");
}

/// Whether a code span looks like a path of the project.
fn is_path(code: &str) -> bool {
    let is_inner = code.contains('/') && !code.starts_with("..");
    let is_file = [".rs", ".md", ".toml", ".lock"]
        .iter()
        .any(|end| code.ends_with(end));
    !code.contains(' ') && (is_inner || is_file)
}

#[test]
fn public_api_cannot_disable_verification() {
    for record in fs::read_dir(Path::new(DOCS).join("api")).unwrap() {
        let record = record.unwrap().path();
        for item in fs::read_to_string(&record).unwrap().lines() {
            assert!(!is_switch(item), "{}: {item}", record.display());
        }
    }
}

#[test]
fn verification_switch_is_detected_by_name() {
    for name in [
        "disable_verification",
        "no_verify",
        "verify_hostname",
        "ServerCertVerifier",
        "danger_accept_invalid_certs",
    ] {
        let item = format!("pub fn paystack_ureq::UreqTransport::{name}(self, bool) -> Self");
        assert!(is_switch(&item), "{name}");
    }
}

/// Whether the name of an item suggests a switch for certificate verification.
fn is_switch(item: &str) -> bool {
    const WORDS: [&str; 6] = [
        "verif",
        "danger",
        "insecure",
        "invalid_cert",
        "accept_",
        "skip_",
    ];
    const TYPES: [&str; 2] = ["ClientConfig", "RootCertStore"];
    /// Items that verify webhooks or authorizations, or that use the system's root certificates.
    const KNOWN: [&str; 9] = [
        "VerifyAuthorization",
        "VerifyError",
        "VerifiedAuthorization",
        "VerifiedEvent",
        "paystack_webhook::Verifier",
        "::verify(",
        "::verify_parts",
        "::verify_signature(",
        "with_platform_verifier(",
    ];
    let item = KNOWN
        .iter()
        .fold(item.to_owned(), |item, known| item.replace(known, ""));
    let lower = item.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || TYPES.iter().any(|name| item.contains(name))
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
