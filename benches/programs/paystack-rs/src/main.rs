use paystack::{CreateCustomerRequestBuilder, PaystackClient, ReqwestClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = PaystackClient::<ReqwestClient>::new(std::env::var("PAYSTACK_SECRET_KEY")?);
    let mut create = CreateCustomerRequestBuilder::default();
    create.email("ada@example.com".to_owned());
    let create = create.first_name("Ada".to_owned()).build()?;
    let ada = client.customers.create_customer(create).await?.data;
    println!("{} was created", ada.ok_or("no customer")?.customer_code);
    Ok(())
}
