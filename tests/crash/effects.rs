//! Workers that are really killed, with signal 9, at named moments and at any: nothing is lost, nothing is done twice.

use std::{
    os::unix::process::ExitStatusExt,
    process::Stdio,
    sync::{Arc, Mutex},
};

use poem::{EndpointExt, Request, Response, Server, endpoint::make, listener::TcpAcceptor};
use serde_json::json;
use tokio::process::{Child, Command};

use crate::support::{TestDb, eventually, server::base_settings};

/// A provider that takes every email and remembers the idempotency keys it saw, in order.
struct Provider {
    url: String,
    keys: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let keys = Arc::new(Mutex::new(Vec::new()));
        let seen = keys.clone();
        let app = make(move |request: Request| {
            let key = request.header("idempotency-key").unwrap_or_default().to_owned();
            let answer = json!({ "id": format!("re_{key}") }).to_string();
            seen.lock().expect("no panic holds it").push(key);
            async move { Response::builder().content_type("application/json").body(answer) }
        });
        let acceptor = TcpAcceptor::from_tokio(listener).expect("it listens");
        tokio::spawn(Server::new_with_acceptor(acceptor).run(app.map_to_response()));
        Self { url, keys }
    }

    fn keys(&self) -> Vec<String> {
        self.keys.lock().expect("no panic holds it").clone()
    }
}

/// `voxanne work` in a process of its own.
fn worker(db: &TestDb, provider: &Provider, crash_at: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command
        .arg("work")
        .env_clear()
        .envs(base_settings(db, "http://127.0.0.1:1"))
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .env("RESEND_API_KEY", "re_crash")
        .env("RESEND_BASE_URL", &provider.url)
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(point) = crash_at {
        command.env("VOXANNE_CRASH_AT", point);
    }
    command.spawn().expect("the worker starts")
}

/// A database where leases run out soon, with one email on record: the welcome of a new organisation.
async fn with_one_email() -> TestDb {
    let db = TestDb::new().await;
    let owner = db.owner().await;
    owner
        .batch_execute(
            "update private.effect_kinds set timeout_seconds = 1, lease_seconds = 2 where kind = 'resend.email';
             delete from private.provider_limits where provider = 'resend'",
        )
        .await
        .expect("shorter leases");
    db.sign_up("Clinic").await;
    db
}

async fn count(db: &TestDb, what: &str) -> i64 {
    db.owner().await.query_one(&format!("select count(*) from {what}"), &[]).await.expect("a count").get(0)
}

const DONE: &str = "private.effects_done where kind = 'resend.email' and outcome = 'done'";

/// Kills a worker at the point, lets another one finish, and answers how often the provider was asked.
async fn killed_at(point: &str) -> usize {
    let db = with_one_email().await;
    let provider = Provider::start().await;
    assert_eq!(count(&db, "private.effects where kind = 'resend.email'").await, 1);

    let status = worker(&db, &provider, Some(point)).wait().await.expect("it ends");
    assert_eq!(status.signal(), Some(9), "{point}: killed, not stopped: {status}");

    let mut second = worker(&db, &provider, None);
    eventually("the email is on record as sent", || async { count(&db, DONE).await == 1 }).await;
    second.kill().await.expect("it ends");

    assert_eq!(count(&db, "private.effects where kind = 'resend.email'").await, 0, "{point}: nothing is left over");
    assert_eq!(count(&db, "private.emails where status = 'sent'").await, 1, "{point}: the next step was taken once");
    let mut keys = provider.keys();
    let asked = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), 1, "{point}: one idempotency key for every attempt");
    asked
}

#[tokio::test]
async fn a_worker_killed_between_the_answer_and_its_record_loses_nothing() {
    assert_eq!(killed_at("after_provider").await, 2, "the provider saw the same key twice");
}

#[tokio::test]
async fn a_worker_killed_before_it_asks_loses_nothing() {
    assert_eq!(killed_at("after_claim").await, 1);
}

#[tokio::test]
async fn a_worker_killed_after_the_record_repeats_nothing() {
    assert_eq!(killed_at("after_record").await, 1);
}

#[tokio::test]
async fn workers_killed_again_and_again_do_everything_once() {
    let db = with_one_email().await;
    let provider = Provider::start().await;
    let owner = db.owner().await;
    owner
        .batch_execute(
            "update private.effect_kinds set max_attempts = 100 where kind = 'resend.email';
             select private.send_email(o.id, n || '@patients.test', 'welcome', jsonb_build_object('full_name', 'Ann', 'organization_name', 'Clinic'), 'crash/' || n)
             from public.organizations o, generate_series(1, 200) as n",
        )
        .await
        .expect("emails on record");
    let emails = count(&db, "private.effects where kind = 'resend.email'").await;

    for round in 0..4 {
        let mut victim = worker(&db, &provider, None);
        let seen = provider.keys().len();
        eventually("the provider hears of some", || async { provider.keys().len() > seen + 10 * round }).await;
        victim.start_kill().expect("signal 9");
        assert_eq!(victim.wait().await.expect("it ends").signal(), Some(9));
    }
    let mut last = worker(&db, &provider, None);
    eventually("every email is on record as sent", || async { count(&db, DONE).await == emails }).await;
    last.kill().await.expect("it ends");

    assert_eq!(count(&db, "private.effects where kind = 'resend.email'").await, 0);
    assert_eq!(
        count(&db, "(select distinct id from private.effects_done where kind = 'resend.email') as d").await,
        emails
    );
    let mut keys = provider.keys();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len() as i64, emails, "each email has one key, whoever sent it");
}
