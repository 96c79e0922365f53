//! Signing in, where many try at once and where browsers call.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::support::{Shape, TestServer};

const PASSWORD: &str = "correct horse";

/// A server that signs people in; none where Supabase Auth does.
async fn server() -> Option<TestServer> {
    match Shape::current() {
        Shape::Bare => Some(TestServer::without_workers(&[("SERVICE_POOL_SIZE", "8")]).await),
        Shape::Supabase => None,
    }
}

fn post(server: &TestServer, path: &str, body: Value) -> RequestBuilder {
    server.client().post(server.url(path)).json(&body)
}

/// The answer, once there is one: on a crowded machine some wait for a lock too long and are told to come again.
async fn answered(request: RequestBuilder) -> (StatusCode, Value) {
    loop {
        let again = request.try_clone().expect("a body in memory");
        let answer = again.send().await.expect("an answer");
        if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
            return (answer.status(), answer.json().await.expect("JSON"));
        }
    }
}

async fn signed_up(server: &TestServer, email: &str) -> Value {
    let (status, said) =
        answered(post(server, "/auth/v1/signup", json!({ "email": email, "password": PASSWORD }))).await;
    assert_eq!(status, 200, "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_refresh_at_once_are_given_one_successor() {
    let Some(server) = server().await else { return };
    let session = signed_up(&server, "tabs@clinic.test").await;
    let refresh = || {
        post(&server, "/auth/v1/token?grant_type=refresh_token", json!({ "refresh_token": session["refresh_token"] }))
    };
    let answers = join_all((0..16).map(|_| answered(refresh()))).await;
    let successors: BTreeSet<String> = answers
        .into_iter()
        .map(|(status, said)| {
            assert_eq!(status, 200, "{said}");
            said["refresh_token"].as_str().expect("a refresh token").to_owned()
        })
        .collect();
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(session["refresh_token"].as_str().expect("a refresh token")));
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_sent_at_once_are_counted_one_by_one() {
    let Some(server) = server().await else { return };
    signed_up(&server, "guessed@clinic.test").await;
    let guess = |n| {
        let body = json!({ "email": "guessed@clinic.test", "password": format!("guess {n}") });
        answered(post(&server, "/auth/v1/token?grant_type=password", body))
    };
    let answers = join_all((0..24).map(guess)).await;
    let looked_at = answers.iter().filter(|(_, said)| said["error_code"] == "invalid_credentials").count();
    let limited = answers.iter().filter(|(status, _)| *status == 429).count();
    assert_eq!((looked_at, limited), (10, 14));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_signed_up_many_times_at_once_is_one_account() {
    let Some(server) = server().await else { return };
    let sign_up = || post(&server, "/auth/v1/signup", json!({ "email": "twice@clinic.test", "password": PASSWORD }));
    let answers = join_all((0..8).map(|_| answered(sign_up()))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
    assert!(answers.iter().all(|(status, said)| *status == 200 || said["error_code"] == "user_already_exists"));
    let owner = server.db.owner().await;
    let count = |sql: &'static str| {
        let owner = &owner;
        async move { owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) }
    };
    assert_eq!(count("select count(*) from public.organizations").await, 1);
    assert_eq!(count("select count(*) from auth.users").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_kept_or_logged_in_the_clear() {
    let Some(server) = server().await else { return };
    let session = signed_up(&server, "secret@clinic.test").await;
    answered(post(
        &server,
        "/auth/v1/token?grant_type=password",
        json!({ "email": "secret@clinic.test", "password": "wrong horse" }),
    ))
    .await;
    let owner = server.db.owner().await;
    let secrets = [PASSWORD, "wrong horse", session["refresh_token"].as_str().expect("a refresh token")];
    for table in [
        "auth.users",
        "private.auth_sessions",
        "private.refresh_tokens",
        "private.sign_in_attempts",
        "public.security_audit_log",
        "public.audit_logs",
    ] {
        let rows = owner.query_one(&format!("select coalesce(string_agg(t::text, ' '), '') from {table} t"), &[]).await;
        let rows: String = rows.expect("its rows").get(0);
        for secret in secrets {
            assert!(!rows.contains(secret) && !rows.contains(&hex::encode(secret)), "{table} holds a secret");
        }
    }
    let kinds = owner
        .query("select kind from public.security_audit_log where user_id is not null", &[])
        .await
        .expect("its rows");
    let kinds: BTreeSet<String> = kinds.iter().map(|row| row.get(0)).collect();
    assert!(kinds.contains("sign_up") && kinds.contains("sign_in_failed"), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_of_the_front_end_may_call_both_doors() {
    let server = TestServer::without_workers(&[]).await;
    let origin = "http://localhost:3000";
    for (path, wanted) in [
        ("/rest/v1/rpc/me", "authorization,apikey,content-profile,content-type,prefer,x-client-info"),
        (
            "/auth/v1/token?grant_type=password",
            "apikey,authorization,content-type,x-client-info,x-supabase-api-version",
        ),
    ] {
        if path.starts_with("/auth") && server.db.shape() == Shape::Supabase {
            continue;
        }
        let asked = server
            .client()
            .request(reqwest::Method::OPTIONS, server.url(path))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", wanted);
        let answer = asked.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let header = |name: &str| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        assert_eq!(header("access-control-allow-origin"), origin, "{path}");
        for name in wanted.split(',') {
            let allowed = header("access-control-allow-headers").to_lowercase();
            assert!(allowed.contains(name), "{path}: {name} is not among \"{allowed}\"");
        }

        let sent = server.client().post(server.url(path)).header("origin", origin).json(&json!({})).send().await;
        let exposed = sent.expect("an answer").headers().get("access-control-expose-headers").cloned();
        let exposed = exposed.expect("headers a browser may read").to_str().expect("text").to_lowercase();
        for name in ["content-range", "x-supabase-api-version", "x-request-id", "retry-after"] {
            assert!(exposed.contains(name), "{path}: {name} is not among \"{exposed}\"");
        }
    }
}
