//! `resend.email`: hands one email to Resend.

use poem::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ANSWER_WITHIN, is_passing, retry_after, unanswered};
use crate::{
    config,
    effects::{Effect, Executor, Verdict},
};

/// What of the payload is Resend's business.
const FIELDS: [&str; 10] = ["from", "to", "cc", "bcc", "reply_to", "subject", "html", "text", "headers", "tags"];

pub struct ResendEmail {
    http: reqwest::Client,
    url: String,
    api_key: Option<SecretString>,
}

/// `{statusCode, name, message}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    name: String,
    message: String,
}

impl ResendEmail {
    pub fn new(config: &config::Resend, http: reqwest::Client) -> Self {
        let url = format!("{}/emails", config.base_url.as_str().trim_end_matches('/'));
        Self { http, url, api_key: config.api_key.clone() }
    }
}

impl Executor for ResendEmail {
    /// Every attempt carries the same `Idempotency-Key`, so an answer that was lost sends no second email.
    async fn run(&self, effect: &Effect) -> Verdict {
        let Some(api_key) = &self.api_key else {
            return Verdict::refused("RESEND_API_KEY is missing, so no email can be sent.");
        };
        let key = effect.payload.get("idempotency_key").and_then(Value::as_str).map(str::to_owned);
        let result = self
            .http
            .post(&self.url)
            .timeout(ANSWER_WITHIN)
            .bearer_auth(api_key.expose_secret())
            .header("idempotency-key", key.unwrap_or_else(|| effect.idempotency_key()))
            .json(&email(&effect.payload))
            .send()
            .await;
        match result {
            Ok(answer) => judge(answer).await,
            Err(error) => unanswered("Resend", error),
        }
    }
}

fn email(payload: &Value) -> Value {
    let known =
        |name: &&str| payload.get(name).filter(|value| !value.is_null()).map(|value| (name.to_string(), value.clone()));
    Value::Object(FIELDS.iter().filter_map(known).collect::<Map<_, _>>())
}

async fn judge(answer: reqwest::Response) -> Verdict {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let body = match answer.bytes().await {
        Ok(body) => body,
        Err(error) => return unanswered("Resend", error),
    };
    if status.is_success() {
        let id =
            serde_json::from_slice::<Value>(&body).ok().and_then(|body| body.get("id")?.as_str().map(str::to_owned));
        return match id {
            Some(id) => Verdict::Done(json!({ "id": id })),
            None => Verdict::retry("Resend took the email and answered without an id."),
        };
    }
    let problem = serde_json::from_slice::<Problem>(&body).unwrap_or_default();
    let error = format!("Resend answered {} {}: {}", status.as_u16(), problem.name, problem.message);
    let in_flight = status == StatusCode::CONFLICT && problem.name == "concurrent_idempotent_requests";
    match is_passing(status) || in_flight {
        true => Verdict::Retry { error, after },
        false => Verdict::Refused { error },
    }
}
