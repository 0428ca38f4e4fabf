//! A client behind a proxy, for a gateway with a certificate of a private authority.

use std::time::Duration;

use paystack_hyper::{Api, Client, Error, HyperTransport};

pub fn client(api: Api, company_root: &str, proxy: &str) -> Result<Client, Error> {
    let transport = HyperTransport::builder()
        .connect_timeout(Duration::from_secs(1))
        .root_certificates(company_root) // in PEM
        .proxy(proxy) // such as "http://user:password@proxy.example.com:3128"
        .build()?;
    Ok(Client::new(api, transport))
}
