//! Vapi's API: one small client, and an executor a kind.
//!
//! Vapi knows no idempotency keys either: whatever makes something gives it a name and looks for it before. Names here have
//! at most forty characters. What Vapi answers about a number holds the Twilio token it was imported with, so no answer is
//! kept whole.

mod answer;
mod assistants;
mod calls;
mod credentials;
mod merge;
mod numbers;
mod outbound;
mod report;
mod server;
mod tools;

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use self::answer::{Trouble, judge};
pub use self::{
    assistants::{VapiDropAssistant, VapiSyncAssistant},
    calls::{VapiControl, VapiEndCall, VapiPollCall, VapiSay, VapiTransfer},
    credentials::{VapiCreateCredential, VapiDeleteCredential},
    numbers::{VapiImportNumber, VapiLinkNumber, VapiReleaseNumber},
    outbound::VapiCreateCall,
    tools::{VapiDropTool, VapiRegisterTool},
};
use super::{ANSWER_WITHIN, encoded, within};
use crate::{config::Config, vault::Keyring};

/// The longest name Vapi takes.
const NAME: usize = 40;
/// The most Vapi puts on one page, and how many it does when it is not told.
const MOST: usize = 1000;
const USUAL: usize = 100;

#[derive(Clone)]
pub struct Vapi {
    http: reqwest::Client,
    base_url: Url,
    api_key: Option<SecretString>,
    keyring: Keyring,
    webhook: Url,
    webhook_secret: Option<SecretString>,
}

impl Vapi {
    pub fn new(config: &Config, http: reqwest::Client, keyring: Keyring) -> Self {
        Self {
            http,
            base_url: config.vapi.base_url.clone(),
            api_key: config.vapi.api_key.clone(),
            keyring,
            webhook: within(&config.backend_url, &["api", "vapi", "webhook"]),
            webhook_secret: config.vapi.webhook_secret().cloned(),
        }
    }

    async fn get(&self, path: &[&str]) -> Result<Value, Trouble> {
        self.send(self.http.get(within(&self.base_url, path)), None).await
    }

    /// `secret` is the one in the body: it is left out of whatever is said.
    async fn post(&self, path: &[&str], body: &Value, secret: &SecretString) -> Result<Value, Trouble> {
        self.send(self.http.post(within(&self.base_url, path)).json(body), Some(secret)).await
    }

    async fn patch(&self, path: &[&str], body: &Value, secret: Option<&SecretString>) -> Result<Value, Trouble> {
        self.send(self.http.patch(within(&self.base_url, path)).json(body), secret).await
    }

    fn url(&self, path: &[&str]) -> Url {
        within(&self.base_url, path)
    }

    /// Sends what says how we are reached. Our own secret is in it.
    async fn write(&self, request: reqwest::RequestBuilder, body: &Value) -> Result<Value, Trouble> {
        self.send(request.json(body), self.webhook_secret.as_ref()).await
    }

    /// Whether there was something to take away.
    async fn delete(&self, path: &[&str]) -> Result<bool, Trouble> {
        match self.send(self.http.delete(within(&self.base_url, path)), None).await {
            Ok(_) => Ok(true),
            Err(Trouble::No(problem)) if problem.is_not_found() => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder, sent: Option<&SecretString>) -> Result<Value, Trouble> {
        let Some(api_key) = &self.api_key else {
            return Err(Trouble::Never("VAPI_API_KEY is missing, so Vapi cannot be asked.".to_owned()));
        };
        let secrets = [Some(api_key), sent];
        let secrets: Vec<&str> = secrets.into_iter().flatten().map(|secret| secret.expose_secret()).collect();
        match request.timeout(ANSWER_WITHIN).bearer_auth(api_key.expose_secret()).send().await {
            Ok(answer) => judge(answer, &secrets).await,
            Err(error) => Err(Trouble::unanswered(error)),
        }
    }

    async fn numbers(&self) -> Result<Vec<Value>, Trouble> {
        self.all("phone-number", Some(MOST)).await
    }

    /// The whole of a list, newest first: a page goes on where the one before ended, in time. A page alone is not enough to
    /// say that something is not there. `limit` is for lists that are documented to take one.
    async fn all(&self, what: &str, limit: Option<usize>) -> Result<Vec<Value>, Trouble> {
        let mut items: Vec<Value> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut before: Option<String> = None;
        loop {
            let mut query: Vec<(&str, String)> = limit.iter().map(|limit| ("limit", limit.to_string())).collect();
            query.extend(before.take().map(|moment| ("createdAtLe", moment)));
            let mut url = within(&self.base_url, &[what]);
            url.set_query(Some(encoded(&query)).filter(|query| !query.is_empty()).as_deref());
            let page = list(self.send(self.http.get(url), None).await?)?;
            let is_full = page.len() >= limit.unwrap_or(USUAL);
            let new = page.into_iter().filter(|item| seen.insert(item["id"].to_string()));
            let known = items.len();
            items.extend(new);
            before = items.last().and_then(|item| item["createdAt"].as_str()).map(str::to_owned);
            if !is_full || items.len() == known || before.is_none() {
                return Ok(items);
            }
        }
    }
}

fn list(answer: Value) -> Result<Vec<Value>, Trouble> {
    match answer {
        Value::Array(items) => Ok(items),
        _ => Err(Trouble::later("Vapi answered a list that is none.")),
    }
}

/// The id of what Vapi answered, or trouble: without it nothing can be done.
fn id(object: &Value) -> Result<String, Trouble> {
    let id = object["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| Trouble::later("Vapi answered without an id."))
}
