//! Effects of one key happen one after the other, whoever carries them out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use voxanne::effects::Verdict;

use super::effects_support::{Queue, TestWorker, enqueue, knows};
use crate::support::TestDb;

/// What happened to each key, in order, and how often two of one key were under way at once.
#[derive(Default)]
struct Log {
    running: HashMap<String, usize>,
    order: HashMap<String, Vec<i64>>,
    overlaps: usize,
}

type Shared = Arc<Mutex<Log>>;

fn recording(log: &Shared) -> voxanne::effects::Registry {
    let log = log.clone();
    knows("test.keyed", move |effect| {
        let log = log.clone();
        async move {
            let key = effect.payload["key"].as_str().unwrap_or_default().to_owned();
            {
                let mut log = log.lock().expect("no panic holds it");
                let running = log.running.entry(key.clone()).or_default();
                *running += 1;
                let overlaps = usize::from(*running > 1);
                log.overlaps += overlaps;
                log.order.entry(key.clone()).or_default().push(effect.payload["n"].as_i64().unwrap_or(-1));
            }
            tokio::time::sleep(Duration::from_micros(200)).await;
            *log.lock().expect("no panic holds it").running.get_mut(&key).expect("it runs") -= 1;
            Verdict::Done(json!(null))
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_of_a_key_never_overlap_and_keep_their_order() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.keyed", 5, None).await;
    let log = Shared::default();
    let mut workers = Vec::new();
    for _ in 0..3 {
        workers.push(TestWorker::start(&db, 8, recording(&log)).await);
    }

    const WRITERS: i64 = 4;
    const KEYS: i64 = 10;
    const EACH: i64 = 60;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let client = db.owner().await;
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                for key in 0..KEYS {
                    let key = format!("{writer}-{key}");
                    enqueue(&client, "test.keyed", json!({ "key": key, "n": n }), Some(&key), 0.0).await;
                }
            }
        }));
    }
    for writer in writers {
        writer.await.expect("everything is on record");
    }
    queue.drained("test.keyed").await;
    for worker in workers {
        worker.stop().await;
    }

    let at_once = "kind = 'test.keyed' and outcome = 'done' and attempts = 1";
    assert_eq!(queue.count("effects_done", at_once).await, WRITERS * KEYS * EACH);
    let log = log.lock().expect("no panic holds it");
    assert_eq!(log.overlaps, 0);
    assert_eq!(log.order.len() as i64, WRITERS * KEYS);
    for (key, order) in &log.order {
        assert_eq!(*order, (0..EACH).collect::<Vec<_>>(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_meet_in_one_key_neither_overlap_nor_leave_one_waiting() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.keyed", 5, None).await;
    let log = Shared::default();
    let mut workers = Vec::new();
    for _ in 0..3 {
        workers.push(TestWorker::start(&db, 4, recording(&log)).await);
    }

    const WRITERS: i64 = 8;
    const EACH: i64 = 50;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let client = db.owner().await;
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                let key = format!("hot-{}", n % 2);
                client.batch_execute("begin").await.expect("a transaction");
                enqueue(&client, "test.keyed", json!({ "key": key, "n": writer * EACH + n }), Some(&key), 0.0).await;
                tokio::task::yield_now().await;
                client.batch_execute(if n % 10 == 9 { "rollback" } else { "commit" }).await.expect("its end");
            }
        }));
    }
    for writer in writers {
        writer.await.expect("everything is on record");
    }
    queue.drained("test.keyed").await;
    for worker in workers {
        worker.stop().await;
    }

    let committed = WRITERS * EACH * 9 / 10;
    assert_eq!(queue.count("effects_done", "kind = 'test.keyed' and outcome = 'done'").await, committed);
    let log = log.lock().expect("no panic holds it");
    assert_eq!(log.overlaps, 0);
    assert_eq!(log.order.values().map(Vec::len).sum::<usize>() as i64, committed);
}

#[tokio::test]
async fn what_is_finished_behind_a_long_snapshot_costs_a_claim_nothing() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    let snapshot = db.owner().await;
    snapshot
        .batch_execute("begin isolation level repeatable read; select from private.effects")
        .await
        .expect("a report that takes its time");
    queue
        .owner
        .batch_execute(
            "select private.enqueue_effect(null, 'platform.ping', '{}', p_run_at => now() - interval '10 minutes')
             from generate_series(1, 3000);
             select count(*) from private.finish_effects((
                 select jsonb_agg(jsonb_build_object('id', c.id, 'token', c.lease_token))
                 from private.claim_effects('w', 3000) as c))",
        )
        .await
        .expect("everything is done");
    assert_eq!(queue.count("effects", "true").await, 0);

    let pages = async |look_back: &str| {
        let claim = format!(
            "explain (analyze, buffers, format json) select from private.claim_effects('w', 10, null, {look_back})"
        );
        let plan: serde_json::Value = queue.owner.query_one(&claim, &[]).await.expect("a plan").get(0);
        plan[0]["Plan"]["Shared Hit Blocks"].as_i64().expect("pages")
            + plan[0]["Plan"]["Shared Read Blocks"].as_i64().expect("pages")
    };
    pages("null").await;
    let (everything, recent) = (pages("null").await, pages("array[1, 1, 1, 1]").await);
    assert!(everything > 4 * recent, "{everything} pages for everything, {recent} for what is recent");
}
