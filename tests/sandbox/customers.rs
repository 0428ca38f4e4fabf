//! Operations on customers.

use std::time::Duration;

use paystack_tests::values::{email, live_api};
use paystack_transport::Position;
use paystack_transport::customers::{
    BankAccount, Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers,
    RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_transport::{
    AuthorizationCode, CustomerId, ErrorCode, ErrorKind, Metadata, Mode, Outcome, Settings,
    Transport,
};
use serde_json::json;
use time::OffsetDateTime;

use crate::{World, webhooks};

everywhere![
    create_keeps_all_fields,
    create_with_existing_email_returns_that_customer,
    fetch_finds_a_customer_by_code_and_by_email,
    list_by_page_yields_each_customer_once,
    list_by_cursor_works_in_both_directions,
    list_filters_by_date,
    update_sets_clears_and_keeps_fields,
    update_finds_a_customer_by_code_and_by_id,
    validation_finds_a_customer_by_code_and_by_email,
    validation_result_arrives_later_by_webhook,
    failed_validation_has_a_reason,
    second_validation_with_the_same_data_is_refused,
    risk_action_can_be_set_and_reset,
    authorization_is_listed_and_deactivated_once,
    test_and_live_mode_are_separate,
    refusal_has_a_typed_code,
    rate_limit_is_reported_and_enforced,
];

async fn create_keeps_all_fields(world: World<impl Transport>) {
    let ada = world.ada().await;
    assert!(ada.customer_code.as_str().starts_with("CUS_"));
    assert_eq!(ada.email.as_str(), "ada@example.com");
    assert_eq!(ada.first_name.as_deref(), Some("Ada"));
    assert_eq!(ada.last_name.as_deref(), Some("Obi"));
    assert_eq!(ada.phone.as_deref(), Some("+2348123456789"));
    assert_eq!(ada.metadata.unwrap().as_str(), r#"{"plan":"gold"}"#);
    assert_eq!(ada.mode, Some(Mode::Test));
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

async fn create_with_existing_email_returns_that_customer(world: World<impl Transport>) {
    let ada = world.ada().await;
    let again = CreateCustomer::new(email("ada@example.com")).first_name("Somebody");
    let same = world.send(again).await.unwrap();
    assert_eq!(same.id, ada.id);
    assert_eq!(same.first_name.as_deref(), Some("Ada"));
}

async fn fetch_finds_a_customer_by_code_and_by_email(world: World<impl Transport>) {
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

async fn list_by_page_yields_each_customer_once(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Mode::Test, 25, now));
    let mut seen = Vec::new();
    for page in 1..=3 {
        let list = ListCustomers::new()
            .per_page(10)
            .start(Position::Page(page));
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
        .send(ListCustomers::new().per_page(10).start(Position::Page(4)))
        .await;
    assert_eq!(beyond.unwrap(), []);
    let default = world.client.send(ListCustomers::new()).await.unwrap();
    assert_eq!(
        (default.data.len(), default.meta.unwrap().per_page),
        (25, Some(50))
    );
}

async fn list_by_cursor_works_in_both_directions(world: World<impl Transport>) {
    world
        .behind
        .with(&mut |sandbox, now| sandbox.seed_customers(&Mode::Test, 25, now));
    let mut pages = Vec::new();
    let mut start = Position::Cursor;
    let last = loop {
        let list = ListCustomers::new().per_page(10).start(start);
        let reply = world.client.send(list).await.unwrap();
        pages.push(reply.data);
        let meta = reply.meta.unwrap();
        match meta.next {
            Some(next) => start = Position::After(next),
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
        .start(Position::Before(last.unwrap()));
    assert_eq!(world.send(back).await.unwrap(), pages[1]);
}

async fn list_filters_by_date(world: World<impl Transport>) {
    let mut seeded = OffsetDateTime::UNIX_EPOCH;
    world.behind.with(&mut |sandbox, now| {
        seeded = now;
        sandbox.seed_customers(&Mode::Test, 10, now);
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

async fn update_sets_clears_and_keeps_fields(world: World<impl Transport>) {
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

async fn update_finds_a_customer_by_code_and_by_id(world: World<impl Transport>) {
    let ada = world.ada().await;
    let by_code = UpdateCustomer::new(&ada.customer_code).first_name("Augusta");
    world.send(by_code).await.unwrap();
    let by_id = UpdateCustomer::new(ada.id).last_name("King");
    let updated = world.send(by_id).await.unwrap();
    assert_eq!(updated.customer_code, ada.customer_code);
    assert_eq!(updated.first_name.as_deref(), Some("Augusta"));
    assert_eq!(updated.last_name.as_deref(), Some("King"));
    let nobody = UpdateCustomer::new(CustomerId::new(1));
    let refused = world.send(nobody).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "customers.update: 400 validation_error/invalid_params: Customer code/email specified is \
         invalid (Ensure that the value(s) you're passing are valid); the request was not processed"
    );
}

async fn validation_finds_a_customer_by_code_and_by_email(world: World<impl Transport>) {
    let ada = world.ada().await;
    let by_code = ValidateCustomer::new(&ada.customer_code, BankAccount::test_credential());
    let bvn = BankAccount::test_credential().bvn;
    let by_email = ValidateCustomer::bvn(&ada.email, "NG", bvn, "Uchenna", "Okoro");
    for validate in [by_code, by_email] {
        let reply = world.client.send(validate).await.unwrap();
        assert_eq!(reply.status(), 202);
        world.behind.advance(Duration::from_secs(3));
        let delivered = webhooks(&world);
        assert_eq!(delivered[0]["event"], "customeridentification.success");
        let code = ada.customer_code.as_str();
        assert_eq!(delivered[0]["data"]["customer_code"], code);
    }
    let nobody = ValidateCustomer::new(email("no@example.com"), BankAccount::test_credential());
    assert!(world.send(nobody).await.unwrap_err().is_not_found());
}

async fn validation_result_arrives_later_by_webhook(world: World<impl Transport>) {
    let ada = world.ada().await;
    let validate = ValidateCustomer::new(&ada.customer_code, BankAccount::test_credential());
    let reply = world.client.send(validate).await.unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(reply.message, "Customer Identification in progress");
    let fetch = FetchCustomer::new(&ada.customer_code);
    assert_eq!(world.send(&fetch).await.unwrap().identified, Some(false));

    world.behind.advance(Duration::from_secs(10));
    let delivered = webhooks(&world);
    assert_eq!(delivered.len(), 1);
    assert_eq!(delivered[0]["event"], "customeridentification.success");
    assert_eq!(
        delivered[0]["data"]["customer_code"],
        ada.customer_code.as_str()
    );
    assert_eq!(
        delivered[0]["data"]["identification"]["account_number"],
        "011****111"
    );
    assert_eq!(
        webhooks(&world),
        Vec::<serde_json::Value>::new(),
        "each webhook is delivered once"
    );
    let identified = world.send(&fetch).await.unwrap();
    assert_eq!(identified.identified, Some(true));
    let names = [&identified.first_name, &identified.last_name].map(Option::as_deref);
    assert_eq!(
        names,
        [Some("Uchenna"), Some("Okoro")],
        "the names of the BVN"
    );
    let identification = identified.identifications.unwrap().remove(0);
    assert_eq!(identification.country.as_deref(), Some("NG"));
    assert_eq!(identification.account_number.as_deref(), Some("011****111"));
}

async fn failed_validation_has_a_reason(world: World<impl Transport>) {
    let ada = world.ada().await;
    let mut wrong = BankAccount::test_credential();
    wrong.last_name = "Obi".into();
    world
        .send(ValidateCustomer::new(&ada.customer_code, wrong))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(10));
    let delivered = webhooks(&world);
    assert_eq!(delivered[0]["event"], "customeridentification.failed");
    assert_eq!(
        delivered[0]["data"]["reason"],
        "Account number or BVN is incorrect"
    );
    let fetched = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    assert_eq!(fetched.identified, Some(false));

    let mut short = BankAccount::test_credential();
    short.bvn = "1".into();
    let refused = world
        .send(ValidateCustomer::new(&ada.customer_code, short))
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "customers.validate: 400: Invalid BVN; the request was not processed"
    );
    assert!(refused.is_validation());
}

async fn second_validation_with_the_same_data_is_refused(world: World<impl Transport>) {
    let ada = world.ada().await;
    let mut wrong = BankAccount::test_credential();
    wrong.last_name = "Obi".into();
    let validate = ValidateCustomer::new(&ada.customer_code, wrong);
    world.send(&validate).await.unwrap();
    // Neither in progress nor after a failure.
    for seconds in [0, 10] {
        world.behind.advance(Duration::from_secs(seconds));
        let refused = world.send(&validate).await.unwrap_err();
        assert!(refused.is_already_validated() && refused.is_validation());
        assert_eq!(
            refused.to_string(),
            "customers.validate: 400: Customer already validated using the same credentials; \
             the request was not processed"
        );
    }
    let fetch = FetchCustomer::new(&ada.customer_code);
    assert_eq!(world.send(&fetch).await.unwrap().identified, Some(false));

    // Other data, and another customer.
    let account = BankAccount::test_credential();
    let right = ValidateCustomer::new(&ada.customer_code, account.clone());
    world.send(right).await.unwrap();
    let create = CreateCustomer::new(email("ben@example.com"));
    let ben = world.send(create).await.unwrap();
    let right = ValidateCustomer::new(&ben.customer_code, account);
    world.send(right).await.unwrap();
    world.behind.advance(Duration::from_secs(10));
    assert_eq!(world.send(&fetch).await.unwrap().identified, Some(true));
}

async fn risk_action_can_be_set_and_reset(world: World<impl Transport>) {
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

async fn authorization_is_listed_and_deactivated_once(world: World<impl Transport>) {
    let ada = world.ada().await;
    let card = AuthorizationCode::new("AUTH_ekk8t49ogj").unwrap();
    world.behind.with(&mut |sandbox, _| {
        assert!(sandbox.seed_authorization(&Mode::Test, &ada.customer_code, &card));
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
        "customers.deactivate_authorization: 404: Authorization code not found; the request was not processed"
    );
}

async fn test_and_live_mode_are_separate(world: World<impl Transport>) {
    world.ada().await;
    let live = live_api();
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

async fn refusal_has_a_typed_code(world: World<impl Transport>) {
    let nobody = FetchCustomer::new(
        "CUS_nobody"
            .parse::<paystack_transport::CustomerCode>()
            .unwrap(),
    );
    let error = world.send(nobody).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.outcome(), Outcome::NotProcessed);
    assert_eq!(error.attempts(), 1);
    let ErrorKind::Api(refusal) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.code(), Some(&ErrorCode::CustomerNotFound));
    assert!(refusal.next_step().is_some());
    assert!(refusal.response().request_id().is_some());

    let nothing = AuthorizationCode::new(" ").unwrap();
    assert!(
        world
            .send(DeactivateAuthorization::new(nothing))
            .await
            .unwrap_err()
            .is_not_found()
    );
}

async fn rate_limit_is_reported_and_enforced(world: World<impl Transport>) {
    let list = ListCustomers::new().per_page(1);
    for left in (0..100).rev() {
        let limit = world.client.send(&list).await.unwrap().rate_limit();
        assert_eq!((limit.limit, limit.remaining), (Some(100), Some(left)));
        assert!(limit.reset.unwrap() <= Duration::from_secs(60));
    }
    let once = world.client.with_settings(Settings::new().attempts(1));
    let error = once.send(&list).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert!(error.is_retryable());
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60));
    world.behind.advance(wait);
    world.send(&list).await.unwrap();
}
