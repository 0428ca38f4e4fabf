//! Unknown words, and errors about invalid input.

use std::fmt::{Debug, Display};

use paystack_transport::customers::direct_debit::MandateStatus;
use paystack_transport::customers::{Channel, FetchCustomer, IdentificationType, RiskAction};
use paystack_transport::{
    Api, CustomerCode, Email, ErrorCode, ErrorType, Metadata, Mode, SecretKey, Sensitive, Sent,
    TransportError, TransportErrorKind,
};

use crate::{ACCOUNT, AUTHORIZATION, BVN, EMAIL, KEY, PHONE, Shown, metadata};

#[test]
fn unknown_word_is_not_shown() {
    let mut shown = Shown::default();
    fn word<W: for<'a> From<&'a str> + Debug + Display>(shown: &mut Shown) {
        for text in [EMAIL, PHONE, BVN, ACCOUNT, AUTHORIZATION, KEY] {
            let word = W::from(text);
            shown.debug(&word);
            shown.display(&word);
        }
    }
    word::<RiskAction>(&mut shown);
    word::<Mode>(&mut shown);
    word::<Channel>(&mut shown);
    word::<IdentificationType>(&mut shown);
    word::<MandateStatus>(&mut shown);
    word::<ErrorType>(&mut shown);
    word::<ErrorCode>(&mut shown);
    assert_eq!(shown.renderings, 7 * 6 * 3);
}

#[test]
fn error_about_invalid_input_does_not_show_it() {
    let mut shown = Shown::default();
    for text in [
        "pk_test_canary",
        "sk_test_canary canary",
        "sk_test_canary\n",
        "canary",
        "sk_live_canaryé",
    ] {
        shown.error(&SecretKey::new(text).unwrap_err());
    }
    for text in [
        "canary",
        "canary@@example.com",
        "canary @example.com",
        "canary\n@example.com",
    ] {
        shown.error(&Email::new(text).unwrap_err());
    }
    shown.error(&CustomerCode::new("canary\n").unwrap_err());
    shown.error(&metadata().get::<Vec<u8>>().unwrap_err());
    shown.error(&Metadata::new(&[EMAIL]).unwrap_err());
    let api = Api::new(SecretKey::new(KEY).unwrap());
    shown.error(
        &api.clone()
            .with_base_url("http://canary:canary@canary.example")
            .unwrap_err(),
    );
    shown.error(&api.clone().with_application("canary\n").unwrap_err());
    let long = FetchCustomer::new(CustomerCode::new("canary".repeat(20_000)).unwrap());
    shown.error(&api.request(&long).unwrap_err());
    shown.debug(&Sensitive::from(BVN));
    let lost = TransportError::new(TransportErrorKind::Connect, Sent::No);
    shown.error(&lost.with_source(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)));
}
