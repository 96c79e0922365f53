//! Servers that are really killed, with signal 9, in the middle of each message of a call: on restart, the record that would
//! have been there.

use std::{os::unix::process::ExitStatusExt, process::Stdio};

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::process::{Child, Command};
use tokio_postgres::Client;

use crate::{
    calls::line_support::{Clinic, SECRET, clinic, day_ahead, message, tools},
    support::{TestDb, eventually, server::base_settings},
};

const POINTS: [&str; 3] = ["webhook_received", "webhook_stored", "webhook_processed"];

struct Scene {
    db: TestDb,
    owner: Client,
    port: u16,
    client: reqwest::Client,
    child: Child,
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

impl Scene {
    async fn open() -> Self {
        let db = TestDb::new().await;
        let owner = db.owner().await;
        let port = free_port();
        let child = spawn(&db, port, None);
        let mut scene = Self { db, owner, port, client: reqwest::Client::new(), child };
        scene.is_up().await;
        scene
    }

    async fn is_up(&mut self) {
        let health = format!("http://127.0.0.1:{}/health", self.port);
        while self.client.get(&health).send().await.is_err() {
            assert!(self.child.try_wait().expect("a child").is_none(), "the server starts");
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    /// The next one, in the place of this one, which is gone.
    async fn starts(&mut self, crash_at: Option<&str>) {
        self.child.start_kill().ok();
        self.child.wait().await.expect("it ends");
        self.port = free_port();
        self.child = spawn(&self.db, self.port, crash_at);
        self.is_up().await;
    }

    async fn send(&self, message: &Value) -> reqwest::Result<Value> {
        let request = self.client.post(format!("http://127.0.0.1:{}/api/vapi/webhook", self.port));
        let answer = request.header("x-vapi-secret", SECRET).body(message.to_string()).send().await?;
        answer.error_for_status()?.json().await
    }

    /// Sends what the server dies of, and sends it again to the next one, as Vapi does.
    async fn hears_and_dies(&mut self, message: &Value, point: &str) {
        self.starts(Some(point)).await;
        assert!(self.send(message).await.is_err(), "{point}: nobody answers");
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("{point}: it lives on")).expect("it ends");
        assert_eq!(status.signal(), Some(9), "{point}: killed, not stopped: {status}");
        self.starts(None).await;
        // On a busy machine a restart takes longer than Vapi does; who waits on the line waits for no machine of ours.
        let at_once = "update private.webhook_inbox set received_at = now() where finished_at is null";
        self.owner.execute(at_once, &[]).await.expect("no time has passed");
        self.send(message).await.unwrap_or_else(|e| panic!("{point}: {e}"));
        // What had been kept before the server died is acknowledged, and made sense of by the worker.
        self.worker_comes_by().await;
    }

    /// Nobody sends anything again: what was kept is for the worker.
    async fn hears_and_is_left_alone(&mut self, message: &Value, point: &str) {
        self.starts(Some(point)).await;
        assert!(self.send(message).await.is_err(), "{point}: nobody answers");
        self.child.wait().await.expect("it ends");
        self.starts(None).await;
        self.worker_comes_by().await;
    }

    async fn worker_comes_by(&self) {
        let due = "update private.webhook_inbox set next_attempt_at = now() where finished_at is null;
                   update private.schedule_state set next_run_at = now() where name = 'retry_webhooks'";
        self.owner.batch_execute(due).await.expect("half a minute");
        eventually("the worker has been there", async || {
            let undone = "select count(*) from private.webhook_inbox where finished_at is null";
            self.owner.query_one(undone, &[]).await.expect("a count").get::<_, i64>(0) == 0
        })
        .await;
    }

    async fn record(&self, clinic: &Clinic) -> Value {
        let sql = "
            select jsonb_build_object(
                'held', w.held_pence, 'capped', w.capped_pence, 'balance', w.balance_pence,
                'charges', (select jsonb_agg(t.amount_pence) from public.credit_transactions t
                            where t.org_id = w.org_id and t.call_id is not null),
                'tools', (select jsonb_agg(jsonb_build_object('name', r.tool_name, 'ok', r.ok))
                          from private.tool_runs r where r.org_id = w.org_id),
                'appointments', (select count(*) from public.appointments a where a.org_id = w.org_id),
                'calls', (select jsonb_agg(to_jsonb(c) - array['org_id', 'id', 'contact_id', 'agent_id', 'appointment_id',
                                                              'vapi_call_id', 'updated_at', 'to_number'])
                          from public.calls c where c.org_id = w.org_id))
            from public.credit_wallets w where w.org_id = $1";
        self.owner.query_one(sql, &[&clinic.org]).await.expect("a record").get(0)
    }
}

fn spawn(db: &TestDb, port: u16, crash_at: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command
        .arg("serve")
        .env_clear()
        .envs(base_settings(db, &format!("http://127.0.0.1:{port}")))
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .env("VAPI_WEBHOOK_SECRET", SECRET)
        .env("PORT", port.to_string())
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(point) = crash_at {
        command.env("VOXANNE_CRASH_AT", point);
    }
    command.spawn().expect("the server starts")
}

fn messages(clinic: &Clinic, began: OffsetDateTime) -> Vec<Value> {
    let at = |seconds: i64| (began + Duration::seconds(seconds)).format(&Rfc3339).expect("a time");
    let told = |kind: &str, mut more: Value| {
        more["call"] =
            json!({ "id": format!("call-of-{}", clinic.org), "type": "inboundPhoneCall", "createdAt": at(0) });
        message(clinic, kind, "", more)
    };
    let booking = json!({ "date": day_ahead(3), "time": "10:00", "name": "Ann Lee" });
    vec![
        told("assistant-request", json!({ "timestamp": at(0) })),
        told("status-update", json!({ "status": "in-progress", "timestamp": at(5) })),
        told("tool-calls", tools(&[("t1", "bookClinicAppointment", booking)])),
        told("status-update", json!({ "status": "ended", "endedReason": "customer-ended-call", "timestamp": at(125) })),
        told(
            "end-of-call-report",
            json!({ "startedAt": at(5), "endedAt": at(125), "endedReason": "customer-ended-call", "transcript": "User: Hello." }),
        ),
    ]
}

/// The record of a call whose message at this place kills the server at each of the points in turn; each call has a clinic
/// of its own.
async fn killed_at(place: usize) {
    let mut scene = Scene::open().await;
    let began = (OffsetDateTime::now_utc() - Duration::minutes(5)).replace_nanosecond(0).expect("a second");
    let unharmed = clinic(&scene.db, &scene.owner, "+442071280001", 10_000).await;
    for message in messages(&unharmed, began) {
        scene.send(&message).await.expect("an answer");
    }
    let wanted = scene.record(&unharmed).await;
    assert_eq!(wanted["calls"][0]["duration_seconds"], 120, "{wanted}");
    assert_eq!((&wanted["appointments"], &wanted["held"]), (&json!(1), &json!(0)), "{wanted}");

    for (number, point) in POINTS.iter().enumerate() {
        let clinic = clinic(&scene.db, &scene.owner, &format!("+44207128001{number}"), 10_000).await;
        let all = messages(&clinic, began);
        let kind = all[place]["message"]["type"].as_str().expect("a type");
        let point = format!("{point}:{kind}");
        for (at, message) in all.iter().enumerate() {
            if at == place {
                scene.hears_and_dies(message, &point).await;
            } else {
                scene.send(message).await.unwrap_or_else(|e| panic!("{point}: {e}"));
            }
        }
        assert_eq!(scene.record(&clinic).await, wanted, "{point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_being_asked_who_answers_makes_the_same_record() {
    killed_at(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_a_status_makes_the_same_record() {
    killed_at(1).await;
    killed_at(3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_a_booking_makes_the_same_record() {
    killed_at(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_a_report_makes_the_same_record() {
    killed_at(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_when_the_server_died_is_made_sense_of_though_nobody_sends_it_again() {
    let mut scene = Scene::open().await;
    let began = (OffsetDateTime::now_utc() - Duration::minutes(5)).replace_nanosecond(0).expect("a second");
    let clinic = clinic(&scene.db, &scene.owner, "+442071280001", 10_000).await;
    let all = messages(&clinic, began);
    for message in &all[..4] {
        scene.send(message).await.expect("an answer");
    }
    scene.hears_and_is_left_alone(&all[4], "webhook_stored:end-of-call-report").await;
    let record = scene.record(&clinic).await;
    assert_eq!(record["calls"][0]["duration_seconds"], 120, "{record}");
    assert_eq!(record["charges"].as_array().map(Vec::len), Some(1), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_asked_about_when_the_server_died_is_not_let_in_afterwards() {
    let mut scene = Scene::open().await;
    let clinic = clinic(&scene.db, &scene.owner, "+442071280001", 10_000).await;
    let asked = messages(&clinic, OffsetDateTime::now_utc()).swap_remove(0);
    scene.starts(Some("webhook_stored:assistant-request")).await;
    assert!(scene.send(&asked).await.is_err(), "nobody answers");
    scene.child.wait().await.expect("it ends");
    scene.starts(None).await;
    let later = "select private.run_due_schedules(p_now => now() + interval '10 minutes')";
    scene.owner.execute(later, &[]).await.expect("the worker's clock");
    let record = scene.record(&clinic).await;
    assert_eq!((&record["held"], &record["capped"]), (&json!(0), &json!(0)), "{record}");
    let told = scene.send(&asked).await.expect("an answer");
    assert!(told["error"].is_string() && told["assistantId"].is_null(), "{told}");
}
