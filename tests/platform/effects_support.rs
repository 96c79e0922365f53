//! What the tests of effects share: workers in this process over a test's database, and kinds of their own.

use std::{future::Future, sync::Arc};

use serde_json::Value;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use voxanne::{
    config::Config,
    db::Db,
    effects::{Awaiter, Effect, Executor, Registry, Settings, Verdict, Waker, Workers},
};

use crate::support::{TestDb, eventually, server::base_settings};

/// An executor from a closure.
pub struct Each<F>(pub F);

impl<F, Fut> Executor for Each<F>
where
    F: Fn(Effect) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Verdict> + Send,
{
    async fn run(&self, effect: &Effect) -> Verdict {
        (self.0)(effect.clone()).await
    }
}

/// The product's own access to a test's database.
pub async fn connect(db: &TestDb) -> Db {
    let config = Config::from_map(&base_settings(db, "http://127.0.0.1:1")).expect("test settings are fit");
    Db::connect(&config.database, 4).await.expect("the database is there")
}

/// A worker as a process of its own would have it: own pool, own name, nobody wakes it but itself.
pub struct TestWorker {
    pub db: Db,
    pub awaiter: Awaiter,
    stopping: CancellationToken,
    workers: Workers,
}

impl TestWorker {
    pub async fn start(db: &TestDb, concurrency: usize, registry: Registry) -> Self {
        let db = connect(db).await;
        let waker = Waker::default();
        let told = waker.clone();
        db.on_wake(move || told.wake());
        let awaiter = Awaiter::new(db.clone());
        let stopping = CancellationToken::new();
        let name = format!("test-{}", Uuid::new_v4().simple());
        let settings = Settings { name, concurrency, listen_url: None };
        let workers = Workers::start(db.clone(), registry, settings, waker, awaiter.clone(), stopping.clone());
        Self { db, awaiter, stopping, workers }
    }

    pub async fn stop(self) {
        self.stopping.cancel();
        self.workers.stopped().await;
    }

    pub fn begin_stop(&self) {
        self.stopping.cancel();
    }
}

/// A registry with one kind, carried out by a closure.
pub fn knows<F, Fut>(kind: &str, run: F) -> Registry
where
    F: Fn(Effect) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Verdict> + Send,
{
    Registry::new().with(kind, Each(run))
}

pub struct Queue {
    pub owner: Arc<Client>,
}

impl Queue {
    pub async fn of(db: &TestDb) -> Self {
        Self { owner: Arc::new(db.owner().await) }
    }

    /// A kind that is tried so many times, with hardly a pause, and a lease that runs out soon.
    pub async fn kind(&self, kind: &str, max_attempts: i32, continuation: Option<&str>) {
        self.owner
            .execute(
                "insert into private.effect_kinds values ($1, split_part($1, '.', 1), 100, $2, 0.02, 0.1, 0.5, 1, 2, $3, true)",
                &[&kind, &max_attempts, &continuation],
            )
            .await
            .expect("a kind of the test");
    }

    pub async fn enqueue(&self, kind: &str, payload: Value, key: Option<&str>, in_seconds: f64) -> Uuid {
        enqueue(&self.owner, kind, payload, key, in_seconds).await
    }

    pub async fn count(&self, table: &str, condition: &str) -> i64 {
        self.owner
            .query_one(&format!("select count(*) from private.{table} where {condition}"), &[])
            .await
            .expect("a count")
            .get(0)
    }

    /// Waits until nothing of a kind is alive.
    pub async fn drained(&self, kind: &str) {
        let condition = format!("kind = '{kind}'");
        eventually("the queue is empty", || async { self.count("effects", &condition).await == 0 }).await;
    }

    /// The one end of an effect: outcome and attempts.
    pub async fn end(&self, id: Uuid) -> (String, i32) {
        let row = self
            .owner
            .query_one("select outcome, attempts from private.effects_done where id = $1", &[&id])
            .await
            .expect("it ended once");
        (row.get(0), row.get(1))
    }
}

pub async fn enqueue(client: &Client, kind: &str, payload: Value, key: Option<&str>, in_seconds: f64) -> Uuid {
    client
        .query_one(
            "select private.enqueue_effect(null, $1, $2, $3, now() + make_interval(secs => $4))",
            &[&kind, &payload, &key, &in_seconds],
        )
        .await
        .expect("it is on record")
        .get(0)
}
