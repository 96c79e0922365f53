//! The always-zero questions: by hand, at night, and as figures.

use uuid::Uuid;

use super::ledger_support::{lived_in_wallet, reconcile, reconcile_with};
use crate::support::{TestDb, TestServer, eventually, eventually_some, server::base_settings};

async fn plant(db: &TestDb, org_id: Uuid, held: i64) {
    let sql = "update public.credit_wallets set held_pence = $2 where org_id = $1";
    db.superuser().await.execute(sql, &[&org_id, &held]).await.expect("a superuser");
}

#[tokio::test]
async fn the_exit_status_says_whether_the_money_adds_up() {
    let db = TestDb::new().await;
    let (org_id, other) = (lived_in_wallet(&db).await, lived_in_wallet(&db).await);
    let said = reconcile(&db, &[]).await;
    assert_eq!((said.status, said.out.as_str()), (Some(0), "2 organisations were checked: every answer is zero.\n"));

    plant(&db, org_id, 7).await;
    let said = reconcile(&db, &[]).await;
    assert_eq!(said.status, Some(1), "{}{}", said.out, said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", said.out);
    let words: Vec<&str> = lines[1].split_whitespace().collect();
    assert_eq!(words, [org_id.to_string().as_str(), "held", "0", "7", "7"]);
    assert_eq!(lines[2], "2 organisations were checked: 1 answer is not zero. See docs/runbooks/money-drift.md.");

    assert_eq!(reconcile(&db, &["--org", &other.to_string()]).await.status, Some(0), "the other's adds up");
    let said = reconcile(&db, &["--org", &org_id.to_string(), "--json"]).await;
    assert_eq!((said.status, said.drifting()), (Some(1), vec![("held".to_owned(), String::new())]));
    assert!(said.json()["checks"].as_array().unwrap().len() > 20, "every question is there, whatever its answer");
}

#[tokio::test]
async fn what_could_not_be_checked_is_not_taken_for_drift() {
    let db = TestDb::new().await;
    let said = reconcile(&db, &["--org", &Uuid::new_v4().to_string()]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    assert!(said.err.contains("could not be checked"), "{}", said.err);
    assert_eq!(reconcile(&db, &["--org", "nobody"]).await.status, Some(2));
    assert_eq!(reconcile(&db, &["--public-key", "a"]).await.status, Some(2), "a key without heads");

    let mut settings = base_settings(&db, "http://localhost");
    settings.insert("SERVICE_DATABASE_URL".to_owned(), "postgresql://voxanne_worker@127.0.0.1:1/nowhere".to_owned());
    let said = reconcile_with(settings, &[]).await;
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
}

#[tokio::test]
async fn the_nightly_round_keeps_what_drifts_and_tells_the_operator() {
    let server = TestServer::start().await;
    let db = &server.db;
    let (org_id, other) = (lived_in_wallet(db).await, lived_in_wallet(db).await);
    plant(db, org_id, 7).await;
    let owner = db.owner().await;
    let round = "select private.reconcile_wallets()";
    let kept = "select org_id, check_name, drift from private.ledger_checks";

    owner.execute(round, &[]).await.expect("a round");
    let row =
        eventually_some("the drift is kept", || async { owner.query_opt(kept, &[]).await.expect("it reads") }).await;
    assert_eq!((row.get::<_, Uuid>(0), row.get::<_, &str>(1), row.get::<_, i64>(2)), (org_id, "held", 7));
    let told =
        "select 1 from (select payload from private.effects union all select payload from private.effects_done) e
                where payload ->> 'kind' = 'ledger_drift' and payload ->> 'text' like '%' || $1::uuid || '%'";
    assert_eq!(owner.query(told, &[&org_id]).await.expect("it reads").len(), 1);
    assert!(owner.query(told, &[&other]).await.expect("it reads").is_empty());

    plant(db, org_id, 0).await;
    owner.execute(round, &[]).await.expect("a round");
    eventually("it is mended", || async { owner.query(kept, &[]).await.expect("it reads").is_empty() }).await;
}

#[tokio::test]
async fn the_figures_are_there_for_prometheus() {
    let db = std::sync::Arc::new(TestDb::new().await);
    let org_id = lived_in_wallet(&db).await;
    plant(&db, org_id, 7).await;
    let owner = db.owner().await;
    owner.execute("select private.note_drift($1)", &[&org_id]).await.expect("it drifts");
    let server = TestServer::on(db, &[("METRICS_TOKEN", "for-the-scraper")]).await;
    let wanted = [
        "voxanne_billing_ledger_drifts 1",
        "voxanne_billing_wallets_suspended 0",
        "voxanne_billing_calls_settled 2",
        "voxanne_billing_calls_refused{reason=\"insufficient_balance\"} 0",
        "voxanne_billing_kill_switch_late_seconds_p99 0",
        "voxanne_billing_hold_released_share 0",
        "voxanne_billing_sweep_rescues 0",
    ];
    eventually("billing is measured", || async {
        let answer = server.client().get(server.url("/metrics")).bearer_auth("for-the-scraper").send().await.unwrap();
        let figures = answer.text().await.unwrap();
        wanted.iter().all(|line| figures.lines().any(|figure| figure == *line))
    })
    .await;
}

#[tokio::test]
async fn money_that_moves_meanwhile_is_no_drift() {
    let db = std::sync::Arc::new(TestDb::new().await);
    let org_id = lived_in_wallet(&db).await;
    let mut movers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let client = db.owner().await;
        movers.spawn(async move {
            for _ in 0..40 {
                let call = Uuid::new_v4();
                client
                    .execute("select private.add_credits($1, 200, 'bonus', $2::uuid::text)", &[&org_id, &call])
                    .await
                    .unwrap();
                client.execute("select private.reserve_call_credits($1, $2)", &[&org_id, &call]).await.unwrap();
                let settle = "select private.commit_reserved_credits($1, 60, 'report', now())";
                client.execute(settle, &[&call]).await.unwrap();
            }
        });
    }
    let (worker, mut looks) = (db.worker().await, 0);
    while !movers.is_empty() {
        if let Some(moved) = movers.try_join_next() {
            moved.expect("money moves");
        }
        let drift = "select check_name, detail from public.reconcile_wallet($1) where drift <> 0";
        let drift = worker.query(drift, &[&org_id]).await.expect("an answer");
        let drift: Vec<(String, Option<String>)> = drift.iter().map(|row| (row.get(0), row.get(1))).collect();
        assert!(drift.is_empty(), "{drift:?}");
        looks += 1;
    }
    assert!(looks > 3, "it was looked at while money moved: {looks} times");
}
