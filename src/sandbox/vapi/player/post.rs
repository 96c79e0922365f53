//! Messages on their way to a server: with its headers, within its time, again when it says so.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::{Signing, live::Answered};
use crate::sandbox::clock;

/// Unless the server says otherwise.
const ANSWER_WITHIN: f64 = 20.0;
/// The answer to who takes the call, on which telephones wait: from end to end.
pub(super) const ASSISTANT_WITHIN: Duration = Duration::from_millis(7_500);

#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) url: String,
    headers: Vec<(String, String)>,
    pub(super) limit: Duration,
    backoff: Option<Backoff>,
    signing: Option<Signing>,
}

#[derive(Debug, Clone)]
struct Backoff {
    is_exponential: bool,
    retries: u32,
    base: f64,
    excluded: Vec<u64>,
}

impl Target {
    /// None: it says nowhere.
    pub(super) fn of(server: &Value) -> Option<Self> {
        let url = server["url"].as_str().filter(|url| !url.is_empty())?;
        let headers = server["headers"].as_object().into_iter().flatten();
        let plan = &server["backoffPlan"];
        Some(Self {
            url: url.to_owned(),
            headers: headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
            limit: Duration::from_secs_f64(server["timeoutSeconds"].as_f64().unwrap_or(ANSWER_WITHIN)),
            backoff: plan.is_object().then(|| Backoff {
                is_exponential: plan["type"] == "exponential",
                retries: plan["maxRetries"].as_f64().unwrap_or(0.0) as u32,
                base: plan["baseDelaySeconds"].as_f64().unwrap_or(1.0),
                excluded: plan["excludedStatusCodes"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_u64)
                    .collect(),
            }),
            signing: None,
        })
    }

    pub(super) fn at(mut self, url: Option<&str>) -> Self {
        if let Some(url) = url {
            url.clone_into(&mut self.url);
        }
        self
    }

    pub(super) fn signed(mut self, signing: Option<&Signing>) -> Self {
        self.signing = signing.cloned();
        self
    }

    pub(super) fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The pauses before each further attempt, in seconds, after this answer.
    pub(super) fn pause(&self, retry: u32, after: &Answered) -> Option<f64> {
        let plan = self.backoff.as_ref().filter(|plan| retry < plan.retries)?;
        let excluded = after.status.is_some_and(|status| plan.excluded.contains(&u64::from(status)));
        (!after.is_taken() && !excluded)
            .then(|| plan.base * if plan.is_exponential { f64::from(1 << retry.min(16)) } else { 1.0 })
    }

    /// In a box: the compiler looks into what is awaited again at each place that awaits it, and a client is deep.
    pub(super) fn post<'a>(&'a self, http: &'a reqwest::Client, body: &'a Arc<str>) -> BoxFuture<'a, Answered> {
        self.post_now(http, body).boxed()
    }

    async fn post_now(&self, http: &reqwest::Client, body: &Arc<str>) -> Answered {
        let mut request = http.post(&self.url).timeout(self.limit).header("content-type", "application/json");
        let is_ours = |name: &str| self.signing.is_some() && name.eq_ignore_ascii_case("x-vapi-secret");
        for (name, value) in self.headers.iter().filter(|(name, _)| !is_ours(name)) {
            request = request.header(name, value);
        }
        match &self.signing {
            Some(Signing::Secret(secret)) => request = request.header("x-vapi-secret", secret),
            Some(Signing::Hmac(secret)) => {
                let timestamp = clock::now().unix_timestamp().to_string();
                let signature = sign(secret, &timestamp, body);
                request = request.header("x-timestamp", timestamp).header("x-signature", signature);
            }
            Some(Signing::Nothing) | None => {}
        }
        let began = std::time::Instant::now();
        match request.body(body.to_string()).send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let text = answer.text().await.unwrap_or_default();
                let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
                Answered { status: Some(status), body, error: None, took: began.elapsed() }
            }
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::new(error.without_url()));
                Answered { status: None, body: Value::Null, error: Some(error), took: began.elapsed() }
            }
        }
    }
}

/// Hexadecimal HMAC-SHA256 over `timestamp.body`: what a credential of this kind does when nothing is set otherwise.
pub fn sign(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .user_agent("vapi (voxanne sandbox)")
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("an HTTP client without special settings")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector beside the published description.
    #[test]
    fn a_signature_is_the_published_one() {
        let body = r#"{"message":{"type":"status-update","status":"ringing"}}"#;
        let expected = "98aaec705a4a004616178909facd8f4cd5e8890d7d0f38e5e137c7cef2555f93";
        assert_eq!(sign("example-secret", "1700000000", body), expected);
    }
}
