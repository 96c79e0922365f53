//! The one way to the database: whose name a call runs in, what is tried again, who has to wait.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Waker},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use voxanne::{args, auth::Principal, db::Db};

use crate::support::{Session, TestServer, eventually};

/// Makes functions that only a test needs, callable by signed-in people.
async fn make(server: &TestServer, sql: &str) {
    server.db.owner().await.batch_execute(sql).await.expect("the test's own functions");
}

/// How many calls are asleep in this test's database.
async fn sleeping(server: &TestServer) -> i64 {
    let asleep = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    server.db.superuser().await.query_one(asleep, &[]).await.expect("the activity").get(0)
}

async fn principal(server: &TestServer, session: &Session) -> Principal {
    server.app.auth.verify(&session.token).await.expect("a good token")
}

/// Polls a future so many times and gives it up.
fn give_up_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if future.as_mut().poll(&mut context).is_ready() {
            return;
        }
        std::thread::yield_now();
    }
}

/// The role and claims a connection would give its next user.
async fn left_behind(db: &Db) -> Vec<(String, String)> {
    let pool = db.user_pool();
    let connections = join_all((0..pool.status().max_size).map(|_| pool.get())).await;
    let mut found = Vec::new();
    for connection in connections {
        let row = connection
            .expect("a connection")
            .query_one("select current_user::text, coalesce(current_setting('request.jwt.claims', true), '')", &[])
            .await
            .expect("a connection outside any transaction");
        found.push((row.get(0), row.get(1)));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_given_up_at_any_point_leaves_its_connection_clean() {
    let server = TestServer::without_workers(&[("ORG_IN_FLIGHT", "100")]).await;
    let (alice, bob) = (server.sign_up("Alice").await, server.sign_up("Bob").await);
    let (as_alice, as_bob) = (principal(&server, &alice).await, principal(&server, &bob).await);
    let db = &server.app.db;

    for round in 0..3000 {
        give_up_after(
            round % 7,
            db.as_user(&as_alice).write("update_organization", args! { p_patch: json!({ "specialty": "x" }) }),
        );
        if round % 10 == 0 {
            let answer: Value = db.as_user(&as_bob).read("get_organization", args! {}).await.unwrap().parse().unwrap();
            assert_eq!(answer["id"], json!(bob.org_id));
        }
        if round % 500 == 0 {
            for (role, claims) in left_behind(db).await {
                assert_eq!((role.as_str(), claims.as_str()), ("voxanne_api", ""));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hung_up_clients_leave_the_next_one_its_own_name() {
    let server = Arc::new(TestServer::without_workers(&[("ORG_IN_FLIGHT", "100")]).await);
    let (alice, bob) = (server.sign_up("Alice").await, server.sign_up("Bob").await);

    let hanging_up = (0..8).map(|lane| {
        let (server, alice) = (server.clone(), alice.clone());
        tokio::spawn(async move {
            for round in 0..150_u64 {
                let request =
                    server.patch("/api/organization", &alice).json(&json!({ "specialty": "dentistry" })).send();
                let patience = std::time::Duration::from_micros((round * 37 + lane * 11) % 4000);
                drop(tokio::time::timeout(patience, request).await);
            }
        })
    });
    let hanging_up = tokio::spawn(join_all(hanging_up));
    for _ in 0..200 {
        let answer: Value = server.get("/api/organization", &bob).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["id"], json!(bob.org_id), "{answer}");
    }
    hanging_up.await.unwrap();
}

#[tokio::test]
async fn a_deadlock_is_tried_again_and_neither_caller_hears_of_it() {
    let server = TestServer::without_workers(&[]).await;
    let session = server.sign_up("Clinic").await;
    make(
        &server,
        "create table private.duel (id integer primary key, hits integer not null default 0);
         insert into private.duel (id) values (1), (2);
         create function public.duel(p_first integer, p_second integer) returns integer
         language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
         begin
             update private.duel set hits = hits + 1 where id = p_first;
             perform pg_sleep(0.3);
             update private.duel set hits = hits + 1 where id = p_second;
             return 1;
         end $$;
         grant execute on function public.duel(integer, integer) to authenticated",
    )
    .await;
    let caller = server.app.db.as_user(&principal(&server, &session).await);
    let (one, two) = tokio::join!(
        caller.write("duel", args! { p_first: 1, p_second: 2 }),
        caller.write("duel", args! { p_first: 2, p_second: 1 }),
    );
    assert_eq!((one.unwrap().body, two.unwrap().body), ("1".to_owned(), "1".to_owned()));
    let hits: i64 = server.db.owner().await.query_one("select sum(hits) from private.duel", &[]).await.unwrap().get(0);
    assert_eq!(hits, 4);
}

#[tokio::test]
async fn one_busy_organisation_does_not_stall_the_others() {
    let server = TestServer::without_workers(&[("ORG_IN_FLIGHT", "2"), ("DATABASE_POOL_WAIT_MS", "30000")]).await;
    let (busy, quiet) = (server.sign_up("Busy").await, server.sign_up("Quiet").await);
    make(
        &server,
        "create function public.dawdle() returns integer language plpgsql volatile security invoker
         set search_path = pg_catalog, pg_temp as $$ begin perform pg_sleep(0.3); return 1; end $$;
         grant execute on function public.dawdle() to authenticated",
    )
    .await;
    let db = server.app.db.clone();
    let done = Arc::new(AtomicUsize::new(0));
    let as_busy = principal(&server, &busy).await;
    let slow = join_all((0..12).map(|_| {
        let (db, done, as_busy) = (db.clone(), done.clone(), as_busy.clone());
        tokio::spawn(async move {
            db.as_user(&as_busy).write("dawdle", args! {}).await.unwrap();
            done.fetch_add(1, Ordering::SeqCst);
        })
    }));
    eventually("the busy organisation is under way", || async { sleeping(&server).await == 2 }).await;

    let as_quiet = principal(&server, &quiet).await;
    db.as_user(&as_quiet).read("get_organization", args! {}).await.unwrap();
    assert!(done.load(Ordering::SeqCst) < 12, "the quiet organisation waited for the busy one's last call");
    slow.await;
    assert_eq!(done.load(Ordering::SeqCst), 12);
}

#[tokio::test]
async fn too_many_calls_of_one_organisation_hear_503_and_when_to_come_back() {
    let server = TestServer::without_workers(&[("ORG_IN_FLIGHT", "1"), ("DATABASE_POOL_WAIT_MS", "100")]).await;
    let session = server.sign_up("Busy").await;
    make(
        &server,
        "create function public.dawdle() returns integer language plpgsql volatile security invoker
         set search_path = pg_catalog, pg_temp as $$ begin perform pg_sleep(1); return 1; end $$;
         grant execute on function public.dawdle() to authenticated",
    )
    .await;
    let as_user = principal(&server, &session).await;
    let db = server.app.db.clone();
    let slow = tokio::spawn({
        let (db, as_user) = (db.clone(), as_user.clone());
        async move { db.as_user(&as_user).write("dawdle", args! {}).await }
    });
    eventually("the slow call is under way", || async { sleeping(&server).await == 1 }).await;
    let answer = server.get("/api/organization", &session).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "organization_busy");
    slow.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_row_somebody_else_holds_is_answered_busy_and_not_waited_for() {
    let server = TestServer::without_workers(&[]).await;
    let session = server.sign_up("Clinic").await;
    let holder = server.db.owner().await;
    holder.batch_execute("begin; select from public.organizations for update").await.unwrap();
    let request = server.patch("/api/organization", &session).json(&json!({ "specialty": "dentistry" }));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "busy");
}

#[tokio::test]
async fn connections_that_died_are_replaced_without_anyone_noticing() {
    let server = TestServer::without_workers(&[]).await;
    let session = server.sign_up("Clinic").await;
    for _ in 0..5 {
        assert_eq!(server.get("/api/organization", &session).send().await.unwrap().status(), 200);
        let superuser = server.db.superuser().await;
        superuser
            .execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity
                 where datname = current_database() and usename in ('voxanne_api', 'voxanne_worker')",
                &[],
            )
            .await
            .unwrap();
        eventually("the pool sees that they are gone", || async {
            server.get("/api/organization", &session).send().await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
    }
}

#[tokio::test]
async fn a_get_cannot_write() {
    let server = TestServer::without_workers(&[]).await;
    let session = server.sign_up("Clinic").await;
    let caller = server.app.db.as_user(&principal(&server, &session).await);
    let refused = caller.read("update_organization", args! { p_patch: json!({ "specialty": "x" }) }).await;
    assert!(refused.is_err());
    let answer: Value = caller.read("get_organization", args! {}).await.unwrap().parse().unwrap();
    assert_eq!(answer["specialty"], Value::Null);
}

#[tokio::test]
async fn without_role_and_claims_the_logins_may_do_nothing() {
    let server = TestServer::without_workers(&[]).await;
    server.sign_up("Clinic").await;
    for client in [server.db.api().await, crate::support::db::connect(&server.db.url_worker()).await] {
        for sql in ["select * from public.organizations", "select public.me()", "select * from private.directory"] {
            let refused = client.query(sql, &[]).await.expect_err(sql);
            assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
        }
    }
}
