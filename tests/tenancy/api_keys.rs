//! API keys: another server acts for one organisation, as far as the key goes.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::asks::{api_key, delete, get, patch, post};
use crate::support::{Session, TestServer, eventually};

fn with_token(who: &Session, token: String) -> Session {
    Session { token, ..who.clone() }
}

async fn stored(server: &TestServer, key: &Session, column: &str) -> Option<OffsetDateTime> {
    let sql = format!("select {column} from public.api_keys where id = $1");
    server.db.superuser().await.query_one(&sql, &[&key.user_id]).await.expect("the key's row").get(0)
}

#[tokio::test]
async fn a_key_acts_as_far_as_its_scopes_go() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let reader = api_key(&server, &admin, &["organization:read", "members:read"]).await;
    let me = get(&server, &reader, "/api/me").await.good();
    assert_eq!((&me["user"], &me["role"], &me["wallet"]), (&Value::Null, &Value::Null, &Value::Null));
    assert_eq!(get(&server, &reader, "/api/members").await.good()[0]["email"], json!(admin.email));
    let renaming = json!({ "name": "Renamed" });
    let refused = patch(&server, &reader, "/api/organization", renaming.clone()).await;
    refused.is(403, "scope_missing");
    assert!(refused.text.contains("organization:write"), "{}", refused.text);
    get(&server, &reader, "/api/api-keys").await.is(403, "scope_missing");

    let writer = api_key(&server, &admin, &["organization:write"]).await;
    assert_eq!(patch(&server, &writer, "/api/organization", renaming).await.good()["name"], "Renamed");
    let logged = get(&server, &admin, "/api/audit-logs?table=organizations&limit=1").await.good();
    assert_eq!(logged["items"][0]["actor_type"], "api_key");
    assert_eq!(logged["items"][0]["actor_id"], json!(writer.user_id));
}

#[tokio::test]
async fn a_revoked_key_is_dead_at_once_though_the_server_remembers_it() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let key = api_key(&server, &admin, &["organization:read"]).await;
    get(&server, &key, "/api/organization").await.good();
    let path = format!("/api/api-keys/{}", key.user_id);
    assert!(delete(&server, &admin, &path).await.good()["revoked_at"].is_string());
    get(&server, &key, "/api/organization").await.is(401, "invalid_token");
    post(&server, &key, "/rest/v1/rpc/get_organization", json!({})).await;
    let listed = get(&server, &admin, "/api/api-keys").await;
    assert!(listed.good()[0]["revoked_at"].is_string());
    assert!(!listed.text.contains(&key.token));
}

#[tokio::test]
async fn an_expired_key_is_refused_whether_or_not_the_server_remembers_it() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let soon = (OffsetDateTime::now_utc() + Duration::hours(1)).format(&Rfc3339).expect("a time");
    let body = json!({ "name": "Short", "scopes": ["organization:read"], "expires_at": soon });
    let made = post(&server, &admin, "/api/api-keys", body).await.good();
    let token = made["key"].as_str().expect("the key").to_owned();
    let key = with_token(&admin, token);
    get(&server, &key, "/api/organization").await.good();

    let owner = server.db.owner().await;
    owner.execute("update public.api_keys set expires_at = now()", &[]).await.expect("the key ages");
    get(&server, &key, "/api/organization").await.is(401, "invalid_token");

    let elsewhere = TestServer::on(server.db.clone(), &[]).await;
    get(&elsewhere, &key, "/api/organization").await.is(401, "invalid_token");
}

#[tokio::test]
async fn a_key_with_a_wrong_secret_or_of_no_shape_is_refused() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let key = api_key(&server, &admin, &["organization:read"]).await;
    let (prefix, secret) = key.token.rsplit_once('_').expect("three parts");
    let wrong: String = secret.chars().rev().collect();
    let bad = [
        format!("{prefix}_{wrong}"),
        format!("{prefix}_"),
        prefix.to_owned(),
        format!("{}x", key.token),
        key.token.to_uppercase(),
        format!("vxk_000000000000_{secret}"),
        "vxk_".to_owned(),
        "vxk_'; drop table public.api_keys; --_x".to_owned(),
    ];
    for token in bad {
        get(&server, &with_token(&admin, token.clone()), "/api/organization").await.is(401, "invalid_token");
    }
    get(&server, &key, "/api/organization").await.good();
}

#[tokio::test]
async fn the_use_of_a_key_is_noted() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let key = api_key(&server, &admin, &["organization:read"]).await;
    assert_eq!(stored(&server, &key, "last_used_at").await, None);
    let before = OffsetDateTime::now_utc();
    for _ in 0..3 {
        get(&server, &key, "/api/organization").await.good();
    }
    let used = stored(&server, &key, "last_used_at").await.expect("noted");
    assert!(used >= before && used <= OffsetDateTime::now_utc());

    let wrong = with_token(&key, format!("{}0", &key.token[..key.token.len() - 1]));
    let wrong = if wrong.token == key.token {
        with_token(&key, format!("{}1", &key.token[..key.token.len() - 1]))
    } else {
        wrong
    };
    get(&server, &wrong, "/api/organization").await.is(401, "invalid_token");
    let superuser = server.db.superuser().await;
    eventually("use and misuse are in the security audit", || async {
        let sql = "select array_agg(kind order by kind) from public.security_audit_log
                   where org_id = $1 and details ->> 'api_key_id' = $2";
        let row = superuser.query_one(sql, &[&admin.org_id, &key.user_id.to_string()]).await.expect("the audit");
        row.get::<_, Option<Vec<String>>>(0) == Some(vec!["api_key_refused".to_owned(), "api_key_used".to_owned()])
    })
    .await;
}

#[tokio::test]
async fn a_key_that_makes_no_sense_is_not_made() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let cases = [
        (json!({ "name": " ", "scopes": ["organization:read"] }), "invalid_value"),
        (json!({ "name": "x".repeat(101), "scopes": ["organization:read"] }), "invalid_value"),
        (json!({ "name": "Key", "scopes": [] }), "invalid_value"),
        (json!({ "name": "Key", "scopes": ["everything"] }), "unknown_scope"),
        (
            json!({ "name": "Key", "scopes": ["organization:read"], "expires_at": "2020-01-01T00:00:00Z" }),
            "invalid_value",
        ),
    ];
    for (body, code) in cases {
        post(&server, &admin, "/api/api-keys", body).await.is(422, code);
    }
    assert_eq!(get(&server, &admin, "/api/api-keys").await.good(), json!([]));
}
