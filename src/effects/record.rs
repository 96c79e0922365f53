//! Recording verdicts: many in one statement where an effect stands alone, one transaction each where more hangs on it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::{Awaiter, Effect, Outcome, Verdict, Waker, crash, worker::Held};
use crate::{
    args,
    db::Db,
    error::{Error, Result},
};

const BATCH: usize = 256;
/// Statements under way at once, so that webhooks find connections in the pool too.
const BATCH_LANES: usize = 2;
const SINGLE_LANES: usize = 3;
/// Tries while the database is away or busy; after them the lease runs out and another worker repeats the effect.
const TRIES: u32 = 8;

type Given = (Effect, Verdict);

#[derive(Clone)]
pub(super) struct Recorder {
    db: Db,
    held: Held,
    waker: Waker,
    awaiter: Awaiter,
    singles: Arc<Semaphore>,
}

#[derive(Deserialize)]
struct Recorded {
    id: Uuid,
    answer: String,
}

impl Recorder {
    pub fn new(db: Db, held: Held, waker: Waker, awaiter: Awaiter) -> Self {
        Self { db, held, waker, awaiter, singles: Arc::new(Semaphore::new(SINGLE_LANES)) }
    }

    /// Ends when the last sender is gone and everything given is recorded.
    pub async fn run(self, mut given: mpsc::UnboundedReceiver<Given>) {
        let lanes = Arc::new(Semaphore::new(BATCH_LANES));
        let tasks = TaskTracker::new();
        loop {
            // While all lanes are busy the next batch grows.
            let Ok(lane) = lanes.clone().acquire_owned().await else { break };
            let mut batch = Vec::with_capacity(BATCH);
            if given.recv_many(&mut batch, BATCH).await == 0 {
                break;
            }
            let (together, apart): (Vec<Given>, Vec<Given>) =
                batch.into_iter().partition(|(effect, verdict)| !effect.alone && matches!(verdict, Verdict::Done(_)));
            for (effect, verdict) in apart {
                tasks.spawn(self.clone().single(effect, verdict));
            }
            if !together.is_empty() {
                let recorder = self.clone();
                let more = tasks.clone();
                tasks.spawn(async move {
                    recorder.batch(together, &more).await;
                    drop(lane);
                });
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    async fn batch(&self, batch: Vec<Given>, tasks: &TaskTracker) {
        let finishes: Vec<Value> = batch
            .iter()
            .map(|(effect, verdict)| json!({ "id": effect.id, "token": effect.lease_token, "result": result(verdict) }))
            .collect();
        let answers = self.call::<Vec<Recorded>>("private.finish_effects", args! { p_finishes: finishes }).await;
        let mut answers: HashMap<Uuid, String> = match answers {
            Ok(answers) => answers.into_iter().map(|recorded| (recorded.id, recorded.answer)).collect(),
            Err(error) => {
                tracing::warn!(%error, effects = batch.len(), "a batch was not recorded; trying one by one");
                HashMap::new()
            }
        };
        for (effect, verdict) in batch {
            match answers.remove(&effect.id).as_deref() {
                Some("done") => self.ended(&effect, "done", result(&verdict), None),
                Some("lost") => self.ended(&effect, "lost", None, None),
                _ => {
                    tasks.spawn(self.clone().single(effect, verdict));
                }
            }
        }
    }

    async fn single(self, effect: Effect, verdict: Verdict) {
        let Ok(_lane) = self.singles.acquire().await else { return };
        let (verdict, outcome) = match self.record(&effect, &verdict).await {
            Err(error) if !is_passing(&error) => {
                // The effect happened, and its next step would not: tried again, with the same idempotency key.
                let failed = Verdict::retry(format!("recorded no verdict: {error} {:?}", error.cause));
                let outcome = self.record(&effect, &failed).await;
                (failed, outcome)
            }
            outcome => (verdict, outcome),
        };
        match outcome {
            Ok(outcome) => self.ended(&effect, &outcome, result(&verdict), error(&verdict)),
            Err(error) => {
                tracing::error!(effect = %effect.id, kind = effect.kind, %error, cause = ?error.cause, "no verdict recorded; the lease will run out");
                self.held.all().remove(&effect.id);
            }
        }
    }

    async fn record(&self, effect: &Effect, verdict: &Verdict) -> Result<String> {
        let (id, token) = (effect.id, effect.lease_token);
        let (text, kind, after) = match verdict {
            Verdict::Done(result) => {
                return self.call("private.finish_effect", args! { p_id: id, p_token: token, p_result: result }).await;
            }
            Verdict::Retry { error, after } => (error, "retry", *after),
            Verdict::Refused { error } => (error, "refused", None),
        };
        let text = text.replace('\0', "");
        let after = after.map(|after| format!("{} seconds", after.as_secs_f64()));
        let fail = args! { p_id: id, p_token: token, p_error: text, p_verdict: kind, p_retry_after: after };
        self.call("private.fail_effect", fail).await
    }

    async fn call<T: serde::de::DeserializeOwned>(&self, function: &str, args: crate::db::Args) -> Result<T> {
        let mut tried = 0;
        loop {
            tried += 1;
            match self.db.as_service().write(function, args.clone()).await {
                Ok(answer) => return answer.parse(),
                Err(error) if is_passing(&error) && tried < TRIES => {
                    tokio::time::sleep(Duration::from_millis(50 << tried)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What this process has to do once the database knows.
    fn ended(&self, effect: &Effect, outcome: &str, result: Option<Value>, error: Option<String>) {
        crash::point("after_record");
        crash::point_of("after_record", &effect.kind);
        let mut held = self.held.all();
        if held.get(&effect.id).is_some_and(|lease| lease.token == effect.lease_token) {
            held.remove(&effect.id);
        }
        drop(held);
        let labels = [("kind", effect.kind.clone()), ("outcome", outcome.to_owned())];
        metrics::counter!("voxanne_effects_ended_total", &labels).increment(1);
        match outcome {
            "retry" => {
                tracing::info!(effect = %effect.id, kind = effect.kind, attempt = effect.attempts, error, "effect will be tried again")
            }
            "refused" | "dead" => {
                tracing::warn!(effect = %effect.id, kind = effect.kind, outcome, error, "effect given up")
            }
            "lost" => tracing::warn!(effect = %effect.id, kind = effect.kind, "the lease was someone else's by then"),
            _ => {}
        }
        if matches!(outcome, "done" | "refused" | "dead") {
            self.awaiter.resolve(effect.id, &Outcome { outcome: outcome.to_owned(), result, last_error: error });
        }
        // A key's next effect, or the next attempt, may be due before this process would look.
        if effect.alone || outcome == "retry" {
            self.waker.wake_here();
        }
    }
}

fn result(verdict: &Verdict) -> Option<Value> {
    match verdict {
        Verdict::Done(result) => Some(result.clone()),
        _ => None,
    }
}

fn error(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Done(_) => None,
        Verdict::Retry { error, .. } | Verdict::Refused { error } => Some(error.clone()),
    }
}

/// The database is away or busy; the same again may work.
fn is_passing(error: &Error) -> bool {
    error.status.is_server_error() && error.code != "internal_error"
}
