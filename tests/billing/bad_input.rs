//! What must not move money: odd amounts, foreign return addresses, other organisations' ids. Through both doors.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::error::REGISTRY;

use super::money::topped_up;
use crate::{
    support::{Session, TestServer},
    tenancy::asks::{Said, get, post, said},
};

const TOPUP: &str = "/api/billing/wallet/topup";
const RECHARGE: &str = "/api/billing/wallet/auto-recharge";
const LIMITS: &str = "/api/billing/wallet/limits";

/// Sends JSON exactly as it is written here.
async fn raw(server: &TestServer, who: &Session, method: Method, path: &str, body: &str) -> Said {
    let request = server.request(method, path, Some(who)).header("content-type", "application/json");
    said(request.body(body.to_owned())).await
}

/// The same function through Supabase's door.
async fn rpc(server: &TestServer, who: &Session, function: &str, body: &str) -> Said {
    raw(server, who, Method::POST, &format!("/rest/v1/rpc/{function}"), body).await
}

/// Refused by us on purpose, in words.
#[track_caller]
fn refused(answer: &Said, what: &str) -> (u16, String) {
    let (status, code) = answer.refusal();
    assert!((400..500).contains(&status), "{what}: {status} {}", answer.text);
    assert_eq!(REGISTRY.get(&code).map(|entry| entry.status), Some(status), "{what}: {code}");
    (status, code)
}

async fn count(server: &TestServer, sql: &str) -> i64 {
    server.db.owner().await.query_one(sql, &[]).await.expect("a count").get(0)
}

/// Parsed, and not allowed.
const NOT_ALLOWED: [&str; 13] = [
    "0",
    "-0",
    "-1",
    "-5000",
    "2499",
    "500001",
    "2500.5",
    "2500.0000001",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-99999999999999999999999999",
];

/// No number at all.
const NO_NUMBER: [&str; 10] = ["\"5000\"", "\"\"", "null", "true", "[5000]", "{}", "1e999", "0x1388", "5_000", "NaN"];

#[tokio::test]
async fn an_amount_that_is_not_allowed_begins_no_top_up() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    for amount in NOT_ALLOWED {
        let body = format!("{{\"amount_pence\": {amount}, \"return_url\": \"/dashboard/wallet\"}}");
        let (status, _) = refused(&raw(&server, &admin, Method::POST, TOPUP, &body).await, amount);
        assert_eq!(status, 422, "{amount}");
        let body = format!("{{\"p_amount_pence\": {amount}, \"p_return_url\": \"/dashboard/wallet\"}}");
        let through = rpc(&server, &admin, "start_topup", &body).await;
        assert!((400..500).contains(&through.status), "{amount}: {} {}", through.status, through.text);
    }
    for amount in NO_NUMBER {
        let body = format!("{{\"amount_pence\": {amount}, \"return_url\": \"/dashboard/wallet\"}}");
        let (status, _) = refused(&raw(&server, &admin, Method::POST, TOPUP, &body).await, amount);
        assert_eq!(status, 400, "{amount}");
        if amount == "\"5000\"" {
            // Supabase's door takes a text for a number where it is one, as PostgREST does.
            continue;
        }
        let body = format!("{{\"p_amount_pence\": {amount}, \"p_return_url\": \"/dashboard/wallet\"}}");
        let through = rpc(&server, &admin, "start_topup", &body).await;
        assert!((400..500).contains(&through.status), "{amount}: {} {}", through.status, through.text);
    }
    for body in [
        "{}",
        "[]",
        "5000",
        "{\"amount_pence\": 5000}",
        "{\"amount_pence\": 5000, \"return_url\": 1}",
        "{\"amount_pence\": 5000, \"return_url\": \"/dashboard/wallet\", \"org_id\": \"x\"}",
    ] {
        refused(&raw(&server, &admin, Method::POST, TOPUP, body).await, body);
    }
    assert_eq!(count(&server, "select count(*) from public.wallet_topups").await, 0);
    assert_eq!(count(&server, "select count(*) from private.effects where kind = 'stripe.checkout'").await, 0);
}

#[tokio::test]
async fn nobody_is_led_anywhere_but_to_the_front_ends_own_pages() {
    let server = TestServer::without_workers(&[("FRONTEND_URL", "https://app.clinic.test")]).await;
    let admin = server.sign_up("Clinic").await;
    for address in [
        "",
        "/",
        "/dashboard",
        "/dashboard/settings",
        "/dashboard/wallet/",
        "/dashboard/wallet/../../evil",
        "/dashboard/wallet?next=https://evil.test",
        "/dashboard/wallet#evil",
        "/DASHBOARD/WALLET",
        " /dashboard/wallet",
        "/dashboard/wallet\n",
        "/dashboard/wallet\r\nLocation: https://evil.test",
        "/dashboard%2Fwallet",
        "//evil.test/dashboard/wallet",
        "/\\evil.test/dashboard/wallet",
        "\\\\evil.test\\dashboard\\wallet",
        "https://evil.test/dashboard/wallet",
        "https://app.clinic.test.evil.test/dashboard/wallet",
        "https://app.clinic.test@evil.test/dashboard/wallet",
        "https://app.clinic.test:8443/dashboard/wallet",
        "http://app.clinic.test/dashboard/wallet",
        "https:/dashboard/wallet",
        "javascript:alert(1)",
        "data:text/html,/dashboard/wallet",
        "/dashboard/wallet\u{0}",
        "/dashboard/wallet\u{202e}",
    ] {
        let body = json!({ "amount_pence": 5000, "return_url": address });
        let (status, _) = refused(&post(&server, &admin, TOPUP, body).await, address);
        assert_eq!(status, 422, "{address:?}");
        let body = json!({ "p_amount_pence": 5000, "p_return_url": address });
        let through = post(&server, &admin, "/rest/v1/rpc/start_topup", body).await;
        assert!((400..500).contains(&through.status), "{address:?}: {} {}", through.status, through.text);
    }
    assert_eq!(count(&server, "select count(*) from public.wallet_topups").await, 0);

    let owner = server.db.owner().await;
    for (n, address) in ["/dashboard/wallet", "https://app.clinic.test/dashboard/onboarding"].iter().enumerate() {
        let body = json!({ "p_amount_pence": 5000, "p_return_url": address });
        post(&server, &admin, "/rest/v1/rpc/start_topup", body).await.good();
        let sql =
            "select payload from private.effects where kind = 'stripe.checkout' order by created_at desc, id desc";
        let payload: Value = owner.query(sql, &[]).await.expect("effects")[0].get(0);
        let page = ["https://app.clinic.test/dashboard/wallet", "https://app.clinic.test/dashboard/onboarding"][n];
        assert_eq!(payload["success_url"], format!("{page}?topup=success&session_id={{CHECKOUT_SESSION_ID}}"));
        assert_eq!(payload["cancel_url"], format!("{page}?topup=cancelled"));
    }
}

#[tokio::test]
async fn limits_and_recharging_take_whole_amounts_within_reason() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let before = get(&server, &admin, "/api/billing/wallet").await.good();
    for amount in NOT_ALLOWED.iter().chain(&NO_NUMBER).filter(|amount| **amount != "null") {
        for body in [
            format!("{{\"enabled\": true, \"threshold_pence\": 1000, \"amount_pence\": {amount}}}"),
            format!("{{\"enabled\": false, \"amount_pence\": {amount}}}"),
        ] {
            refused(&raw(&server, &admin, Method::PUT, RECHARGE, &body).await, &body);
        }
    }
    for value in ["-1", "0.5", "1e20", "99999999999999999999", "\"10\"", "true", "[]", "500000000000"] {
        for field in ["monthly_cap_pence", "low_balance_alert_pence", "max_concurrent_calls"] {
            let body = format!("{{\"{field}\": {value}}}");
            refused(&raw(&server, &admin, Method::PUT, LIMITS, &body).await, &body);
            let body = format!("{{\"p_changes\": {body}}}");
            let through = rpc(&server, &admin, "set_wallet_limits", &body).await;
            assert!((400..500).contains(&through.status), "{body}: {} {}", through.status, through.text);
        }
        let body = format!("{{\"enabled\": true, \"threshold_pence\": {value}, \"amount_pence\": 2500}}");
        refused(&raw(&server, &admin, Method::PUT, RECHARGE, &body).await, &body);
    }
    for body in [
        "{\"max_concurrent_calls\": null}",
        "{\"max_concurrent_calls\": 0}",
        "{\"debt_limit_pence\": 99999}",
        "{\"balance_pence\": 1}",
        "[]",
    ] {
        refused(&raw(&server, &admin, Method::PUT, LIMITS, body).await, body);
    }
    for body in [
        "{}",
        "{\"enabled\": true}",
        "{\"enabled\": null}",
        "{\"enabled\": \"yes\"}",
        "{\"enabled\": true, \"threshold_pence\": 1000}",
    ] {
        refused(&raw(&server, &admin, Method::PUT, RECHARGE, body).await, body);
    }
    let after = get(&server, &admin, "/api/billing/wallet").await.good();
    assert_eq!(after, before, "nothing of it was kept");
}

#[tokio::test]
async fn another_organisations_money_is_not_there() {
    let server = TestServer::without_workers(&[]).await;
    let (admin, other) = (server.sign_up("Clinic").await, server.sign_up("Other").await);
    topped_up(&server, &other, 9999).await;
    let wish = json!({ "amount_pence": 5000, "return_url": "/dashboard/wallet" });
    let theirs = post(&server, &other, TOPUP, wish).await.good();
    let operation = theirs["id"].as_str().expect("an operation").to_owned();
    let owner = server.db.owner().await;
    let named = "update public.wallet_topups set stripe_session_id = 'cs_theirs' where org_id = $1";
    owner.execute(named, &[&other.org_id]).await.expect("a session");

    get(&server, &admin, &format!("/api/operations/{operation}")).await.is(404, "operation_not_found");
    let asked = json!({ "p_operation_id": operation });
    assert_eq!(post(&server, &admin, "/rest/v1/rpc/topup_session", asked.clone()).await.status, 404);
    assert_eq!(post(&server, &other, "/rest/v1/rpc/topup_session", asked).await.status, 200, "it is there for them");
    let session = "/api/webhook-verification/session/cs_theirs";
    get(&server, &admin, session).await.is(404, "checkout_not_found");
    get(&server, &admin, "/api/webhook-verification/session/cs_nobodys").await.is(404, "checkout_not_found");
    get(&server, &other, session).await.good();

    for path in ["", "/transactions", "/transactions?limit=200&cursor=seq.999", "/refusals"] {
        let answer = get(&server, &admin, &format!("/api/billing/wallet{path}")).await;
        answer.good();
        assert!(!answer.text.contains("9999"), "{path}: {}", answer.text);
    }
    for (function, body) in [
        ("wallet_summary", json!({ "p_org_id": other.org_id })),
        ("list_wallet_transactions", json!({ "p_org_id": other.org_id })),
        (
            "start_topup",
            json!({ "p_org_id": other.org_id, "p_amount_pence": 5000, "p_return_url": "/dashboard/wallet" }),
        ),
        (
            "add_credits",
            json!({ "p_org_id": admin.org_id, "p_amount_pence": 5000, "p_type": "topup", "p_idempotency_key": "mine" }),
        ),
        (
            "mark_stripe_event_processed",
            json!({ "p_event_id": "evt_1", "p_event_type": "x", "p_org_id": admin.org_id, "p_event_data": {} }),
        ),
    ] {
        let answer = post(&server, &admin, &format!("/rest/v1/rpc/{function}"), body).await;
        assert!(matches!(answer.status, 403 | 404), "{function}: {} {}", answer.status, answer.text);
    }
    assert_eq!(count(&server, "select count(*) from public.credit_transactions").await, 1);
}

#[tokio::test]
async fn a_filter_of_the_ledger_that_means_nothing_is_refused() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let nobodys = format!("cursor={}", Uuid::new_v4());
    for (query, status, code) in [
        ("limit=0", 422, "invalid_value"),
        ("limit=201", 422, "invalid_value"),
        ("limit=99999999999", 400, "invalid_request"),
        ("type=call", 422, "invalid_value"),
        ("type=", 422, "invalid_value"),
        ("from=whenever", 422, "invalid_value"),
        ("to=999999-01-01T00:00:00Z", 422, "invalid_value"),
        ("cursor=seq.", 400, "invalid_cursor"),
        ("cursor=seq.99999999999999999999", 400, "invalid_cursor"),
        ("cursor=%F0%9F%98%80", 400, "invalid_cursor"),
        (nobodys.as_str(), 400, "invalid_cursor"),
    ] {
        let answer = get(&server, &admin, &format!("/api/billing/wallet/transactions?{query}")).await;
        assert!(answer.status >= 400, "{query}: {}", answer.text);
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{query}");
    }
    for query in ["limit=0", "cursor=seq.1", "from=whenever", "cursor=1.1"] {
        refused(&get(&server, &admin, &format!("/api/billing/wallet/refusals?{query}")).await, query);
    }
    for query in ["limit=0", "limit=1000000", "limit=x"] {
        refused(&get(&server, &admin, &format!("/api/webhook-verification/recent?{query}")).await, query);
    }
}
