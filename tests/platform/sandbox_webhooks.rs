//! The Resend stand-in's webhooks: signed, retried, and wrong on demand.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use voxanne::sandbox::{Fault, Sandbox, svix};

use super::sandbox_support::{Receiver, http, letter, post, quick, sandbox, within};

async fn with_receiver(answers: &[u16]) -> (Sandbox, Receiver) {
    let sandbox = sandbox().await;
    let receiver = Receiver::start(answers).await;
    sandbox.resend.send_webhooks_to(&receiver.url);
    (sandbox, receiver)
}

#[test]
fn the_signature_is_svixs_own_published_one() {
    let signature = svix::sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        r#"{"test": 2432232314}"#,
    );
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[tokio::test]
async fn every_webhook_is_signed_over_its_very_bytes() {
    let (sandbox, receiver) = with_receiver(&[]).await;
    post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await;
    let received = receiver.at_least(2).await;
    for one in &received {
        assert!(one.is_signed_with(sandbox.resend.webhook_secret()));
        assert!(!one.is_signed_with("whsec_AAAA"));
    }
    assert_ne!(received[0].id, received[1].id);
    assert_eq!(receiver.kinds(), ["email.sent", "email.delivered"]);
    let taken = sandbox.resend.mails()[0].id.to_string();
    assert_eq!(received[0].json()["data"]["email_id"], taken);
}

#[tokio::test]
async fn a_webhook_that_fails_comes_again_with_the_same_id() {
    let (sandbox, receiver) = with_receiver(&[500, 404]).await;
    sandbox.resend.faults().add(Fault::silent_webhook().matching("email.delivered"));
    post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await;
    let received = receiver.at_least(3).await;
    assert_eq!(received.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(received.iter().map(|one| &one.body).collect::<BTreeSet<_>>().len(), 1);
    assert!(received.iter().all(|one| one.is_signed_with(sandbox.resend.webhook_secret())));
    let mail = sandbox.resend.mails().remove(0);
    let statuses: Vec<_> = within(async {
        loop {
            let attempts = sandbox.resend.attempts(mail.id);
            if attempts.len() == 3 {
                break attempts.iter().map(|attempt| (attempt.number, attempt.status)).collect();
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(statuses, [(1, Some(500)), (2, Some(404)), (3, Some(200))]);
}

#[tokio::test]
async fn webhooks_can_come_twice_in_the_wrong_order_or_not_at_all() {
    let (sandbox, receiver) = with_receiver(&[]).await;
    let faults = sandbox.resend.faults();

    faults.add(Fault::duplicate_webhook().matching("delivered").next(1));
    post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await;
    let received = receiver.at_least(3).await;
    assert_eq!(receiver.kinds(), ["email.sent", "email.delivered", "email.delivered"]);
    assert_eq!(received[1].id, received[2].id);

    faults.add(Fault::reorder_webhooks().next(1));
    post(&sandbox, "/emails", None, &letter("ben@clinic.test")).await;
    receiver.at_least(5).await;
    assert_eq!(receiver.kinds()[3..], ["email.delivered", "email.sent"]);

    faults.add(Fault::silent_webhook().matching("sent").next(1));
    post(&sandbox, "/emails", None, &letter("cleo@clinic.test")).await;
    receiver.at_least(6).await;
    assert_eq!(receiver.kinds()[5..], ["email.delivered"]);
    assert!(faults.list().is_empty(), "each was for one time");
}

#[tokio::test]
async fn a_fault_fails_the_next_requests_it_matches_and_does_nothing_for_them() {
    let sandbox = sandbox().await;
    sandbox.resend.faults().add(Fault::error(503).next(2).matching("POST /emails"));
    let body = letter("anna@clinic.test");
    for _ in 0..2 {
        let (status, answer) = post(&sandbox, "/emails", None, &body).await;
        assert_eq!((status, &answer["statusCode"]), (503, &Value::from(503)));
    }
    assert!(sandbox.resend.mails().is_empty());
    assert_eq!(post(&sandbox, "/emails", None, &body).await.0, 200);

    sandbox.resend.faults().add(Fault::rate_limited(7).next(1));
    let limited = http().get(format!("{}/emails", sandbox.resend_url())).send().await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"7".parse().unwrap()));
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_email_was_sent() {
    let sandbox = sandbox().await;
    sandbox.resend.faults().add(Fault::lost_answer().next(1));
    let url = format!("{}/emails", sandbox.resend_url());
    let body = letter("anna@clinic.test");
    let key = sandbox.resend.api_key();
    let lost = http().post(&url).bearer_auth(key).header("idempotency-key", "email/1").json(&body).send().await;
    assert!(lost.is_err(), "not even a status came back");
    assert_eq!(sandbox.resend.mails().len(), 1);
    assert_eq!(sandbox.resend.log().all()[0].status, None);

    let (status, again) = post(&sandbox, "/emails", Some("email/1"), &body).await;
    assert_eq!((status, again["id"].as_str()), (200, Some(sandbox.resend.mails()[0].id.to_string().as_str())));
    assert_eq!(sandbox.resend.mails().len(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_has_sent_its_email_all_the_same() {
    let sandbox = sandbox().await;
    sandbox.resend.faults().add(Fault::latency(Duration::from_secs(60)).next(1));
    let url = format!("{}/emails", sandbox.resend_url());
    let request = http().post(&url).bearer_auth(sandbox.resend.api_key()).header("idempotency-key", "email/1");
    let call = tokio::spawn(request.json(&letter("anna@clinic.test")).send());
    within(sandbox.resend.log().arrived(1)).await;

    let (status, meanwhile) = post(&sandbox, "/emails", Some("email/1"), &letter("anna@clinic.test")).await;
    assert_eq!((status, meanwhile["name"].as_str()), (409, Some("concurrent_idempotent_requests")));
    call.abort();
    sandbox.resend.faults().clear();
    within(sandbox.resend.mail_to("anna@clinic.test")).await;
}

#[tokio::test]
async fn faults_can_be_set_over_http() {
    let sandbox = sandbox().await;
    let url = format!("{}/_sandbox/faults", sandbox.resend_url());
    let tell = |body: &'static str| http().post(&url).body(body).send();
    assert_eq!(tell(r#"{"fault":"error","status":500,"next":1}"#).await.unwrap().status(), 201);
    assert_eq!(tell(r#"{"fault":"latency","millis":1}"#).await.unwrap().status(), 201);
    for wrong in
        [r#"{"fault":"error","status":404}"#, r#"{"fault":"nonsense"}"#, "", r#"{"fault":"lost_answer","next":0}"#]
    {
        assert_eq!(tell(wrong).await.unwrap().status(), 422, "{wrong}");
    }
    let listed: Value = http().get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await.0, 500);
    assert_eq!(http().delete(&url).send().await.unwrap().status(), 204);
    assert!(sandbox.resend.faults().list().is_empty());

    let requests: Value =
        http().get(format!("{}/_sandbox/requests", sandbox.resend_url())).send().await.unwrap().json().await.unwrap();
    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert!(!requests.to_string().contains(sandbox.resend.api_key()), "the log keeps no key");
}

#[tokio::test]
async fn a_stopped_sandbox_gives_its_ports_back() {
    let sandbox = sandbox().await;
    let (resend, slack) = (sandbox.resend_url(), sandbox.slack_url());
    assert!(http().get(&resend).send().await.is_ok());
    within(sandbox.stop()).await;
    assert!(http().get(&resend).send().await.is_err());
    assert!(http().get(&slack).send().await.is_err());

    let port = url::Url::parse(&resend).unwrap().port().unwrap();
    let mut config = quick();
    config.resend.port = port;
    assert_eq!(Sandbox::start(config).await.unwrap().resend_url(), resend);
}
