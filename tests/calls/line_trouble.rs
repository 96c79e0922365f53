//! Somebody is on the line and the database is slow, full, or away: they hear a sentence within the time we gave ourselves,
//! nothing is let in by accident, and the next call is answered as if nothing had been.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_postgres::Client;
use url::Url;
use voxanne::config::Config;

use super::line_support::{Line, SECRET, clinic, message, tools};
use crate::support::{TestDb, TestServer, eventually, server::base_settings};

/// What is ours of the 7.5 seconds, and what the machine may take besides.
const PATIENCE: Duration = Duration::from_secs(5);
const SLACK: Duration = Duration::from_millis(1500);

/// What the way to the database does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    /// What is asked goes through, what is answered does not.
    Mute,
    /// Nobody is there.
    Closed,
}

/// A way to the database that can be in trouble.
struct Wire {
    port: u16,
    way: watch::Sender<Way>,
}

impl Wire {
    async fn to(database: &Url) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let target = (database.host_str().expect("a host").to_owned(), database.port().expect("a port"));
        let way = watch::Sender::new(Way::Open);
        let state = way.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target.clone(), state.subscribe()));
            }
        });
        Self { port, way }
    }

    fn is(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn carry(near: TcpStream, target: (String, u16), mut way: watch::Receiver<Way>) {
    if *way.borrow() == Way::Closed {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let asking = tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
    let mut muted = way.clone();
    let answering = tokio::spawn(async move {
        let mut buffer = vec![0; 65536];
        loop {
            let count = tokio::io::AsyncReadExt::read(&mut far_in, &mut buffer).await.unwrap_or(0);
            if count == 0 || muted.wait_for(|way| *way != Way::Mute).await.is_err() {
                return;
            }
            if near_out.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    });
    let _ = way.wait_for(|way| *way == Way::Closed).await;
    asking.abort();
    answering.abort();
}

/// A server whose connections for workers and calls go down a wire.
async fn wired(settings: &[(&str, &str)]) -> (Line, Wire) {
    let db = std::sync::Arc::new(TestDb::new().await);
    let mut url = Url::parse(&db.url_worker()).expect("a URL");
    let wire = Wire::to(&url).await;
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(wire.port)).expect("a port");
    let url = url.to_string();
    let mut all = vec![("VAPI_WEBHOOK_SECRET", SECRET), ("SERVICE_DATABASE_URL", url.as_str())];
    all.extend(settings);
    (Line::over(TestServer::without_workers_on(db, &all).await).await, wire)
}

async fn timed(line: &Line, message: &Value) -> (Value, Duration) {
    let asked_at = Instant::now();
    let told = line.told(message).await;
    (told, asked_at.elapsed())
}

fn is_sorry(told: &Value) -> bool {
    told["error"].as_str().is_some_and(|sentence| sentence.contains("sorry")) && told["assistantId"].is_null()
}

/// Somebody else has the clinic's wallet.
async fn wallet_taken(line: &Line) -> Client {
    let other = line.server.db.owner().await;
    other.batch_execute("begin").await.expect("a transaction");
    let taken = "select from public.credit_wallets where org_id = $1 for update";
    other.execute(taken, &[&line.clinic.org]).await.expect("the wallet");
    other
}

async fn is_as_before(line: &Line, told_no: &str) {
    let nothing = "select count(*) from public.credit_reservations where status = 'active' and vapi_call_id = $1";
    eventually("nothing is held for who was told no", async || {
        line.owner.query_one(nothing, &[&told_no]).await.expect("a count").get::<_, i64>(0) == 0
    })
    .await;
    let (next, took) = timed(line, &line.message("assistant-request", "the-next", json!({}))).await;
    assert_eq!(next["assistantId"], line.clinic.assistant.as_str(), "{next}");
    assert!(took < PATIENCE, "{took:?}");
    assert_eq!(line.held().await.2, 1, "the next call is let in, and it alone");
}

#[tokio::test]
async fn a_wallet_that_is_taken_costs_the_caller_no_silence() {
    let line = Line::open(&[]).await;
    let other = wallet_taken(&line).await;
    let asked = line.message("assistant-request", "c1", json!({}));
    let (told, took) = timed(&line, &asked).await;
    assert!(is_sorry(&told), "{told}");
    assert!(took < PATIENCE + SLACK, "{took:?}");

    eventually("the question is closed", async || {
        line.inbox("assistant-request").await == Some(("processed".to_owned(), Some(told.clone())))
    })
    .await;
    other.batch_execute("commit").await.expect("the wallet is free");
    // The worker comes by, and Vapi asks again: nobody is let in who has been told no.
    let later = "select private.run_due_schedules(p_now => now() + interval '10 minutes')";
    line.owner.execute(later, &[]).await.expect("the worker's clock");
    assert_eq!(timed(&line, &asked).await.0, told, "asked again, the answer is the same");
    let alerts: i64 = line.one("select count(*) from private.alerts where kind = 'line_not_answered'").await;
    assert_eq!(alerts, 1, "the operator hears of it");
    is_as_before(&line, "c1").await;
}

#[tokio::test]
async fn tools_that_hang_are_answered_line_by_line_and_not_done_later() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let whole: String = line.one("select pg_get_functiondef('private.run_tools'::regproc)").await;
    let hanging = whole.replacen("begin\n", "begin\n    perform pg_sleep(60);\n", 1);
    assert_ne!(whole, hanging, "the function is patched");
    line.run(&hanging).await;

    let asked = line.message(
        "tool-calls",
        "c1",
        tools(&[("t1", "takeMessage", json!({ "message": "Hello" })), ("t2", "made_up", json!("nonsense"))]),
    );
    let (told, took) = timed(&line, &asked).await;
    assert!(took < PATIENCE + SLACK, "{took:?}");
    let results = told["results"].as_array().expect("a line for each");
    assert_eq!(results.iter().map(|result| &result["toolCallId"]).collect::<Vec<_>>(), ["t1", "t2"]);
    assert!(
        results.iter().all(|result| result["result"].as_str().is_some_and(|said| said.contains("sorry"))),
        "{told}"
    );

    line.run(&whole).await;
    eventually("the question is closed", async || {
        line.inbox("tool-calls").await.is_some_and(|(state, _)| state == "processed")
    })
    .await;
    let later = "select private.run_due_schedules(p_now => now() + interval '10 minutes')";
    line.owner.execute(later, &[]).await.expect("the worker's clock");
    let done: i64 = line.one("select count(*) from private.tool_runs").await;
    assert_eq!(done, 0, "nothing is done behind the caller's back");
    let again = line.message("tool-calls", "c1", tools(&[("t3", "takeMessage", json!({ "message": "Hello" }))]));
    assert_eq!(line.told(&again).await["results"][0]["toolCallId"], "t3");
    assert_eq!(line.one::<i64>("select count(*) from private.tool_runs").await, 1, "the agent may try again");
}

#[tokio::test]
async fn an_agent_that_cannot_be_told_where_to_pass_a_caller_on_to_hears_that_we_are_sorry() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    line.run("alter function private.transfer_answer rename to transfer_answer_away").await;
    let (told, _) = timed(&line, &line.message("transfer-destination-request", "c1", json!({}))).await;
    assert!(is_sorry(&told), "{told}");
}

#[tokio::test]
async fn a_question_does_not_wait_behind_background_work() {
    // One connection for everything else, and a report that hangs on it.
    let line = Line::open(&[("SERVICE_POOL_SIZE", "1"), ("CALL_POOL_SIZE", "2")]).await;
    line.told(&line.message("assistant-request", "c0", json!({}))).await;
    let whole: String = line.one("select pg_get_functiondef('private.call_reported'::regproc)").await;
    line.run(&whole.replacen("begin\n", "begin\n    perform pg_sleep(60);\n", 1)).await;
    let report = line.message("end-of-call-report", "c0", json!({ "durationSeconds": 60 }));
    let sent = line.server.client().post(line.server.url("/api/vapi/webhook")).header("x-vapi-secret", SECRET);
    let reporting = tokio::spawn(sent.body(report.to_string()).send());
    eventually("the report is being worked on", async || {
        let busy =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        line.one::<i64>(busy).await == 1
    })
    .await;

    // Another clinic's: the report has this one's wallet.
    let other = clinic(&line.server.db, &line.owner, "+442071230002", 10_000).await;
    let mut longest = Duration::ZERO;
    for place in 1..=10 {
        let asked = message(&other, "assistant-request", &format!("c{place}"), json!({}));
        let (told, took) = timed(&line, &asked).await;
        assert_eq!(told["assistantId"], other.assistant.as_str(), "{told}");
        longest = longest.max(took);
    }
    assert!(longest < Duration::from_secs(2), "{longest:?}: a call waited behind a report");
    assert!(!reporting.is_finished(), "which was at it all the while");
    reporting.abort();
}

#[tokio::test]
async fn calls_beyond_what_can_be_answered_hear_a_sentence_and_are_not_let_in() {
    let line = Line::open(&[("CALL_POOL_SIZE", "2")]).await;
    let other = wallet_taken(&line).await;
    let asked: Vec<Value> =
        (0..6).map(|place| line.message("assistant-request", &format!("c{place}"), json!({}))).collect();
    let told = futures_util::future::join_all(asked.iter().map(|asked| timed(&line, asked))).await;
    for (told, took) in &told {
        assert!(is_sorry(told), "{told}");
        assert!(*took < PATIENCE + SLACK, "{took:?}");
    }
    other.batch_execute("commit").await.expect("the wallet is free");
    eventually("every question is closed", async || {
        line.one::<i64>("select count(*) from private.webhook_inbox where finished_at is null").await == 0
    })
    .await;
    is_as_before(&line, "c0").await;
}

#[tokio::test]
async fn with_the_database_away_callers_hear_a_sentence_and_reports_come_again() {
    let (line, wire) = wired(&[]).await;
    wire.is(Way::Closed);
    let (told, took) = timed(&line, &line.message("assistant-request", "c1", json!({}))).await;
    assert!(is_sorry(&told), "{told}");
    assert!(took < PATIENCE + SLACK, "{took:?}");
    let tool = line.message("tool-calls", "c1", tools(&[("t1", "takeMessage", json!({}))]));
    assert_eq!(timed(&line, &tool).await.0["results"][0]["toolCallId"], "t1");
    let report = line.message("end-of-call-report", "c1", json!({}));
    assert_eq!(line.send(&report).await.status(), 503, "so that Vapi sends it again");

    wire.is(Way::Open);
    is_as_before(&line, "c1").await;
    assert_eq!(line.send(&report).await.status(), 200);
}

#[tokio::test]
async fn a_database_that_is_back_within_a_second_was_never_away() {
    let (line, wire) = wired(&[]).await;
    assert!(line.told(&line.message("assistant-request", "c1", json!({}))).await["assistantId"].is_string());
    wire.is(Way::Closed);
    let back = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        wire.is(Way::Open);
    };
    let asked = line.message("assistant-request", "c2", json!({}));
    let (told, ()) = tokio::join!(line.told(&asked), back);
    assert_eq!(told["assistantId"], line.clinic.assistant.as_str(), "{told}");
}

#[tokio::test]
async fn an_admission_that_was_committed_and_not_heard_is_taken_back() {
    let (line, wire) = wired(&[]).await;
    // A connection is ready, so that what goes down the wire is the question alone.
    line.told(&line.message("hang", "c0", json!({}))).await;
    line.told(&line.message("transfer-destination-request", "c0", json!({}))).await;
    let asked = line.message("assistant-request", "c1", json!({}));
    let muted = async {
        eventually("the question is safe", async || line.inbox("assistant-request").await.is_some()).await;
        wire.is(Way::Mute);
    };
    // The answer is slow enough for its commit to fall into the silence.
    let whole: String = line.one("select pg_get_functiondef('private.admit_call'::regproc)").await;
    line.run(&whole.replacen("begin\n", "begin\n    perform pg_sleep(1);\n", 1)).await;
    let ((told, took), ()) = tokio::join!(timed(&line, &asked), muted);
    assert!(is_sorry(&told), "{told}");
    assert!(took < PATIENCE + SLACK, "{took:?}");
    let (state, answer) = line.inbox("assistant-request").await.expect("it is kept");
    assert_eq!(state, "processed");
    assert!(answer.is_some_and(|answer| answer["assistantId"].is_string()), "it was let in behind the silence");
    assert_eq!(line.held().await.2, 1);

    line.run(&whole).await;
    wire.is(Way::Open);
    eventually("what was held is given back", async || line.held().await == (0, 0, 0)).await;
    assert_eq!(line.inbox("assistant-request").await.expect("it is kept").1, Some(told));
    is_as_before(&line, "c1").await;
}

/// Nobody sees that the answer went nowhere. Vapi says that the call has ended, and that frees what was held for it.
#[tokio::test]
async fn a_call_that_vapi_gave_up_while_it_was_let_in_keeps_nothing_held() {
    let line = Line::open(&[]).await;
    let other = wallet_taken(&line).await;
    let sent = line.server.client().post(line.server.url("/api/vapi/webhook")).header("x-vapi-secret", SECRET);
    let asked = line.message("assistant-request", "c1", json!({})).to_string();
    let asking = tokio::spawn(sent.body(asked).send());
    eventually("the question waits for the wallet", async || {
        let waiting =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        line.one::<i64>(waiting).await == 1
    })
    .await;
    asking.abort();
    assert!(asking.await.is_err(), "nobody hears the answer");
    other.batch_execute("commit").await.expect("the wallet is free");
    eventually("it is let in all the same", async || line.held().await.2 == 1).await;
    let ended = json!({ "status": "ended", "endedReason": "assistant-request-failed" });
    line.told(&line.message("status-update", "c1", ended)).await;
    assert_eq!(line.held().await, (0, 0, 0));
    is_as_before(&line, "c1").await;
}

/// Not a wire this time: a Postgres of its own that is really stopped.
#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_is_stopped_is_a_sentence_too() {
    let cluster = voxanne::db::embedded::Cluster::throw_away("postgres").await.expect("a cluster of its own");
    let db = TestDb::in_cluster(&cluster.superuser_url("postgres")).await;
    let mut settings = base_settings(&db, "http://127.0.0.1:1");
    settings.insert("VAPI_WEBHOOK_SECRET".to_owned(), SECRET.to_owned());
    let config = Config::from_map(&settings).expect("fit");
    let app = voxanne::server::App::connect(config, None).await.expect("a server");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/api/vapi/webhook", listener.local_addr().expect("its address"));
    tokio::spawn(voxanne::server::serve(app.clone(), listener));
    cluster.remove().await.expect("it stops");

    let asked_at = Instant::now();
    let body = json!({ "message": { "type": "assistant-request", "call": { "id": "c1" } } });
    let request = reqwest::Client::new().post(url).header("x-vapi-secret", SECRET).json(&body);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(is_sorry(&answer.json().await.expect("JSON")));
    assert!(asked_at.elapsed() < PATIENCE + SLACK);
    app.stopping.cancel();
}
