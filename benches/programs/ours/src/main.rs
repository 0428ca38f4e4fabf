use paystack_hyper::{Email, Mode, SecretKey, customers::CreateCustomer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?;
    if key.mode() == Mode::Live {
        return Err("this is a live key; the program only runs in test mode".into());
    }
    let client = paystack_hyper::client(key);
    let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
    let ada = client.send(create).await?.data;
    println!("{} was created", ada.customer_code);
    Ok(())
}
