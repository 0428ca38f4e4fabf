//! The code in the README and in `docs/`, which is compiled and run as documentation tests.

use paystack_hyper::customers::{CreateCustomer, Customer};
use paystack_hyper::{Api, Client, Email, SecretKey};
use paystack_sandbox::{Sandbox, SandboxTransport};

/// Runs a snippet of the guide against a sandbox in which there is one customer.
pub fn against_the_sandbox<S>(snippet: S)
where
    S: AsyncFnOnce(Client<SandboxTransport>, Customer) -> Result<(), Box<dyn std::error::Error>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let run = async {
        let transport = SandboxTransport::new(Sandbox::new(1));
        let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), transport);
        let create = CreateCustomer::new(Email::new("ada@example.com")?).phone("+2348123456789");
        let ada = client.send(create).await?.data;
        snippet(client, ada).await
    };
    runtime.unwrap().block_on(run).unwrap();
}

#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../README.md")]
    mod readme {}

    #[doc = include_str!("../docs/adding-an-operation.md")]
    mod adding_an_operation {}

    #[doc = include_str!("../docs/coming-from-paystackease.md")]
    mod coming_from_paystackease {}

    #[doc = include_str!("../docs/conformance.md")]
    mod conformance {}

    #[doc = include_str!("../docs/decisions/open-traits.md")]
    mod open_traits {}

    #[doc = include_str!("../docs/decisions/pure-call.md")]
    mod pure_call {}

    #[doc = include_str!("../docs/decisions/sans-io.md")]
    mod sans_io {}

    #[doc = include_str!("../docs/errors.md")]
    mod errors {}

    #[doc = include_str!("../docs/life-of-a-call.md")]
    mod life_of_a_call {}

    #[doc = include_str!("../docs/operations.md")]
    mod operations {}

    #[doc = include_str!("../docs/own-runtime.md")]
    mod own_runtime {}

    #[doc = include_str!("../docs/pages-and-exports.md")]
    mod pages_and_exports {}

    #[doc = include_str!("../docs/retries-and-rate-limits.md")]
    mod retries_and_rate_limits {}

    #[doc = include_str!("../docs/sandbox.md")]
    mod sandbox {}

    #[doc = include_str!("../docs/snapshots.md")]
    mod snapshots {}

    #[doc = include_str!("../docs/start-here.md")]
    mod start_here {}

    #[doc = include_str!("../docs/webhooks.md")]
    mod webhooks {}
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

    #[test]
    fn the_code_of_every_page_is_run() {
        for page in pages(Path::new(DOCS)) {
            let has_code = fs::read_to_string(&page).unwrap().contains("```rust");
            let name = page.strip_prefix(DOCS).unwrap().display();
            let is_included = include_str!("guide.rs").contains(&format!("\"../docs/{name}\""));
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
    fn the_tests_and_files_that_the_threat_model_names_are_there() {
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

    /// Whether this looks like a file or folder of the project.
    fn is_path(code: &str) -> bool {
        let is_inner = code.contains('/') && !code.starts_with("..");
        let is_file = [".rs", ".md", ".toml", ".lock"]
            .iter()
            .any(|end| code.ends_with(end));
        !code.contains(' ') && (is_inner || is_file)
    }

    #[test]
    fn no_public_item_switches_verification_off() {
        for record in fs::read_dir(Path::new(DOCS).join("api")).unwrap() {
            let record = record.unwrap().path();
            for item in fs::read_to_string(&record).unwrap().lines() {
                assert!(!is_switch(item), "{}: {item}", record.display());
            }
        }
    }

    #[test]
    fn a_switch_of_verification_is_known_by_its_name() {
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

    /// Whether an item's name says that it is about whom to trust.
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
        /// The verifying of webhooks and of authorizations, and the roots of the operating system.
        const KNOWN: [&str; 8] = [
            "VerifyAuthorization",
            "VerifyError",
            "VerifiedAuthorization",
            "VerifiedEvent",
            "paystack_webhook::Verifier",
            "::verify(",
            "::verify_parts",
            "with_platform_verifier(",
        ];
        let item = KNOWN
            .iter()
            .fold(item.to_owned(), |item, known| item.replace(known, ""));
        let lower = item.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
            || TYPES.iter().any(|name| item.contains(name))
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
}
