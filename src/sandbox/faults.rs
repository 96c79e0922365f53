//! What a stand-in can be told to do wrong.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// One way to misbehave. The webhook ones only mean something for providers that send webhooks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Misbehaviour {
    /// Begins the work and answers late.
    Latency { millis: u64 },
    /// Fails without having done anything.
    Error { status: u16 },
    /// 429 with `Retry-After`, without having done anything.
    RateLimited { retry_after: u64 },
    /// Closes the connection without a word and without having done anything.
    LostRequest,
    /// Does the work, then closes the connection without a word.
    LostAnswer,
    /// Sends a webhook twice with the same id.
    DuplicateWebhook,
    /// Sends the webhooks of one message in the opposite order.
    ReorderWebhooks,
    /// Something happens and no webhook tells of it.
    SilentWebhook,
}

/// A misbehaviour, where it applies and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    #[serde(flatten)]
    pub what: Misbehaviour,
    /// A part of `METHOD /path`, or of the event's type for the webhook faults, with `*` for anything in between. Absent:
    /// everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// How many more times. Absent: until cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
}

impl Fault {
    fn new(what: Misbehaviour) -> Self {
        Self { what, matching: None, next: None }
    }

    pub fn latency(pause: Duration) -> Self {
        Self::new(Misbehaviour::Latency { millis: pause.as_millis() as u64 })
    }

    pub fn error(status: u16) -> Self {
        Self::new(Misbehaviour::Error { status })
    }

    pub fn rate_limited(retry_after: u64) -> Self {
        Self::new(Misbehaviour::RateLimited { retry_after })
    }

    pub fn lost_request() -> Self {
        Self::new(Misbehaviour::LostRequest)
    }

    pub fn lost_answer() -> Self {
        Self::new(Misbehaviour::LostAnswer)
    }

    pub fn duplicate_webhook() -> Self {
        Self::new(Misbehaviour::DuplicateWebhook)
    }

    pub fn reorder_webhooks() -> Self {
        Self::new(Misbehaviour::ReorderWebhooks)
    }

    pub fn silent_webhook() -> Self {
        Self::new(Misbehaviour::SilentWebhook)
    }

    pub fn matching(mut self, part: impl Into<String>) -> Self {
        self.matching = Some(part.into());
        self
    }

    pub fn next(mut self, times: u32) -> Self {
        self.next = Some(times);
        self
    }

    /// Says in words what is wrong with a fault that came over HTTP.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.next == Some(0) {
            return Err("next must be at least 1; leave it out for \"until cleared\".".into());
        }
        match self.what {
            Misbehaviour::Error { status } if !(500..600).contains(&status) => {
                Err(format!("status must be a 5xx, not {status}."))
            }
            _ => Ok(()),
        }
    }

    fn applies_to(&self, subject: &str) -> bool {
        let Some(pattern) = self.matching.as_deref() else { return true };
        // Each part is found after the one before it.
        pattern
            .split('*')
            .try_fold(subject, |rest, part| rest.find(part).map(|place| &rest[place + part.len()..]))
            .is_some()
    }
}

/// The faults a stand-in has been given and not yet used up.
#[derive(Debug, Clone)]
pub struct Faults {
    left: Arc<Mutex<Vec<Fault>>>,
    cleared: watch::Sender<()>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { left: Arc::default(), cleared: watch::Sender::new(()) }
    }
}

impl Faults {
    pub fn add(&self, fault: Fault) {
        self.left.lock().expect("faults").push(fault);
    }

    /// Forgets them all, and answers what was being kept waiting.
    pub fn clear(&self) {
        self.left.lock().expect("faults").clear();
        self.cleared.send_replace(());
    }

    pub fn list(&self) -> Vec<Fault> {
        self.left.lock().expect("faults").clone()
    }

    /// The latency ordered for this subject, to be waited for later.
    pub(crate) fn pause(&self, subject: &str) -> Pause {
        let latency = self.take(subject, |what| matches!(what, Misbehaviour::Latency { .. }));
        let ordered = match latency {
            Some(Misbehaviour::Latency { millis }) => {
                Some(Latency { time: Duration::from_millis(millis), cleared: self.cleared.subscribe() })
            }
            _ => None,
        };
        Pause(Arc::new(Mutex::new(ordered)))
    }

    /// Uses up the oldest fault that is `wanted` and applies to the subject.
    pub(crate) fn take(&self, subject: &str, wanted: impl Fn(&Misbehaviour) -> bool) -> Option<Misbehaviour> {
        let mut faults = self.left.lock().expect("faults");
        let found = faults.iter().position(|fault| wanted(&fault.what) && fault.applies_to(subject))?;
        let what = faults[found].what.clone();
        match faults[found].next.as_mut() {
            Some(left) if *left > 1 => *left -= 1,
            Some(_) => {
                faults.remove(found);
            }
            None => {}
        }
        Some(what)
    }
}

/// Latency ordered by a fault. A provider waits where its real counterpart would be busy; what it does not
/// wait for, the frame does before answering.
#[derive(Debug, Clone)]
pub(crate) struct Pause(Arc<Mutex<Option<Latency>>>);

#[derive(Debug)]
struct Latency {
    time: Duration,
    cleared: watch::Receiver<()>,
}

impl Pause {
    pub(crate) async fn wait(&self) {
        let ordered = self.0.lock().expect("pause").take();
        if let Some(mut latency) = ordered {
            let _ = tokio::time::timeout(latency.time, latency.cleared.changed()).await;
        }
    }
}
