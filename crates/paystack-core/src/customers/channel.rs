//! How an authorization pays.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};

/// The channel that an authorization pays through.
///
/// ```
/// use paystack_core::customers::Channel;
///
/// assert_eq!(Channel::from("direct_debit"), Channel::DirectDebit);
/// assert_eq!(Channel::from("carrier_pigeon").as_str(), "carrier_pigeon");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// A debit or credit card.
    Card,
    /// A mandate on a bank account.
    DirectDebit,
    /// A bank account without a mandate.
    Bank,
    /// A transfer to an account that is made for the payment.
    BankTransfer,
    /// A mobile wallet.
    MobileMoney,
    /// A dial code.
    Ussd,
    /// A code to scan.
    Qr,
    /// Electronic funds transfer, in South Africa.
    Eft,
    /// A wallet on an Apple device.
    ApplePay,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl Channel {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Card => "card",
            Self::DirectDebit => "direct_debit",
            Self::Bank => "bank",
            Self::BankTransfer => "bank_transfer",
            Self::MobileMoney => "mobile_money",
            Self::Ussd => "ussd",
            Self::Qr => "qr",
            Self::Eft => "eft",
            Self::ApplePay => "apple_pay",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for Channel {
    fn from(word: &str) -> Self {
        match word {
            "card" => Self::Card,
            "direct_debit" => Self::DirectDebit,
            "bank" => Self::Bank,
            "bank_transfer" => Self::BankTransfer,
            "mobile_money" => Self::MobileMoney,
            "ussd" => Self::Ussd,
            "qr" => Self::Qr,
            "eft" => Self::Eft,
            "apple_pay" => Self::ApplePay,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}
