//! Claims of the security page about the lock file, the manifests and the public API.

use std::fs;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn lock_file_has_one_registry_and_one_tls() {
    let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).unwrap();
    let values = |key: &str| -> Vec<String> {
        let start = format!("{key} = \"");
        let values = lock.lines().filter_map(|line| line.strip_prefix(&start));
        values
            .map(|value| value.trim_end_matches('"').to_owned())
            .collect()
    };
    let (sources, names) = (values("source"), values("name"));
    assert!(sources.len() > 100, "{}", sources.len());
    for source in sources {
        assert_eq!(
            source,
            "registry+https://github.com/rust-lang/crates.io-index"
        );
    }
    for name in ["rustls", "ring"] {
        assert_eq!(
            names.iter().filter(|other| *other == name).count(),
            1,
            "{name}"
        );
    }
    for start in ["openssl", "native-tls", "aws-lc", "boring"] {
        let second = names
            .iter()
            .find(|name| name.starts_with(start) && *name != "openssl-probe");
        assert_eq!(second, None);
    }
}

#[test]
fn crates_have_no_build_script_and_no_unsafe_code() {
    let root = Path::new(ROOT);
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
    let mut crates = 0;
    for folder in fs::read_dir(root.join("crates")).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.display();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name}");
        let has_script = folder.join("build.rs").exists()
            || manifest.lines().any(|line| line.starts_with("build ="));
        assert!(!has_script, "{name}");
        crates += 1;
    }
    assert!(crates >= 8, "{crates}");
}

#[test]
fn public_api_cannot_disable_verification() {
    let mut records = 0;
    for record in fs::read_dir(Path::new(ROOT).join("docs/api")).unwrap() {
        let record = record.unwrap().path();
        for item in fs::read_to_string(&record).unwrap().lines() {
            assert!(!is_switch(item), "{}: {item}", record.display());
        }
        records += 1;
    }
    assert!(records >= 9, "{records}");
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
    /// Items that verify webhooks or authorizations, that use the system's root certificates, or that send a test key
    /// over plain http.
    const KNOWN: [&str; 11] = [
        "with_insecure_base_url",
        "VerifyAuthorization",
        "VerifyError",
        "VerifiedAuthorization",
        "VerifiedEvent",
        "paystack_webhook::Verifier",
        "::verify(",
        "::verify_parts",
        "::verify_signature(",
        "::verify_with(",
        "platform_verifier(",
    ];
    let item = KNOWN
        .iter()
        .fold(item.to_owned(), |item, known| item.replace(known, ""));
    let lower = item.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || TYPES.iter().any(|name| item.contains(name))
}
