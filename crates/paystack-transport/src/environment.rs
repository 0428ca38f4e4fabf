//! Endpoint and credentials from environment variables.

use std::env::{self, VarError};

use paystack_core::{Api, InvalidInput, SecretKey};

const SECRET_KEY: &str = "PAYSTACK_SECRET_KEY";
const BASE_URL: &str = "PAYSTACK_BASE_URL";

/// Reads the secret key from `PAYSTACK_SECRET_KEY`, and the base URL from `PAYSTACK_BASE_URL` if it is set. An
/// empty variable counts as unset.
///
/// # Errors
///
/// [`InvalidInput`] names the variable that is missing or invalid.
pub fn api_from_env() -> Result<Api, InvalidInput> {
    api_from(env::var)
}

fn api_from(
    variable: impl Fn(&'static str) -> Result<String, VarError>,
) -> Result<Api, InvalidInput> {
    let value = |name| match variable(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(InvalidInput::new(name, "must be UTF-8")),
    };
    let missing = InvalidInput::new(
        SECRET_KEY,
        "must be set to a secret key (sk_test_… or sk_live_…)",
    );
    let key = SecretKey::new(value(SECRET_KEY)?.ok_or(missing)?);
    let key = key.map_err(|refused| InvalidInput::new(SECRET_KEY, refused.problem()))?;
    let api = Api::new(key);
    match value(BASE_URL)? {
        None => Ok(api),
        Some(url) => {
            let api = api.with_base_url(&url);
            api.map_err(|refused| InvalidInput::new(BASE_URL, refused.problem()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(key: Option<&str>, url: Option<&str>) -> Result<Api, InvalidInput> {
        api_from(|name| {
            let value = if name == SECRET_KEY { key } else { url };
            value.map(str::to_owned).ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn variables_make_an_api() {
        let shown = |url| format!("{:?}", api(Some("sk_test_a"), url).unwrap());
        assert_eq!(shown(None), "Api(https://api.paystack.co)");
        assert_eq!(shown(Some("")), "Api(https://api.paystack.co)");
        assert_eq!(
            shown(Some("http://127.0.0.1:4010")),
            "Api(http://127.0.0.1:4010)"
        );
    }

    #[test]
    fn an_empty_key_counts_as_unset() {
        assert_eq!(api(Some(""), None).err(), api(None, None).err());
    }

    #[test]
    fn a_bad_variable_is_named_without_its_value() {
        for (key, url, field) in [
            (None, None, SECRET_KEY),
            (Some("pk_test_canary"), None, SECRET_KEY),
            (Some("sk_test_a"), Some("http://canary.example"), BASE_URL),
        ] {
            let refused = api(key, url).unwrap_err();
            assert_eq!(refused.field(), field);
            assert!(
                !format!("{refused} {refused:?}").contains("canary"),
                "{refused}"
            );
        }
    }
}
