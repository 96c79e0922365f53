//! The worker: what it carries out, when, how often, and what it leaves behind.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use uuid::Uuid;
use voxanne::{
    args,
    effects::{Awaiter, Registry, Verdict, Waited},
};

use super::effects_support::{Queue, TestWorker, connect, knows};
use crate::support::{TestDb, eventually};

const LONG: Duration = Duration::from_secs(30);

/// Answers what the list says, attempt by attempt, and the last for ever.
fn answering(kind: &str, verdicts: Vec<Verdict>) -> Registry {
    knows(kind, move |effect| {
        let at = (effect.attempts as usize - 1).min(verdicts.len() - 1);
        let verdict = verdicts[at].clone();
        async move { verdict }
    })
}

#[tokio::test]
async fn many_effects_are_each_done_once() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    let seen = Arc::new(AtomicUsize::new(0));
    queue.kind("test.plain", 3, None).await;
    queue
        .owner
        .execute(
            "select private.enqueue_effect(null, 'test.plain', to_jsonb(n)) from generate_series(1, 3000) as n",
            &[],
        )
        .await
        .unwrap();
    let counted = seen.clone();
    let registry = knows("test.plain", move |effect| {
        counted.fetch_add(1, Ordering::Relaxed);
        async move { Verdict::Done(effect.payload) }
    });
    let (one, two) = (TestWorker::start(&db, 16, registry.clone()).await, TestWorker::start(&db, 16, registry).await);
    queue.drained("test.plain").await;
    one.stop().await;
    two.stop().await;
    assert_eq!(seen.load(Ordering::Relaxed), 3000);
    assert_eq!(
        queue.count("effects_done", "kind = 'test.plain' and outcome = 'done' and result = payload").await,
        3000
    );
}

#[tokio::test]
async fn an_effect_is_not_done_before_its_time() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.timer", 3, None).await;
    let worker = TestWorker::start(&db, 4, answering("test.timer", vec![Verdict::Done(json!(1))])).await;
    for tenth in [9, 1, 5, 3] {
        queue.enqueue("test.timer", json!(tenth), None, f64::from(tenth) / 10.0).await;
    }
    queue.drained("test.timer").await;
    worker.stop().await;
    assert_eq!(queue.count("effects_done", "kind = 'test.timer' and finished_at < run_at").await, 0);
    let order = "(select array_agg(payload order by finished_at) from private.effects_done where kind = 'test.timer') \
                 = array['1', '3', '5', '9']::jsonb[]";
    assert_eq!(queue.count("effects_done", order).await, 4);
}

#[tokio::test]
async fn what_fails_is_tried_again_and_done_once() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.shaky", 5, None).await;
    let after = Verdict::Retry { error: "wait".to_owned(), after: Some(Duration::from_millis(30)) };
    let verdicts = vec![Verdict::retry("not yet"), after, Verdict::Done(json!("at last"))];
    let worker = TestWorker::start(&db, 4, answering("test.shaky", verdicts)).await;
    let id = queue.enqueue("test.shaky", json!({}), None, 0.0).await;
    queue.drained("test.shaky").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("done".to_owned(), 3));
}

#[tokio::test]
async fn an_executor_that_panics_or_hangs_or_answers_nonsense_costs_an_attempt() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.broken", 4, None).await;
    queue
        .owner
        .execute("update private.effect_kinds set timeout_seconds = 0.2 where kind = 'test.broken'", &[])
        .await
        .unwrap();
    let registry = knows("test.broken", |effect| async move {
        match effect.attempts {
            1 => panic!("planted"),
            2 => std::future::pending().await,
            3 => Verdict::Done(json!("no text \u{0} for Postgres")),
            _ => Verdict::Done(json!("fine")),
        }
    });
    let worker = TestWorker::start(&db, 4, registry).await;
    let id = queue.enqueue("test.broken", json!({}), None, 0.0).await;
    queue.drained("test.broken").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("done".to_owned(), 4));
}

#[tokio::test]
async fn a_dead_letter_is_told_to_the_operator_and_can_be_replayed() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.doomed", 2, None).await;
    let worker =
        TestWorker::start(&db, 4, answering("test.doomed", vec![Verdict::retry("the provider is gone")])).await;
    let id = queue.enqueue("test.doomed", json!({}), None, 0.0).await;
    queue.drained("test.doomed").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("dead".to_owned(), 2));
    assert_eq!(queue.count("dead_effects", "last_error = 'the provider is gone'").await, 1);
    assert_eq!(queue.count("effects", "kind = 'slack.message' and payload ->> 'text' like '%test.doomed%'").await, 1);

    let worker = TestWorker::start(&db, 4, answering("test.doomed", vec![Verdict::Done(json!("back"))])).await;
    let replayed: bool =
        worker.db.as_service().write("private.replay_effect", args! { p_id: id }).await.unwrap().parse().unwrap();
    assert!(replayed);
    queue.drained("test.doomed").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("done".to_owned(), 1));
}

#[tokio::test]
async fn a_cancelled_effect_never_happens() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.unwanted", 2, None).await;
    let id = queue.enqueue("test.unwanted", json!("cancelled"), Some("k"), 0.0).await;
    let next = queue.enqueue("test.unwanted", json!("wanted"), Some("k"), 0.0).await;
    let cancelled: bool = queue.owner.query_one("select private.cancel_effect($1)", &[&id]).await.unwrap().get(0);
    assert!(cancelled);
    let worker = TestWorker::start(&db, 4, answering("test.unwanted", vec![Verdict::Done(json!(1))])).await;
    queue.drained("test.unwanted").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("cancelled".to_owned(), 0));
    assert_eq!(queue.end(next).await, ("done".to_owned(), 1));
}

#[tokio::test]
async fn who_waits_hears_the_outcome_from_here_and_from_elsewhere() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.awaited", 2, None).await;
    let verdicts = |effect: voxanne::effects::Effect| async move {
        match effect.payload.as_str() {
            Some("no") => Verdict::refused("never"),
            _ => Verdict::Done(json!({ "url": "https://pay.example" })),
        }
    };
    let worker = TestWorker::start(&db, 4, knows("test.awaited", verdicts)).await;
    let elsewhere = Awaiter::new(connect(&db).await);

    let id = queue.enqueue("test.awaited", json!("yes"), None, 0.2).await;
    let (here, there) = tokio::join!(worker.awaiter.wait(id, LONG), elsewhere.wait(id, LONG));
    for waited in [here, there] {
        let Waited::Finished(outcome) = waited else { panic!("nobody told us") };
        assert_eq!((outcome.outcome.as_str(), outcome.result), ("done", Some(json!({ "url": "https://pay.example" }))));
    }

    let refused = queue.enqueue("test.awaited", json!("no"), None, 0.0).await;
    let Waited::Finished(outcome) = elsewhere.wait(refused, LONG).await else { panic!("nobody told us") };
    assert_eq!((outcome.outcome.as_str(), outcome.last_error.as_deref()), ("refused", Some("never")));

    let late = queue.enqueue("test.awaited", json!("yes"), None, 3600.0).await;
    assert_eq!(elsewhere.wait(late, Duration::from_millis(250)).await, Waited::Pending);
    worker.stop().await;
}

#[tokio::test]
async fn an_expired_lease_is_taken_over_and_its_first_holder_is_told() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.orphan", 3, None).await;
    let id = queue.enqueue("test.orphan", json!({}), None, 0.0).await;
    let claim = "select lease_token from private.claim_effects('a worker that dies', 10, array['test.orphan'], null, now() - interval '1 hour')";
    queue.owner.execute("update private.effects set run_at = run_at - interval '2 hours'", &[]).await.unwrap();
    let dead: Uuid = queue.owner.query_one(claim, &[]).await.unwrap().get(0);

    let worker = TestWorker::start(&db, 4, answering("test.orphan", vec![Verdict::Done(json!("taken over"))])).await;
    queue.drained("test.orphan").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("done".to_owned(), 2));

    let finish = "select private.finish_effect($1, $2)";
    let answer =
        |token: Uuid| async move { queue.owner.query_one(finish, &[&id, &token]).await.unwrap().get::<_, String>(0) };
    assert_eq!(answer(dead).await, "lost");
}

#[tokio::test]
async fn a_repeated_finish_answers_done() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    let id = queue.enqueue("platform.ping", json!({}), None, 0.0).await;
    let claim = "select lease_token from private.claim_effects('w', 10, array['platform.ping'])";
    let token: Uuid = queue.owner.query_one(claim, &[]).await.unwrap().get(0);
    let finishes = json!([{ "id": id, "token": token, "result": "pong" }]);
    for _ in 0..2 {
        let row = queue.owner.query_one("select answer from private.finish_effects($1)", &[&finishes]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), "done");
        let row =
            queue.owner.query_one("select private.finish_effect($1, $2, '\"pong\"')", &[&id, &token]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), "done");
    }
    assert_eq!(queue.count("effects_done", "result = '\"pong\"'").await, 1);
}

#[tokio::test]
async fn a_worker_that_stops_finishes_what_it_began_and_gives_the_rest_back() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.slow", 3, None).await;
    let (begun, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let (counted, gate) = (begun.clone(), go_on.clone());
    let registry = knows("test.slow", move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        let gate = gate.clone();
        async move {
            let _ = gate.acquire().await.expect("it opens");
            Verdict::Done(Value::Null)
        }
    });
    queue
        .owner
        .execute(
            "update private.effect_kinds set timeout_seconds = 25, lease_seconds = 30 where kind = 'test.slow'",
            &[],
        )
        .await
        .unwrap();
    for n in 0..6 {
        queue.enqueue("test.slow", json!(n), None, 0.0).await;
    }
    let worker = TestWorker::start(&db, 2, registry).await;
    eventually("two have begun", || async { begun.load(Ordering::SeqCst) == 2 }).await;
    worker.begin_stop();
    let stopped = tokio::spawn(worker.stop());
    go_on.add_permits(1000);
    stopped.await.expect("it stops");

    let done = queue.count("effects_done", "kind = 'test.slow' and outcome = 'done'").await;
    assert_eq!(done, begun.load(Ordering::SeqCst) as i64);
    assert_eq!(
        queue.count("effects", "kind = 'test.slow' and state = 'ready' and attempts = 0 and worker is null").await,
        6 - done
    );
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_work_goes_on() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.long", 5, None).await;
    queue
        .owner
        .execute(
            "update private.effect_kinds set timeout_seconds = 1.9, lease_seconds = 2 where kind = 'test.long'",
            &[],
        )
        .await
        .unwrap();
    let runs = Arc::new(Mutex::new(Vec::new()));
    let log = runs.clone();
    // One seat: the second waits in the worker's hands for longer than a lease lasts.
    let registry = knows("test.long", move |effect| {
        log.lock().expect("no panic holds it").push(effect.id);
        async move {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            Verdict::Done(Value::Null)
        }
    });
    queue
        .owner
        .execute("select private.enqueue_effect(null, 'test.long', '{}') from generate_series(1, 3)", &[])
        .await
        .unwrap();
    let worker = TestWorker::start(&db, 3, registry.clone()).await;
    let other = TestWorker::start(&db, 3, registry).await;
    queue.drained("test.long").await;
    worker.stop().await;
    other.stop().await;
    assert_eq!(runs.lock().expect("no panic holds it").len(), 3, "nobody repeated what was still under way");
    assert_eq!(queue.count("effects_done", "kind = 'test.long' and attempts = 1").await, 3);
}

#[tokio::test]
async fn kinds_this_server_does_not_know_are_left_to_others() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.newer", 3, None).await;
    queue.kind("test.known", 3, None).await;
    let newer = queue.enqueue("test.newer", json!({}), None, 0.0).await;
    queue.enqueue("test.known", json!({}), None, 0.0).await;
    let worker = TestWorker::start(&db, 4, answering("test.known", vec![Verdict::Done(json!(1))])).await;
    queue.drained("test.known").await;
    assert_eq!(queue.count("effects", "kind = 'test.newer' and state = 'ready' and attempts = 0").await, 1);
    worker.stop().await;
    let worker = TestWorker::start(&db, 4, answering("test.newer", vec![Verdict::Done(json!(1))])).await;
    queue.drained("test.newer").await;
    worker.stop().await;
    assert_eq!(queue.end(newer).await, ("done".to_owned(), 1));
}
