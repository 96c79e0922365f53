//! Live events: whoever listens misses nothing and sees nothing twice, however the writers' commits overlap.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::events_client::{Message, Stream};
use crate::support::{Session, TestServer, eventually, people};

async fn emit(client: &Client, org_id: Uuid, number: u64) {
    client
        .execute(
            "select private.emit_event($1, 'wallet.changed', jsonb_build_object('n', $2::bigint))",
            &[&org_id, &(number as i64)],
        )
        .await
        .expect("an event");
}

async fn place() -> (TestServer, Session) {
    let server = TestServer::without_workers(&[("EVENTS_HEARTBEAT_SECONDS", "1")]).await;
    let session = server.sign_up("Smile").await;
    (server, session)
}

#[tokio::test]
async fn a_listener_hears_of_its_own_organisation_alone() {
    let (server, smile) = place().await;
    let other = server.sign_up("Other").await;
    let worker = server.db.worker().await;
    let mut stream = Stream::open(&server, &smile.token, None).await;
    let ready = stream.next().await.expect("a first message");
    assert_eq!(ready.event, "stream.ready");

    emit(&worker, other.org_id, 1).await;
    emit(&worker, smile.org_id, 2).await;
    emit(&worker, other.org_id, 3).await;
    emit(&worker, smile.org_id, 4).await;

    let message = stream.next_event().await;
    assert_eq!(message.event, "wallet.changed");
    assert_eq!(message.data["kind"], json!("wallet.changed"));
    assert_eq!(message.data["payload"], json!({ "n": 2 }));
    assert!(message.data["created_at"].is_string());
    assert_eq!(stream.next_event().await.number(), 4);
}

#[tokio::test]
async fn an_event_waits_for_every_transaction_that_began_before_it() {
    let (server, session) = place().await;
    let (early, late) = (server.db.worker().await, server.db.worker().await);
    let mut stream = Stream::open(&server, &session.token, None).await;
    let ready = stream.next_about("stream.ready").await;

    early.batch_execute("begin").await.expect("a transaction");
    emit(&early, session.org_id, 1).await;
    emit(&late, session.org_id, 2).await;
    let heartbeat = stream.next().await.expect("nothing but a heartbeat");
    assert_eq!(heartbeat.event, "stream.heartbeat", "the later one is committed and still waits");
    early.batch_execute("commit").await.expect("the earlier one ends");

    let seen = [stream.next_event().await, stream.next_event().await];
    assert_eq!(seen.iter().map(Message::number).collect::<Vec<_>>(), [1, 2]);

    let mut again = Stream::open(&server, &session.token, Some(&heartbeat.id)).await;
    assert_eq!(again.next_event().await.number(), 1, "nobody's cursor has passed over it");
    assert_eq!(again.next_event().await.number(), 2);
    let mut first = Stream::open(&server, &session.token, Some(&ready.id)).await;
    assert_eq!(first.next_event().await.number(), 1);
    let mut between = Stream::open(&server, &session.token, Some(&seen[0].id)).await;
    assert_eq!(between.next_event().await.number(), 2);
}

/// Sixteen writers with transactions of up to five events, held open for random times so that they commit in any order,
/// and some never; three clients, of which two come and go at random, over two servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn overlapping_writers_and_a_client_that_comes_and_goes_lose_and_double_nothing() {
    const WRITERS: u64 = 16;
    const TRANSACTIONS: u64 = 25;

    let (server, session) = place().await;
    let second = TestServer::on(server.db.clone(), &[("EVENTS_HEARTBEAT_SECONDS", "1")]).await;
    let servers = Arc::new([server, second]);
    let start = {
        let mut stream = Stream::open(&servers[0], &session.token, None).await;
        stream.next_about("stream.ready").await.id
    };

    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let servers = servers.clone();
            let org_id = session.org_id;
            tokio::spawn(async move {
                let client = servers[0].db.worker().await;
                let mut committed = Vec::new();
                for transaction in 0..TRANSACTIONS {
                    let (events, hold, give_up) = {
                        let mut random = rand::rng();
                        (random.random_range(1..=5), random.random_range(0..40), random.random_ratio(1, 8))
                    };
                    client.batch_execute("begin").await.expect("a transaction");
                    let mut written = Vec::new();
                    for event in 0..events {
                        let number = (writer * TRANSACTIONS + transaction) * 10 + event;
                        emit(&client, org_id, number).await;
                        written.push(number);
                        tokio::time::sleep(Duration::from_millis(hold / events)).await;
                    }
                    client.batch_execute(if give_up { "rollback" } else { "commit" }).await.expect("its end");
                    if !give_up {
                        committed.push(written);
                    }
                }
                committed
            })
        })
        .collect();
    let writing = tokio::spawn(async move {
        let mut committed = Vec::new();
        for writer in writers {
            committed.extend(writer.await.expect("a writer"));
        }
        committed
    });

    let done = Arc::new(tokio::sync::watch::Sender::new(false));
    let clients: Vec<_> = [None, Some(0), Some(1)]
        .into_iter()
        .map(|restless| {
            let (servers, token, start, done) =
                (servers.clone(), session.token.clone(), start.clone(), done.subscribe());
            tokio::spawn(async move { listen(&servers, &token, start, restless, done).await })
        })
        .collect();

    let committed = writing.await.expect("the writers");
    done.send_replace(true);
    let expected: HashSet<u64> = committed.iter().flatten().copied().collect();
    for client in clients {
        let heard = client.await.expect("a client");
        let mut place_of = HashMap::new();
        for (place, number) in heard.iter().enumerate() {
            assert_eq!(place_of.insert(*number, place), None, "{number} came twice");
        }
        let heard: HashSet<u64> = heard.into_iter().collect();
        assert_eq!(heard.difference(&expected).count(), 0, "nothing that was rolled back");
        assert_eq!(expected.difference(&heard).count(), 0, "nothing is missed");
        for transaction in &committed {
            let places: Vec<usize> = transaction.iter().map(|number| place_of[number]).collect();
            assert!(places.is_sorted(), "a transaction's events keep their order");
        }
    }
}

/// Everything a client hears, until the writers are done and two heartbeats brought nothing more.
async fn listen(
    servers: &[TestServer; 2],
    token: &str,
    mut last: String,
    restless: Option<usize>,
    done: tokio::sync::watch::Receiver<bool>,
) -> Vec<u64> {
    let mut heard = Vec::new();
    let mut quiet = 0;
    loop {
        let server = &servers[restless.map_or(0, |_| rand::random_range(0..2))];
        let mut stream = Stream::open(server, token, Some(&last)).await;
        let stay = match restless {
            Some(_) => rand::random_range(0..40),
            None => usize::MAX,
        };
        for _ in 0..stay {
            let Some(message) = stream.next().await else { break };
            assert_ne!(message.event, "stream.reset", "a gap");
            last.clone_from(&message.id);
            if message.event == "stream.heartbeat" {
                quiet += usize::from(*done.borrow());
                if quiet >= 2 {
                    return heard;
                }
            } else if !message.is_about_the_stream() {
                quiet = 0;
                heard.push(message.number());
            }
        }
    }
}

#[tokio::test]
async fn a_removed_member_s_stream_ends() {
    let (server, session) = place().await;
    let member = server.add_member(session.org_id, "user").await;
    let mut stream = Stream::open(&server, &member.token, None).await;
    stream.next_about("stream.heartbeat").await;

    let owner = server.db.owner().await;
    owner
        .execute(
            "update public.profiles set status = 'inactive' where org_id = $1 and id = $2",
            &[&member.org_id, &member.user_id],
        )
        .await
        .expect("removed");
    let closed = stream.next_about("stream.closed").await;
    assert_eq!(closed.data["payload"]["code"], json!("not_a_member"));
    stream.ends().await;
    assert_eq!(Stream::ask(&server, &member.token, None).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let (server, session) = place().await;
    let token = people::token(&session.claims(), Duration::from_secs(2));
    let mut stream = Stream::open(&server, &token, None).await;
    let closed = stream.next_about("stream.closed").await;
    assert_eq!(closed.data["payload"]["code"], json!("token_expired"));
    stream.ends().await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let (server, session) = place().await;
    let mut stream = Stream::open(&server, &session.token, None).await;
    stream.next_about("stream.ready").await;
    server.app.stopping.cancel();
    stream.ends().await;
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_is_told_so() {
    let (server, session) = place().await;
    let worker = server.db.worker().await;
    let owner = server.db.owner().await;
    let mut there_before = Stream::open(&server, &session.token, None).await;
    there_before.next_about("stream.ready").await;
    emit(&worker, session.org_id, 1).await;
    assert_eq!(there_before.next_event().await.number(), 1, "it is published");

    let mut from_the_future = Stream::open(&server, &session.token, Some("18446744073709551615-1")).await;
    from_the_future.next_about("stream.reset").await;
    emit(&worker, session.org_id, 2).await;
    assert_eq!(from_the_future.next_event().await.number(), 2, "it goes on from now");

    owner
        .batch_execute("insert into private.event_horizon (xid) values (pg_current_xact_id())")
        .await
        .expect("what came before is dropped");
    let mut too_old = Stream::open(&server, &session.token, Some("1-1")).await;
    too_old.next_about("stream.reset").await;

    for nonsense in ["x", "1", "1-2-3", "-1-1", "' or 1=1"] {
        let answer = Stream::ask(&server, &session.token, Some(nonsense)).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{nonsense}");
        assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], json!("event_cursor_invalid"));
    }
}

#[tokio::test]
async fn who_is_not_signed_in_hears_nothing() {
    let (server, session) = place().await;
    let nobody = server.request(Method::GET, "/api/events", None).send().await.expect("an answer");
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let mut claims = session.claims();
    claims["app_metadata"] = json!({});
    let nowhere = Stream::ask(&server, &people::token(&claims, Duration::from_secs(60)), None).await;
    assert_eq!(nowhere.status(), StatusCode::FORBIDDEN);
}

/// A client that does not read while more happens than the server keeps for it.
#[tokio::test]
async fn a_client_that_falls_behind_hears_everything_in_its_own_time() {
    const EVENTS: u64 = 1000;

    let (server, session) = place().await;
    let worker = server.db.worker().await;
    let mut slow = Stream::open(&server, &session.token, None).await;
    slow.next_about("stream.ready").await;
    worker
        .execute(
            "select count(private.emit_event($1, 'wallet.changed', \
             jsonb_build_object('n', n, 'weight', repeat('x', 20000)))) from generate_series(1, $2::bigint) as n",
            &[&session.org_id, &(EVENTS as i64)],
        )
        .await
        .expect("many events");
    let newest: String = server
        .db
        .owner()
        .await
        .query_one("select xid::text || '-' || id from private.events order by xid desc, id desc limit 1", &[])
        .await
        .expect("the newest event")
        .get(0);
    eventually("everything is handed out", async || {
        Stream::open(&server, &session.token, None).await.next_about("stream.ready").await.id == newest
    })
    .await;

    for number in 1..=EVENTS {
        assert_eq!(slow.next_event().await.number(), number);
    }
    let figures =
        server.client().get(server.url("/metrics")).send().await.expect("figures").text().await.expect("text");
    assert!(figures.contains("voxanne_event_streams_behind_total"), "it did fall behind");
}

#[tokio::test]
async fn one_organisation_cannot_take_every_stream() {
    let (server, session) = place().await;
    let mut open = Vec::new();
    let refused = loop {
        let answer = Stream::ask(&server, &session.token, None).await;
        if answer.status() != StatusCode::OK {
            break answer;
        }
        open.push(answer);
        assert!(open.len() <= 200, "there is a limit");
    };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    let other = server.sign_up("Other").await;
    assert_eq!(Stream::ask(&server, &other.token, None).await.status(), StatusCode::OK);
}
