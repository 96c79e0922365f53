//! The Stripe stand-in's events: signed, in order, retried, and wrong on demand.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use voxanne::sandbox::{
    Fault,
    stripe::{Card, sign},
};

use super::stripe_stand_in_support::{Till, http, within};

#[test]
fn the_signature_is_the_one_that_was_worked_out_by_hand() {
    let payload = "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\",\n  \"data\": { \"object\": { \"id\": \"rdr_123\", \
                   \"object\": \"terminal.reader\" } }\n}";
    assert_eq!(
        sign("whsec_test_secret", 1_700_000_000, payload),
        "t=1700000000,v1=3bfab77baf5f7b6991a46c9b53b6547d7afc56148b10468fcad9f35c1992ffbd"
    );
}

#[tokio::test]
async fn every_event_is_delivered_signed_and_in_order() {
    let till = Till::open().await;
    let receiver = till.receiver(&[]).await;
    let customer = till.customer().await;
    till.paid(&customer, 2_500, Card::Visa).await;
    within(till.stripe().delivered()).await;
    assert_eq!(receiver.kinds(), till.kinds());
    for one in receiver.all() {
        assert!(one.is_signed_with(till.stripe().webhook_secret()));
        assert!(!one.is_signed_with("whsec_another"));
    }
    let statuses: BTreeSet<_> = till.stripe().attempts().iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, BTreeSet::from([Some(200)]));
}

#[tokio::test]
async fn an_event_that_is_refused_comes_again_and_is_the_same() {
    let till = Till::open().await;
    let receiver = till.receiver(&[500, 404, 302]).await;
    till.customer().await;
    let received = receiver.at_least(4).await;
    assert_eq!(received.iter().map(|one| &one.body).collect::<BTreeSet<_>>().len(), 1);
    assert!(received.iter().all(|one| one.is_signed_with(till.stripe().webhook_secret())));
    within(async {
        while till.stripe().attempts().len() < 4 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let attempts: Vec<_> = till.stripe().attempts().iter().map(|one| (one.number, one.status)).collect();
    assert_eq!(attempts, [(1, Some(500)), (2, Some(404)), (3, Some(302)), (4, Some(200))]);
}

#[tokio::test]
async fn events_can_come_twice_in_the_wrong_order_or_not_at_all() {
    let till = Till::open().await;
    let receiver = till.receiver(&[]).await;
    let faults = till.stripe().faults();
    let customer = till.customer().await;
    faults.add(Fault::reorder_webhooks().matching("checkout.session.completed").next(1));
    faults.add(Fault::duplicate_webhook().matching("payment_intent.succeeded").next(1));
    faults.add(Fault::silent_webhook().matching("charge.succeeded").next(1));
    till.paid(&customer, 2_500, Card::Visa).await;
    within(till.stripe().delivered()).await;
    assert_eq!(
        receiver.kinds()[1..],
        [
            "checkout.session.completed",
            "payment_intent.succeeded",
            "payment_intent.succeeded",
            "payment_method.attached",
            "payment_intent.created",
        ]
    );
    assert!(faults.list().is_empty());
    assert_eq!(till.stripe().events_of("charge.succeeded").len(), 1, "it happened, and nobody was told");
}

#[tokio::test]
async fn events_that_are_held_come_when_they_are_released() {
    let till = Till::open().await;
    let receiver = till.receiver(&[]).await;
    till.stripe().hold_events();
    let customer = till.customer().await;
    let intent = till.paid(&customer, 2_500, Card::Visa).await;
    till.stripe().refund(&intent, None).unwrap();
    within(till.stripe().delivered()).await;
    assert!(receiver.all().is_empty());
    assert_eq!(till.stripe().books().total.net(), 0, "the money has moved all the same");
    till.stripe().release_events();
    within(till.stripe().delivered()).await;
    assert_eq!(receiver.kinds(), till.kinds());
    till.customer().await;
    within(till.stripe().delivered()).await;
    assert_eq!(receiver.kinds().last().unwrap(), "customer.created");
}

#[tokio::test]
async fn any_event_of_the_past_can_be_delivered_again() {
    let till = Till::open().await;
    let receiver = till.receiver(&[]).await;
    till.customer().await;
    within(till.stripe().delivered()).await;
    let event = till.stripe().events().remove(0);
    assert_eq!(till.stripe().redeliver(event["id"].as_str().unwrap()).await, Some(200));
    assert_eq!(till.stripe().redeliver("evt_none").await, None);
    let received = receiver.all();
    assert_eq!((received.len(), &received[0].body), (2, &received[1].body));
    assert_eq!(received[0].json(), event);
    let listed = till.get("/v1/events?type=customer.created").await.body;
    assert_eq!(listed["data"], json!([event]));
}

#[tokio::test]
async fn an_event_that_stripe_never_said_can_be_sent_signed_or_tampered_with() {
    let till = Till::open().await;
    let receiver = till.receiver(&[200, 400, 400]).await;
    let event = json!({ "id": "evt_foreign", "object": "event", "type": "payment_intent.succeeded",
        "data": { "object": { "id": "pi_foreign", "object": "payment_intent", "currency": "usd", "amount": 2500 } } });
    assert_eq!(till.stripe().send_event(&event).await, Some(200));
    let stale = till.stripe().sign(1_700_000_000, "{}");
    assert_eq!(till.stripe().post("{ }", Some(&stale)).await, Some(400));
    assert_eq!(till.stripe().post("{}", None).await, Some(400));
    let received = receiver.all();
    let secret = till.stripe().webhook_secret();
    assert!(received[0].is_signed_with(secret) && !received[1].is_signed_with(secret));
    assert_eq!(received[2].signature, "");
    assert!(till.stripe().events().is_empty(), "Stripe knows nothing of it");

    let sent: Value =
        http().post(till.url("/_sandbox/events")).json(&event).send().await.unwrap().json().await.unwrap();
    assert_eq!(sent["status"], 200);
    assert_eq!(receiver.all().len(), 4);
}

#[tokio::test]
async fn an_endpoint_that_is_away_stops_no_payment() {
    let till = Till::open().await;
    till.stripe().send_webhooks_to("http://127.0.0.1:1/nobody");
    let customer = till.customer().await;
    till.paid(&customer, 2_500, Card::Visa).await;
    within(till.stripe().delivered()).await;
    assert!(till.stripe().attempts().iter().all(|attempt| attempt.status.is_none() && attempt.error.is_some()));
}
