//! What happens outside Postgres: each effect is a row first, decided by SQL, and carried out here.
//!
//! An executor is a function from payload to verdict: one HTTP exchange, or a few that belong together, with a time-out.
//! It decides nothing about retries, limits or what comes next: those are rows and functions of the database.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

mod await_outcome;
mod chores;
mod clock;
pub mod crash;
pub mod executors;
mod record;
mod wake;
mod worker;

pub use self::{
    await_outcome::{Awaiter, Outcome, Waited},
    wake::Waker,
    worker::{Settings, Workers},
};
use crate::{server::App, vault::Keyring};

/// One claimed effect, as `private.claim_effects` hands it out.
#[derive(Debug, Clone, Deserialize)]
pub struct Effect {
    pub id: Uuid,
    /// The organisation it is done for; none for the platform's own.
    pub org_id: Option<Uuid>,
    pub kind: String,
    pub payload: Value,
    /// Which attempt this is, counted from 1.
    pub attempts: i32,
    pub lease_token: Uuid,
    pub lease_seconds: f64,
    /// The executor is cut off after this long, and the attempt counts as failed.
    pub timeout_seconds: f64,
    /// How late it was claimed, after the moment it was due.
    #[serde(default)]
    pub late_seconds: f64,
    /// Finishing it touches more than its own row (a key's next effect, a continuation).
    #[serde(default)]
    pub alone: bool,
    #[serde(default)]
    pub priority: i32,
}

impl Effect {
    /// What a provider that knows idempotency keys is sent: the same for every attempt.
    pub fn idempotency_key(&self) -> String {
        self.id.to_string()
    }
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It happened; the value goes to the kind's continuation and to whoever waits.
    Done(Value),
    /// It may work later: after `after` when the provider said when, else after the kind's back-off.
    Retry { error: String, after: Option<Duration> },
    /// It never will; the provider said no.
    Refused { error: String },
}

impl Verdict {
    pub fn retry(error: impl Into<String>) -> Self {
        Self::Retry { error: error.into(), after: None }
    }

    pub fn refused(error: impl Into<String>) -> Self {
        Self::Refused { error: error.into() }
    }
}

/// Carries out one kind of effect. Write `async fn run(&self, effect: &Effect) -> Verdict` in the implementation.
///
/// Provider calls happen at least once: look before repeating, or send [`Effect::idempotency_key`].
pub trait Executor: Send + Sync + 'static {
    fn run(&self, effect: &Effect) -> impl Future<Output = Verdict> + Send;
}

trait AnyExecutor: Send + Sync {
    fn run<'a>(&'a self, effect: &'a Effect) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;
}

impl<E: Executor> AnyExecutor for E {
    fn run<'a>(&'a self, effect: &'a Effect) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>> {
        Box::pin(Executor::run(self, effect))
    }
}

/// Which executor carries out which kind. A worker claims the kinds it finds here and leaves the others to newer servers.
#[derive(Clone, Default)]
pub struct Registry {
    executors: HashMap<String, Arc<dyn AnyExecutor>>,
}

impl Registry {
    /// A registry that knows the platform's own kinds.
    pub fn new() -> Self {
        Self::default().with("platform.ping", Ping)
    }

    pub fn with(mut self, kind: &str, executor: impl Executor) -> Self {
        self.executors.insert(kind.to_owned(), Arc::new(executor));
        self
    }

    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.executors.keys().cloned().collect();
        kinds.sort();
        kinds
    }

    /// Carries the effect out, within its time-out.
    pub async fn run(&self, effect: &Effect) -> Verdict {
        let Some(executor) = self.executors.get(&effect.kind) else {
            return Verdict::retry(format!("this server has no executor for {}", effect.kind));
        };
        let limit = Duration::from_secs_f64(effect.timeout_seconds.max(0.1));
        match tokio::time::timeout(limit, executor.run(effect)).await {
            Ok(verdict) => verdict,
            Err(_) => Verdict::retry(format!("no answer within {} s", limit.as_secs_f64())),
        }
    }
}

/// Answers its payload back: how `voxanne doctor` sees that effects flow from end to end.
struct Ping;

impl Executor for Ping {
    async fn run(&self, effect: &Effect) -> Verdict {
        Verdict::Done(effect.payload.clone())
    }
}

/// Starts this process's workers; they stop with the app.
pub async fn start(app: &App) -> anyhow::Result<Workers> {
    let settings = Settings {
        name: format!("{}-{}", std::process::id(), Uuid::new_v4().simple()),
        concurrency: app.config.worker_concurrency,
        listen_url: app.config.database.listen_url.clone(),
    };
    let waker = connect_waker(app, &settings.name);
    let keyring = Keyring::new(&app.config, app.db.clone());
    let registry = executors::registry(&app.config, &app.http, &keyring);
    Ok(Workers::start(app.db.clone(), registry, settings, waker, app.awaiter.clone(), app.stopping.clone()))
}

/// For a process without workers: has those elsewhere told after its commits.
pub fn wake_others(app: &App) {
    connect_waker(app, "");
}

fn connect_waker(app: &App, name: &str) -> Waker {
    let waker = Waker::default();
    let told = waker.clone();
    app.db.on_wake(move || told.wake());
    if app.config.database.listen_url.is_some() {
        tokio::spawn(waker.clone().announce(app.db.clone(), name.to_owned(), app.stopping.clone()));
    }
    waker
}
