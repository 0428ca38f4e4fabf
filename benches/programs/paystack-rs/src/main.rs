use paystack::{CreateCustomerRequestBuilder, PaystackClient, ReqwestClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("PAYSTACK_SECRET_KEY")?;
    if key.starts_with("sk_live_") {
        return Err("this is a live key; the program only runs in test mode".into());
    }
    let client = PaystackClient::<ReqwestClient>::new(key);
    let mut create = CreateCustomerRequestBuilder::default();
    create.email("ada@example.com".to_owned());
    let create = create.first_name("Ada".to_owned()).build()?;
    let ada = client.customers.create_customer(create).await?.data;
    println!("{} was created", ada.ok_or("no customer")?.customer_code);
    Ok(())
}
