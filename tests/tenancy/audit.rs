//! What is remembered: who changed what, and whose credentials were refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::asks::{get, id_of, patch, signed_in_with};
use crate::support::{Session, TestServer, eventually};

/// An organisation whose name was changed that many times, by two people in turn.
async fn renamed(server: &TestServer, times: usize) -> (Session, Session) {
    let admin = server.sign_up("Clinic").await;
    let other = server.add_member(admin.org_id, "admin").await;
    for n in 0..times {
        let who = if n % 2 == 0 { &admin } else { &other };
        patch(server, who, "/api/organization", json!({ "name": format!("Clinic {n}") })).await.good();
    }
    (admin, other)
}

async fn page(
    server: &TestServer,
    who: &Session,
    filters: &str,
    limit: usize,
    cursor: Option<&str>,
) -> (Vec<Value>, Option<String>) {
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    let page = get(server, who, &format!("/api/audit-logs?limit={limit}{filters}{cursor}")).await.good();
    let items = page["items"].as_array().expect("items").clone();
    (items, page["next_cursor"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition_while_more_is_written() {
    let server = TestServer::without_workers(&[]).await;
    let (admin, _) = renamed(&server, 10).await;
    let (everything, end) = page(&server, &admin, "", 200, None).await;
    assert_eq!(end, None);

    for limit in [1, 3, everything.len() - 1, everything.len()] {
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let (items, next) = page(&server, &admin, "", limit, cursor.as_deref()).await;
            seen.extend(items.iter().map(id_of));
            patch(&server, &admin, "/api/organization", json!({ "specialty": format!("{limit}: {}", seen.len()) }))
                .await
                .good();
            let Some(next) = next else { break };
            cursor = Some(next);
        }
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "nothing comes twice");
        let older: Vec<Uuid> = everything.iter().map(id_of).collect();
        assert!(seen.ends_with(&older), "pages of {limit} leave something out");
        if limit == everything.len() {
            break;
        }
    }
}

#[tokio::test]
async fn filters_narrow_the_audit_down_and_join_each_other() {
    let server = TestServer::without_workers(&[]).await;
    let (admin, other) = renamed(&server, 6).await;
    let updates = "&table=organizations&action=update";
    let (all, _) = page(&server, &admin, updates, 200, None).await;
    assert!(all.iter().all(|row| row["table_name"] == "organizations" && row["action"] == "update"));

    let (of_other, _) = page(&server, &admin, &format!("&actor_id={}", other.user_id), 200, None).await;
    assert_eq!(of_other.len(), 3);
    assert_eq!(
        (&of_other[0]["before"]["name"], &of_other[0]["after"]["name"]),
        (&json!("Clinic 4"), &json!("Clinic 5"))
    );
    assert_eq!(of_other[0]["after"].as_object().map(serde_json::Map::len), Some(1), "the changed columns alone");

    let at = of_other[1]["created_at"].as_str().expect("a time").replace('+', "%2B");
    let (since, _) = page(&server, &admin, &format!("{updates}&from={at}"), 200, None).await;
    let (until, _) = page(&server, &admin, &format!("{updates}&to={at}"), 200, None).await;
    assert_eq!(since.last().map(id_of), Some(id_of(&of_other[1])), "from takes its moment in");
    assert_eq!(since.len() + until.len(), all.len(), "to leaves it out");

    let (first, next) = page(&server, &admin, &format!("&actor_id={}", other.user_id), 2, None).await;
    let (rest, end) = page(&server, &admin, &format!("&actor_id={}", other.user_id), 2, next.as_deref()).await;
    assert_eq!((first.len(), rest.len(), end), (2, 1, None));
}

#[tokio::test]
async fn a_filter_that_means_nothing_is_refused() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    for (query, status, code) in [
        ("limit=0", 422, "invalid_value"),
        ("limit=201", 422, "invalid_value"),
        ("action=truncate", 422, "invalid_value"),
        ("from=whenever", 422, "invalid_value"),
        ("cursor=bm9uc2Vuc2U", 400, "invalid_cursor"),
        ("cursor=%F0%9F%98%80", 400, "invalid_cursor"),
        ("actor_id=me", 400, "invalid_request"),
    ] {
        let answer = get(&server, &admin, &format!("/api/audit-logs?{query}")).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn the_audit_is_written_once() {
    let server = TestServer::without_workers(&[]).await;
    server.sign_up("Clinic").await;
    let owner = server.db.owner().await;
    for table in ["audit_logs", "security_audit_log"] {
        for change in [format!("update public.{table} set created_at = now()"), format!("delete from public.{table}")] {
            owner.execute("insert into public.security_audit_log (kind) values ('test')", &[]).await.expect("a row");
            assert!(owner.execute(&change, &[]).await.is_err(), "{change}");
        }
    }
}

#[tokio::test]
async fn a_refused_token_leaves_a_row_without_the_token() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let mut claims = admin.claims();
    claims["aud"] = json!("somebody-else");
    let bad = signed_in_with(&admin, &claims, admin.org_id);
    get(&server, &bad, "/api/me").await.is(401, "invalid_token");

    let superuser = server.db.superuser().await;
    let sql = "select details from public.security_audit_log where kind = 'credential_refused'";
    eventually("the refusal is written down", || async {
        superuser.query(sql, &[]).await.expect("the audit").len() == 1
    })
    .await;
    let details: Value = superuser.query_one(sql, &[]).await.expect("one row").get(0);
    assert_eq!(details, json!({ "code": "invalid_token", "reason": "a token for another audience" }));
}
