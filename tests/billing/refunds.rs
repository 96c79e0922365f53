//! Money that goes back: whatever order Stripe's events come in, the ledger ends where Stripe's books do.

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::sandbox::stripe::{Card, Turn};

use super::{money::spend, payments_support::Shop, provider::Provider};
use crate::support::eventually;

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id: {object}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_in_part_then_of_the_rest_and_one_that_fails_leave_what_stripe_has() {
    let shop = Shop::open().await;
    let payment = shop.paid(5000, Card::Visa).await;
    let stripe = shop.stripe();

    stripe.refund(&payment, Some(1200)).expect("a part");
    shop.settled().await;
    assert_eq!(shop.balance().await, 3800);
    shop.adds_up("in part").await;

    let second = stripe.refund(&payment, Some(800)).expect("another part");
    shop.settled().await;
    assert_eq!(shop.balance().await, 3000);
    shop.adds_up("twice").await;

    stripe.fail_refund(&id(&second)).expect("the bank cannot hand it over");
    shop.settled().await;
    assert_eq!(shop.balance().await, 3800);
    shop.adds_up("the second failed").await;

    stripe.refund(&payment, None).expect("the rest");
    shop.settled().await;
    assert_eq!(shop.balance().await, 0);
    shop.adds_up("in full").await;
    let rows = shop.ledger().await;
    assert!(rows[1..].iter().all(|(kind, _)| kind == "refund"), "{rows:?}");

    let events = stripe.events();
    shop.hears(&events).await;
    shop.settled().await;
    assert_eq!(shop.ledger().await, rows, "heard again, nothing moves");
    shop.adds_up("heard again").await;
}

/// What is done at Stripe to a payment of £50, and what is left of it.
type Story = (&'static str, i64, fn(&Shop, &str));

const STORIES: [Story; 7] = [
    ("two refunds", 3000, |shop, payment| {
        shop.stripe().refund(payment, Some(500)).expect("a refund");
        shop.stripe().refund(payment, Some(1500)).expect("a refund");
    }),
    ("a refund in full that failed, and one in part", 4000, |shop, payment| {
        let whole = shop.stripe().refund(payment, None).expect("a refund");
        shop.stripe().fail_refund(&id(&whole)).expect("it fails");
        shop.stripe().refund(payment, Some(1000)).expect("a refund");
    }),
    ("two refunds, of which the first failed", 3500, |shop, payment| {
        let first = shop.stripe().refund(payment, Some(1000)).expect("a refund");
        shop.stripe().refund(payment, Some(1500)).expect("a refund");
        shop.stripe().fail_refund(&id(&first)).expect("it fails");
    }),
    ("a dispute lost", 0, |shop, payment| {
        let dispute = shop.stripe().dispute(payment, None).expect("a dispute");
        shop.stripe().lose_dispute(&id(&dispute)).expect("lost");
    }),
    ("a dispute of a part won", 5000, |shop, payment| {
        let dispute = shop.stripe().dispute(payment, Some(2000)).expect("a dispute");
        shop.stripe().win_dispute(&id(&dispute)).expect("won");
    }),
    ("an inquiry that comes to nothing", 5000, |shop, payment| {
        let inquiry = shop.stripe().inquire(payment, None).expect("an inquiry");
        shop.stripe().turn_dispute(&id(&inquiry), Turn::Close).expect("closed");
    }),
    ("a refund, then an inquiry that becomes a dispute of the rest and is lost", 0, |shop, payment| {
        shop.stripe().refund(payment, Some(1000)).expect("a refund");
        let inquiry = shop.stripe().inquire(payment, None).expect("an inquiry");
        shop.stripe().turn_dispute(&id(&inquiry), Turn::Escalate).expect("escalated");
        shop.stripe().lose_dispute(&id(&inquiry)).expect("lost");
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_back_in_the_order_it_happened_ends_where_stripes_books_do() {
    let shop = Shop::open().await;
    let mut expected = 0;
    for (story, left, happens) in STORIES {
        let payment = shop.paid(5000, Card::Visa).await;
        happens(&shop, &payment);
        shop.settled().await;
        expected += left;
        assert_eq!(shop.balance().await, expected, "{story}");
        shop.adds_up(story).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_back_in_the_opposite_order_and_twice_ends_there_too() {
    let shop = Shop::open().await;
    let mut expected = 0;
    for (story, left, happens) in STORIES {
        let payment = shop.paid(5000, Card::Visa).await;
        let before = shop.stripe().events().len();
        shop.stripe().hold_events();
        happens(&shop, &payment);
        let mut backwards = shop.events_since(before);
        backwards.reverse();
        shop.hears(&backwards).await;
        shop.hears(&backwards).await;
        shop.settled().await;
        expected += left;
        assert_eq!(shop.balance().await, expected, "{story}");
        shop.adds_up(story).await;

        shop.stripe().release_events();
        shop.settled().await;
        assert_eq!(shop.balance().await, expected, "{story}, and at last in order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_goes_back_before_it_was_credited_is_credited_and_goes_back() {
    let shop = Shop::open().await;
    shop.checkout(2500).await; // The customer is known.
    let mut expected = 0;
    for (story, left, happens) in STORIES {
        let before = shop.stripe().events().len();
        shop.stripe().hold_events();
        let payment = shop.pay(5000, Card::Visa).await;
        happens(&shop, &payment);
        let mut backwards = shop.events_since(before);
        backwards.reverse();
        let (paid, others): (Vec<Value>, Vec<Value>) = backwards.into_iter().partition(|event| {
            matches!(event["type"].as_str(), Some("payment_intent.succeeded" | "checkout.session.completed"))
        });
        // Neither a dispute nor a refund names a customer: such an event waits until its payment is known, by its charge.
        shop.hears(&others).await;
        shop.tried_again().await;
        assert_eq!(shop.balance().await, expected, "{story}: what never came in does not go out");
        shop.hears(&paid).await;
        shop.settled().await;
        expected += left;
        assert_eq!(shop.balance().await, expected, "{story}");
        shop.adds_up(story).await;
        shop.stripe().release_events();
        shop.settled().await;
        shop.adds_up(story).await;
    }
}

/// A call under way that Vapi can be told to end; its cap is five minutes.
async fn call(shop: &Shop, vapi: &Provider) -> Uuid {
    let call_id = Uuid::new_v4();
    let reserve = "select (private.reserve_call_credits($1, $2, 300)).allowed";
    let let_in: bool = shop.owner.query_one(reserve, &[&shop.admin.org_id, &call_id]).await.expect("an answer").get(0);
    assert!(let_in);
    let line = "select private.note_call_line($1, $1::uuid::text, $2, null)";
    shop.owner.execute(line, &[&call_id, &format!("{}/{call_id}/control", vapi.url)]).await.expect("a line");
    let started = "select private.start_call_clock($1, now())";
    shop.owner.execute(started, &[&call_id]).await.expect("a call");
    call_id
}

/// What each call holds and why it was ended, in the order they began.
async fn calls(shop: &Shop) -> Vec<(i64, Option<String>)> {
    let sql =
        "select reserved_pence, end_reason from public.credit_reservations where org_id = $1 order by created_at, id";
    let rows = shop.owner.query(sql, &[&shop.admin.org_id]).await.expect("the calls");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Waits until Vapi was told to end so many calls.
async fn told_to_end(vapi: &Provider, calls: &[Uuid]) {
    eventually("Vapi is told to end them", async || {
        let ended = vapi.seen().into_iter().filter(|seen| seen.body.contains("end-call"));
        let ended: Vec<String> = ended.map(|seen| seen.path).collect();
        calls.iter().all(|call| ended.contains(&format!("/{call}/control")))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_a_refund_and_a_dispute_in_the_middle_of_calls_cut_the_newest_first() {
    let vapi = Provider::start([]).await;
    let shop = Shop::open_with(&[("VAPI_BASE_URL", &vapi.url), ("VAPI_API_KEY", "key")]).await;
    let (first, second) = (shop.paid(2500, Card::Visa).await, shop.paid(2500, Card::Visa).await);
    let mut under_way = Vec::new();
    for _ in 0..3 {
        under_way.push(call(&shop, &vapi).await);
    }
    assert_eq!(calls(&shop).await, vec![(280, None); 3]);

    spend(&shop.server, &shop.admin, 3000, "A number").await;
    assert_eq!(calls(&shop).await, vec![(280, None); 3], "what calls hold cannot be spent");
    let too_much = "select private.check_balance_and_deduct_asset_cost($1, 1161, 'managed_number', 'too much')";
    let refused = shop.owner.execute(too_much, &[&shop.admin.org_id]).await.expect_err("1,160 are available");
    assert!(refused.as_db_error().is_some_and(|e| format!("{e:?}").contains("insufficient_balance")), "{refused:?}");

    shop.stripe().refund(&first, Some(1300)).expect("a refund");
    shop.settled().await;
    assert_eq!(calls(&shop).await, [(280, None), (280, None), (140, None)], "£7.00 are left");
    shop.adds_up("a refund").await;

    let dispute = shop.stripe().dispute(&second, Some(400)).expect("a dispute");
    shop.settled().await;
    let after = calls(&shop).await;
    assert_eq!((after[0].clone(), after[1].0, after[2].0), ((280, None), 20, 0), "£3.00 are left");
    assert_eq!(after[2].1.as_deref(), Some("hold_cut"), "without paid time it ends");
    told_to_end(&vapi, &under_way[2..]).await;
    shop.adds_up("a dispute").await;

    shop.stripe().refund(&first, None).expect("the rest");
    shop.settled().await;
    assert_eq!(shop.balance().await, -900);
    assert!(calls(&shop).await.iter().all(|(held, ended)| *held == 0 && ended.is_some()), "with nothing left all end");
    told_to_end(&vapi, &under_way).await;
    let wallet = shop.wallet().await;
    assert_eq!((&wallet["status"], &wallet["held_pence"]), (&json!("suspended"), &json!(0)));

    for call in &under_way {
        let report = "select private.commit_reserved_credits($1, 30, 'report')";
        shop.owner.execute(report, &[call]).await.expect("what was used is charged");
    }
    shop.stripe().win_dispute(&id(&dispute)).expect("won");
    shop.settled().await;
    assert_eq!(shop.balance().await, -900 - 3 * 28 + 400);
    shop.paid(2500, Card::Visa).await;
    assert_eq!(shop.wallet().await["status"], json!("active"), "above zero the suspension is lifted");
    shop.adds_up("over").await;
}
