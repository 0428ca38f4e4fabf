//! Webhooks that fail verification.

use paystack_webhook::VerifyError::{
    BodyTooLarge, SignatureMissing, SignatureNotHex, SignatureRepeated, SignatureTooLong,
    SignatureTooShort, SignatureWrong,
};

pub(super) fn messages() -> Vec<String> {
    let errors = [
        SignatureMissing,
        SignatureRepeated,
        SignatureTooShort,
        SignatureTooLong,
        SignatureNotHex,
        SignatureWrong,
        BodyTooLarge,
    ];
    errors.map(|error| error.to_string()).into()
}
