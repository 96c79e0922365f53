//! Webhooks signed and retried the way Svix does it for Resend.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use uuid::Uuid;

use super::{clock, faults::Misbehaviour, stand_in::Frame};

/// Svix's own schedule after the first attempt.
const RETRY_AFTER: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
];
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// Several for each email that is kept; the oldest go first.
const ATTEMPTS_KEPT: usize = 10_000;

/// One event on its way: the same id and body on every attempt.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) about: Uuid,
    pub(crate) kind: String,
    pub(crate) body: String,
}

impl Letter {
    pub(crate) fn new(about: Uuid, kind: &str, body: &Value) -> Self {
        Self { id: format!("msg_{}", Uuid::new_v4().simple()), about, kind: kind.to_owned(), body: body.to_string() }
    }
}

/// One try at handing an event over.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    pub svix_id: String,
    pub number: u32,
    pub at: String,
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip)]
    pub(crate) about: Uuid,
}

#[derive(Clone)]
pub(crate) struct Courier {
    frame: Frame,
    http: reqwest::Client,
    target: Arc<RwLock<Option<String>>>,
    secret: Arc<str>,
    time_scale: f64,
    attempts: Arc<Mutex<VecDeque<Attempt>>>,
}

impl Courier {
    pub(crate) fn new(frame: Frame, target: Option<String>, secret: &str, time_scale: f64) -> Self {
        let http = reqwest::Client::builder()
            .user_agent("Svix-Webhooks/1.0 (voxanne sandbox)")
            .timeout(ANSWER_WITHIN)
            .build()
            .expect("an HTTP client without special settings");
        Self {
            frame,
            http,
            target: Arc::new(RwLock::new(target)),
            secret: secret.into(),
            time_scale,
            attempts: Arc::default(),
        }
    }

    pub(crate) fn aim_at(&self, url: Option<String>) {
        *self.target.write().expect("webhook target") = url;
    }

    pub(crate) fn attempts_about(&self, about: Uuid) -> Vec<Attempt> {
        self.attempts.lock().expect("attempts").iter().filter(|attempt| attempt.about == about).cloned().collect()
    }

    pub(crate) fn forget(&self) {
        self.attempts.lock().expect("attempts").clear();
    }

    /// Hands over one event: once, twice or not at all, as the faults say. Failed attempts go on in the background.
    pub(crate) async fn send(&self, letter: Letter) {
        let faults = &self.frame.faults;
        if faults.take(&letter.kind, |what| *what == Misbehaviour::SilentWebhook).is_some() {
            return;
        }
        let copies = match faults.take(&letter.kind, |what| *what == Misbehaviour::DuplicateWebhook) {
            Some(_) => 2,
            None => 1,
        };
        for _ in 0..copies {
            if self.attempt(&letter, 1).await {
                continue;
            }
            let courier = self.clone();
            let letter = letter.clone();
            self.frame.spawn(async move { courier.insist(letter).await });
        }
    }

    async fn insist(self, letter: Letter) {
        for (retry, pause) in RETRY_AFTER.iter().enumerate() {
            tokio::time::sleep(pause.mul_f64(self.time_scale)).await;
            if self.attempt(&letter, retry as u32 + 2).await {
                return;
            }
        }
    }

    /// Without an endpoint there is nothing to deliver to, and nothing to retry.
    async fn attempt(&self, letter: &Letter, number: u32) -> bool {
        let Some(target) = self.target.read().expect("webhook target").clone() else { return true };
        let timestamp = clock::now().unix_timestamp();
        let result = self
            .http
            .post(target)
            .header("content-type", "application/json")
            .header("svix-id", &letter.id)
            .header("svix-timestamp", timestamp.to_string())
            .header("svix-signature", sign(&self.secret, &letter.id, timestamp, &letter.body))
            .body(letter.body.clone())
            .send()
            .await;
        let status = result.as_ref().ok().map(|answer| answer.status().as_u16());
        let attempt = Attempt {
            svix_id: letter.id.clone(),
            number,
            at: clock::iso(clock::now()),
            status,
            error: result.err().map(|error| format!("{:#}", anyhow::Error::new(error.without_url()))),
            kind: letter.kind.clone(),
            about: letter.about,
        };
        let mut attempts = self.attempts.lock().expect("attempts");
        if attempts.len() == ATTEMPTS_KEPT {
            attempts.pop_front();
        }
        attempts.push_back(attempt);
        status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// `v1,<base64>` over `id.timestamp.body`, with the part of the secret after `whsec_` as the key.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_else(|_| secret.as_bytes().to_vec());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
