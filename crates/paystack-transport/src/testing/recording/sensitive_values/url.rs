//! URLs.

use paystack_core::ENCODED_IN_PATHS;
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::super::fields::{Class, is_small_word};
use super::super::patterns::is_email;
use super::{Replace, Search, SensitiveValues};

/// Words in the paths of Paystack's API, after the first.
const ROUTES: [&str; 24] = [
    "activation-charge",
    "assign",
    "authorization",
    "bulk",
    "charge_authorization",
    "customer",
    "deactivate",
    "directdebit-activation-charge",
    "directdebit-mandate-authorizations",
    "disable",
    "enable",
    "export",
    "fetch",
    "finalize",
    "identification",
    "initialize",
    "initialize-direct-debit",
    "mandate-authorizations",
    "requery",
    "resolve",
    "set_risk_action",
    "totals",
    "validate",
    "verify",
];

impl SensitiveValues<'_> {
    /// A URL. The words of its route stay, and its host except for values of the caller.
    pub(super) fn url(&self, url: &str, replace: &mut Replace<'_>) -> String {
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (url, None),
        };
        let (scheme, rest) = path.split_once("://").unwrap_or(("", path));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = self.plain(host, Search::TECHNICAL, replace);
        let mut rewritten = format!("{scheme}://{host}");
        for (index, segment) in path.split('/').enumerate() {
            let is_route = is_small_word(segment) && (index == 0 || ROUTES.contains(&segment));
            let search = if is_route { Search::NAME } else { Search::TEXT };
            let class = match is_email(&percent_decode_str(segment).decode_utf8_lossy()) {
                true => Class::Sensitive,
                false => Class::Other,
            };
            rewritten.push('/');
            rewritten.push_str(&self.encoded(segment, class, search, replace));
        }
        for (index, pair) in query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .enumerate()
        {
            rewritten.push(if index == 0 { '?' } else { '&' });
            rewritten.push_str(&self.pair(pair, replace));
        }
        rewritten
    }

    fn pair(&self, pair: &str, replace: &mut Replace<'_>) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return self.encoded(pair, Class::Other, Search::TEXT, replace);
        };
        let class = self.class(&percent_decode_str(name).decode_utf8_lossy());
        let name = self.parameter_name(name, Search::TEXT, replace);
        let value = match class {
            Class::Sensitive => self.parameter_value(value, Search::TEXT, replace),
            _ => self.encoded(value, class, Search::TEXT, replace),
        };
        format!("{name}={value}")
    }

    /// The name of a parameter of a query or a form.
    pub(super) fn parameter_name(
        &self,
        name: &str,
        search: Search,
        replace: &mut Replace<'_>,
    ) -> String {
        let Some(search) = search.inner() else {
            return replace(name);
        };
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        let search = Search {
            is_metadata: search.is_metadata || decoded.starts_with("metadata["),
            ..search
        };
        let rewritten = self.name(&decoded, search, replace);
        match rewritten == decoded {
            true => name.to_owned(),
            false => percent_encoded(&rewritten),
        }
    }

    /// The value of a sensitive parameter of a query or a form, where a `+` is a space.
    pub(super) fn parameter_value(
        &self,
        value: &str,
        search: Search,
        replace: &mut Replace<'_>,
    ) -> String {
        let spaced = value.replace('+', " ");
        let rewritten = self.encoded(&spaced, Class::Sensitive, search, replace);
        match rewritten == spaced {
            true => value.to_owned(),
            false => rewritten,
        }
    }
}

pub(super) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED_IN_PATHS).to_string()
}
