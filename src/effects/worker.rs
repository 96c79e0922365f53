//! The worker of a process: claims what is due, carries it out some at a time, and has the verdicts recorded.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use secrecy::SecretString;
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::{AbortHandle, JoinHandle},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    Awaiter, Effect, Registry, Verdict, Waker, chores,
    clock::{Ahead, Clock},
    crash,
    record::Recorder,
};
use crate::{args, db::Db, error::Result};

/// How long effects under way get to finish once the worker is told to stop; less than a server's own grace.
const GRACE: Duration = Duration::from_secs(8);
/// After a claim that failed: the database is away or busy.
const TROUBLE_PAUSE: Duration = Duration::from_millis(500);

pub struct Settings {
    /// Which leases are this worker's: no other worker anywhere has the same name.
    pub name: String,
    /// Effects carried out at once.
    pub concurrency: usize,
    /// A direct connection to hear other processes' notifications on; without it, polling.
    pub listen_url: Option<SecretString>,
}

/// The workers of this process, until they have stopped.
pub struct Workers {
    pub name: String,
    task: JoinHandle<()>,
}

impl Workers {
    /// Starts claiming at once, and stops when `stopping` is cancelled.
    pub fn start(
        db: Db,
        registry: Registry,
        settings: Settings,
        waker: Waker,
        awaiter: Awaiter,
        stopping: CancellationToken,
    ) -> Self {
        let name = settings.name;
        let worker = Arc::new(Worker {
            db,
            kinds: registry.kinds(),
            registry,
            name: name.clone(),
            waker: waker.clone(),
            seats: Arc::new(Semaphore::new(settings.concurrency)),
            ahead: Mutex::new(Ahead::new(settings.concurrency)),
            concurrency: settings.concurrency,
            unfinished: AtomicUsize::new(0),
            room: Notify::new(),
            held: Held::default(),
            stopping: stopping.clone(),
        });
        if let Some(url) = settings.listen_url {
            tokio::spawn(waker.listen(url, name.clone(), stopping));
        }
        let task = tokio::spawn(worker.work(awaiter));
        Self { name, task }
    }

    /// Waits until effects under way are recorded and the other leases given back.
    pub async fn stopped(self) {
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker ended badly; its leases run out by themselves");
        }
    }
}

/// The leases this process holds.
#[derive(Clone, Default)]
pub(super) struct Held(Arc<Mutex<HashMap<Uuid, Lease>>>);

pub(super) struct Lease {
    pub token: Uuid,
    pub every: Duration,
    pub renew_at: Instant,
    /// Ends the work when the lease is found to be someone else's.
    pub work: Option<AbortHandle>,
}

impl Held {
    pub fn all(&self) -> MutexGuard<'_, HashMap<Uuid, Lease>> {
        self.0.lock().expect("no panic holds it")
    }
}

struct Worker {
    db: Db,
    registry: Registry,
    kinds: Vec<String>,
    name: String,
    waker: Waker,
    seats: Arc<Semaphore>,
    ahead: Mutex<Ahead>,
    concurrency: usize,
    /// Claimed and not carried out yet.
    unfinished: AtomicUsize,
    room: Notify,
    held: Held,
    stopping: CancellationToken,
}

impl Worker {
    async fn work(self: Arc<Self>, awaiter: Awaiter) {
        self.prepare().await;
        let (verdicts, given) = mpsc::unbounded_channel();
        let recorder = Recorder::new(self.db.clone(), self.held.clone(), self.waker.clone(), awaiter);
        let recording = tokio::spawn(recorder.run(given));
        let beating = tokio::spawn(chores::heartbeat(self.db.clone(), self.held.clone()));
        let tending = tokio::spawn(chores::tend(self.db.clone(), self.waker.clone()));
        let tasks = TaskTracker::new();

        self.claim_until_stopped(&tasks, &verdicts).await;

        tending.abort();
        tasks.close();
        if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
            tracing::warn!("effects are still under way; another worker will repeat them");
            self.held.all().values().filter_map(|lease| lease.work.as_ref()).for_each(AbortHandle::abort);
        }
        drop(verdicts);
        if tokio::time::timeout(GRACE, recording).await.is_err() {
            tracing::warn!("not every verdict could be recorded; those effects will be repeated");
        }
        beating.abort();
        match self.db.as_service().write("private.release_leases", args! { p_worker: &self.name }).await {
            Ok(answer) => tracing::info!(released = %answer.body, "worker stopped"),
            Err(error) => tracing::warn!(%error, "leases were not given back; they run out by themselves"),
        }
    }

    /// The days that finished effects go to, before any is finished: rows that are on their way into the default
    /// partition while a day of theirs is made are refused.
    async fn prepare(&self) {
        while !self.stopping.is_cancelled() {
            match self.db.as_service().write("private.keep_effect_days", args! {}).await {
                Ok(_) => return,
                Err(error) => tracing::warn!(%error, "the queue is not there yet"),
            }
            self.sleep(TROUBLE_PAUSE).await;
        }
    }

    async fn claim_until_stopped(
        self: &Arc<Self>,
        tasks: &TaskTracker,
        verdicts: &mpsc::UnboundedSender<(Effect, Verdict)>,
    ) {
        let mut clock = Clock::new(Instant::now());
        while !self.stopping.is_cancelled() {
            let Some(room) = self.room().await else { return };
            let sent = Instant::now();
            let look_back = clock.look_back(sent);
            let effects = match self.claim(room, look_back).await {
                Ok(effects) => effects,
                Err(error) => {
                    tracing::warn!(%error, "claiming failed");
                    self.sleep(TROUBLE_PAUSE).await;
                    continue;
                }
            };
            clock.claimed(sent, room, &effects);
            if !effects.is_empty() {
                crash::point("after_claim");
                effects.iter().for_each(|effect| crash::point_of("after_claim", &effect.kind));
            }
            let full = effects.len() == room;
            effects.into_iter().for_each(|effect| self.begin(effect, tasks, verdicts));
            if full || self.waker.woken().now_or_never().is_some() {
                continue;
            }
            let due = self.due_in(clock.look_back(sent)).await;
            self.sleep(clock.pause(due)).await;
        }
    }

    /// How many effects to claim, once that is worth a round trip; nothing when told to stop.
    async fn room(&self) -> Option<usize> {
        loop {
            let waiting = self.room.notified();
            let hold = self.ahead.lock().expect("no panic holds it").hold();
            let free = hold.saturating_sub(self.unfinished.load(Ordering::Relaxed));
            let worth = if hold >= 2 * self.concurrency { hold / 2 } else { 1 };
            // What is carried out but not recorded is held too: a slow database must not let that grow.
            if free >= worth && self.held.all().len() < 4 * hold {
                return Some(free);
            }
            tokio::select! {
                () = self.stopping.cancelled() => return None,
                () = waiting => {}
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
            }
        }
    }

    async fn claim(&self, limit: usize, look_back: [Option<f64>; 4]) -> Result<Vec<Effect>> {
        let claim = args! { p_worker: &self.name, p_limit: limit, p_kinds: &self.kinds, p_look_back: look_back };
        self.db.as_service().write("private.claim_effects", claim).await?.parse()
    }

    async fn due_in(&self, look_back: [Option<f64>; 4]) -> Option<f64> {
        let next = args! { p_kinds: &self.kinds, p_look_back: look_back };
        self.db.as_service().read("private.next_effect_in", next).await.ok()?.parse().ok()?
    }

    async fn sleep(&self, pause: Duration) {
        tokio::select! {
            () = self.stopping.cancelled() => {}
            () = self.waker.woken() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn begin(
        self: &Arc<Self>,
        effect: Effect,
        tasks: &TaskTracker,
        verdicts: &mpsc::UnboundedSender<(Effect, Verdict)>,
    ) {
        metrics::counter!("voxanne_effects_claimed_total", "kind" => effect.kind.clone()).increment(1);
        metrics::histogram!("voxanne_effect_late_seconds", "kind" => effect.kind.clone())
            .record(effect.late_seconds.max(0.0));
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        let (id, token) = (effect.id, effect.lease_token);
        let every = Duration::from_secs_f64((effect.lease_seconds / 3.0).max(0.1));
        let lease = Lease { token, every, renew_at: Instant::now() + every, work: None };
        self.held.all().insert(id, lease);

        let leaving = Leaving(self.clone());
        let (worker, verdicts) = (self.clone(), verdicts.clone());
        let work = tasks.spawn(async move {
            let _leaving = leaving;
            if let Some(verdict) = worker.carry_out(&effect).await {
                // The recorder outlives all work.
                let _ = verdicts.send((effect, verdict));
            }
        });
        if let Some(lease) = self.held.all().get_mut(&id).filter(|lease| lease.token == token) {
            lease.work = Some(work.abort_handle());
        }
    }

    /// Nothing when told to stop before it began: its lease is given back.
    async fn carry_out(&self, effect: &Effect) -> Option<Verdict> {
        let _seat = tokio::select! {
            biased;
            () = self.stopping.cancelled() => return None,
            seat = self.seats.acquire() => seat.ok()?,
        };
        let started = Instant::now();
        let span = tracing::info_span!("effect", kind = %effect.kind, id = %effect.id);
        let running = std::panic::AssertUnwindSafe(self.registry.run(effect)).catch_unwind();
        let verdict = match running.instrument(span).await {
            Ok(verdict) => verdict,
            Err(_) => Verdict::retry("the executor panicked"),
        };
        crash::point("after_provider");
        crash::point_of("after_provider", &effect.kind);
        let took = started.elapsed();
        self.ahead.lock().expect("no panic holds it").took(took);
        metrics::histogram!("voxanne_effect_run_seconds", "kind" => effect.kind.clone()).record(took);
        Some(verdict)
    }
}

/// Makes room when the work is over, however it ended.
struct Leaving(Arc<Worker>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.unfinished.fetch_sub(1, Ordering::Relaxed);
        self.0.room.notify_one();
    }
}
