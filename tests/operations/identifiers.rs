//! No identifier reaches another route: its text stays in its own path segment.
//!
//! `http::Uri` and `url::Url` both parse each path.

use std::sync::LazyLock;

use http::Uri;
use paystack_core::{CustomerCode, Email, Reference};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, api};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

/// Identifiers that broke other SDKs, and other attacks on a path.
const HOSTILE: [&str; 26] = [
    "a/b?c#d",
    "%2e%2e",
    "%2E",
    ".%2e",
    "%",
    "%%",
    "%00",
    "...",
    ". .",
    "..;",
    "../../transaction",
    "..\\..\\transaction",
    "/",
    "//evil.example",
    "\\",
    "?page=1",
    "#",
    "é",
    "e\u{301}",
    "\u{202e}",
    "\u{2028}",
    "+",
    " ",
    "a b",
    "&=;:@!$'()*,[]",
    "set_risk_action",
];

/// Text that occurs in no route.
const PLAIN: &str = "plain";
const PLAIN_EMAIL: &str = "plain@example.com";

/// Returns the decoded path segments as both libraries parse them.
fn segments(uri: &Uri) -> [Vec<String>; 2] {
    assert_eq!(uri.authority().unwrap(), "api.paystack.co");
    let url = Url::parse(&uri.to_string()).unwrap();
    assert_eq!((url.query(), url.fragment()), (uri.query(), None));
    let decode = |segment: &str| {
        percent_decode_str(segment)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    [
        uri.path().split('/').skip(1).map(decode).collect(),
        url.path_segments().unwrap().map(decode).collect(),
    ]
}

/// The request target of one example.
struct Target {
    name: &'static str,
    segments: Vec<String>,
    query: Option<String>,
}

/// The targets of all examples, in the order of the list.
#[derive(Default)]
struct Targets(Vec<Target>);

impl Visitor for Targets {
    fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
        for example in [small, full] {
            let request = api().request(&example).unwrap();
            let [segments, by_url] = segments(request.uri());
            assert_eq!(segments, by_url, "{}", O::NAME);
            self.0.push(Target {
                name: O::NAME,
                segments,
                query: request.uri().query().map(str::to_owned),
            });
        }
    }
}

fn targets(text: &str, email: &str) -> Vec<Target> {
    let values = Values {
        code: CustomerCode::new(text).unwrap(),
        reference: Reference::new(text).unwrap(),
        email: Email::new(email).unwrap(),
        ..Values::default()
    };
    let mut targets = Targets::default();
    each_operation(&values, &mut targets);
    targets.0
}

static PLAIN_TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| targets(PLAIN, PLAIN_EMAIL));

/// Checks that a text is rejected for a known reason, or stays in its segment.
fn stays_in_its_segment(text: &str) {
    if let Err(rejected) = CustomerCode::new(text) {
        let dots = matches!(text, "" | "." | "..");
        let control = text.chars().any(char::is_control);
        assert_eq!(
            control,
            rejected.problem() == "must not contain control characters"
        );
        assert!(dots || control, "{text:?} was rejected");
        return;
    }
    let is_address = !text.contains(char::is_whitespace) && text.matches('@').count() == 1;
    assert_eq!(Email::new(text).is_ok(), is_address, "{text:?}");
    let email = if is_address { text } else { PLAIN_EMAIL };
    let mut replaced = 0;
    for (plain, hostile) in PLAIN_TARGETS.iter().zip(targets(text, email)) {
        let segments = plain.segments.iter().map(|segment| match &**segment {
            PLAIN => text,
            PLAIN_EMAIL => email,
            fixed => fixed,
        });
        let segments: Vec<_> = segments.collect();
        assert_eq!(hostile.segments, segments, "{}: {text:?}", plain.name);
        assert_eq!(hostile.query, plain.query, "{}: {text:?}", plain.name);
        replaced += usize::from(segments.contains(&text));
    }
    assert!(replaced >= 4, "only {replaced} paths hold {text:?}");
}

/// Compares the template of each operation with the path of its requests.
struct Templates;

impl Visitor for Templates {
    fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
        for example in [small, full] {
            let request = api().request(&example).unwrap();
            let template: Vec<_> = O::PATH.split('/').collect();
            let path: Vec<_> = request.uri().path().split('/').collect();
            assert_eq!(template.len(), path.len(), "{}", O::NAME);
            for (part, segment) in template.iter().zip(path) {
                let is_placeholder = part.starts_with('{') && part.ends_with('}');
                assert!(is_placeholder || *part == segment, "{}: {segment}", O::NAME);
            }
        }
    }
}

#[test]
fn path_agrees_with_the_template() {
    each_operation(&Values::default(), &mut Templates);
}

#[test]
fn hostile_identifier_stays_in_its_segment() {
    for text in HOSTILE {
        stays_in_its_segment(text);
        stays_in_its_segment(&format!("{text}@example.com"));
    }
    stays_in_its_segment(&"é".repeat(5_000));
    stays_in_its_segment(&"x".repeat(10_000));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn any_identifier_stays_in_its_segment(text in ".{0,40}|[./%?#@\\\\ -]{0,12}|\\PC{0,200}") {
        stays_in_its_segment(&text);
    }
}
