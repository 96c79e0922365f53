//! `slack.message`: posts one line for the operator.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::{ANSWER_WITHIN, LONGEST_ERROR, is_passing, retry_after, unanswered};
use crate::effects::{Effect, Executor, Verdict};

const FIELDS: [&str; 2] = ["text", "blocks"];

/// Slack has no idempotency keys: when an answer is lost the line is posted again, because an alert twice is better
/// than none.
pub struct SlackMessage {
    http: reqwest::Client,
    url: Option<SecretString>,
}

impl SlackMessage {
    pub fn new(url: Option<SecretString>, http: reqwest::Client) -> Self {
        Self { http, url }
    }
}

impl Executor for SlackMessage {
    async fn run(&self, effect: &Effect) -> Verdict {
        let Some(url) = &self.url else {
            return Verdict::refused("SLACK_WEBHOOK_URL is missing, so alerts go to the log alone.");
        };
        let Ok(url) = reqwest::Url::parse(url.expose_secret()) else {
            return Verdict::refused("SLACK_WEBHOOK_URL is not a URL.");
        };
        let known = |name: &&str| {
            let value = effect.payload.get(name).filter(|value| !value.is_null())?;
            Some((name.to_string(), value.clone()))
        };
        let message = Value::Object(FIELDS.iter().filter_map(known).collect::<Map<_, _>>());
        match self.http.post(url).timeout(ANSWER_WITHIN).json(&message).send().await {
            Ok(answer) => judge(answer).await,
            Err(error) => unanswered("Slack", error),
        }
    }
}

async fn judge(answer: reqwest::Response) -> Verdict {
    let status = answer.status();
    if status.is_success() {
        return Verdict::Done(json!({ "ok": true }));
    }
    let after = retry_after(answer.headers());
    let said: String = answer.text().await.unwrap_or_default().chars().take(LONGEST_ERROR).collect();
    let error = format!("Slack answered {}: {said}", status.as_u16());
    match is_passing(status) {
        true => Verdict::Retry { error, after },
        false => Verdict::Refused { error },
    }
}
