//! The payment channel of an authorization.

use crate::types::open_enum;

open_enum! {
    /// The payment channel of an authorization.
    ///
    /// ```
    /// use paystack_core::customers::Channel;
    ///
    /// assert_eq!(Channel::from("direct_debit"), Channel::DirectDebit);
    /// assert_eq!(Channel::from("carrier_pigeon").as_str(), "carrier_pigeon");
    /// ```
    pub enum Channel {
        /// A debit or credit card.
        Card = "card",
        /// A mandate on a bank account.
        DirectDebit = "direct_debit",
        /// A bank account without a mandate.
        Bank = "bank",
        /// A transfer to an account that is made for the payment.
        BankTransfer = "bank_transfer",
        /// A mobile wallet.
        MobileMoney = "mobile_money",
        /// A dial code.
        Ussd = "ussd",
        /// A code to scan.
        Qr = "qr",
        /// Electronic funds transfer, in South Africa.
        Eft = "eft",
        /// A wallet on an Apple device.
        ApplePay = "apple_pay",
    }
}
