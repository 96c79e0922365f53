//! Credentials that are no good: a clear refusal at either door, and nothing of the inside.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::support::{TestServer, people};

const HOUR: Duration = Duration::from_secs(3600);

fn claims() -> Value {
    json!({
        "aud": "authenticated",
        "role": "authenticated",
        "sub": uuid::Uuid::new_v4(),
        "app_metadata": { "org_id": uuid::Uuid::new_v4() },
    })
}

/// The usual claims with one changed; null takes it away.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let object = claims.as_object_mut().expect("an object");
    match value {
        Value::Null => object.remove(name),
        value => object.insert(name.to_owned(), value),
    };
    claims
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

fn signed(claims: &Value) -> String {
    people::token(claims, HOUR)
}

fn signed_by(algorithm: Algorithm, secret: &str) -> String {
    let mut claims = claims();
    claims["exp"] = json!(now() + 3600);
    encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret.as_bytes())).expect("a token")
}

/// A token put together by hand, for what no library would sign.
fn by_hand(header: &str, payload: &str, signature: &str) -> String {
    let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{signature}", encoded(header), encoded(payload))
}

/// Every bad token by name, with the stable code of its refusal.
fn bad_tokens() -> Vec<(&'static str, String, &'static str)> {
    let good = signed(&claims());
    let (unsigned, signature) = good.rsplit_once('.').expect("three parts");
    let mut payload = claims();
    payload["exp"] = json!(now() + 3600);
    let payload = payload.to_string();
    let reversed: String = signature.chars().rev().collect();
    let no_expiry = encode(&Header::default(), &claims(), &EncodingKey::from_secret(people::JWT_SECRET.as_bytes()))
        .expect("a token");

    vec![
        ("expired", signed(&with("exp", json!(now() - 60))), "token_expired"),
        ("not yet valid", signed(&with("nbf", json!(now() + 600))), "invalid_token"),
        ("issued in the future", signed(&with("iat", json!(now() + 600))), "invalid_token"),
        ("without an expiry", no_expiry, "invalid_token"),
        ("with an expiry that is no number", signed(&with("exp", json!("tomorrow"))), "invalid_token"),
        ("wrongly signed", format!("{unsigned}.{reversed}"), "invalid_token"),
        ("unsigned", format!("{unsigned}."), "invalid_token"),
        ("of alg none", by_hand(r#"{"alg":"none","typ":"JWT"}"#, &payload, ""), "invalid_token"),
        ("of alg None", by_hand(r#"{"alg":"None","typ":"JWT"}"#, &payload, signature), "invalid_token"),
        ("of an unknown alg", by_hand(r#"{"alg":"XX256"}"#, &payload, signature), "invalid_token"),
        ("saying RS256 over a secret", by_hand(r#"{"alg":"RS256","kid":"x"}"#, &payload, signature), "invalid_token"),
        (
            "signed with another secret",
            signed_by(Algorithm::HS256, "some other secret of thirty-two bytes"),
            "invalid_token",
        ),
        ("signed with another hash", signed_by(Algorithm::HS512, people::JWT_SECRET), "invalid_token"),
        ("for another audience", signed(&with("aud", json!("somebody-else"))), "invalid_token"),
        ("for nobody", signed(&with("aud", Value::Null)), "invalid_token"),
        ("of no role", signed(&with("role", Value::Null)), "invalid_token"),
        ("of an invented role", signed(&with("role", json!("postgres"))), "invalid_token"),
        ("whose subject is no id", signed(&with("sub", json!("'; drop table x; --"))), "invalid_token"),
        ("whose payload is no JSON", by_hand(r#"{"alg":"HS256"}"#, "not json", signature), "invalid_token"),
        ("that is no token", "x".to_owned(), "invalid_token"),
        ("of three dots", "...".to_owned(), "invalid_token"),
        ("very long", "a".repeat(6000), "invalid_token"),
        ("that is an unknown API key", "vxk_0123456789ab_nothing".to_owned(), "invalid_token"),
        ("that is half an API key", "vxk_".to_owned(), "invalid_token"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_is_refused_at_both_doors() {
    let server = TestServer::without_workers(&[]).await;
    for (name, token, code) in bad_tokens() {
        let answer = server.client().get(server.url("/api/me")).bearer_auth(&token).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "/api, {name}");
        assert!(answer.headers().contains_key("www-authenticate"), "/api, {name}");
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(said["code"], code, "/api, {name}");
        assert!(said["request_id"].as_str().is_some_and(|id| !id.is_empty()), "/api, {name}");
        assert_eq!(said.as_object().map(|body| body.len()), Some(3), "/api, {name}: {said}");

        for (header, value) in [("authorization", format!("Bearer {token}")), ("apikey", token.clone())] {
            let request = server.client().post(server.url("/rest/v1/rpc/auth_org_id")).header(header, value);
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 401, "/rest in {header}, {name}");
            assert!(answer.headers().contains_key("www-authenticate"), "/rest in {header}, {name}");
            let said: Value = answer.json().await.expect("JSON");
            let expected = if code == "token_expired" { "PGRST303" } else { "PGRST301" };
            assert_eq!(said["code"], expected, "/rest in {header}, {name}: {said}");
            assert_eq!(said.as_object().map(|body| body.len()), Some(4), "/rest, {name}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_nobody() {
    let server = TestServer::without_workers(&[]).await;
    let answer = server.client().get(server.url("/api/me")).send().await.expect("an answer");
    assert_eq!(answer.status(), 401);
    let said: Value = answer.json().await.expect("JSON");
    assert_eq!(said["code"], "not_signed_in");

    let answer = server.client().post(server.url("/rest/v1/rpc/auth_org_id")).send().await.expect("an answer");
    assert_eq!(answer.status(), 401, "nobody may execute what only signed-in people may");
    for scheme in ["Basic eDp5", "Bearer", "bearer  ", "Token x"] {
        let request = server.client().get(server.url("/api/me")).header("authorization", scheme);
        assert_eq!(request.send().await.expect("an answer").status(), 401, "{scheme}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_fit_organisation_reads_nothing() {
    let server = TestServer::without_workers(&[]).await;
    let mut session = server.sign_up("Clinic").await;
    let victim = server.sign_up("Victim").await;
    let metadata = [
        ("no app_metadata", Value::Null, "no_organization"),
        ("no org_id", json!({}), "no_organization"),
        ("an org_id that is no id", json!({ "org_id": "1' or '1'='1" }), "no_organization"),
        ("an org_id of another type", json!({ "org_id": 7 }), "no_organization"),
        ("an org_id in a list", json!({ "org_id": [session.org_id] }), "no_organization"),
        ("an organisation that is not there", json!({ "org_id": uuid::Uuid::new_v4() }), "not_a_member"),
        ("somebody else's organisation", json!({ "org_id": victim.org_id }), "not_a_member"),
    ];
    for (name, app_metadata, code) in metadata {
        let mut claims = session.claims();
        claims["app_metadata"] = app_metadata;
        claims["user_metadata"] = json!({ "org_id": session.org_id });
        session.token = signed(&claims);
        let answer = server.get("/api/me", &session).send().await.expect("an answer");
        let (status, said) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!((status.as_u16(), said["code"].as_str()), (403, Some(code)), "/api, {name}: {said}");

        let answer = server.post("/rest/v1/rpc/me", &session).json(&json!({})).send().await.expect("an answer");
        let (status, said) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!((status.as_u16(), said["code"].as_str()), (403, Some("PT403")), "/rest, {name}: {said}");
        assert_eq!(said["hint"], code, "/rest, {name}");
    }
}
