//! `twilio.end_call`: the carrier hangs up, where Vapi did not.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::super::{ANSWER_WITHIN, is_passing, payload, unanswered, within};
use crate::{
    config,
    effects::{Effect, Executor, Verdict},
};

/// "Invalid call state": the call is over, which is what was wanted.
const NOT_IN_PROGRESS: i64 = 21220;

pub struct TwilioEndCall {
    http: reqwest::Client,
    base_url: Url,
    account: Option<(String, SecretString)>,
}

#[derive(Deserialize)]
struct EndCall {
    call_sid: Option<String>,
}

/// `{code, message, more_info, status}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: i64,
    message: String,
}

impl TwilioEndCall {
    pub fn new(config: &config::Twilio, http: reqwest::Client) -> Self {
        let account = config.account_sid.clone().zip(config.auth_token.clone());
        Self { http, base_url: config.base_url.clone(), account }
    }
}

impl Executor for TwilioEndCall {
    async fn run(&self, effect: &Effect) -> Verdict {
        let Some((sid, token)) = &self.account else {
            return Verdict::refused("TWILIO_ACCOUNT_SID is missing, so no call can be ended by its carrier.");
        };
        let call_sid = match payload::<EndCall>(effect) {
            Ok(EndCall { call_sid: Some(call_sid) }) if !call_sid.is_empty() => call_sid,
            Ok(_) => return Verdict::refused("The call has no SID, so its carrier cannot be asked to end it."),
            Err(refused) => return refused,
        };
        let url = within(&self.base_url, &["2010-04-01", "Accounts", sid, "Calls", &format!("{call_sid}.json")]);
        let request = self.http.post(url).timeout(ANSWER_WITHIN).basic_auth(sid, Some(token.expose_secret()));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body("Status=completed");
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Verdict::Done(json!({})),
            Ok(answer) => judge(answer).await,
            Err(error) => unanswered("Twilio", error),
        }
    }
}

/// Never waits for as long as Twilio may ask: a call that is being paid for does not wait.
async fn judge(answer: reqwest::Response) -> Verdict {
    let status = answer.status();
    let problem = answer.json::<Problem>().await.unwrap_or_default();
    if problem.code == NOT_IN_PROGRESS {
        return Verdict::Done(json!({}));
    }
    let error = format!("Twilio answered {} {}: {}", status.as_u16(), problem.code, problem.message);
    match is_passing(status) {
        true => Verdict::retry(error),
        false => Verdict::refused(error),
    }
}
