//! A top-up from the button to the ledger, however its events come, and whatever comes of its page.

use serde_json::{Value, json};
use voxanne::sandbox::stripe::Card;

use super::{
    ledger_support::reconcile,
    payments_support::{Shop, WALLET, location},
};
use crate::{platform::events_client::Stream, tenancy::asks::get};

async fn verification(shop: &Shop, session: &str) -> (String, bool, i64) {
    let path = format!("/api/webhook-verification/session/{session}");
    let said = get(&shop.server, &shop.admin, &path).await.good();
    let text = said["status"].as_str().expect("a status").to_owned();
    (text, said["credited"] == true, said["amount_pence"].as_i64().expect("an amount"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_goes_from_the_button_to_the_ledger_and_everybody_is_told() {
    let shop = Shop::open().await;
    let mut live = Stream::open(&shop.server, &shop.admin.token, None).await;
    let (session, page) = shop.checkout(5000).await;
    let shown = shop.server.client().get(&page).send().await.expect("the page").text().await.expect("a page");
    assert!(shown.contains("£50.00") && shown.contains("Voxanne credit"), "{shown}");
    assert_eq!(verification(&shop, &session).await, ("open".to_owned(), false, 5000));

    let answer = shop.press(&page, &[("act", "pay"), ("card", "visa")]).await;
    let back = format!("/dashboard/wallet?topup=success&session_id={session}");
    assert!(location(&answer).ends_with(&back), "{}", location(&answer));
    shop.settled().await;
    assert_eq!(verification(&shop, &session).await, ("credited".to_owned(), true, 5000));

    let changed = live.next_event().await;
    assert_eq!((changed.event.as_str(), &changed.data["payload"]["balance_pence"]), ("wallet.changed", &json!(5000)));
    let receipt = shop.email("topup_credited").await;
    let payment = shop.payment_of(&session);
    assert!(receipt.contains("£50.00") && receipt.contains(&payment), "{receipt}");

    let ledger = get(&shop.server, &shop.admin, &format!("{WALLET}/transactions")).await.good();
    let row = &ledger["items"][0];
    assert_eq!(ledger["items"].as_array().map(Vec::len), Some(1), "{ledger}");
    assert_eq!(
        (&row["type"], &row["amount_pence"], &row["balance_after_pence"], &row["stripe_payment_intent_id"]),
        (&json!("topup"), &json!(5000), &json!(5000), &json!(payment))
    );
    let again = shop.press(&page, &[("act", "pay"), ("card", "visa")]).await;
    assert!(location(&again).starts_with("/c/pay/"), "a page that is paid cannot be paid again");
    shop.adds_up("paid").await;
    let outcome = reconcile(&shop.server.db, &[]).await;
    assert_eq!(outcome.status, Some(0), "{} {}", outcome.out, outcome.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_nobody_pays_on_costs_nothing() {
    let shop = Shop::open().await;
    let (session, page) = shop.checkout(5000).await;
    let answer = shop.press(&page, &[("act", "abandon")]).await;
    assert!(location(&answer).ends_with("/dashboard/wallet?topup=cancelled"), "{}", location(&answer));
    assert_eq!(verification(&shop, &session).await, ("open".to_owned(), false, 5000), "the page still holds");

    shop.stripe().expire(&session).expect("a day passes");
    shop.settled().await;
    assert_eq!(verification(&shop, &session).await, ("failed".to_owned(), false, 5000));
    assert_eq!((shop.balance().await, shop.ledger().await), (0, vec![]));
    shop.adds_up("abandoned").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_declined_moves_nothing_and_the_next_one_is_credited_once() {
    let shop = Shop::open().await;
    let (session, page) = shop.checkout(5000).await;
    for card in ["declined", "insufficient_funds"] {
        let answer = shop.press(&page, &[("act", "pay"), ("card", card)]).await;
        assert!(location(&answer).starts_with("/c/pay/"), "the page says it: {}", location(&answer));
    }
    shop.press(&page, &[("act", "pay"), ("card", "authenticate_always")]).await;
    shop.press(&page, &[("act", "fail")]).await;
    shop.settled().await;
    assert_eq!(verification(&shop, &session).await, ("open".to_owned(), false, 5000));
    assert_eq!(shop.balance().await, 0);
    assert_eq!(shop.wallet().await["has_saved_card"], json!(false));

    shop.press(&page, &[("act", "pay"), ("card", "authenticate_once")]).await;
    shop.settled().await;
    assert_eq!(shop.balance().await, 0, "the bank still asks");
    let answer = shop.press(&page, &[("act", "approve")]).await;
    assert!(location(&answer).contains("topup=success"));
    shop.settled().await;
    assert_eq!(shop.ledger().await, [("topup".to_owned(), 5000)]);
    shop.adds_up("paid at last").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_debit_is_credited_when_it_arrives_and_not_before() {
    let shop = Shop::open().await;
    let (arrives, fails) = (shop.debit(5000).await, shop.debit(7000).await);
    shop.settled().await;
    assert_eq!(shop.stripe().events_of("checkout.session.completed").len(), 2);
    assert_eq!(shop.balance().await, 0, "completed is not paid");
    shop.adds_up("on their way").await;

    for (session, comes) in [(&arrives, true), (&fails, false)] {
        shop.stripe().settle_debit(session, comes).expect("a debit on its way");
    }
    shop.settled().await;
    assert_eq!(shop.stripe().events_of("checkout.session.async_payment_succeeded").len(), 1);
    assert_eq!(shop.stripe().events_of("checkout.session.async_payment_failed").len(), 1);
    assert_eq!(verification(&shop, &arrives).await, ("credited".to_owned(), true, 5000));
    assert_eq!(verification(&shop, &fails).await, ("failed".to_owned(), false, 7000));
    assert_eq!(shop.ledger().await, [("topup".to_owned(), 5000)]);
    shop.adds_up("one arrived").await;
}

/// What Stripe says of the payment made meanwhile, of which nothing arrived.
async fn unheard(shop: &Shop) -> (String, Value, Value) {
    shop.stripe().hold_events();
    let payment = shop.pay(2500, Card::Visa).await;
    let of = |kind: &str| shop.stripe().events_of(kind).pop().expect("an event");
    (payment, of("checkout.session.completed"), of("payment_intent.succeeded"))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_events_of_a_payment_in_either_order_and_many_times_credit_it_once() {
    let shop = Shop::open().await;
    for round in 1..=2 {
        let (payment, completed, succeeded) = unheard(&shop).await;
        assert_eq!(shop.credits().await, round - 1, "delayed: nothing is credited on trust");
        let order = if round == 1 { [completed, succeeded] } else { [succeeded, completed] };
        shop.hears(&order[..1]).await;
        assert_eq!(shop.credits().await, round, "either event alone is enough");
        shop.hears(&[order[1].clone(), order[0].clone(), order[1].clone()]).await;
        shop.stripe().release_events();
        shop.settled().await;
        assert_eq!(shop.credits().await, round, "{payment}");
        assert_eq!(shop.balance().await, 2500 * round);
        shop.adds_up("in this order").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_events_of_a_payment_at_the_same_moment_credit_it_once() {
    let shop = Shop::open().await;
    let (_, completed, succeeded) = unheard(&shop).await;
    let mut copies = Vec::new();
    for n in 0..16 {
        // Other ids, as if Stripe had told it in so many events: nothing but the payment holds them together.
        let mut event = if n % 2 == 0 { completed.clone() } else { succeeded.clone() };
        event["id"] = json!(format!("evt_copy_{n}"));
        copies.push(event);
    }
    let sent = futures_util::future::join_all(copies.iter().map(|event| shop.stripe().send_event(event))).await;
    assert_eq!(sent, vec![Some(200); 16]);
    shop.stripe().release_events();
    shop.settled().await;
    assert_eq!(shop.ledger().await, [("topup".to_owned(), 2500)]);
    shop.adds_up("sixteen at once").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_heard_of_again_after_a_day_and_after_ninety_is_credited_once() {
    let shop = Shop::open().await;
    shop.paid(5000, Card::Visa).await;
    let events = shop.stripe().events();
    let kept = "select (select count(*) from private.webhook_inbox where provider = 'stripe') \
                     + (select count(*) from public.processed_webhook_events where event_id like 'evt%') \
                from (select $1::uuid) as o";
    let noted = "select count(*) from public.processed_stripe_webhooks where $1::uuid is not null";

    let later = "select private.cleanup_old_webhook_events(now() + interval '25 hours')";
    shop.owner.execute(later, &[]).await.expect("a day's clean-up");
    assert_eq!(shop.number(kept).await, 0, "nothing is left to know them by");
    assert!(shop.number(noted).await > 0);
    shop.hears(&events).await;
    shop.settled().await;
    assert_eq!(shop.ledger().await, [("topup".to_owned(), 5000)], "after a day");

    shop.owner.execute(later, &[]).await.expect("another day's clean-up");
    let much_later = "select private.cleanup_old_processed_stripe_webhooks(now() + interval '91 days')";
    shop.owner.execute(much_later, &[]).await.expect("ninety days' clean-up");
    assert_eq!(shop.number(kept).await + shop.number(noted).await, 0, "but the ledger");
    shop.hears(&events).await;
    shop.settled().await;
    assert_eq!(shop.ledger().await, [("topup".to_owned(), 5000)], "after ninety");
    let sql = "select count(*) from public.processed_stripe_webhooks where org_id = $1 and status = 'duplicate'";
    assert_eq!(shop.number(sql).await, 2, "and the two that could have credited it say so");
    shop.adds_up("heard again").await;
    let health = get(&shop.server, &shop.admin, "/api/webhook-verification/health").await.good();
    assert_eq!((&health["credits"], &health["unmatched"]), (&json!(1), &json!([])), "{health}");
}
