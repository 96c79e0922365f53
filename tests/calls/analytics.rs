//! How a clinic does, through the endpoints: the pulse, the series, the funnel, and what happened last.

use serde_json::json;

use super::dashboard::ended_call;
use crate::{
    support::{TestServer, eventually},
    tenancy::asks::{api_key, get},
};

const FIGURES: [&str; 4] = ["dashboard-pulse", "recent-activity", "series", "funnel"];

#[tokio::test]
async fn the_figures_are_there_with_the_call_and_say_the_same() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let now = json!({ "booking_confirmed": true, "financial_value_pence": 30000, "sentiment_score": 0.8 });
    ended_call(&server, &clinic, now).await;
    let outbound = json!({ "call_direction": "outbound", "duration_seconds": 10, "tools_used": [] });
    ended_call(&server, &clinic, outbound).await;

    for period in ["today", "7d", "30d"] {
        let path = |what: &str| format!("/api/analytics/{what}?period={period}");
        let pulse = get(&server, &clinic, &path("dashboard-pulse")).await.good();
        let expected = [
            ("period", json!(period)),
            ("total_calls", json!(2)),
            ("appointments_booked", json!(1)),
            ("avg_sentiment", json!(0.8)),
            ("avg_duration_seconds", json!(50)),
            ("success_rate", json!(100.0)),
            ("pipeline_value_pence", json!(30000)),
        ];
        for (field, value) in expected {
            assert_eq!(pulse[field], value, "{period} {field}: {pulse}");
        }
        let funnel = get(&server, &clinic, &path("funnel")).await.good();
        let steps = ["calls", "connected", "engaged", "booked"].map(|step| funnel[step].as_i64().expect("a count"));
        assert_eq!(steps, [2, 2, 1, 1], "{period}");
        for interval in ["day", "hour"] {
            let series = get(&server, &clinic, &format!("{}&interval={interval}", path("series"))).await.good();
            let calls =
                series.as_array().expect("points").iter().map(|point| point["calls"].as_i64().expect("a count"));
            assert_eq!(calls.sum::<i64>(), 2, "{period} {interval}");
        }
    }
    let last = get(&server, &clinic, "/api/analytics/recent-activity").await.good();
    let told: Vec<&str> =
        last.as_array().expect("items").iter().map(|item| item["text"].as_str().expect("text")).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&"Ann Long called and booked") && told.contains(&"Ann Long was called"), "{told:?}");
    assert!(last[0]["path"].as_str().expect("a path").starts_with("/dashboard/calls/"));

    for wrong in ["dashboard-pulse?period=1y", "series?period=x", "series?interval=minute"] {
        get(&server, &clinic, &format!("/api/analytics/{wrong}")).await.is(422, "invalid_value");
    }
}

#[tokio::test]
async fn nobody_elses_calls_are_counted_and_a_key_needs_its_scope() {
    let server = TestServer::without_workers(&[]).await;
    let clinic = server.sign_up("Clinic").await;
    let other = server.sign_up("Other").await;
    ended_call(&server, &clinic, json!({})).await;
    assert_eq!(get(&server, &other, "/api/analytics/dashboard-pulse").await.good()["total_calls"], 0);
    assert_eq!(get(&server, &other, "/api/analytics/recent-activity").await.good(), json!([]));
    assert_eq!(get(&server, &other, "/api/analytics/funnel").await.good()["calls"], 0);
    let key = api_key(&server, &clinic, &["services:read"]).await;
    for what in FIGURES {
        get(&server, &key, &format!("/api/analytics/{what}")).await.is(403, "scope_missing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_folded_and_checked_by_themselves() {
    let server = TestServer::start().await;
    let clinic = server.sign_up("Clinic").await;
    ended_call(&server, &clinic, json!({})).await;
    let owner = server.db.superuser().await;
    let due = "update private.schedule_state set next_run_at = now() where name = $1";
    eventually("schedules are known", || async {
        owner.execute(due, &[&"fold_call_counts"]).await.expect("a schedule") == 1
    })
    .await;
    eventually("the counts are folded", || async {
        let left = "select count(*) from private.call_deltas";
        owner.query_one(left, &[]).await.expect("a count").get::<_, i64>(0) == 0
    })
    .await;

    let tamper = "update private.call_quarters set calls = calls + 1 where org_id = $1";
    owner.execute(tamper, &[&clinic.org_id]).await.expect("somebody counts wrong");
    // The call is of today's quarter, which the night's round looks at.
    owner.execute(due, &[&"check_call_counts"]).await.expect("a schedule");
    eventually("the operator hears of it", || async {
        let told = "select count(*) from private.alerts where org_id = $1 and kind = 'call_counts_drift'";
        owner.query_one(told, &[&clinic.org_id]).await.expect("a count").get::<_, i64>(0) == 1
    })
    .await;
    let put_right = owner.query_one("select private.recount_calls($1)", &[&clinic.org_id]).await.expect("a count");
    assert_eq!(put_right.get::<_, i64>(0), 1);
    assert_eq!(get(&server, &clinic, "/api/calls-dashboard/stats").await.good()["total_calls"], 1);
}
