//! Vapi: speaks into a live call, passes it on, ends it, and asks what became of it.
//!
//! A call's control URL needs no key: whoever has it controls the call. It is never told in an error, and where Vapi
//! itself is reached over https it is not used without.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Trouble, Vapi, answer::judge, report};
use crate::{
    config,
    effects::{
        Effect, Executor, Verdict,
        executors::{ANSWER_WITHIN, payload, unanswered},
    },
};

/// `vapi.say`: has the assistant say something to the caller. Said again when the answer was lost.
pub struct VapiSay(pub VapiControl);

/// `vapi.transfer`: passes the caller on to a number, having said so.
pub struct VapiTransfer(pub VapiControl);

/// `vapi.end_call`: hangs up. What cannot be done at once is given up soon, since the carrier is asked next.
pub struct VapiEndCall(pub VapiControl);

/// `vapi.poll_call`: what Vapi knows of a call.
pub struct VapiPollCall(pub Vapi);

#[derive(Clone)]
pub struct VapiControl {
    http: reqwest::Client,
    https_only: bool,
}

#[derive(Deserialize)]
struct Say {
    control_url: Option<String>,
    text: String,
    /// Whether to hang up once that is spoken.
    #[serde(default)]
    end_call_after_spoken: bool,
}

#[derive(Deserialize)]
struct Transfer {
    control_url: Option<String>,
    number: String,
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
            Ok(answer) => match judge(answer, &[]).await {
                Ok(_) => Verdict::Done(json!({})),
                Err(Trouble::Later { error, .. }) => Verdict::retry(error),
                Err(trouble) => trouble.verdict(),
            },
            Err(error) => unanswered("Vapi", error),
        }
    }
}

impl Executor for VapiSay {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload::<Say>(effect) {
            Ok(Say { control_url, text, end_call_after_spoken }) => {
                let message = json!({ "type": "say", "content": text, "endCallAfterSpoken": end_call_after_spoken });
                self.0.control(control_url.as_deref(), &message).await
            }
            Err(refused) => refused,
        }
    }
}

impl Executor for VapiTransfer {
    async fn run(&self, effect: &Effect) -> Verdict {
        match payload::<Transfer>(effect) {
            Ok(Transfer { control_url, number, text }) => {
                let destination = json!({ "type": "number", "number": number });
                let message = json!({ "type": "transfer", "destination": destination, "content": text });
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

impl Executor for VapiPollCall {
    /// That Vapi knows no such call is an answer, not a failure.
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: PollCall = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.0.get(&["call", &wanted.vapi_call_id]).await {
            Ok(call) => Verdict::Done(asked_for(&call)),
            Err(Trouble::No(problem)) if problem.is_not_found() => Verdict::Done(json!({ "status": "not_found" })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

/// Once it has ended, with what its record is made of.
fn asked_for(call: &Value) -> Value {
    let mut told = json!({
        "status": call["status"],
        "started_at": call["startedAt"],
        "ended_at": call["endedAt"],
        "ended_reason": call["endedReason"],
    });
    if call["status"] == "ended" {
        told["report"] = report::told(call);
    }
    told
}
