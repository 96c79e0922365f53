//! Waiting for what becomes of an effect: one map a process. What this process finishes resolves it at once, what others
//! finish is found by one query for all that wait, every 100 ms.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{args, db::Db};

const PAUSE: Duration = Duration::from_millis(100);

/// How an effect ended.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Outcome {
    /// `done`, `refused`, `dead` or `cancelled`.
    pub outcome: String,
    pub result: Option<Value>,
    pub last_error: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Waited {
    Finished(Outcome),
    /// The limit passed first: answer 202 with the operation's id.
    Pending,
}

#[derive(Deserialize)]
struct Found {
    id: Uuid,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Clone)]
pub struct Awaiter(Arc<Inner>);

struct Inner {
    db: Db,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    by_id: HashMap<Uuid, Vec<oneshot::Sender<Outcome>>>,
    asking: bool,
}

impl Awaiter {
    pub fn new(db: Db) -> Self {
        Self(Arc::new(Inner { db, waiting: Mutex::default() }))
    }

    /// Waits until the effect has ended, `limit` at most. The effect's own transaction must have committed.
    pub async fn wait(&self, id: Uuid, limit: Duration) -> Waited {
        let receiver = self.register(id);
        match tokio::time::timeout(limit, receiver).await {
            Ok(Ok(outcome)) => Waited::Finished(outcome),
            _ => Waited::Pending,
        }
    }

    /// Called by whoever finished an effect in this process.
    pub fn resolve(&self, id: Uuid, outcome: &Outcome) {
        let senders = self.waiting().by_id.remove(&id).unwrap_or_default();
        for sender in senders {
            // Who gave up waiting hears nothing, and asks GET /api/operations/:id.
            let _ = sender.send(outcome.clone());
        }
    }

    fn register(&self, id: Uuid) -> oneshot::Receiver<Outcome> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.by_id.entry(id).or_default().push(sender);
        if !waiting.asking {
            waiting.asking = true;
            tokio::spawn(self.clone().ask());
        }
        receiver
    }

    /// Asks for everyone, and ends when nobody waits any more.
    async fn ask(self) {
        while let Some(ids) = self.wanted() {
            match self.0.db.as_service().read("private.effect_outcome", args! { p_ids: ids }).await {
                Ok(answer) => {
                    for found in answer.parse::<Vec<Found>>().unwrap_or_default() {
                        self.resolve(found.id, &found.outcome);
                    }
                }
                Err(error) => tracing::debug!(%error, "outcomes could not be asked for"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn wanted(&self) -> Option<Vec<Uuid>> {
        let mut waiting = self.waiting();
        waiting.by_id.retain(|_, senders| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
        waiting.asking = !waiting.by_id.is_empty();
        waiting.asking.then(|| waiting.by_id.keys().copied().collect())
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.0.waiting.lock().expect("no panic holds it")
    }
}
