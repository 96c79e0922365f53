//! What a clinic sees of its wallet, and how it puts money in.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::sandbox::{faults::Fault, stripe::Card};

use super::money::{call, spend, topped_up};
use crate::{
    support::{Session, TestServer, eventually},
    tenancy::asks::{get, post, put},
};

const TOPUP: &str = "/api/billing/wallet/topup";

fn fifty_pounds() -> Value {
    json!({ "amount_pence": 5000, "return_url": "/dashboard/wallet" })
}

/// A server whose stand-in for Stripe tells it what happens.
async fn server_and_stripe() -> TestServer {
    let server = TestServer::start().await;
    server.sandbox.stripe.send_webhooks_to(server.url("/api/webhooks/stripe"));
    server
}

#[tokio::test]
async fn the_wallet_says_what_is_in_it_and_how_long_that_lasts() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let empty = get(&server, &admin, "/api/billing/wallet").await.good();
    assert_eq!((&empty["balance_pence"], &empty["minutes_left"]), (&json!(0), &json!(0)));
    assert_eq!(empty["forecast"]["runs_out_at"], Value::Null, "nothing was spent: there is no pace");

    topped_up(&server, &admin, 2500).await;
    call(&server, &admin, 120).await;
    let owner = server.db.owner().await;
    let held = "select private.reserve_call_credits($1, gen_random_uuid())";
    owner.execute(held, &[&admin.org_id]).await.expect("a call is let in");

    let wallet = get(&server, &admin, "/api/billing/wallet").await.good();
    let expected = [
        ("balance_pence", 2388),
        ("held_pence", 280),
        ("available_pence", 2108),
        ("minutes_left", 37),
        ("rate_pence_per_minute", 56),
        ("capped_pence", 560),
        ("calls_under_way", 1),
        ("spent_this_month_pence", 112),
    ];
    for (field, value) in expected {
        assert_eq!(wallet[field], json!(value), "{field}: {wallet}");
    }
    let forecast = &wallet["forecast"];
    assert_eq!((&forecast["days_counted"], &forecast["pence_per_day"]), (&json!(1), &json!(112)));
    assert_eq!(forecast["days_left"], json!(18));

    let me = get(&server, &admin, "/api/me").await.good();
    assert_eq!(me["wallet"]["available_pence"], wallet["available_pence"], "whoever signs in sees the same");
    assert_eq!(me["wallet"]["minutes_left"], wallet["minutes_left"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_is_paid_on_stripes_page_and_is_in_the_wallet_once() {
    let server = server_and_stripe().await;
    let admin = server.sign_up("Clinic").await;
    let page = post(&server, &admin, TOPUP, fifty_pounds()).await.good();
    let session = page["session_id"].as_str().expect("a session").to_owned();
    assert!(page["url"].as_str().expect("an address").starts_with("http"), "{page}");

    let asked = format!("/api/webhook-verification/session/{session}");
    let open = get(&server, &admin, &asked).await.good();
    assert_eq!((&open["status"], &open["credited"]), (&json!("open"), &json!(false)));

    server.sandbox.stripe.pay(&session, Card::Visa).expect("it is paid");
    eventually("the money is in the wallet", || async {
        get(&server, &admin, &asked).await.good()["credited"] == true
    })
    .await;
    let wallet = get(&server, &admin, "/api/billing/wallet").await.good();
    assert_eq!((&wallet["balance_pence"], &wallet["has_saved_card"]), (&json!(5000), &json!(true)), "{wallet}");

    server.sandbox.stripe.delivered().await;
    let health = get(&server, &admin, "/api/webhook-verification/health").await.good();
    assert_eq!((&health["credits"], &health["unmatched"]), (&json!(1), &json!([])), "{health}");
    let recent = get(&server, &admin, "/api/webhook-verification/recent").await.good();
    let kinds: Vec<&str> = recent.as_array().expect("events").iter().filter_map(|e| e["event_type"].as_str()).collect();
    assert!(kinds.contains(&"checkout.session.completed") && kinds.contains(&"payment_intent.succeeded"), "{kinds:?}");
    let ledger = get(&server, &admin, "/api/billing/wallet/transactions").await.good();
    assert_eq!(ledger["items"].as_array().map(Vec::len), Some(1), "several events, one credit: {ledger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_that_stripe_is_slow_with_is_an_operation_and_the_same_key_asks_for_its_page() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let keyed = || server.post(TOPUP, &admin).header("idempotency-key", "my-top-up").json(&fifty_pounds());
    let answer = keyed().send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let promised: Value = answer.json().await.expect("JSON");
    assert_eq!((&promised["kind"], &promised["status"]), (&json!("stripe.checkout"), &json!("queued")));

    let elsewhere = TestServer::on(server.db.clone(), &[]).await;
    let follow = format!("/api/operations/{}", promised["id"].as_str().expect("an id"));
    eventually("the page is there", || async { get(&server, &admin, &follow).await.good()["status"] == "done" }).await;
    let again = keyed().send().await.expect("an answer");
    assert_eq!(again.status(), StatusCode::OK);
    let page: Value = again.json().await.expect("JSON");
    assert!(page["url"].is_string() && page["session_id"].is_string(), "{page}");

    let counted = "select count(*) from public.wallet_topups where org_id = $1";
    let begun: i64 = server.db.owner().await.query_one(counted, &[&admin.org_id]).await.expect("a count").get(0);
    assert_eq!(begun, 1, "the key began one top-up");
    drop(elsewhere);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stripe_does_not_give_is_a_refusal_with_words() {
    let server = TestServer::start().await;
    let admin = server.sign_up("Clinic").await;
    server.sandbox.stripe.faults().add(Fault::error(400).matching("/v1/customers"));
    let refused = post(&server, &admin, TOPUP, fifty_pounds()).await;
    refused.is(502, "checkout_failed");
    assert!(refused.text.contains("payment page"), "{}", refused.text);
}

#[tokio::test]
async fn auto_recharge_and_limits_are_set_and_shown() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let wish = json!({ "enabled": true, "threshold_pence": 1000, "amount_pence": 2500 });
    let wallet = put(&server, &admin, "/api/billing/wallet/auto-recharge", wish).await.good();
    assert_eq!(
        (
            &wallet["auto_recharge_enabled"],
            &wallet["auto_recharge_threshold_pence"],
            &wallet["auto_recharge_amount_pence"]
        ),
        (&json!(true), &json!(1000), &json!(2500))
    );
    let off = put(&server, &admin, "/api/billing/wallet/auto-recharge", json!({ "enabled": false })).await.good();
    assert_eq!((&off["auto_recharge_enabled"], &off["auto_recharge_amount_pence"]), (&json!(false), &json!(2500)));

    let limits = json!({ "monthly_cap_pence": 90000, "low_balance_alert_pence": 500, "max_concurrent_calls": 3 });
    put(&server, &admin, "/api/billing/wallet/limits", limits).await.good();
    let lifted = json!({ "monthly_cap_pence": null });
    let wallet = put(&server, &admin, "/api/billing/wallet/limits", lifted).await.good();
    assert_eq!(
        (&wallet["monthly_cap_pence"], &wallet["low_balance_alert_pence"], &wallet["max_concurrent_calls"]),
        (&Value::Null, &json!(500), &json!(3)),
        "what is absent stays, null lifts"
    );
    assert_eq!(get(&server, &admin, "/api/billing/wallet").await.good()["max_concurrent_calls"], json!(3));
}

#[tokio::test]
async fn a_call_that_was_refused_is_shown_with_the_reason_in_words() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let call_id = Uuid::new_v4();
    let ask = "select (private.reserve_call_credits($1, $2)).allowed";
    let allowed: bool =
        server.db.owner().await.query_one(ask, &[&admin.org_id, &call_id]).await.expect("an answer").get(0);
    assert!(!allowed, "an empty wallet lets nobody in");

    let page = get(&server, &admin, "/api/billing/wallet/refusals").await.good();
    let refusal = &page["items"][0];
    assert_eq!((&refusal["call_id"], &refusal["reason"]), (&json!(call_id), &json!("insufficient_balance")));
    assert!(refusal["told"].as_str().is_some_and(|told| told.contains("top up")), "{refusal}");
}

async fn csv(server: &TestServer, who: &Session, path: &str) -> (String, String) {
    let answer = server.get(path, who).header(header::ACCEPT, "text/csv").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let file = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("a name").to_owned();
    (file, answer.text().await.expect("a file"))
}

#[tokio::test]
async fn the_ledger_is_read_by_pages_and_as_a_file() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    topped_up(&server, &admin, 5000).await;
    for seconds in [30, 60, 90] {
        call(&server, &admin, seconds).await;
    }
    spend(&server, &admin, 1000, "=HYPERLINK(\"http://x.test\")").await;

    let transactions = "/api/billing/wallet/transactions";
    let mut amounts = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = get(&server, &admin, &format!("{transactions}?limit=2{cursor}")).await.good();
        amounts.extend(page["items"].as_array().expect("items").iter().map(|row| row["amount_pence"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(json!(amounts), json!([-1000, -84, -56, -28, 5000]), "newest first, each once");
    let calls = get(&server, &admin, &format!("{transactions}?type=topup")).await.good();
    assert_eq!(calls["items"].as_array().map(Vec::len), Some(1));

    let (name, text) = csv(&server, &admin, transactions).await;
    assert_eq!(name, "attachment; filename=\"voxanne-transactions.csv\"");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("every row is whole")).collect();
    let column = |n: usize| rows.iter().map(|row| row[n].to_owned()).collect::<Vec<_>>();
    assert_eq!(column(6), ["5000", "-28", "-56", "-84", "-1000"], "oldest first, and numbers are numbers");
    assert_eq!(column(5)[4], "-10.00");
    assert_eq!(column(4)[4], "'=HYPERLINK(\"http://x.test\")", "no spreadsheet runs it");
    let (_, none) = csv(&server, &admin, &format!("{transactions}?type=bonus")).await;
    assert_eq!(none.matches("\r\n").count(), 1, "the header stands alone where there is nothing");
}
