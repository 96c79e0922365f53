//! The real clients against the stand-ins.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    config,
    effects::{
        Effect, Executor, Verdict,
        executors::{ResendEmail, SlackMessage},
    },
    sandbox::{Fault, Sandbox},
};

use super::sandbox_support::{KEY, letter, sandbox, within};

fn client() -> reqwest::Client {
    voxanne::server::http_client().expect("a client")
}

fn resend_at(base_url: &str, key: Option<&str>) -> ResendEmail {
    let config = config::Resend {
        api_key: key.map(SecretString::from),
        webhook_secrets: Vec::new(),
        base_url: base_url.parse().expect("a URL"),
        from: "hello@voxanne.test".to_owned(),
    };
    ResendEmail::new(&config, client())
}

pub fn resend(sandbox: &Sandbox) -> ResendEmail {
    resend_at(&sandbox.resend_url(), Some(KEY))
}

pub fn slack(sandbox: &Sandbox) -> SlackMessage {
    SlackMessage::new(Some(SecretString::from(sandbox.slack_webhook_url())), client())
}

fn effect(kind: &str, payload: Value) -> Effect {
    serde_json::from_value(json!({
        "id": Uuid::new_v4(), "org_id": null, "kind": kind, "payload": payload, "attempts": 1,
        "lease_token": Uuid::new_v4(), "lease_seconds": 60, "timeout_seconds": 30,
    }))
    .expect("an effect")
}

pub fn email() -> Effect {
    let mut payload = letter("anna@clinic.test");
    payload["email_id"] = json!(Uuid::new_v4());
    payload["org_id"] = json!(Uuid::new_v4());
    payload["tags"] = json!([{ "name": "email_id", "value": payload["email_id"] }]);
    payload["idempotency_key"] = json!(format!("email/{}", Uuid::new_v4()));
    effect("resend.email", payload)
}

pub fn alert() -> Effect {
    effect("slack.message", json!({ "kind": "rls_audit", "text": "A table without row security: leads" }))
}

fn error_of(verdict: Verdict) -> String {
    match verdict {
        Verdict::Refused { error } | Verdict::Retry { error, .. } => error,
        Verdict::Done(result) => panic!("it was done: {result}"),
    }
}

#[track_caller]
fn assert_retry(verdict: &Verdict, expected: Option<Duration>) {
    match verdict {
        Verdict::Retry { after, .. } => assert_eq!(*after, expected, "{verdict:?}"),
        _ => panic!("not a retry: {verdict:?}"),
    }
}

#[tokio::test]
async fn an_email_that_was_sent_is_done_with_resends_id() {
    let sandbox = sandbox().await;
    let effect = email();
    let verdict = resend(&sandbox).run(&effect).await;
    let mail = within(sandbox.resend.mail_to("anna@clinic.test")).await;
    assert_eq!(verdict, Verdict::Done(json!({ "id": mail.id })));
    assert_eq!(mail.idempotency_key.as_deref(), effect.payload["idempotency_key"].as_str());
    assert!(sandbox.resend.log().all()[0].header("user-agent").is_some_and(|agent| agent.starts_with("voxanne/")));
}

#[tokio::test]
async fn an_email_whose_answer_was_lost_is_sent_once_only() {
    let sandbox = sandbox().await;
    let executor = resend(&sandbox);
    let effect = email();
    sandbox.resend.faults().add(Fault::lost_answer().next(2));
    assert_retry(&executor.run(&effect).await, None);
    assert_retry(&executor.run(&effect).await, None);
    let verdict = executor.run(&effect).await;
    let mails = sandbox.resend.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(verdict, Verdict::Done(json!({ "id": mails[0].id })));
}

#[tokio::test]
async fn what_passes_is_tried_again_and_when_resend_says_so() {
    let sandbox = sandbox().await;
    let executor = resend(&sandbox);
    for status in [500, 502, 503] {
        sandbox.resend.faults().add(Fault::error(status).next(1));
        assert_retry(&executor.run(&email()).await, None);
    }
    sandbox.resend.faults().add(Fault::rate_limited(7).next(1));
    assert_retry(&executor.run(&email()).await, Some(Duration::from_secs(7)));
    assert!(sandbox.resend.mails().is_empty());
}

#[tokio::test]
async fn an_email_still_under_way_is_waited_for_and_not_refused() {
    let sandbox = sandbox().await;
    let executor = resend(&sandbox);
    let effect = email();
    sandbox.resend.faults().add(Fault::latency(Duration::from_secs(10)).next(1));
    let (first, second) = tokio::join!(executor.run(&effect), async {
        within(sandbox.resend.log().arrived(1)).await;
        let verdict = executor.run(&effect).await;
        sandbox.resend.faults().clear();
        verdict
    });
    assert!(matches!(first, Verdict::Done(_)), "{first:?}");
    assert_retry(&second, None);
    assert_eq!(executor.run(&effect).await, first);
    assert_eq!(sandbox.resend.mails().len(), 1);
}

#[tokio::test]
async fn what_resend_will_never_take_is_refused_with_its_words() {
    let sandbox = sandbox().await;
    let executor = resend(&sandbox);
    let mut wrong = email();
    wrong.payload["to"] = json!(["nobody"]);
    let verdict = executor.run(&wrong).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    assert!(error_of(verdict).starts_with("Resend answered 422 validation_error: Invalid `to` field."));

    let taken = email();
    assert!(matches!(executor.run(&taken).await, Verdict::Done(_)));
    let mut changed = email();
    changed.payload["idempotency_key"] = taken.payload["idempotency_key"].clone();
    let verdict = executor.run(&changed).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    assert!(error_of(verdict).contains("invalid_idempotent_request"));

    let stranger = resend_at(&sandbox.resend_url(), Some("re_wrong_key")).run(&email()).await;
    assert!(matches!(stranger, Verdict::Refused { .. }), "{stranger:?}");
    assert!(!error_of(stranger).contains("re_wrong_key"));
}

#[tokio::test]
async fn a_missing_setting_is_named() {
    let sandbox = sandbox().await;
    let verdict = resend_at(&sandbox.resend_url(), None).run(&email()).await;
    assert_eq!(verdict, Verdict::refused("RESEND_API_KEY is missing, so no email can be sent."));
    let verdict = SlackMessage::new(None, client()).run(&effect("slack.message", json!({ "text": "hello" }))).await;
    assert_eq!(verdict, Verdict::refused("SLACK_WEBHOOK_URL is missing, so alerts go to the log alone."));
    assert_eq!(sandbox.resend.log().count(), 0);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_tried_again_and_no_secret_is_told() {
    let sandbox = sandbox().await;
    let (resend, slack) = (resend(&sandbox), slack(&sandbox));
    within(sandbox.stop()).await;
    let verdict = resend.run(&email()).await;
    assert_retry(&verdict, None);
    assert!(!error_of(verdict).contains(KEY));
    let verdict = slack.run(&effect("slack.message", json!({ "text": "hello" }))).await;
    assert_retry(&verdict, None);
    let error = error_of(verdict);
    assert!(error.starts_with("Slack could not be reached"), "{error}");
    assert!(!error.contains("sandboxsandboxsandbox000"), "the URL is the secret: {error}");
}

#[tokio::test]
async fn an_alert_is_posted() {
    let sandbox = sandbox().await;
    let verdict = slack(&sandbox).run(&alert()).await;
    assert_eq!(verdict, Verdict::Done(json!({ "ok": true })));
    assert_eq!(sandbox.slack.messages(), [json!({ "text": "A table without row security: leads" })]);
}

#[tokio::test]
async fn slacks_no_is_refused_and_its_later_is_tried_again() {
    let sandbox = sandbox().await;
    let executor = slack(&sandbox);
    let message = effect("slack.message", json!({ "text": "hello" }));
    sandbox.slack.faults().add(Fault::rate_limited(3).next(1));
    assert_retry(&executor.run(&message).await, Some(Duration::from_secs(3)));
    sandbox.slack.faults().add(Fault::error(500).next(1));
    assert_retry(&executor.run(&message).await, None);
    sandbox.slack.faults().add(Fault::lost_answer().next(1));
    assert_retry(&executor.run(&message).await, None);

    let verdict = executor.run(&effect("slack.message", json!({ "text": "" }))).await;
    assert_eq!(verdict, Verdict::refused("Slack answered 400: no_text"));
    sandbox.slack.archive_channel(true);
    let verdict = executor.run(&message).await;
    assert_eq!(verdict, Verdict::refused("Slack answered 410: channel_is_archived"));
}
