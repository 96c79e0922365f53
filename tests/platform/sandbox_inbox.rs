//! The inbox: the page, and the API that tests read mail with.

use serde_json::{Value, json};
use voxanne::sandbox::Sandbox;

use super::sandbox_support::{Receiver, http, letter, post, sandbox, within};

async fn read(sandbox: &Sandbox, path: &str) -> (u16, Value) {
    let answer = http().get(format!("{}/api/email-testing{path}", sandbox.resend_url())).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn recipients(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["to"][0].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_messages_can_be_listed_filtered_and_deleted() {
    let sandbox = sandbox().await;
    let mut welcome = letter("Anna <anna@clinic.test>");
    welcome["tags"] = json!([{ "name": "template", "value": "welcome" }]);
    post(&sandbox, "/emails", None, &welcome).await;
    let first = within(sandbox.resend.mail_to("anna@clinic.test")).await;
    post(&sandbox, "/emails", None, &letter("ben@clinic.test")).await;
    let second = within(sandbox.resend.mail_to("ben@clinic.test")).await;

    let (_, all) = read(&sandbox, "/messages").await;
    assert_eq!(recipients(&all), ["ben@clinic.test", "Anna <anna@clinic.test>"], "newest first");
    let (_, hers) = read(&sandbox, "/messages?to=ANNA@clinic.test").await;
    assert_eq!(recipients(&hers), ["Anna <anna@clinic.test>"]);
    let (_, welcomes) = read(&sandbox, "/messages?template=welcome").await;
    assert_eq!(recipients(&welcomes), ["Anna <anna@clinic.test>"]);
    assert!(first.created_at < second.created_at);
    let half: time::Duration = (second.created_at - first.created_at) / 2;
    let since = (first.created_at + half).format(&time::format_description::well_known::Rfc3339).unwrap();
    let (_, later) = read(&sandbox, &format!("/messages?since={since}")).await;
    assert_eq!(recipients(&later), ["ben@clinic.test"]);
    assert_eq!(read(&sandbox, "/messages?since=yesterday").await.0, 422);

    let deleted = http().delete(format!("{}/api/email-testing/messages", sandbox.resend_url())).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    assert!(recipients(&read(&sandbox, "/messages").await.1).is_empty());
}

#[tokio::test]
async fn a_message_shows_everything_that_happened_to_it() {
    let sandbox = sandbox().await;
    let receiver = Receiver::start(&[]).await;
    sandbox.resend.send_webhooks_to(&receiver.url);
    let (_, taken) = post(&sandbox, "/emails", Some("email/1"), &letter("anna@clinic.test")).await;
    let id = taken["id"].as_str().unwrap();
    receiver.at_least(2).await;

    for (action, event) in [("deliver", "delivered"), ("bounce", "bounced"), ("complain", "complained")] {
        let url = format!("{}/api/email-testing/messages/{id}/{action}", sandbox.resend_url());
        let shown: Value = http().post(url).send().await.unwrap().json().await.unwrap();
        assert_eq!(shown["last_event"], event);
    }
    assert_eq!(
        receiver.kinds(),
        ["email.sent", "email.delivered", "email.delivered", "email.bounced", "email.complained"]
    );
    let (_, shown) = read(&sandbox, &format!("/messages/{id}")).await;
    assert_eq!(shown["idempotency_key"], "email/1");
    assert_eq!(shown["text"], "Hello");
    let events = shown["events"].as_array().unwrap();
    assert_eq!(events.len(), 5);
    assert!(events.iter().all(|event| event["webhooks"][0]["status"] == 200), "{events:?}");
}

#[tokio::test]
async fn what_is_not_there_is_a_404_in_our_shape() {
    let sandbox = sandbox().await;
    for path in ["/messages/7", "/messages/00000000-0000-4000-8000-000000000000", "/nothing"] {
        let (status, body) = read(&sandbox, path).await;
        assert_eq!((status, body["code"].as_str()), (404, Some("not_found")), "{path}");
    }
    let (_, taken) = post(&sandbox, "/emails", None, &letter("anna@clinic.test")).await;
    let url = format!("{}/api/email-testing/messages/{}/explode", sandbox.resend_url(), taken["id"].as_str().unwrap());
    assert_eq!(http().post(url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_page_stands_alone_and_a_message_cannot_run_scripts() {
    let sandbox = sandbox().await;
    let page = http().get(sandbox.resend_url()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let text = page.text().await.unwrap();
    let outside = regex::Regex::new(r#"(?:src|href)\s*=\s*"(?:https?:)?//"#).unwrap();
    assert!(!outside.is_match(&text), "the page loads nothing from elsewhere");
    assert!(!text.contains("innerHTML"), "what a message says never becomes markup of the page");

    let mut nasty = letter("anna@clinic.test");
    nasty["html"] = json!("<script>fetch('/api/email-testing/messages', {method: 'DELETE'})</script><p>Hi");
    let (_, taken) = post(&sandbox, "/emails", None, &nasty).await;
    let url = format!("{}/api/email-testing/messages/{}/html", sandbox.resend_url(), taken["id"].as_str().unwrap());
    let shown = http().get(url).send().await.unwrap();
    let policy = shown.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("sandbox ") && !policy.contains("allow-scripts") && !policy.contains("script-src"));
}
