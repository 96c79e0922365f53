//! Stripe's door: what is believed is kept as it came, once; what is not leaves a note and nothing else.

use std::time::Duration;

use hmac::{Hmac, Mac};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{TestServer, eventually};

const SECRETS: [&str; 2] = ["whsec_the_new_one", "whsec_the_old_one"];

struct Door {
    server: TestServer,
    owner: Client,
}

impl Door {
    async fn open() -> Self {
        let server = TestServer::without_workers(&[("STRIPE_WEBHOOK_SECRET", &SECRETS.join(", "))]).await;
        let owner = server.db.owner().await;
        Self { server, owner }
    }

    async fn knock(&self, signature: Option<&str>, body: &str) -> Response {
        let request = self.server.client().post(self.server.url("/api/webhooks/stripe")).body(body.to_owned());
        let request = match signature {
            Some(signature) => request.header("stripe-signature", signature),
            None => request,
        };
        request.send().await.expect("an answer")
    }

    async fn kept(&self) -> i64 {
        self.owner.query_one("select count(*) from private.webhook_inbox", &[]).await.expect("a count").get(0)
    }
}

fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// By the algorithm as published, written down a second time.
fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{at}.{body}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn signed(secret: &str, at: i64, body: &str) -> String {
    format!("t={at},v1={},v0=ignored", signature(secret, at, body))
}

fn event() -> (String, String) {
    let id = format!("evt_{}", Uuid::new_v4().simple());
    // Spaces and order are Stripe's: what is kept is what was signed.
    let body = format!(
        "{{\n  \"id\": \"{id}\",\n  \"object\": \"event\",\n  \"type\": \"charge.succeeded\",\n  \"data\": {{ \"object\": {{}} }}\n}}"
    );
    (id, body)
}

async fn json_of(response: Response) -> Value {
    response.json().await.expect("a JSON body")
}

#[tokio::test]
async fn an_event_is_kept_as_it_came() {
    let door = Door::open().await;
    let (id, body) = event();
    let answer = door.knock(Some(&signed(SECRETS[0], now(), &body)), &body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(json_of(answer).await, json!({ "received": true, "duplicate": false }));

    let row = door
        .owner
        .query_one("select provider, event_type, body from private.webhook_inbox where event_id = $1", &[&id])
        .await
        .expect("one row");
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("stripe", "charge.succeeded"));
    assert_eq!(row.get::<_, Vec<u8>>(2), body.as_bytes());
}

#[tokio::test]
async fn an_event_that_comes_many_times_at_once_is_one_event() {
    let door = Door::open().await;
    let (_, body) = event();
    let header = signed(SECRETS[0], now(), &body);
    let answers = futures_util::future::join_all((0..12).map(|_| door.knock(Some(&header), &body))).await;
    let mut fresh = 0;
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::OK);
        fresh += usize::from(json_of(answer).await["duplicate"] == json!(false));
    }
    assert_eq!((fresh, door.kept().await), (1, 1));
}

#[tokio::test]
async fn either_secret_opens_while_it_is_rolled_and_any_of_several_signatures() {
    let door = Door::open().await;
    for secret in SECRETS {
        let (_, body) = event();
        assert_eq!(door.knock(Some(&signed(secret, now(), &body)), &body).await.status(), StatusCode::OK);
    }
    let (_, body) = event();
    let at = now();
    let both = format!("t={at},v1={},v1={}", signature("whsec_other", at, &body), signature(SECRETS[1], at, &body));
    assert_eq!(door.knock(Some(&both), &body).await.status(), StatusCode::OK);
    assert_eq!(door.kept().await, 3);
}

#[tokio::test]
async fn what_is_not_believed_leaves_nothing_but_a_note() {
    let door = Door::open().await;
    let (_, body) = event();
    let at = now();
    let good = signature(SECRETS[0], at, &body);
    let doubtful = [
        ("unsigned", None),
        ("empty", Some(String::new())),
        ("stale", Some(signed(SECRETS[0], at - 310, &body))),
        ("from the future", Some(signed(SECRETS[0], at + 310, &body))),
        ("another's", Some(signed("whsec_other", at, &body))),
        ("tampered", Some(signed(SECRETS[0], at, &body.replace("succeeded", "failed")))),
        ("with another time", Some(format!("t={},v1={good}", at - 1))),
        ("without a time", Some(format!("v1={good}"))),
        ("with two times", Some(format!("t={at},t={},v1={good}", at + 1))),
        ("of another scheme", Some(format!("t={at},v0={good}"))),
        ("cut", Some(format!("t={at},v1={}", &good[..62]))),
    ];
    for (how, header) in doubtful {
        let answer = door.knock(header.as_deref(), &body).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{how}");
        assert_eq!(json_of(answer).await["code"], json!("webhook_signature_invalid"), "{how}");
    }
    assert_eq!(door.kept().await, 0);
    eventually("the refusal is in the security audit", async || {
        let query = "select count(*) from public.security_audit_log where kind = 'webhook_refused' \
                     and details ->> 'provider' = 'stripe'";
        door.owner.query_one(query, &[]).await.expect("a count").get::<_, i64>(0) > 0
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_event_is_refused_though_it_is_signed() {
    let door = Door::open().await;
    let long = json!({ "id": "e".repeat(256) }).to_string();
    for body in
        ["", "{", "[]", "{}", r#"{"id": null}"#, r#"{"id": ""}"#, r#"{"id": 5}"#, "{\"id\": \"a\\u0000\"}", &long]
    {
        let answer = door.knock(Some(&signed(SECRETS[0], now(), body)), body).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(json_of(answer).await["code"], json!("invalid_request"), "{body}");
    }
    assert_eq!(door.kept().await, 0);
}

#[tokio::test]
async fn the_door_is_closed_without_a_secret() {
    let server = TestServer::without_workers(&[("STRIPE_WEBHOOK_SECRET", "")]).await;
    let (_, body) = event();
    let request = server.client().post(server.url("/api/webhooks/stripe")).body(body.clone());
    let answer = request.header("stripe-signature", signed("", now(), &body)).timeout(Duration::from_secs(10)).send();
    assert_eq!(answer.await.expect("an answer").status(), StatusCode::SERVICE_UNAVAILABLE);
}
