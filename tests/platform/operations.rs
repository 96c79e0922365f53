//! A request that wants the answer now: kept in time it is a 200, else a 202 and something to follow.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Session, TestServer, eventually};

/// An invitation whose first email went out a while ago.
async fn invitation(server: &TestServer, admin: &Session) -> String {
    let invited = server.post("/api/members/invite", admin).json(&json!({ "email": "sam@clinic.test" })).send().await;
    let invited: Value = invited.expect("an answer").json().await.expect("JSON");
    let owner = server.db.owner().await;
    let aged = "update private.emails set created_at = created_at - interval '2 minutes' where template = 'invitation'";
    assert_eq!(owner.execute(aged, &[]).await.expect("the email ages"), 1);
    format!("/api/invitations/{}/send", invited["id"].as_str().expect("an id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_is_kept_in_time_is_answered_with_what_came_of_it() {
    let server = TestServer::start().await;
    let admin = server.sign_up("Clinic").await;
    let path = invitation(&server, &admin).await;
    let answer = server.post(&path, &admin).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let operation: Value = answer.json().await.expect("JSON");
    assert_eq!((&operation["kind"], &operation["status"]), (&json!("resend.email"), &json!("done")), "{operation}");

    let again = server.post(&path, &admin).send().await.expect("an answer");
    assert_eq!(again.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_takes_longer_is_a_202_to_follow_and_is_kept_by_another_process() {
    let server = TestServer::without_workers(&[]).await;
    let admin = server.sign_up("Clinic").await;
    let path = invitation(&server, &admin).await;
    let keyed = || server.post(&path, &admin).header("idempotency-key", "send-it-once");
    let answer = keyed().send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let promised: Value = answer.json().await.expect("JSON");
    assert_eq!(promised["status"], "queued");

    let elsewhere = TestServer::on(server.db.clone(), &[]).await;
    let follow = format!("/api/operations/{}", promised["id"].as_str().expect("an id"));
    eventually("another process keeps the promise", || async {
        let operation = server.get(&follow, &admin).send().await.expect("an answer");
        operation.json::<Value>().await.expect("JSON")["status"] == "done"
    })
    .await;
    let repeated = keyed().send().await.expect("an answer");
    assert_eq!(repeated.status(), StatusCode::OK, "the same key follows the same operation");
    assert_eq!(repeated.json::<Value>().await.expect("JSON")["id"], promised["id"]);
    drop(elsewhere);
}
