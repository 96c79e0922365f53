//! The saved card, charged when the wallet runs low: once at a time, and never again and again.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use voxanne::sandbox::{faults::Fault, stripe::Card};

use super::{
    money::{call, spend},
    payments_support::{Shop, WALLET, location},
};
use crate::{
    support::eventually,
    tenancy::asks::{get, put},
};

const CHARGES: &str = "POST /v1/payment_intents";

impl Shop {
    /// £50 in the wallet, the card saved; below £20, £25 more.
    async fn recharging(card: Card) -> Self {
        let shop = Self::open().await;
        shop.paid(5000, card).await;
        shop.recharge_below(2000).await;
        shop
    }

    async fn recharge_below(&self, pence: i64) {
        let wish = json!({ "enabled": true, "threshold_pence": pence, "amount_pence": 2500 });
        put(&self.server, &self.admin, &format!("{WALLET}/auto-recharge"), wish).await.good();
    }

    /// Spends so much, and waits for what follows.
    async fn spends(&self, pence: i64) {
        spend(&self.server, &self.admin, pence, "A number").await;
        self.settled().await;
    }

    /// Charges Stripe was asked for without anybody there, whatever came of them.
    fn charges(&self) -> usize {
        let intents = self.stripe().payment_intents();
        intents.iter().filter(|intent| intent["metadata"]["recharge_id"].is_string()).count()
    }

    async fn in_flight(&self) -> i64 {
        self.number("select count(*) from public.wallet_recharges where org_id = $1 and status = 'pending'").await
    }

    async fn recharges(&self) -> Vec<String> {
        let sql = "select status from public.wallet_recharges where org_id = $1 order by created_at, id";
        let rows = self.owner.query(sql, &[&self.admin.org_id]).await.expect("recharges");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// An hour passes; the schedule does the rest. A turn of it passes over a wallet that somebody holds: the next takes it.
    async fn an_hour_later(&self) {
        let sql = "update public.credit_wallets set recharge_blocked_until = recharge_blocked_until - interval '1 hour' \
                   where org_id = $1";
        self.owner.execute(sql, &[&self.admin.org_id]).await.expect("an hour");
        let waiting = "select count(*) from public.credit_wallets \
                       where org_id = $1 and auto_recharge_enabled and recharge_blocked_until <= now()";
        eventually("the pause is taken up", async || {
            self.owner.execute("select private.retry_recharges()", &[]).await.expect("the schedule's turn");
            self.number(waiting).await == 0
        })
        .await;
        self.settled().await;
    }

    async fn saved_card(&self) -> String {
        let sql = "select stripe_payment_method_id from public.credit_wallets where org_id = $1";
        self.owner.query_one(sql, &[&self.admin.org_id]).await.expect("the wallet").get(0)
    }

    /// Seconds until the card may be charged again.
    async fn pause(&self) -> i64 {
        self.number("select extract(epoch from recharge_blocked_until - now())::bigint from public.credit_wallets where org_id = $1")
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_who_spend_at_once_have_the_card_charged_once() {
    let shop = Shop::recharging(Card::Visa).await;
    // Long enough for all of them to find less than the owner wants while the charge is under way.
    shop.stripe().faults().add(Fault::latency(Duration::from_millis(600)).matching(CHARGES));
    let connections = join_all((0..32).map(|_| shop.server.db.worker())).await;
    let sql = "select private.check_balance_and_deduct_asset_cost($1, 100, 'managed_number', gen_random_uuid()::text)";
    let org_id = shop.admin.org_id;
    let spending = connections.iter().map(|connection| async move { connection.execute(sql, &[&org_id]).await });
    for spent in join_all(spending).await {
        spent.expect("there is enough for all of them");
    }
    assert_eq!((shop.balance().await, shop.in_flight().await), (1800, 1), "one charge in flight");
    shop.settled().await;
    assert_eq!((shop.charges(), shop.recharges().await), (1, vec!["succeeded".to_owned()]));
    assert_eq!(shop.balance().await, 5000 - 3200 + 2500);
    shop.adds_up("recharged").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_recharge_that_is_not_enough_is_followed_by_another() {
    let shop = Shop::recharging(Card::Visa).await;
    shop.recharge_below(2500).await;
    // A call for which the wallet did not suffice: £3.00 of debt.
    call(&shop.server, &shop.admin, 5678).await;
    eventually("two charges are in the wallet", async || shop.balance().await == -300 + 2 * 2500).await;
    shop.settled().await;
    assert_eq!((shop.charges(), shop.in_flight().await), (2, 0));
    shop.adds_up("twice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_whose_answer_never_came_is_found_again_and_not_made_again() {
    let shop = Shop::recharging(Card::Visa).await;
    let sooner = "update private.effect_kinds set backoff_base_seconds = 0.1 where kind = 'stripe.charge'";
    shop.owner.execute(sooner, &[]).await.expect("shorter pauses");

    shop.stripe().faults().add(Fault::lost_answer().matching(CHARGES).next(1));
    shop.stripe().faults().add(Fault::silent_webhook().matching("payment_intent.succeeded").next(1));
    shop.spends(3500).await;
    assert_eq!((shop.charges(), shop.balance().await), (1, 4000), "no answer, no event: Stripe was asked");

    // Stripe answers the same key with the same mistake for a day.
    shop.stripe().break_next(true);
    shop.stripe().faults().add(Fault::silent_webhook().matching("payment_intent.succeeded").next(1));
    shop.spends(2500).await;
    assert_eq!((shop.charges(), shop.balance().await), (2, 4000));
    shop.adds_up("found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_whose_event_overtakes_its_answer_is_credited_once() {
    let shop = Shop::recharging(Card::Visa).await;
    shop.stripe().hold_events();
    shop.spends(3500).await;
    assert_eq!(shop.balance().await, 4000, "the answer alone is enough");
    shop.stripe().release_events();
    shop.settled().await;
    assert_eq!((shop.credits().await, shop.balance().await), (2, 4000));

    let before = shop.stripe().events().len();
    shop.stripe().faults().add(Fault::latency(Duration::from_millis(400)).matching(CHARGES).next(1));
    shop.spends(2500).await;
    shop.hears(&shop.events_since(before)).await;
    shop.settled().await;
    assert_eq!((shop.credits().await, shop.balance().await), (3, 4000));
    shop.adds_up("overtaken").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_rests_for_an_hour_and_the_third_decline_turns_recharging_off() {
    let shop = Shop::recharging(Card::DeclinesLater).await;
    shop.spends(3500).await;
    assert_eq!((shop.charges(), shop.recharges().await), (1, vec!["declined".to_owned()]));
    let pause = shop.pause().await;
    assert!((3500..=3600).contains(&pause), "an hour: {pause} s");

    shop.spends(100).await;
    let not_yet = "select private.retry_recharges(now() + interval '59 minutes')";
    shop.owner.execute(not_yet, &[]).await.expect("a turn of the schedule");
    shop.hears(&shop.stripe().events_of("payment_intent.payment_failed")).await;
    assert_eq!((shop.charges(), shop.in_flight().await), (1, 0), "within the hour nothing is tried");

    shop.an_hour_later().await;
    assert_eq!((shop.charges(), shop.wallet().await["auto_recharge_enabled"].clone()), (2, json!(true)));
    shop.an_hour_later().await;
    assert_eq!(shop.charges(), 3);
    assert_eq!(shop.recharges().await, vec!["declined"; 3]);
    assert_eq!(shop.wallet().await["auto_recharge_enabled"], json!(false), "three declines");
    let told = shop.email("recharge_turned_off").await;
    assert!(told.contains("/dashboard/wallet"), "{told}");

    shop.an_hour_later().await;
    shop.spends(100).await;
    assert_eq!(shop.charges(), 3, "off is off");
    assert_eq!(shop.balance().await, 1300);
    shop.adds_up("turned off").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_that_goes_through_makes_two_declines_forgotten() {
    let shop = Shop::recharging(Card::DeclinesLater).await;
    shop.spends(3500).await;
    shop.an_hour_later().await;
    let failures = "select recharge_failures::bigint from public.credit_wallets where org_id = $1";
    assert_eq!(shop.number(failures).await, 2);

    shop.stripe().swap_card(&shop.saved_card().await, Card::Visa).expect("the bank is content again");
    shop.an_hour_later().await;
    assert_eq!((shop.number(failures).await, shop.balance().await), (0, 4000));
    let wallet = shop.wallet().await;
    assert_eq!(
        (&wallet["auto_recharge_enabled"], &wallet["auto_recharge_blocked_until"]),
        (&json!(true), &json!(null)),
        "and nothing rests"
    );

    shop.stripe().swap_card(&shop.saved_card().await, Card::Declined).expect("the bank");
    shop.spends(2500).await;
    assert_eq!(shop.number(failures).await, 1, "counted from the start");
    assert_eq!(shop.wallet().await["auto_recharge_enabled"], json!(true));
    shop.adds_up("counted anew").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_whose_bank_asks_its_owner_sends_a_link_that_can_be_paid() {
    let shop = Shop::recharging(Card::AuthenticateAlways).await;
    shop.spends(3500).await;
    assert_eq!(shop.recharges().await, ["needs_owner"]);
    let mail = shop.email("recharge_needs_owner").await;
    let link = mail.split_whitespace().find(|word| word.contains("/c/pay/")).unwrap_or_else(|| panic!("{mail}"));
    let page = shop.server.client().get(link).send().await.expect("the link opens").text().await.expect("a page");
    assert!(page.contains("£25.00"), "{page}");

    shop.an_hour_later().await;
    assert_eq!(shop.stripe().sessions().len(), 2, "one link is enough while it holds");

    shop.press(link, &[("act", "pay"), ("card", "authenticate_always")]).await;
    let answer = shop.press(link, &[("act", "approve")]).await;
    assert!(location(&answer).contains("/dashboard/wallet?topup=success&session_id="), "{}", location(&answer));
    shop.settled().await;
    assert_eq!(shop.balance().await, 4000);
    let session = shop.stripe().sessions()[1]["id"].as_str().expect("a session").to_owned();
    let said = get(&shop.server, &shop.admin, &format!("/api/webhook-verification/session/{session}")).await.good();
    assert_eq!(said["credited"], json!(true), "the page it leads back to says so");
    let failures = "select recharge_failures::bigint from public.credit_wallets where org_id = $1";
    assert_eq!(shop.number(failures).await, 0, "a bank's question is no decline");
    shop.adds_up("paid by link").await;
}
