//! The classes of fields, by their names.

/// The class of a field, which decides how its value is redacted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Its whole value is replaced.
    Sensitive,
    /// An amount, a count or a page: its number stays.
    Amount,
    /// A numeric id. Its number stays, unless it also occurs where numbers are replaced.
    Id,
    /// One word of a list, such as `active`. It stays.
    Word,
    /// Values and patterns are searched in it.
    Other,
}

/// The names of sensitive fields, as [`normalized`] returns them.
const SENSITIVE: [&str; 37] = [
    "accesscode",
    "accountholder",
    "address1",
    "address2",
    "addressline1",
    "addressline2",
    "authorizationcode",
    "bin",
    "birthdate",
    "birthday",
    "bvn",
    "city",
    "customercode",
    "cvv",
    "dateofbirth",
    "dob",
    "ip",
    "last4",
    "latitude",
    "line1",
    "line2",
    "longitude",
    "mobile",
    "msisdn",
    "nin",
    "otp",
    "pan",
    "passport",
    "pin",
    "postalcode",
    "postcode",
    "recipientcode",
    "reference",
    "signature",
    "state",
    "value",
    "zip",
];

/// The ends of names of sensitive fields, such as `customer_name` and `callback_url`.
const SENSITIVE_ENDS: [&str; 12] = [
    "address", "email", "link", "name", "names", "number", "password", "phone", "secret", "street",
    "token", "url",
];

/// Names with such an end that are not sensitive: `variable_name` identifies a custom field of metadata.
const NOT_SENSITIVE: [&str; 3] = ["bankname", "typename", "variablename"];

const AMOUNT_ENDS: [&str; 12] = [
    "amount",
    "balance",
    "count",
    "fee",
    "fees",
    "limit",
    "page",
    "quantity",
    "skipped",
    "total",
    "transactions",
    "volume",
];

const WORDS: [&str; 13] = [
    "accounttype",
    "brand",
    "cardtype",
    "channel",
    "country",
    "countrycode",
    "currency",
    "domain",
    "event",
    "mode",
    "riskaction",
    "status",
    "type",
];

/// The class of a field of Paystack's, or of a common field of metadata.
pub(super) fn class(name: &str) -> Class {
    let Some(normalized) = normalized(name) else {
        return Class::Other;
    };
    let is_one_of = |names: &[&str]| names.contains(&normalized.as_str());
    let ends_with = |ends: &[&str]| ends.iter().any(|end| normalized.ends_with(end));
    let is_time = ["_at", "At", "_date", "Date"]
        .iter()
        .any(|end| name.ends_with(end));
    if is_one_of(&SENSITIVE) || (ends_with(&SENSITIVE_ENDS) && !is_one_of(&NOT_SENSITIVE)) {
        Class::Sensitive
    } else if ends_with(&AMOUNT_ENDS) && !normalized.ends_with("account") {
        Class::Amount
    } else if is_time || name == "id" || name.ends_with("_id") || name.ends_with("Id") {
        Class::Id
    } else if is_one_of(&WORDS) {
        Class::Word
    } else {
        Class::Other
    }
}

/// The last part of a name, without case and separators: `accountnumber` for `data[account_number]`, for example.
/// `None` if it is not the name of a field.
pub(super) fn normalized(name: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[] ".contains(c);
    if !name.contains(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_name) {
        return None;
    }
    let mut parts = name.rsplit(['[', ']', '.']).filter(|part| !part.is_empty());
    let last = parts.next()?.chars();
    let letters = last.filter(char::is_ascii_alphanumeric);
    Some(letters.map(|c| c.to_ascii_lowercase()).collect())
}

/// Whether a text is one word of small letters, as names of fields and routes are.
pub(super) fn is_small_word(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_fields_have_any_spelling() {
        for name in [
            "full_name",
            "fullname",
            "firstName",
            "customer_name",
            "sender_name",
            "account_holder",
            "address",
            "line1",
            "zip",
            "date_of_birth",
            "dob",
            "username",
            "nin",
            "callback_url",
            "url",
            "Phone Number",
            "account[number]",
            "x-customer-email",
        ] {
            assert!(class(name) == Class::Sensitive, "{name}");
        }
    }

    #[test]
    fn technical_fields_are_not_sensitive() {
        for name in ["perPage", "amount", "total_volume", "total_transactions"] {
            assert!(class(name) == Class::Amount, "{name}");
        }
        for name in ["id", "customer_id", "createdAt", "updated_at", "typeId"] {
            assert!(class(name) == Class::Id, "{name}");
        }
        for name in [
            "variable_name",
            "account",
            "bank_code",
            "ada@example.email",
            "08031234567",
        ] {
            assert!(class(name) == Class::Other, "{name}");
        }
    }
}
