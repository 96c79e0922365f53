//! The Slack stand-in accepts and refuses what the real one does.

use serde_json::{Value, json};
use voxanne::sandbox::{Fault, Sandbox};

use super::sandbox_support::{http, quick, sandbox, within};

async fn say(url: &str, body: &str) -> (u16, String) {
    let answer =
        http().post(url).header("content-type", "application/json").body(body.to_owned()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn answers(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}

#[tokio::test]
async fn a_message_is_taken_with_ok() {
    let sandbox = sandbox().await;
    let url = sandbox.slack_webhook_url();
    assert_eq!(say(&url, r#"{"text":"New lead booked"}"#).await, answers(200, "ok"));
    let blocks =
        json!({ "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": "*New lead booked*" } }] });
    assert_eq!(say(&url, &blocks.to_string()).await, answers(200, "ok"));
    assert_eq!(sandbox.slack.messages(), [json!({ "text": "New lead booked" }), blocks]);
    let shown: Vec<Value> =
        http().get(format!("{}/_sandbox/messages", sandbox.slack_url())).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown, sandbox.slack.messages());
}

#[tokio::test]
async fn what_slack_refuses_is_refused_in_its_words() {
    let sandbox = sandbox().await;
    let url = sandbox.slack_webhook_url();
    let many = json!({ "blocks": vec![json!({ "type": "divider" }); 51] }).to_string();
    for (body, status, text) in [
        ("", 400, "invalid_payload"),
        ("not json", 400, "invalid_payload"),
        ("[]", 400, "invalid_payload"),
        (r#"{"text":7}"#, 400, "invalid_payload"),
        ("{}", 400, "no_text"),
        (r#"{"text":""}"#, 400, "no_text"),
        (r#"{"blocks":[{"text":"no type"}]}"#, 400, "invalid_blocks"),
        (many.as_str(), 400, "invalid_blocks"),
    ] {
        assert_eq!(say(&url, body).await, answers(status, text), "{body}");
    }
    let base = sandbox.slack_url();
    let hello = r#"{"text":"hello"}"#;
    for (path, status, text) in [
        ("/services/T1/B00000000/sandboxsandboxsandbox000", 404, "no_team"),
        ("/services/T00000000/B1/sandboxsandboxsandbox000", 404, "no_service"),
        ("/services/T00000000/B00000000/wrong", 403, "invalid_token"),
    ] {
        assert_eq!(say(&format!("{base}{path}"), hello).await, answers(status, text));
    }
    sandbox.slack.archive_channel(true);
    assert_eq!(say(&url, hello).await, answers(410, "channel_is_archived"));
    assert!(sandbox.slack.messages().is_empty());
}

#[tokio::test]
async fn messages_beyond_the_limit_are_told_when_to_come_back() {
    let mut config = quick();
    config.slack.messages_per_second = Some(1);
    let sandbox = Sandbox::start(config).await.unwrap();
    let client = http();
    let refused = within(async {
        loop {
            let message = json!({ "text": "hello" });
            let answer = client.post(sandbox.slack_webhook_url()).json(&message).send().await.unwrap();
            if answer.status() == 429 {
                break answer;
            }
        }
    })
    .await;
    assert_eq!(refused.headers()["retry-after"], "1");
}

#[tokio::test]
async fn slack_misbehaves_on_demand_too() {
    let sandbox = sandbox().await;
    let url = sandbox.slack_webhook_url();
    sandbox.slack.faults().add(Fault::error(500).next(1));
    assert_eq!(say(&url, r#"{"text":"hello"}"#).await, answers(500, "rollup_error"));
    sandbox.slack.faults().add(Fault::lost_answer().next(1));
    assert!(http().post(&url).json(&json!({ "text": "hello" })).send().await.is_err());
    assert_eq!(sandbox.slack.messages().len(), 1, "it was posted all the same");
}
