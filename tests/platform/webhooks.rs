//! Resend's webhooks: from the raw request to what they mean, and what happens when something fails on the way.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Session, TestServer, eventually, people};

const SECRET: &str = "whsec_c29tZSBzZWNyZXQgb2YgdGhlIHdlYmhvb2tz";

struct Place {
    server: TestServer,
    org: Session,
    owner: Client,
}

impl Place {
    async fn new() -> Self {
        let server = TestServer::without_workers(&[("RESEND_WEBHOOK_SECRET", SECRET)]).await;
        let org = server.sign_up("Smile").await;
        let owner = server.db.owner().await;
        Self { server, org, owner }
    }

    /// An email Resend knows by this id.
    async fn email(&self, resend_id: &str) -> Uuid {
        let id: Uuid = self
            .owner
            .query_one(
                "select private.send_email($1, 'ann@example.test', 'welcome', \
                 '{\"full_name\": \"Ann\", \"organization_name\": \"Smile\"}', $2)",
                &[&self.org.org_id, &resend_id],
            )
            .await
            .expect("an email")
            .get(0);
        self.owner
            .execute("select private.email_accepted($1, $2, $3)", &[&self.org.org_id, &id, &resend_id])
            .await
            .expect("Resend took it");
        id
    }

    async fn status(&self, email: Uuid) -> String {
        self.owner
            .query_one("select status from private.emails where id = $1", &[&email])
            .await
            .expect("the email")
            .get(0)
    }

    /// State, attempts and last error of the one row with this event id.
    async fn inbox(&self, event_id: &str) -> (String, i32, Option<String>) {
        let row = self
            .owner
            .query_one(
                "select state, attempts, last_error from private.webhook_inbox where event_id = $1",
                &[&event_id],
            )
            .await
            .expect("one row");
        (row.get(0), row.get(1), row.get(2))
    }

    async fn inbox_count(&self) -> i64 {
        self.owner.query_one("select count(*) from private.webhook_inbox", &[]).await.expect("a count").get(0)
    }

    async fn send(&self, message: &Message) -> Response {
        let mut request = self.server.client().post(self.server.url("/api/webhooks/resend")).body(message.body.clone());
        for (name, value) in
            [("svix-id", &message.id), ("svix-timestamp", &message.timestamp), ("svix-signature", &message.signature)]
        {
            request = request.header(name, value);
        }
        request.send().await.expect("an answer")
    }

    /// Puts something else in the place of what makes sense of Resend's events, until the statement it returns is run.
    async fn break_processing(&self, body: &str) -> String {
        let whole: String = self
            .owner
            .query_one("select pg_get_functiondef('private.process_resend_event'::regproc)", &[])
            .await
            .expect("the function")
            .get(0);
        self.owner
            .batch_execute(&format!(
                "create or replace function private.process_resend_event(p_event jsonb, p_now timestamptz default now()) \
                 returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp \
                 as $$ begin {body} end $$"
            ))
            .await
            .expect("a broken function");
        whole
    }

    async fn replay(&self, id: &str, token: Option<&str>) -> Response {
        let request =
            self.server.client().request(Method::POST, self.server.url(&format!("/api/admin/webhooks/{id}/replay")));
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        request.send().await.expect("an answer")
    }
}

#[derive(Clone)]
struct Message {
    id: String,
    timestamp: String,
    signature: String,
    body: String,
}

impl Message {
    fn new(kind: &str, resend_id: &str) -> Self {
        Self::at(OffsetDateTime::now_utc().unix_timestamp(), kind, resend_id)
    }

    fn at(timestamp: i64, kind: &str, resend_id: &str) -> Self {
        let body = json!({ "type": kind, "created_at": "2026-03-01T12:00:00.000Z", "data": { "email_id": resend_id } });
        Self::signed(timestamp, body.to_string())
    }

    fn signed(timestamp: i64, body: String) -> Self {
        let id = format!("msg_{}", Uuid::new_v4().simple());
        let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("a secret");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        Self { id, timestamp: timestamp.to_string(), signature, body }
    }
}

async fn body(response: Response) -> Value {
    response.json().await.expect("a JSON body")
}

fn operator() -> String {
    people::token(&json!({ "role": "service_role" }), Duration::from_secs(60))
}

#[tokio::test]
async fn a_delivery_is_told_to_its_email() {
    let place = Place::new().await;
    let email = place.email("re_1").await;
    let message = Message::new("email.delivered", "re_1");

    let answer = place.send(&message).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(body(answer).await, json!({ "received": true, "duplicate": false }));
    assert_eq!(place.status(email).await, "delivered");
    assert_eq!(place.inbox(&message.id).await, ("processed".to_owned(), 1, None));

    let row = place
        .owner
        .query_one("select body, headers from private.webhook_inbox where event_id = $1", &[&message.id])
        .await
        .expect("the row");
    assert_eq!(row.get::<_, Vec<u8>>(0), message.body.as_bytes(), "kept as it came");
    assert_eq!(row.get::<_, Value>(1)["svix-id"], json!(message.id));
}

#[tokio::test]
async fn an_event_that_comes_many_times_is_one_event() {
    let place = Place::new().await;
    let email = place.email("re_1").await;
    let message = Message::new("email.delivered", "re_1");

    let answers = futures_util::future::join_all((0..12).map(|_| place.send(&message))).await;
    let mut fresh = 0;
    for answer in answers {
        assert_eq!(answer.status(), StatusCode::OK);
        fresh += usize::from(body(answer).await["duplicate"] == json!(false));
    }
    assert_eq!(fresh, 1);
    assert_eq!(place.inbox_count().await, 1);
    assert_eq!(place.inbox(&message.id).await.1, 1, "processed once");
    assert_eq!(place.status(email).await, "delivered");
}

#[tokio::test]
async fn a_message_that_is_not_believed_leaves_nothing_but_a_note() {
    let place = Place::new().await;
    let email = place.email("re_1").await;
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let good = Message::new("email.bounced", "re_1");

    let mut doubtful = vec![
        ("stale", Message::at(now - 310, "email.bounced", "re_1")),
        ("from the future", Message::at(now + 310, "email.bounced", "re_1")),
        ("tampered", Message { body: good.body.replace("bounced", "delivered"), ..good.clone() }),
        ("with another id", Message { id: "msg_other".to_owned(), ..good.clone() }),
        ("with another time", Message { timestamp: (now - 1).to_string(), ..good.clone() }),
        ("with another version", Message { signature: good.signature.replace("v1,", "v2,"), ..good.clone() }),
    ];
    for signature in ["", "v1,", "v1,AAAA", "nonsense"] {
        doubtful.push((signature, Message { signature: signature.to_owned(), ..good.clone() }));
    }
    for (how, message) in doubtful {
        let answer = place.send(&message).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{how}");
        assert_eq!(body(answer).await["code"], json!("webhook_signature_invalid"), "{how}");
    }
    let bare =
        place.server.client().post(place.server.url("/api/webhooks/resend")).body(good.body.clone()).send().await;
    assert_eq!(bare.expect("an answer").status(), StatusCode::UNAUTHORIZED, "unsigned");

    assert_eq!(place.inbox_count().await, 0);
    assert_eq!(place.status(email).await, "sent");
    eventually("the refusal is in the security audit", async || {
        let noted = place
            .owner
            .query_one("select count(*) from public.security_audit_log where kind = 'webhook_refused'", &[])
            .await
            .expect("a count");
        noted.get::<_, i64>(0) > 0
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_processed_now_is_processed_by_the_worker_later() {
    let place = Place::new().await;
    let email = place.email("re_1").await;
    let message = Message::new("email.delivered", "re_1");
    let mend = place.break_processing("raise exception 'the database is having a bad day';").await;

    assert_eq!(place.send(&message).await.status(), StatusCode::OK, "the row is safe, so the provider may rest");
    let (state, attempts, error) = place.inbox(&message.id).await;
    assert_eq!((state.as_str(), attempts), ("failed", 1));
    assert_eq!(error.as_deref(), Some("the database is having a bad day"));
    assert_eq!(place.status(email).await, "sent");

    place.owner.batch_execute(&mend).await.expect("mended");
    let duplicate = place.send(&message).await;
    assert_eq!(body(duplicate).await["duplicate"], json!(true), "a repetition does not run ahead of the worker");
    assert_eq!(place.inbox(&message.id).await.0, "failed");

    let worker = place.server.db.worker().await;
    for minutes in [2, 4] {
        let now = OffsetDateTime::now_utc() + Duration::from_secs(60 * minutes);
        worker.execute("select private.run_due_schedules(p_now => $1)", &[&now]).await.expect("the worker's clock");
    }
    assert_eq!(place.inbox(&message.id).await.0, "processed");
    assert_eq!(place.status(email).await, "delivered");
}

#[tokio::test]
async fn processing_that_hangs_costs_the_provider_no_second_delivery() {
    let place = Place::new().await;
    let message = Message::new("email.delivered", "re_1");
    place.break_processing("perform pg_sleep(60); return null;").await;

    assert_eq!(place.send(&message).await.status(), StatusCode::OK);
    let (state, attempts, _) = place.inbox(&message.id).await;
    assert_eq!((state.as_str(), attempts), ("failed", 1), "a statement time-out is a failure like any other");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_kept_for_a_person() {
    let place = Place::new().await;
    let now = OffsetDateTime::now_utc().unix_timestamp();
    for text in ["no json", "", r#"{"type": "email.sent", "data": "\u0000"}"#, "[1, 2]"] {
        let message = Message::signed(now, text.to_owned());
        assert_eq!(place.send(&message).await.status(), StatusCode::OK, "{text}");
        let (state, _, _) = place.inbox(&message.id).await;
        assert!(["failed", "processed"].contains(&state.as_str()), "{text}: {state}");
    }
}

#[tokio::test]
async fn an_event_about_an_email_of_nobody_is_processed_without_an_organisation() {
    let place = Place::new().await;
    let message = Message::new("email.complained", "re_of_somebody_else");
    assert_eq!(place.send(&message).await.status(), StatusCode::OK);
    let org: Option<Uuid> = place
        .owner
        .query_one(
            "select org_id from private.webhook_inbox where event_id = $1 and state = 'processed'",
            &[&message.id],
        )
        .await
        .expect("processed")
        .get(0);
    assert_eq!(org, None);
}

#[tokio::test]
async fn without_a_secret_nothing_is_taken_in() {
    let server = TestServer::without_workers(&[("RESEND_WEBHOOK_SECRET", "")]).await;
    let answer = server.client().post(server.url("/api/webhooks/resend")).body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "so that the provider tries again once there is one");
}

#[tokio::test]
async fn the_operator_replays_a_dead_letter_and_nobody_else_does() {
    let place = Place::new().await;
    let email = place.email("re_1").await;
    let message = Message::new("email.delivered", "re_1");
    let mend = place.break_processing("raise exception 'not today';").await;
    assert_eq!(place.send(&message).await.status(), StatusCode::OK);
    let id: Uuid = place
        .owner
        .query_one("update private.webhook_inbox set state = 'dead' where event_id = $1 returning id", &[&message.id])
        .await
        .expect("the row")
        .get(0);
    place.owner.batch_execute(&mend).await.expect("mended");

    assert_eq!(place.replay(&id.to_string(), None).await.status(), StatusCode::UNAUTHORIZED);
    let member = place.replay(&id.to_string(), Some(&place.org.token)).await;
    assert_eq!(member.status(), StatusCode::FORBIDDEN);
    assert_eq!(body(member).await["code"], json!("not_allowed"));
    assert_eq!(place.status(email).await, "sent");

    let replayed = place.replay(&id.to_string(), Some(&operator())).await;
    assert_eq!(replayed.status(), StatusCode::OK);
    let summary = body(replayed).await;
    assert_eq!(summary["state"], json!("processed"));
    assert_eq!(summary["org_id"], json!(place.org.org_id));
    assert_eq!(place.status(email).await, "delivered");

    assert_eq!(place.replay(&Uuid::new_v4().to_string(), Some(&operator())).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(place.replay("not-an-id", Some(&operator())).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_email_is_followed_from_sign_up_to_its_delivery() {
    let server = TestServer::start().await;
    let session = server.sign_up("Smile").await;
    let owner = server.db.owner().await;
    eventually("the welcome email is delivered", async || {
        let status = owner
            .query_opt(
                "select status from private.emails where org_id = $1 and template = 'welcome'",
                &[&session.org_id],
            )
            .await
            .expect("a query");
        status.is_some_and(|row| row.get::<_, &str>(0) == "delivered")
    })
    .await;
}

#[tokio::test]
async fn an_event_that_overtakes_the_answer_and_the_answer_wait_for_each_other_in_one_order() {
    let place = Place::new().await;
    let email: Uuid = place
        .owner
        .query_one(
            "select private.send_email($1, 'ann@example.test', 'welcome', \
             '{\"full_name\": \"Ann\", \"organization_name\": \"Smile\"}', 'overtaken')",
            &[&place.org.org_id],
        )
        .await
        .expect("an email")
        .get(0);
    // The event holds the email, and is about to note whose the id is.
    place.owner.batch_execute("begin").await.expect("a transaction");
    let held = "select from private.emails where id = $1 for update";
    place.owner.execute(held, &[&email]).await.expect("the email");

    let (answering, org_id) = (place.server.db.owner().await, place.org.org_id);
    let accepted = "select private.email_accepted($1, $2, 're_overtaken')";
    let answer = tokio::spawn(async move { answering.execute(accepted, &[&org_id, &email]).await });
    let watching = place.server.db.owner().await;
    eventually("the answer waits", async || {
        let waiting =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        watching.query_one(waiting, &[]).await.expect("a count").get::<_, i64>(0) == 1
    })
    .await;
    place.owner.execute(accepted, &[&org_id, &email]).await.expect("the event does not wait for the answer");
    place.owner.batch_execute("commit").await.expect("the event is over");
    answer.await.expect("it ran").expect("and the answer comes after it");
}
