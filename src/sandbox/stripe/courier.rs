//! Events on their way: signed the way Stripe does it, in order, retried, and wrong on demand.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use hmac::{Hmac, Mac};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::{mpsc, watch};

use super::store::text;
use crate::sandbox::{clock, faults::Misbehaviour, stand_in::Frame};

/// Stripe says "up to three days with an exponential back off"; the steps are ours.
const RETRY_AFTER: [Duration; 8] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(20 * 3600),
    Duration::from_secs(30 * 3600),
];
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
const ATTEMPTS_KEPT: usize = 10_000;

/// One try at handing an event over.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    pub event_id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub number: u32,
    pub at: String,
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

#[derive(Debug, Clone)]
struct Letter {
    id: String,
    kind: String,
    body: Arc<str>,
}

impl Letter {
    /// The bytes are the same on every attempt; Stripe indents them.
    fn new(event: &Value) -> Self {
        let body = serde_json::to_string_pretty(event).expect("JSON can be written");
        Self { id: text(event, "id").to_owned(), kind: text(event, "type").to_owned(), body: body.into() }
    }
}

/// The events of one action, which may be reordered among themselves.
type Batch = Vec<Letter>;

#[derive(Clone)]
pub(super) struct Courier {
    frame: Frame,
    http: reqwest::Client,
    target: Arc<RwLock<Option<String>>>,
    secret: Arc<str>,
    time_scale: f64,
    attempts: Arc<Mutex<VecDeque<Attempt>>>,
    queue: mpsc::UnboundedSender<Batch>,
    /// None: nothing is held back.
    held: Arc<Mutex<Option<Vec<Batch>>>>,
    /// Batches that were sent for and not handed over for the first time.
    waiting: watch::Sender<usize>,
}

impl Courier {
    pub(super) fn new(frame: Frame, target: Option<String>, secret: &str, time_scale: f64) -> Self {
        let http = reqwest::Client::builder()
            .user_agent("Stripe/1.0 (+https://stripe.com/docs/webhooks) (voxanne sandbox)")
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("an HTTP client without special settings");
        let (queue, mut batches) = mpsc::unbounded_channel::<Batch>();
        let courier = Self {
            frame: frame.clone(),
            http,
            target: Arc::new(RwLock::new(target)),
            secret: secret.into(),
            time_scale,
            attempts: Arc::default(),
            queue,
            held: Arc::default(),
            waiting: watch::Sender::new(0),
        };
        let worker = courier.clone();
        frame.spawn(async move {
            while let Some(batch) = batches.recv().await {
                worker.hand_over(batch).await;
                worker.waiting.send_modify(|waiting| *waiting -= 1);
            }
        });
        courier
    }

    pub(super) fn aim_at(&self, url: Option<String>) {
        *self.target.write().expect("webhook target") = url;
    }

    pub(super) fn attempts(&self) -> Vec<Attempt> {
        self.attempts.lock().expect("attempts").iter().cloned().collect()
    }

    /// Takes the events of one action. They go out in this order, after all those taken before.
    pub(super) fn take(&self, events: &[Value]) {
        if events.is_empty() {
            return;
        }
        let batch = events.iter().map(Letter::new).collect();
        match self.held.lock().expect("held events").as_mut() {
            Some(held) => held.push(batch),
            None => self.enqueue(batch),
        }
    }

    fn enqueue(&self, batch: Batch) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        // The worker ends with the stand-in, and nobody waits for events then.
        let _ = self.queue.send(batch);
    }

    pub(super) fn hold(&self) {
        self.held.lock().expect("held events").get_or_insert_default();
    }

    pub(super) fn release(&self) {
        // What comes meanwhile waits for the lock, and so comes after.
        let mut held = self.held.lock().expect("held events");
        held.take().into_iter().flatten().for_each(|batch| self.enqueue(batch));
    }

    /// Returns when the first attempt of everything that was taken and is not held is over.
    pub(super) async fn delivered(&self) {
        let mut waiting = self.waiting.subscribe();
        // The sender lives as long as this handle.
        let _ = waiting.wait_for(|waiting| *waiting == 0).await;
    }

    /// Each once, twice or not at all, as the faults say. What fails goes on in the background.
    async fn hand_over(&self, mut batch: Batch) {
        let fault = |letter: &Letter, wanted: Misbehaviour| {
            self.frame.faults.take(&letter.kind, |what| *what == wanted).is_some()
        };
        if batch.iter().any(|letter| fault(letter, Misbehaviour::ReorderWebhooks)) {
            batch.reverse();
        }
        for letter in batch {
            if fault(&letter, Misbehaviour::SilentWebhook) {
                continue;
            }
            let copies = if fault(&letter, Misbehaviour::DuplicateWebhook) { 2 } else { 1 };
            for _ in 0..copies {
                if self.attempt(&letter, 1).await.is_some_and(is_taken) || !self.is_aimed() {
                    continue;
                }
                let courier = self.clone();
                let letter = letter.clone();
                self.frame.spawn(async move { courier.insist(letter).await });
            }
        }
    }

    async fn insist(self, letter: Letter) {
        for (retry, pause) in RETRY_AFTER.iter().enumerate() {
            tokio::time::sleep(pause.mul_f64(self.time_scale)).await;
            if self.attempt(&letter, retry as u32 + 2).await.is_some_and(is_taken) {
                return;
            }
        }
    }

    fn is_aimed(&self) -> bool {
        self.target.read().expect("webhook target").is_some()
    }

    /// One attempt outside the order, without faults and retries.
    pub(super) async fn send_once(&self, event: &Value) -> Option<u16> {
        self.attempt(&Letter::new(event), 1).await
    }

    async fn attempt(&self, letter: &Letter, number: u32) -> Option<u16> {
        let signature = sign(&self.secret, clock::now().unix_timestamp(), &letter.body);
        let (status, error) = self.post(letter.body.to_string(), Some(signature)).await?;
        let attempt = Attempt {
            event_id: letter.id.clone(),
            kind: letter.kind.clone(),
            number,
            at: clock::iso(clock::now()),
            status,
            error,
        };
        let mut attempts = self.attempts.lock().expect("attempts");
        if attempts.len() == ATTEMPTS_KEPT {
            attempts.pop_front();
        }
        attempts.push_back(attempt);
        status
    }

    /// Without an endpoint there is nothing to deliver to: None.
    pub(super) async fn post(&self, body: String, signature: Option<String>) -> Option<(Option<u16>, Option<String>)> {
        let target = self.target.read().expect("webhook target").clone()?;
        let mut request = self.http.post(target).header("content-type", "application/json; charset=utf-8").body(body);
        if let Some(signature) = signature {
            request = request.header("stripe-signature", signature);
        }
        match request.send().await {
            Ok(answer) => Some((Some(answer.status().as_u16()), None)),
            Err(error) => Some((None, Some(format!("{:#}", anyhow::Error::new(error.without_url()))))),
        }
    }
}

fn is_taken(status: u16) -> bool {
    (200..300).contains(&status)
}

/// `t=…,v1=…` over `timestamp.body`, with the whole secret as the key.
pub fn sign(secret: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    format!("t={timestamp},v1={}", hex::encode(mac.finalize().into_bytes()))
}
