//! What comes to the door and is not what it says: refused, or kept for a person. No money moves, nothing is lost.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::process::Command;
use uuid::Uuid;
use voxanne::sandbox::stripe::Card;

use super::payments_support::{Shop, adds_up, checkout};
use crate::support::{Session, eventually, people, server::base_settings};

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// A clinic with £50, and an event of Stripe's that would credit £50 more; Stripe's own copy is on its way.
async fn shop_and_event() -> (Shop, Value) {
    let shop = Shop::open().await;
    shop.paid(5000, Card::Visa).await;
    shop.stripe().hold_events();
    shop.pay(5000, Card::Visa).await;
    let event = shop.stripe().events_of("payment_intent.succeeded").pop().expect("an event");
    (shop, event)
}

/// The event with its own id, changed.
fn changed(event: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut event = event.clone();
    event["id"] = json!(format!("evt_{}", Uuid::new_v4().simple()));
    change(&mut event["data"]["object"]);
    event
}

/// Sends it as Stripe would; it is taken, and put aside for a person with an alert. Answers why.
async fn parked(shop: &Shop, event: &Value, what: &str) -> String {
    let before = alerts(shop).await;
    assert_eq!(shop.stripe().send_event(event).await, Some(200), "{what}: Stripe is told that it is kept");
    let (state, why) = shop.inbox(event["id"].as_str().expect("an id")).await;
    assert_eq!(state, "dead", "{what}: {why}");
    assert!(alerts(shop).await > before, "{what}: somebody is told");
    assert_eq!(shop.credits().await, 1, "{what}: nothing is credited");
    why
}

/// Lines that were sent or counted.
async fn alerts(shop: &Shop) -> i64 {
    shop.number("select coalesce(sum(suppressed + 1), 0)::bigint from private.alerts where kind like 'stripe_event_%' and $1::uuid is not null")
        .await
}

/// The wallet gets what Stripe took, once its own events arrive, and nothing else ever happened.
async fn nothing_is_lost(shop: &Shop) {
    shop.stripe().release_events();
    shop.stripe().delivered().await;
    eventually("what was really paid is credited", async || shop.balance().await == 10_000).await;
    shop.adds_up("after all of it").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stripe_did_not_sign_just_now_is_refused_and_moves_nothing() {
    let (shop, event) = shop_and_event().await;
    let body = serde_json::to_string_pretty(&event).expect("JSON");
    let sign = |at: i64, body: &str| shop.stripe().sign(at, body);
    let tampered = body.replace("5000", "500000");
    assert_ne!(tampered, body);
    for (what, body, signature) in [
        ("unsigned", &body, None),
        ("tampered", &tampered, Some(sign(now(), &body))),
        ("301 s old", &body, Some(sign(now() - 301, &body))),
        ("from the future", &body, Some(sign(now() + 310, &body))),
        ("signed with another secret", &body, Some(voxanne::sandbox::stripe::sign("whsec_guessed", now(), &body))),
    ] {
        assert_eq!(shop.stripe().post(body, signature.as_deref()).await, Some(401), "{what}");
    }
    for garbage in ["", "{", "[1]", "null", "\u{1F4B7}", "{\"id\": 5}"] {
        let signature = sign(now(), garbage);
        assert_eq!(shop.stripe().post(garbage, Some(&signature)).await, Some(400), "{garbage:?}");
    }
    let kept = "select count(*) from private.webhook_inbox where $1::uuid is not null and event_id = 'x' or state <> 'processed'";
    assert_eq!(shop.number(kept).await, 0);
    assert_eq!(shop.balance().await, 5000);
    nothing_is_lost(&shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_does_not_add_up_is_kept_for_a_person_and_moves_nothing() {
    let (shop, event) = shop_and_event().await;
    let other = shop.server.sign_up("Other").await;
    let other_id = other.org_id.to_string();

    let euros = changed(&event, |intent| intent["currency"] = json!("eur"));
    assert!(parked(&shop, &euros, "another currency").await.contains("paid in eur"));
    for amount in [json!(0), json!(-5000), json!(50.5), json!("5000"), json!(null), json!(999_999_999_999_i64)] {
        let odd = changed(&event, |intent| intent["amount_received"] = amount.clone());
        parked(&shop, &odd, &format!("amount {amount}")).await;
    }
    let theirs = changed(&event, |intent| intent["metadata"]["org_id"] = json!(other_id));
    assert!(parked(&shop, &theirs, "metadata of another").await.contains("another organisation"));

    let completed = shop.stripe().events_of("checkout.session.completed").pop().expect("an event");
    let theirs = changed(&completed, |session| session["client_reference_id"] = json!(other_id));
    parked(&shop, &theirs, "a reference to another").await;
    let unpaid = changed(&completed, |session| session["payment_intent"] = json!(null));
    parked(&shop, &unpaid, "paid, by no payment").await;
    for (field, value) in [("currency", json!("usd")), ("amount_total", json!(-1))] {
        let odd = changed(&completed, |session| session[field] = value.clone());
        parked(&shop, &odd, field).await;
    }

    assert_eq!(shop.stripe().events_of("customer.created").len(), 1);
    let customer = &shop.stripe().events_of("customer.created")[0];
    let stolen = changed(customer, |customer| customer["metadata"]["org_id"] = json!(other_id));
    parked(&shop, &stolen, "a customer under another's name").await;
    let second = changed(customer, |customer| customer["id"] = json!("cus_second"));
    parked(&shop, &second, "a second customer").await;

    let balances = "select sum(balance_pence)::bigint from public.credit_wallets where $1::uuid is not null";
    assert_eq!(shop.number(balances).await, 5000, "nobody got anything");
    nothing_is_lost(&shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_back_in_words_that_do_not_add_up_is_kept_for_a_person() {
    let (shop, _) = shop_and_event().await;
    let payment = shop.stripe().payment_intents()[0]["id"].as_str().expect("a payment").to_owned();
    let refund = shop.stripe().refund(&payment, Some(1000)).expect("a refund");
    shop.stripe().fail_refund(refund["id"].as_str().expect("a refund")).expect("it fails");
    shop.stripe().dispute(&payment, Some(700)).expect("a dispute");
    for (kind, field) in [
        ("charge.refunded", "amount_refunded"),
        ("refund.failed", "amount"),
        ("charge.dispute.funds_withdrawn", "amount"),
    ] {
        let event = shop.stripe().events_of(kind).pop().expect("an event");
        for amount in [json!(-1), json!(1.5), json!("12"), json!(null), json!(1_000_000_000)] {
            let odd = changed(&event, |object| object[field] = amount.clone());
            parked(&shop, &odd, &format!("{kind} of {amount}")).await;
        }
        let euros = changed(&event, |object| object["currency"] = json!("eur"));
        parked(&shop, &euros, kind).await;
    }
    assert_eq!(shop.balance().await, 5000);
    shop.stripe().release_events();
    shop.settled().await;
    assert_eq!(shop.balance().await, 10_000 - 700);
    shop.adds_up("what really happened").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_organisations_customer_is_theirs_whatever_it_is_called() {
    let (shop, event) = shop_and_event().await;
    let other = shop.server.sign_up("Other").await;
    let (session, _) = checkout(&shop.server, &other, 2500).await;
    let customer = shop.stripe().object(&session).expect("a session")["customer"].clone();

    // Our payment under their customer: whose it is cannot be said.
    let first = shop.stripe().events_of("payment_intent.succeeded").remove(0);
    let mixed = changed(&first, |intent| intent["customer"] = customer.clone());
    assert!(parked(&shop, &mixed, "our payment, their customer").await.contains("different organisations"));
    // A payment nobody knows under their customer, in our name.
    let claimed = changed(&event, |intent| {
        intent["id"] = json!("pi_unheard_of");
        intent["customer"] = customer.clone();
    });
    assert!(parked(&shop, &claimed, "their customer, our name").await.contains("another organisation"));
    nothing_is_lost(&shop).await;
    adds_up(&shop.owner, shop.stripe(), &other, "theirs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_kind_nobody_asked_for_is_taken_and_means_nothing() {
    let (shop, event) = shop_and_event().await;
    for kind in ["payout.paid", "payment_intent.succeeded.v2", "", "x'; drop table public.credit_wallets; --"] {
        let mut odd = changed(&event, |_| ());
        odd["type"] = json!(kind);
        assert_eq!(shop.stripe().send_event(&odd).await, Some(200), "{kind}");
        assert_eq!(shop.inbox(odd["id"].as_str().expect("an id")).await.0, "processed", "{kind}");
    }
    let hollow = json!({ "id": "evt_hollow", "type": "payment_intent.succeeded" });
    assert_eq!(shop.stripe().send_event(&hollow).await, Some(200));
    assert_ne!(shop.inbox("evt_hollow").await.0, "processed", "one without an object is not believed to be dealt with");
    assert_eq!((shop.credits().await, shop.balance().await), (1, 5000));
    nothing_is_lost(&shop).await;
}

/// A payment by a customer of whom nothing is known here: another system's, or one that was lost.
async fn of_an_unknown_customer(shop: &Shop, event: &Value, owner: &Session) -> Value {
    let stranger = changed(event, |intent| {
        intent["id"] = json!("pi_stranger");
        intent["customer"] = json!("cus_stranger");
        intent["metadata"] = json!({ "org_id": owner.org_id });
    });
    assert_eq!(shop.stripe().send_event(&stranger).await, Some(200));
    let (state, why) = shop.inbox(stranger["id"].as_str().expect("an id")).await;
    assert_eq!((state.as_str(), why.as_str()), ("failed", "Nobody here knows its customer or its payment."));
    stranger
}

async fn webhook_id(shop: &Shop, event: &Value) -> Uuid {
    let sql = "select id from private.webhook_inbox where event_id = $1";
    shop.owner.query_one(sql, &[&event["id"].as_str()]).await.expect("it is kept").get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_customers_payment_is_kept_tried_again_given_up_and_mended_by_a_person() {
    let (shop, event) = shop_and_event().await;
    let other = shop.server.sign_up("Other").await;
    let stranger = of_an_unknown_customer(&shop, &event, &other).await;
    assert_eq!(shop.alerts().await.iter().filter(|kind| *kind == "stripe_event_failed").count(), 1);
    for hours in 1..=8 {
        let retry = "select private.retry_webhooks(now() + make_interval(hours => $1))";
        shop.owner.execute(retry, &[&hours]).await.expect("a turn of the schedule");
    }
    let given_up = shop.inbox(stranger["id"].as_str().expect("an id")).await.0;
    assert_eq!(given_up, "dead", "eight times, then it waits for a person");
    shop.owner
        .execute("select private.cleanup_old_webhook_events(now() + interval '1 year')", &[])
        .await
        .expect("a year");
    let id = webhook_id(&shop, &stranger).await;
    assert_eq!(
        shop.number("select sum(balance_pence)::bigint from public.credit_wallets where $1::uuid is not null").await,
        5000
    );

    // Somebody looks, finds whose customer that is, and says so.
    let known = "insert into private.directory (kind, key, org_id) values ('stripe_customer', 'cus_stranger', $1)";
    shop.owner.execute(known, &[&other.org_id]).await.expect("it is mended");
    let operator = people::token(&json!({ "role": "service_role" }), Duration::from_secs(60));
    for _ in 0..2 {
        let path = format!("/api/admin/webhooks/{id}/replay");
        let replay = shop.server.request(Method::POST, &path, None).bearer_auth(&operator).send().await;
        let said: Value = replay.expect("an answer").json().await.expect("JSON");
        assert_eq!(said["state"], json!("processed"), "{said}");
    }
    let theirs = "select sum(amount_pence)::bigint from public.credit_transactions where org_id <> $1";
    assert_eq!(shop.number(theirs).await, 5000, "replayed twice, credited once");
    nothing_is_lost(&shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_event_goes_through_by_the_command_once_it_is_mended() {
    let (shop, event) = shop_and_event().await;
    let other = shop.server.sign_up("Other").await;
    let stranger = of_an_unknown_customer(&shop, &event, &other).await;
    let id = webhook_id(&shop, &stranger).await.to_string();
    let replay = async || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
        command.args(["replay", "webhook", &id]).envs(base_settings(&shop.server.db, "http://localhost"));
        let output = command.output().await.expect("it runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (went_through, said) = replay().await;
    assert!(!went_through && said.contains("Nobody here knows its customer"), "{said}");

    let known = "insert into private.directory (kind, key, org_id) values ('stripe_customer', 'cus_stranger', $1)";
    shop.owner.execute(known, &[&other.org_id]).await.expect("it is mended");
    let (went_through, said) = replay().await;
    assert!(went_through && said.contains("processed"), "{said}");
    let theirs = "select sum(amount_pence)::bigint from public.credit_transactions where org_id <> $1";
    assert_eq!(shop.number(theirs).await, 5000);
    nothing_is_lost(&shop).await;
}
