//! An email's whole way: decided by SQL, sent by the worker, taken by the stand-in, its fate told by webhook.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;
use voxanne::{
    config::Config,
    sandbox::{Fault, resend::Mail},
    server::{self, App},
};

use super::sandbox_support::within;
use crate::support::{Session, TestDb, TestServer, eventually, server::base_settings};

/// Status and Resend's id of the email to this address, as the database has them.
async fn recorded(server: &TestServer, session: &Session) -> (String, Option<String>) {
    let row = server
        .db
        .owner()
        .await
        .query_one("select status, resend_email_id from private.emails where recipient = $1", &[&session.email])
        .await
        .expect("one email");
    (row.get(0), row.get(1))
}

async fn becomes(server: &TestServer, session: &Session, status: &str) {
    eventually(&format!("the email is {status}"), || async { recorded(server, session).await.0 == status }).await;
}

async fn welcome(server: &TestServer, session: &Session) -> Mail {
    within(server.sandbox.resend.mail_to(&session.email)).await
}

#[tokio::test]
async fn sign_up_sends_a_welcome_email_and_hears_that_it_was_delivered() {
    let server = TestServer::start().await;
    let session = server.sign_up("Harley Street Dental").await;
    let mail = welcome(&server, &session).await;
    assert!(mail.html.is_some() && mail.text.is_some());
    becomes(&server, &session, "delivered").await;
    assert_eq!(recorded(&server, &session).await.1, Some(mail.id.to_string()));

    let path = format!("/api/email-testing/messages?to={}", session.email);
    let listed: Value = server.client().get(server.url(&path)).send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["items"][0]["id"], mail.id.to_string(), "{listed}");
    let page = server.client().get(server.url("/email-testing")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("<title>Inbox"));
}

#[tokio::test]
async fn a_welcome_email_whose_answer_was_lost_is_sent_once_and_known_by_its_id() {
    let server = TestServer::start().await;
    server.sandbox.resend.faults().add(Fault::lost_answer().next(1));
    let session = server.sign_up("Harley Street Dental").await;
    // Word of the delivery overtakes the answer, which never comes.
    becomes(&server, &session, "delivered").await;
    let owner = server.db.owner().await;
    eventually("the second attempt is due", || async {
        let sooner = "update private.effects set run_at = now() where kind = 'resend.email' and state = 'ready'";
        owner.execute(sooner, &[]).await.expect("the effect waits") == 1
    })
    .await;
    let resend = &server.sandbox.resend;
    eventually("the second attempt is answered", || async {
        resend.log().all().iter().any(|asked| asked.status == Some(200))
    })
    .await;
    let asked = resend.log().all();
    assert_eq!(asked[0].header("idempotency-key"), asked[1].header("idempotency-key"));
    assert_eq!(resend.mails().len(), 1);
    assert_eq!(recorded(&server, &session).await.1, Some(resend.mails()[0].id.to_string()));
}

#[tokio::test]
async fn webhooks_that_come_twice_and_in_the_wrong_order_change_nothing() {
    let server = TestServer::start().await;
    let faults = server.sandbox.resend.faults();
    faults.add(Fault::reorder_webhooks().next(1));
    faults.add(Fault::duplicate_webhook().next(2));
    let session = server.sign_up("Harley Street Dental").await;
    let mail = welcome(&server, &session).await;
    eventually("every webhook was taken", || async {
        let attempts = server.sandbox.resend.attempts(mail.id);
        attempts.len() == 4 && attempts.iter().all(|attempt| attempt.status == Some(200))
    })
    .await;
    becomes(&server, &session, "delivered").await;
}

#[tokio::test]
async fn a_bounce_simulated_in_the_inbox_reaches_the_database() {
    let server = TestServer::start().await;
    let session = server.sign_up("Harley Street Dental").await;
    let mail = welcome(&server, &session).await;
    becomes(&server, &session, "delivered").await;
    let act = |id: Uuid, action: &str| {
        server.client().post(server.url(&format!("/api/email-testing/messages/{id}/{action}"))).send()
    };
    assert_eq!(act(mail.id, "bounce").await.unwrap().status(), 200);
    becomes(&server, &session, "bounced").await;

    let missing = act(Uuid::new_v4(), "bounce").await.unwrap();
    assert_eq!(missing.status(), 404);
    let request_id = missing.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = missing.json().await.unwrap();
    assert_eq!((body["code"].as_str(), body["request_id"].as_str()), (Some("not_found"), Some(request_id.as_str())));
}

#[tokio::test]
async fn a_server_without_a_sandbox_has_no_inbox() {
    let db = Arc::new(TestDb::new().await);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let config = Config::from_map(&base_settings(&db, &address)).expect("fit settings");
    let app = App::connect(config, None).await.unwrap();
    tokio::spawn(server::serve(app.clone(), listener));
    for path in ["/email-testing", "/api/email-testing/messages"] {
        assert_eq!(reqwest::get(format!("{address}{path}")).await.unwrap().status(), 404, "{path}");
    }
    app.stopping.cancel();
    app.db.close();
}
