//! What hangs on effects: continuations, schedules, notifications, operations.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_postgres::{AsyncMessage, NoTls};
use uuid::Uuid;
use voxanne::{args, effects::Verdict};

use super::effects_support::{Queue, TestWorker, knows};
use crate::support::{TestDb, TestServer, eventually};

#[tokio::test]
async fn a_saga_takes_each_step_once_and_its_compensation_on_refusal() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.step", 2, Some("test_step")).await;
    queue
        .owner
        .batch_execute(
            "create table private.test_log (line text);
             create function private.test_step(p_effect jsonb, p_outcome text, p_result jsonb) returns void language plpgsql
             security definer set search_path = pg_catalog, pg_temp as $$
             begin
                 insert into private.test_log values (concat_ws(' ', p_effect #>> '{payload,n}', p_outcome, p_result));
                 if p_outcome = 'done' and (p_effect #>> '{payload,n}')::int < 5 then
                     perform private.enqueue_effect(
                         null, 'test.step', jsonb_build_object('n', (p_effect #>> '{payload,n}')::int + 1), 'saga');
                 end if;
             end $$",
        )
        .await
        .unwrap();
    let registry = knows("test.step", |effect| async move {
        match effect.payload["n"].as_i64() {
            Some(5) => Verdict::refused("no more"),
            n => Verdict::Done(json!(n)),
        }
    });
    let worker = TestWorker::start(&db, 4, registry).await;
    queue.enqueue("test.step", json!({ "n": 1 }), Some("saga"), 0.0).await;
    queue.drained("test.step").await;
    worker.stop().await;
    let rows = queue.owner.query("select line from private.test_log order by ctid", &[]).await.unwrap();
    let lines: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(lines, ["1 done 1", "2 done 2", "3 done 3", "4 done 4", "5 refused"]);
}

#[tokio::test]
async fn a_continuation_that_fails_undoes_itself_and_is_taken_again() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue.kind("test.stumble", 5, Some("test_stumble")).await;
    queue
        .owner
        .batch_execute(
            "create table private.test_log (line text);
             create function private.test_stumble(p_effect jsonb, p_outcome text, p_result jsonb) returns void language plpgsql
             security definer set search_path = pg_catalog, pg_temp as $$
             begin
                 insert into private.test_log values (p_outcome);
                 if (p_effect ->> 'attempts')::int < 3 then
                     perform 1 / 0;
                 end if;
             end $$",
        )
        .await
        .unwrap();
    let worker = TestWorker::start(&db, 4, knows("test.stumble", |_| async { Verdict::Done(json!(1)) })).await;
    let id = queue.enqueue("test.stumble", json!({}), None, 0.0).await;
    queue.drained("test.stumble").await;
    worker.stop().await;
    assert_eq!(queue.end(id).await, ("done".to_owned(), 3));
    assert_eq!(queue.count("test_log", "true").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_schedule_is_made_up_once_however_many_servers_there_are() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    queue
        .owner
        .batch_execute(
            "create table private.test_log (line text);
             create function private.test_tick(p_now timestamptz) returns void language sql
             set search_path = pg_catalog, pg_temp as $$ insert into private.test_log values ('tick') $$;
             insert into private.schedules (name, every, function, enabled) values ('test_tick', '1 hour', 'test_tick', true);
             insert into private.schedule_state (name, next_run_at) values ('test_tick', now() - interval '5 hours 10 minutes')",
        )
        .await
        .unwrap();
    let mut servers = Vec::new();
    for _ in 0..6 {
        let client = db.worker().await;
        servers.push(tokio::spawn(async move {
            for _ in 0..5 {
                client.execute("select private.run_due_schedules(p_limit => 1)", &[]).await.expect("schedules run");
            }
        }));
    }
    for server in servers {
        server.await.unwrap();
    }
    assert_eq!(queue.count("test_log", "true").await, 1);
    assert_eq!(queue.count("schedule_runs", "name = 'test_tick' and ok").await, 1);
    let rhythm = "name = 'test_tick' and next_run_at > now() and next_run_at <= now() + interval '1 hour' \
                  and extract(minute from next_run_at - now()) between 49 and 50";
    assert_eq!(queue.count("schedule_state", rhythm).await, 1);
}

#[tokio::test]
async fn workers_run_the_schedules_there_are() {
    let db = TestDb::new().await;
    let queue = Queue::of(&db).await;
    let workers = [
        TestWorker::start(&db, 1, voxanne::effects::Registry::new()).await,
        TestWorker::start(&db, 1, voxanne::effects::Registry::new()).await,
    ];
    let all = "(select count(*) from private.schedules where enabled and every is not null) \
               = (select count(distinct name) from private.schedule_runs)";
    eventually("every schedule with an interval has run", || async { queue.count("schedule_state", all).await > 0 })
        .await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(queue.count("schedule_runs", "not ok").await, 0);
    assert_eq!(
        queue.count("schedule_runs", "true").await,
        queue.count("schedules", "enabled and every is not null").await
    );
}

#[tokio::test]
async fn workers_elsewhere_are_notified_after_the_commit_and_not_for_each_effect() {
    let server = TestServer::without_workers(&[]).await;
    voxanne::effects::wake_others(&server.app);
    let (client, mut connection) = tokio_postgres::connect(&server.db.url_worker(), NoTls).await.unwrap();
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            count.fetch_add(usize::from(matches!(message, AsyncMessage::Notification(_))), Ordering::SeqCst);
        }
    });
    client.batch_execute("listen voxanne_effects").await.unwrap();

    const EFFECTS: usize = 200;
    for _ in 0..EFFECTS {
        server.app.db.as_service().write("private.enqueue_ping", args! {}).await.unwrap();
    }
    eventually("somebody was told", || async { heard.load(Ordering::SeqCst) > 0 }).await;
    assert!(heard.load(Ordering::SeqCst) < EFFECTS, "notifications are coalesced");
}

#[tokio::test]
async fn an_operation_is_seen_by_its_own_organisation_alone() {
    let server = TestServer::start().await;
    let (ours, theirs) = (server.sign_up("Ours").await, server.sign_up("Theirs").await);
    let owner = server.db.owner().await;
    let id: Uuid = owner
        .query_one("select private.enqueue_effect($1, 'platform.ping', '{\"say\": \"pong\"}', null, now() + interval '300 milliseconds')", &[&ours.org_id])
        .await
        .unwrap()
        .get(0);
    let path = format!("/api/operations/{id}");

    let queued: Value = server.get(&path, &ours).send().await.unwrap().json().await.unwrap();
    assert_eq!((&queued["id"], &queued["kind"]), (&json!(id), &json!("platform.ping")));
    let done: Value = server.get(&format!("{path}?wait_seconds=8"), &ours).send().await.unwrap().json().await.unwrap();
    assert_eq!((&done["status"], &done["result"]), (&json!("done"), &json!({ "say": "pong" })));

    let foreign = server.get(&path, &theirs).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    assert_eq!(foreign.json::<Value>().await.unwrap()["code"], "operation_not_found");
    let odd =
        server.get(&format!("{path}?wait_seconds=900"), &ours).timeout(Duration::from_secs(20)).send().await.unwrap();
    assert!(odd.status().is_client_error());
}
