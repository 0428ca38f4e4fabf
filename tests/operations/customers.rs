//! The operations on customers.

use std::time::Duration;

use paystack_client::customers::{
    BankAccount, Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers,
    RiskAction, SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_client::{
    Api, AuthorizationCode, Domain, ErrorCode, ErrorKind, Metadata, SecretKey, Sent, Transport,
};
use serde_json::json;
use time::OffsetDateTime;

use crate::{World, email, webhooks};

everywhere![
    create_keeps_what_it_is_given,
    create_answers_with_the_customer_that_exists,
    fetch_finds_by_code_and_by_email,
    list_walks_by_page,
    list_walks_by_cursor_in_both_directions,
    list_filters_by_date,
    update_sets_clears_and_leaves,
    validation_is_decided_later_and_told_by_webhook,
    validation_that_fails_says_why,
    risk_action_is_set_and_undone,
    authorizations_are_shown_and_deactivated_once,
    test_and_live_mode_share_nothing,
    refusals_are_typed,
    the_rate_limit_is_told_and_kept,
];

async fn create_keeps_what_it_is_given(world: World<impl Transport>) {
    let ada = world.ada().await;
    assert!(ada.customer_code.as_str().starts_with("CUS_"));
    assert_eq!(ada.email.as_str(), "ada@example.com");
    assert_eq!(ada.first_name.as_deref(), Some("Ada"));
    assert_eq!(ada.last_name.as_deref(), Some("Obi"));
    assert_eq!(ada.phone.as_deref(), Some("+2348123456789"));
    assert_eq!(ada.metadata.unwrap().as_str(), r#"{"plan":"gold"}"#);
    assert_eq!(ada.domain, Some(Domain::Test));
    assert_eq!(ada.identified, Some(false));
    assert_eq!(ada.identifications, None);

    let reply = world
        .client
        .send(CreateCustomer::new(email("bare@example.com")))
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.message, "Customer created");
    assert!(reply.request_id().is_some());
    assert_eq!(reply.data.first_name, None);
    assert_eq!(reply.data.metadata, None);
}

async fn create_answers_with_the_customer_that_exists(world: World<impl Transport>) {
    let ada = world.ada().await;
    let again = CreateCustomer::new(email("ada@example.com")).first_name("Somebody");
    let same = world.send(again).await.unwrap();
    assert_eq!(same.id, ada.id);
    assert_eq!(same.first_name.as_deref(), Some("Ada"));
}

async fn fetch_finds_by_code_and_by_email(world: World<impl Transport>) {
    let ada = world.ada().await;
    let by_code = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    let by_email = world.send(FetchCustomer::new(&ada.email)).await.unwrap();
    assert_eq!(by_code, by_email);
    assert_eq!(by_code.created_at, ada.created_at);
    assert_eq!(by_code.total_transactions, Some(0));
    assert_eq!(by_code.authorizations.as_deref(), Some(&[][..]));

    let plus = world
        .send(CreateCustomer::new(email("a+b/c?d#e%@example.com")))
        .await
        .unwrap();
    let same = world.send(FetchCustomer::new(&plus.email)).await.unwrap();
    assert_eq!(same.id, plus.id);
}

async fn list_walks_by_page(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Domain::Test, 25, now));
    let mut seen = Vec::new();
    for page in 1..=3 {
        let list = ListCustomers::new().per_page(10).start(Start::Page(page));
        let reply = world.client.send(list).await.unwrap();
        let meta = reply.meta.unwrap();
        assert_eq!(
            (meta.total, meta.page, meta.page_count),
            (Some(25), Some(page), Some(3))
        );
        assert_eq!(
            (meta.skipped, meta.per_page),
            (Some((page - 1) * 10), Some(10))
        );
        seen.extend(reply.data.into_iter().map(|customer| customer.id));
    }
    assert_eq!(seen.len(), 25);
    assert!(
        seen.is_sorted_by(|newer, older| newer > older),
        "newest first, each once"
    );
    let beyond = world
        .send(ListCustomers::new().per_page(10).start(Start::Page(4)))
        .await;
    assert_eq!(beyond.unwrap(), []);
    let default = world.client.send(ListCustomers::new()).await.unwrap();
    assert_eq!(
        (default.data.len(), default.meta.unwrap().per_page),
        (25, Some(50))
    );
}

async fn list_walks_by_cursor_in_both_directions(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Domain::Test, 25, now));
    let mut pages = Vec::new();
    let mut start = Start::Cursor;
    let last = loop {
        let list = ListCustomers::new().per_page(10).start(start);
        let reply = world.client.send(list).await.unwrap();
        pages.push(reply.data);
        let meta = reply.meta.unwrap();
        match meta.next {
            Some(next) => start = Start::After(next),
            None => break meta.previous,
        }
    };
    let ids: Vec<_> = pages.iter().flatten().map(|customer| customer.id).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    assert!(
        ids.is_sorted_by(|newer, older| newer > older),
        "newest first, each once"
    );

    let back = ListCustomers::new()
        .per_page(10)
        .start(Start::Before(last.unwrap()));
    assert_eq!(world.send(back).await.unwrap(), pages[1]);
}

async fn list_filters_by_date(world: World<impl Transport>) {
    let mut seeded = OffsetDateTime::UNIX_EPOCH;
    world.behind.with(&mut |sandbox, now| {
        seeded = now;
        sandbox.seed_customers(&Domain::Test, 10, now);
    });
    let ago = |seconds| seeded - time::Duration::seconds(seconds);
    let count = |list: ListCustomers| async { world.send(list).await.unwrap().len() };
    assert_eq!(count(ListCustomers::new().created_from(ago(4))).await, 5);
    assert_eq!(count(ListCustomers::new().created_to(ago(5))).await, 5);
    let between = ListCustomers::new().created_from(ago(6)).created_to(ago(4));
    assert_eq!(count(between).await, 3);
    let tomorrow = seeded.date().next_day().unwrap();
    assert_eq!(count(ListCustomers::new().created_from(tomorrow)).await, 0);
    assert_eq!(count(ListCustomers::new().created_to(tomorrow)).await, 10);
}

async fn update_sets_clears_and_leaves(world: World<impl Transport>) {
    let ada = world.ada().await;
    let update = UpdateCustomer::new(&ada.customer_code)
        .first_name("Augusta")
        .clear_phone()
        .metadata(Metadata::new(&json!({"plan": "silver"})).unwrap());
    let updated = world.send(update).await.unwrap();
    assert_eq!(updated.first_name.as_deref(), Some("Augusta"));
    assert_eq!(updated.last_name.as_deref(), Some("Obi"));
    assert_eq!(updated.phone, None);
    assert_eq!(updated.metadata.unwrap().as_str(), r#"{"plan":"silver"}"#);

    let nothing = world
        .send(UpdateCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    assert_eq!(nothing.first_name.as_deref(), Some("Augusta"));
    let cleared = UpdateCustomer::new(&ada.customer_code)
        .clear_metadata()
        .clear_last_name();
    let cleared = world.send(cleared).await.unwrap();
    assert_eq!((cleared.metadata, cleared.last_name), (None, None));
}

async fn validation_is_decided_later_and_told_by_webhook(world: World<impl Transport>) {
    let ada = world.ada().await;
    let validate = ValidateCustomer::new(&ada.customer_code, BankAccount::test_credential());
    let reply = world.client.send(validate).await.unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(reply.message, "Customer Identification in progress");
    let fetch = FetchCustomer::new(&ada.customer_code);
    assert_eq!(world.send(&fetch).await.unwrap().identified, Some(false));

    world.behind.advance(Duration::from_secs(10));
    let told = webhooks(&world);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["event"], "customeridentification.success");
    assert_eq!(told[0]["data"]["customer_code"], ada.customer_code.as_str());
    assert_eq!(
        told[0]["data"]["identification"]["account_number"],
        "011*****111"
    );
    assert_eq!(
        webhooks(&world),
        Vec::<serde_json::Value>::new(),
        "each once"
    );
    let identified = world.send(&fetch).await.unwrap();
    assert_eq!(identified.identified, Some(true));
    assert_eq!(identified.identifications.unwrap().len(), 1);
}

async fn validation_that_fails_says_why(world: World<impl Transport>) {
    let ada = world.ada().await;
    let wrong = BankAccount {
        last_name: "Obi".into(),
        ..BankAccount::test_credential()
    };
    world
        .send(ValidateCustomer::new(&ada.customer_code, wrong))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(10));
    let told = webhooks(&world);
    assert_eq!(told[0]["event"], "customeridentification.failed");
    assert_eq!(
        told[0]["data"]["reason"],
        "Account number or BVN is incorrect"
    );
    let fetched = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    assert_eq!(fetched.identified, Some(false));

    let short = BankAccount {
        bvn: "1".into(),
        ..BankAccount::test_credential()
    };
    let refused = world
        .send(ValidateCustomer::new(&ada.customer_code, short))
        .await
        .unwrap_err();
    assert_eq!(refused.to_string(), "customers.validate: 400: Invalid BVN");
    assert!(refused.is_validation());
}

async fn risk_action_is_set_and_undone(world: World<impl Transport>) {
    let ada = world.ada().await;
    let deny = SetRiskAction::new(&ada.customer_code, RiskAction::Deny);
    assert_eq!(
        world.send(deny).await.unwrap().risk_action,
        Some(RiskAction::Deny)
    );
    let allow = SetRiskAction::new(&ada.email, RiskAction::Allow);
    assert_eq!(
        world.send(allow).await.unwrap().risk_action,
        Some(RiskAction::Allow)
    );
    let undo = SetRiskAction::new(&ada.customer_code, RiskAction::Default);
    assert_eq!(
        world.send(undo).await.unwrap().risk_action,
        Some(RiskAction::Default)
    );

    let unknown = SetRiskAction::new(&ada.customer_code, RiskAction::from("banish"));
    assert!(world.send(unknown).await.unwrap_err().is_validation());
}

async fn authorizations_are_shown_and_deactivated_once(world: World<impl Transport>) {
    let ada = world.ada().await;
    let card = AuthorizationCode::new("AUTH_ekk8t49ogj").unwrap();
    world.behind.with(&mut |sandbox, _| {
        assert!(sandbox.seed_authorization(&Domain::Test, &ada.customer_code, &card));
    });
    let fetch = FetchCustomer::new(&ada.customer_code);
    let authorizations = world.send(&fetch).await.unwrap().authorizations.unwrap();
    assert_eq!(authorizations.len(), 1);
    assert_eq!(authorizations[0].authorization_code.as_ref(), Some(&card));
    assert_eq!(authorizations[0].channel, Some(Channel::Card));
    assert_eq!(authorizations[0].card_type.as_deref(), Some("visa"));

    let deactivate = DeactivateAuthorization::new(card);
    let reply = world.client.send(&deactivate).await.unwrap();
    assert_eq!(reply.message, "Authorization has been deactivated");
    assert_eq!(
        world.send(&fetch).await.unwrap().authorizations.unwrap(),
        []
    );
    let again = world.send(&deactivate).await.unwrap_err();
    assert!(again.is_not_found());
    assert_eq!(
        again.to_string(),
        "customers.deactivate_authorization: 404: Authorization code not found."
    );
}

async fn test_and_live_mode_share_nothing(world: World<impl Transport>) {
    world.ada().await;
    let live = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
    let request = live
        .request(&FetchCustomer::new(email("ada@example.com")))
        .unwrap();
    let mut response = None;
    world
        .behind
        .with(&mut |sandbox, now| response = Some(sandbox.handle(now, request.clone())));
    let refused = live.read(
        &FetchCustomer::new(email("ada@example.com")),
        response.unwrap(),
    );
    let refused = refused.unwrap_err();
    assert!(refused.is_not_found());
    assert!(refused.to_string().contains("invalid for your live domain"));
}

async fn refusals_are_typed(world: World<impl Transport>) {
    let nobody = FetchCustomer::new(
        "CUS_nobody"
            .parse::<paystack_client::CustomerCode>()
            .unwrap(),
    );
    let error = world.send(nobody).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.was_sent(), Sent::Yes);
    assert_eq!(error.attempts(), 1);
    let ErrorKind::Api(refusal) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.code(), Some(&ErrorCode::CustomerNotFound));
    assert!(refusal.next_step().is_some());
    assert!(refusal.answer().request_id().is_some());

    let nothing = AuthorizationCode::new(" ").unwrap();
    assert!(
        world
            .send(DeactivateAuthorization::new(nothing))
            .await
            .unwrap_err()
            .is_not_found()
    );
}

async fn the_rate_limit_is_told_and_kept(world: World<impl Transport>) {
    let list = ListCustomers::new().per_page(1);
    for left in (0..100).rev() {
        let limit = world.client.send(&list).await.unwrap().rate_limit();
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(left)));
        assert!(limit.reset.unwrap() <= Duration::from_secs(60));
    }
    let once = world.client.with(|settings| settings.attempts = 1);
    let error = once.send(&list).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert!(error.is_retryable());
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
    world.behind.advance(wait);
    world.send(&list).await.unwrap();
}
