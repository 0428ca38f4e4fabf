//! The state of a sandbox as a document.

use std::fmt;

use paystack_transport::InvalidInput;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

use crate::integration::ModeState;

/// The version of the format.
const VERSION: u32 = 1;

/// The customers, mandates and scheduled events of a sandbox. Serializes as a document that can be edited.
///
/// In a document that is loaded, only the e-mail address of a customer and the customer of a mandate are required.
/// The sandbox generates the rest. Ids follow from the position, so a document that is written by hand omits them.
///
/// ```
/// use paystack_sandbox::{Sandbox, State};
/// use paystack_transport::{Api, CustomerCode, SecretKey, customers::FetchCustomer, time};
///
/// let state = r#"{"test":{"customers":[{
///     "email":"ada@example.com","customer_code":"CUS_ada","first_name":"Ada",
///     "cards":[{"authorization_code":"AUTH_ada"}]
/// }]}}"#;
/// let state: State = serde_json::from_str(state)?;
/// let now = time::OffsetDateTime::UNIX_EPOCH;
/// let mut sandbox = Sandbox::new(1);
/// sandbox.load(state, now)?;
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_ada")?);
/// let ada = api.read(&fetch, sandbox.handle(now, api.request(&fetch)?))?.data;
/// let cards = ada.authorizations.unwrap_or_default();
/// assert_eq!(cards[0].authorization_code.as_ref().map(|code| code.as_str()), Some("AUTH_ada"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    version: Version,
    pub(crate) test: ModeState,
    pub(crate) live: ModeState,
}

impl State {
    pub(crate) fn new(test: ModeState, live: ModeState) -> Self {
        Self {
            version: Version,
            test,
            live,
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.test.append(other.test);
        self.live.append(other.live);
    }
}

/// Prints the numbers of customers and mandates, and none of their data.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |state: &ModeState| {
            let (customers, mandates) = state.counts();
            format!("{customers} customers, {mandates} mandates")
        };
        f.debug_struct("State")
            .field("test", &count(&self.test))
            .field("live", &count(&self.live))
            .finish()
    }
}

/// The error of a state that a sandbox cannot load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidState {
    mode: &'static str,
    place: String,
    cause: InvalidInput,
}

impl InvalidState {
    pub(crate) fn new(mode: &'static str, place: String, cause: InvalidInput) -> Self {
        Self { mode, place, cause }
    }
}

/// Prints the place and the fault, such as `test.customers[3]: email must be unique`.
impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}: {}", self.mode, self.place, self.cause)
    }
}

impl std::error::Error for InvalidState {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// The version, which must be the one that this crate writes.
#[derive(Clone, Copy, Default)]
struct Version;

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => {
                let expected = format!("version {VERSION}");
                let found = Unexpected::Unsigned(other.into());
                Err(D::Error::invalid_value(found, &expected.as_str()))
            }
        }
    }
}
