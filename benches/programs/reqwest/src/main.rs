#[derive(serde::Deserialize)]
struct Envelope {
    data: Customer,
}
#[derive(serde::Deserialize)]
struct Customer {
    customer_code: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("PAYSTACK_SECRET_KEY")?;
    if key.starts_with("sk_live_") {
        return Err("this is a live key; the program only runs in test mode".into());
    }
    let request = reqwest::Client::new().post("https://api.paystack.co/customer");
    let request = request.bearer_auth(key);
    let create =
        std::collections::HashMap::from([("email", "ada@example.com"), ("first_name", "Ada")]);
    let created: Envelope = request
        .json(&create)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    println!("{} was created", created.data.customer_code);
    Ok(())
}
