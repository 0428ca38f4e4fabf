//! Operations on direct debit.

use std::time::Duration;

use paystack_tests::values::{account, address, email};
use paystack_transport::customers::direct_debit::{
    AuthorizationId, ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, MandateStatus,
    TriggerActivationCharge, VerifyAuthorization,
};
use paystack_transport::customers::{
    Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer,
};
use paystack_transport::{CustomerId, Reference, Transport};

use crate::{World, webhooks};

everywhere![
    mandate_becomes_active_and_sends_webhooks,
    activation_charge_activates_a_mandate_early,
    triggered_charge_activates_the_mandates_of_customers,
    mandate_is_an_authorization_and_can_be_deactivated,
    mandates_are_listed_by_customer_status_and_cursor,
    mandates_of_one_customer_span_two_pages,
    direct_debit_refusal_has_a_typed_code,
];

async fn mandate_becomes_active_and_sends_webhooks(world: World<impl Transport>) {
    let ada = world.ada().await;
    let initialize = InitializeAuthorization::new(&ada.email)
        .callback_url("https://shop.example/mandates")
        .account(account())
        .address(address());
    let link = world.send(initialize).await.unwrap();
    assert!(
        link.redirect_url
            .ends_with(&**link.access_code.as_ref().unwrap())
    );
    let verify = VerifyAuthorization::new(&link.reference);
    let list = ListMandateAuthorizations::new(ada.id);
    let early = world.send(&verify).await.unwrap_err();
    assert!(early.is_not_found());
    let pending = world.send(&list).await.unwrap();
    assert_eq!(pending[0].status, MandateStatus::Pending);
    assert_eq!(pending[0].authorized_at, None);

    world.behind.advance(Duration::from_secs(3));
    let agreed = world.send(&verify).await.unwrap();
    assert_eq!(agreed.active, Some(false));
    assert_eq!(agreed.channel, Some(Channel::DirectDebit));
    assert_eq!(
        agreed.customer.unwrap().customer_code,
        Some(ada.customer_code.clone())
    );
    let delivered = webhooks(&world);
    assert_eq!(delivered[0]["event"], "direct_debit.authorization.created");
    assert_eq!(
        delivered[0]["status"], true,
        "the webhook has the status of a response"
    );
    assert_eq!(
        delivered[0]["data"]["customer"]["code"],
        ada.customer_code.as_str()
    );

    world.behind.advance(Duration::from_secs(10));
    assert_eq!(world.send(&verify).await.unwrap().active, Some(true));
    let active = world.send(&list).await.unwrap().remove(0);
    assert_eq!(active.status, MandateStatus::Active);
    assert!(active.authorized_at.is_some());
    assert_eq!(active.account_number.unwrap(), "0123456789");
    assert_eq!(active.customer.unwrap().id, Some(ada.id));
    let delivered = webhooks(&world);
    assert_eq!(delivered.len(), 1);
    assert_eq!(delivered[0]["event"], "direct_debit.authorization.active");
    assert_eq!(delivered[0]["data"]["reference"], link.reference.as_str());
}

async fn activation_charge_activates_a_mandate_early(world: World<impl Transport>) {
    let ada = world.ada().await;
    world
        .send(InitializeDirectDebit::new(ada.id, account(), address()))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(3));
    let list = ListMandateAuthorizations::new(ada.id);
    let mandate = world.send(&list).await.unwrap().remove(0);
    let charge = ChargeActivation::new(ada.id, mandate.authorization_id);
    let reply = world.client.send(charge).await.unwrap();
    assert_eq!(reply.message, "Mandate is queued for retry");
    world.behind.advance(Duration::from_secs(3));
    assert_eq!(
        world.send(&list).await.unwrap()[0].status,
        MandateStatus::Active
    );
}

async fn triggered_charge_activates_the_mandates_of_customers(world: World<impl Transport>) {
    let ada = world.ada().await;
    let create = CreateCustomer::new(email("ben@example.com"));
    let ben = world.send(create).await.unwrap();
    let create = CreateCustomer::new(email("cleo@example.com"));
    let cleo = world.send(create).await.unwrap();
    for customer in [&ada, &ben, &cleo] {
        let initialize = InitializeDirectDebit::new(customer.id, account(), address());
        world.send(initialize).await.unwrap();
    }
    // An agreement and a charge take 2 s each. The sum stays below the bank's 10 s, also on a busy machine.
    world.behind.advance(Duration::from_secs(2));
    let charge = TriggerActivationCharge::new([ada.id, ben.id]).unwrap();
    let reply = world.client.send(charge).await.unwrap();
    assert_eq!(reply.message, "Mandate is queued for retry");
    world.behind.advance(Duration::from_secs(2));
    for (customer, status) in [
        (ada.id, MandateStatus::Active),
        (ben.id, MandateStatus::Active),
        (cleo.id, MandateStatus::Pending),
    ] {
        let list = ListMandateAuthorizations::new(customer);
        assert_eq!(world.send(list).await.unwrap()[0].status, status);
    }

    // One unknown customer refuses the whole request.
    let charge = TriggerActivationCharge::new([cleo.id, CustomerId::new(1)]).unwrap();
    assert!(world.send(charge).await.unwrap_err().is_not_found());
    world.behind.advance(Duration::from_secs(2));
    let list = ListMandateAuthorizations::new(cleo.id);
    let pending = world.send(list).await.unwrap();
    assert_eq!(pending[0].status, MandateStatus::Pending);
}

async fn mandate_is_an_authorization_and_can_be_deactivated(world: World<impl Transport>) {
    let ada = world.ada().await;
    world
        .send(InitializeDirectDebit::new(ada.id, account(), address()))
        .await
        .unwrap();
    world.behind.advance(Duration::from_secs(20));
    let fetched = world
        .send(FetchCustomer::new(&ada.customer_code))
        .await
        .unwrap();
    let mandate = fetched.authorizations.unwrap().remove(0);
    assert_eq!(mandate.channel, Some(Channel::DirectDebit));
    assert_eq!(mandate.active, Some(true));
    assert_eq!(mandate.exp_year, None, "a mandate does not expire");
    assert_eq!(mandate.last4.unwrap(), "6789");

    let code = mandate.authorization_code.unwrap();
    world
        .send(DeactivateAuthorization::new(code))
        .await
        .unwrap();
    let revoked = world
        .send(ListMandateAuthorizations::new(ada.id))
        .await
        .unwrap();
    assert_eq!(revoked[0].status, MandateStatus::Revoked);
}

async fn mandates_are_listed_by_customer_status_and_cursor(world: World<impl Transport>) {
    let ada = world.ada().await;
    let ben = world
        .send(CreateCustomer::new(email("ben@example.com")))
        .await
        .unwrap();
    for customer in [&ada, &ben, &ada, &ada] {
        world
            .send(InitializeDirectDebit::new(
                customer.id,
                account(),
                address(),
            ))
            .await
            .unwrap();
    }
    let of_ada = world
        .client
        .send(ListMandateAuthorizations::new(ada.id))
        .await;
    let of_ada = of_ada.unwrap();
    let meta = of_ada.meta.unwrap();
    assert_eq!(
        (of_ada.data.len(), meta.count, meta.total, meta.next),
        (3, Some(3), Some(3), None)
    );

    let all = || ListIntegrationMandateAuthorizations::new().per_page(3);
    let reply = world.client.send(all()).await.unwrap();
    let meta = reply.meta.unwrap();
    assert_eq!(
        (reply.data.len(), meta.count, meta.total, meta.per_page),
        (3, Some(3), Some(4), Some(3))
    );
    let rest = all().after(meta.next.unwrap());
    let rest = world.client.send(rest).await.unwrap();
    assert_eq!((rest.data.len(), rest.meta.unwrap().next), (1, None));
    let pending = all().status(MandateStatus::Pending);
    assert_eq!(world.send(pending).await.unwrap().len(), 3);
    let active = all().status(MandateStatus::Active);
    assert_eq!(world.send(active).await.unwrap(), []);
}

async fn mandates_of_one_customer_span_two_pages(world: World<impl Transport>) {
    let ada = world.ada().await;
    for _ in 0..52 {
        let initialize = InitializeDirectDebit::new(ada.id, account(), address());
        world.send(initialize).await.unwrap();
    }
    let first = world
        .client
        .send(ListMandateAuthorizations::new(ada.id))
        .await;
    let first = first.unwrap();
    let meta = first.meta.unwrap();
    assert_eq!((first.data.len(), meta.total), (50, Some(52)));
    let rest = ListMandateAuthorizations::new(ada.id).after(meta.next.unwrap());
    let rest = world.client.send(rest).await.unwrap();
    assert_eq!((rest.data.len(), rest.meta.unwrap().next), (2, None));
    assert!(rest.data[0].id < first.data[49].id, "newest first");
}

async fn direct_debit_refusal_has_a_typed_code(world: World<impl Transport>) {
    let ada = world.ada().await;
    let nobody = CustomerId::new(1);
    let refused = [
        world
            .send(InitializeAuthorization::new(email("no@example.com")))
            .await
            .unwrap_err(),
        world
            .send(InitializeDirectDebit::new(nobody, account(), address()))
            .await
            .unwrap_err(),
        world
            .send(ChargeActivation::new(ada.id, AuthorizationId::new(1)))
            .await
            .unwrap_err(),
        world
            .send(ListMandateAuthorizations::new(nobody))
            .await
            .unwrap_err(),
        world
            .send(VerifyAuthorization::new(Reference::new("x").unwrap()))
            .await
            .unwrap_err(),
    ];
    for error in &refused {
        assert!(error.is_not_found(), "{error}");
    }
    assert_eq!(
        refused[4].to_string(),
        "customers.verify_authorization: 404 api_error/unknown: Authorization does not exist or \
         does not belong to integration (Try again later); the request was not processed"
    );
    let by_card = InitializeAuthorization::new(&ada.email).channel(Channel::Card);
    assert!(world.send(by_card).await.unwrap_err().is_validation());
    let without_address = InitializeAuthorization::new(&ada.email).account(account());
    world.send(without_address).await.unwrap();
}
