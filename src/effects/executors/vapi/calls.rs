//! Vapi: speaks into a live call, ends it, and asks what became of it.
//!
//! A call's control URL needs no key: whoever has it controls the call. It is never told in an error, and where Vapi
//! itself is reached over https it is not used without.

use poem::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::super::{ANSWER_WITHIN, LONGEST_ERROR, is_passing, payload, retry_after, unanswered, within};
use crate::{
    config,
    effects::{Effect, Executor, Verdict},
};

/// `vapi.say`: has the assistant say something to the caller. Said again when the answer was lost.
pub struct VapiSay(pub VapiControl);

/// `vapi.end_call`: hangs up. What cannot be done at once is given up soon, since the carrier is asked next.
pub struct VapiEndCall(pub VapiControl);

/// `vapi.poll_call`: what Vapi knows of a call.
pub struct VapiPollCall {
    http: reqwest::Client,
    base_url: Url,
    api_key: Option<SecretString>,
}

#[derive(Clone)]
pub struct VapiControl {
    http: reqwest::Client,
    https_only: bool,
}

#[derive(Deserialize)]
struct Say {
    control_url: Option<String>,
    text: String,
}

#[derive(Deserialize)]
struct EndCall {
    control_url: Option<String>,
}

#[derive(Deserialize)]
struct PollCall {
    vapi_call_id: String,
}

impl VapiControl {
    pub fn new(config: &config::Vapi, http: reqwest::Client) -> Self {
        Self { http, https_only: config.base_url.scheme() == "https" }
    }

    /// Never waits for as long as Vapi may ask: a call that is being paid for does not wait.
    async fn control(&self, control_url: Option<&str>, message: &Value) -> Verdict {
        // One example of Vapi's shows the URL in angle brackets.
        let url = control_url.map(|url| url.trim().trim_matches(['<', '>'])).and_then(|url| Url::parse(url).ok());
        let Some(url) = url.filter(|url| url.scheme() == "https" || !self.https_only) else {
            return Verdict::refused("The call has no control URL that could be used.");
        };
        match self.http.post(url).timeout(ANSWER_WITHIN).json(message).send().await {
            Ok(answer) if answer.status().is_success() => Verdict::Done(json!({})),
            Ok(answer) => match refusal(answer).await {
                Verdict::Retry { error, .. } => Verdict::retry(error),
                verdict => verdict,
            },
            Err(error) => unanswered("Vapi", error),
        }
    }
}

impl Executor for VapiSay {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload::<Say>(effect) {
            Ok(Say { control_url, text }) => {
                let message = json!({ "type": "say", "content": text, "endCallAfterSpoken": false });
                self.0.control(control_url.as_deref(), &message).await
            }
            Err(refused) => refused,
        }
    }
}

impl Executor for VapiEndCall {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload::<EndCall>(effect) {
            Ok(call) => self.0.control(call.control_url.as_deref(), &json!({ "type": "end-call" })).await,
            Err(refused) => refused,
        }
    }
}

impl VapiPollCall {
    pub fn new(config: &config::Vapi, http: reqwest::Client) -> Self {
        Self { http, base_url: config.base_url.clone(), api_key: config.api_key.clone() }
    }
}

impl Executor for VapiPollCall {
    /// That Vapi knows no such call is an answer, not a failure.
    async fn run(&self, effect: &Effect) -> Verdict {
        let Some(api_key) = &self.api_key else {
            return Verdict::refused("VAPI_API_KEY is missing, so Vapi cannot be asked about calls.");
        };
        let url = payload(effect).map(|PollCall { vapi_call_id }| within(&self.base_url, &["call", &vapi_call_id]));
        let url = match url {
            Ok(url) => url,
            Err(refused) => return refused,
        };
        match self.http.get(url).timeout(ANSWER_WITHIN).bearer_auth(api_key.expose_secret()).send().await {
            Ok(answer) if answer.status().is_success() => known(answer).await,
            Ok(answer) if answer.status() == StatusCode::NOT_FOUND => Verdict::Done(json!({ "status": "not_found" })),
            Ok(answer) => refusal(answer).await,
            Err(error) => unanswered("Vapi", error),
        }
    }
}

async fn known(answer: reqwest::Response) -> Verdict {
    match answer.json::<Value>().await {
        Ok(call) => Verdict::Done(json!({
            "status": call["status"],
            "started_at": call["startedAt"],
            "ended_at": call["endedAt"],
            "ended_reason": call["endedReason"],
        })),
        Err(error) => unanswered("Vapi", error),
    }
}

async fn refusal(answer: reqwest::Response) -> Verdict {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let said: String = answer.text().await.unwrap_or_default().chars().take(LONGEST_ERROR).collect();
    let error = format!("Vapi answered {}: {said}", status.as_u16());
    match is_passing(status) {
        true => Verdict::Retry { error, after },
        false => Verdict::Refused { error },
    }
}
