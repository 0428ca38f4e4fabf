use paystack_hyper::{Email, SecretKey, customers::CreateCustomer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = paystack_hyper::client(SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?);
    let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
    let ada = client.send(create).await?.data;
    println!("{} was created", ada.customer_code);
    Ok(())
}
