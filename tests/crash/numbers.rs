//! Servers that are really killed, with signal 9, while they buy a number and while they give one back: at every step, before
//! its provider is asked, after it has acted, and after that is on record. Once a server is there again, all books agree.

use std::{
    os::unix::process::ExitStatusExt,
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio_postgres::Client;
use voxanne::sandbox::{Fault, Sandbox, SandboxConfig};

use crate::{
    support::{Session, TestDb, eventually, server::base_settings},
    telephony::sagas::{
        agree::agree,
        stage::{PAID_IN, prepare, sign_up, standing},
    },
};

const PROVISION: &str = "/api/managed-telephony/provision";
const NUMBERS: &str = "/api/managed-telephony/numbers";

/// When in the life of an effect a server dies.
const MOMENTS: [&str; 3] = ["after_claim", "after_provider", "after_record"];

struct Scene {
    db: TestDb,
    owner: Client,
    sandbox: Sandbox,
    /// Where the server of the moment listens. Each has a port of its own: a connection may have taken the one before.
    port: AtomicU16,
    client: reqwest::Client,
}

/// The port that a moment ago was free.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

impl Scene {
    async fn open() -> Self {
        let db = TestDb::new().await;
        let owner = db.owner().await;
        prepare(&owner).await;
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        Self { db, owner, sandbox, port: AtomicU16::default(), client: reqwest::Client::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port.load(Ordering::Relaxed))
    }

    /// `voxanne serve`, once it listens or has died of what it found to do.
    async fn serve(&self, crash_at: Option<&str>) -> Child {
        let port = free_port();
        self.port.store(port, Ordering::Relaxed);
        let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
        command
            .arg("serve")
            .env_clear()
            .envs(base_settings(&self.db, &self.url("")))
            .envs(self.sandbox.settings())
            .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
            .env("PORT", port.to_string())
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if let Some(point) = crash_at {
            command.env("VOXANNE_CRASH_AT", point);
        }
        let mut child = command.spawn().expect("the server starts");
        let health = self.url("/health");
        while self.client.get(&health).send().await.is_err() && child.try_wait().expect("a child").is_none() {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        child
    }

    /// The status and the body, unless the server dies of it.
    async fn ask(&self, who: &Session, method: Method, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self.client.request(method, self.url(path)).bearer_auth(&who.token);
        let answer = request.header("idempotency-key", key).json(body).send().await.ok()?;
        Some((answer.status().as_u16(), answer.json().await.ok()?))
    }

    /// A number for each direction, at once; the same again with the same keys.
    async fn buy(&self, who: &Session) -> [Option<(u16, Value)>; 2] {
        let [inbound, outbound] = ["inbound", "outbound"].map(|direction| async move {
            let wish = json!({ "country": "US", "direction": direction, "area_code": "212" });
            self.ask(who, Method::POST, PROVISION, direction, &wish).await
        });
        tokio::join!(inbound, outbound).into()
    }

    async fn release(&self, who: &Session, numbers: &[String]) {
        for number in numbers {
            self.ask(who, Method::DELETE, &format!("{NUMBERS}/{number}"), number, &json!({})).await;
        }
    }

    async fn numbers(&self, who: &Session) -> Vec<String> {
        let sql = "select phone_number from public.managed_phone_numbers where org_id = $1 and status = 'active'";
        let rows = self.owner.query(sql, &[&who.org_id]).await.expect("its numbers");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What a dead server left waits until the last one comes, so that each dies of its own.
    async fn leave_lie(&self) {
        let later = "update private.effects set \
                         run_at = case when state = 'ready' then now() + interval '1 hour' else run_at end, \
                         lease_until = case when state = 'running' then now() + interval '1 hour' end \
                     where kind like 'twilio.%' or kind like 'vapi.%'";
        self.owner.execute(later, &[]).await.expect("it waits");
    }

    async fn take_up(&self) {
        let due = "update private.effects set run_at = least(run_at, now()), \
                       lease_until = case when state = 'running' then now() end \
                   where kind like 'twilio.%' or kind like 'vapi.%'";
        self.owner.execute(due, &[]).await.expect("it is due");
    }

    /// Has a server die at each of these points, of an organisation of its own.
    async fn killed_at_each(&self, points: &[String], people: &[Session], begin: impl AsyncFn(&Session)) {
        for (point, who) in points.iter().zip(people) {
            let mut server = self.serve(Some(point)).await;
            begin(who).await;
            let ended = tokio::time::timeout(Duration::from_secs(30), server.wait()).await;
            let status = ended.unwrap_or_else(|_| panic!("{point}: it lives on")).expect("it ends");
            assert_eq!(status.signal(), Some(9), "{point}: killed, not stopped: {status}");
            self.leave_lie().await;
        }
    }

    /// A server comes that nobody kills.
    async fn at_rest(&self) -> Child {
        self.take_up().await;
        let server = self.serve(None).await;
        eventually("everything has come to rest", async || {
            // Pauses after a provider could not be reached are over.
            self.take_up_pauses().await;
            standing(&self.owner).await.is_empty()
        })
        .await;
        let found = agree(&self.owner, &self.sandbox, PAID_IN).await;
        assert!(found.is_empty(), "{} disagreements: {found:#?}", found.len());
        server
    }

    async fn take_up_pauses(&self) {
        let over = "update private.effects set run_at = now() \
                    where (kind like 'twilio.%' or kind like 'vapi.%') and state = 'ready' and run_at > now() + interval '1 minute'";
        self.owner.execute(over, &[]).await.expect("the pauses are over");
    }
}

/// Each moment of each of these kinds of effect.
fn points(kinds: &[&str]) -> Vec<String> {
    kinds.iter().flat_map(|kind| MOMENTS.map(|moment| format!("{moment}:{kind}"))).collect()
}

/// The kinds of effect of a saga, forward or back, as the data has them.
async fn kinds(owner: &Client, saga: &str, column: &str) -> Vec<String> {
    let sql = format!("select {column} from private.saga_steps where saga = $1 and {column} is not null order by step");
    let rows = owner.query(&sql, &[&saga]).await.expect("the steps");
    rows.iter().map(|row| row.get(0)).collect()
}

async fn points_of(scene: &Scene, saga: &str, column: &str) -> Vec<String> {
    let kinds = kinds(&scene.owner, saga, column).await;
    points(&kinds.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_whose_server_dies_at_any_step_is_bought_once() {
    let scene = Scene::open().await;
    let points = points_of(&scene, "provision_number", "effect_kind").await;
    assert_eq!(points.len(), 12);
    let people = sign_up(&scene.owner, points.len()).await;
    scene.killed_at_each(&points, &people, async |who| drop(scene.buy(who).await)).await;
    let _server = scene.at_rest().await;
    for (who, point) in people.iter().zip(&points) {
        for answer in scene.buy(who).await {
            let (status, number) = answer.unwrap_or_else(|| panic!("{point}: nobody answers"));
            assert_eq!((status, &number["status"]), (201, &json!("active")), "{point}: {number}");
        }
        assert_eq!(scene.numbers(who).await.len(), 2, "{point}");
    }
    let found = agree(&scene.owner, &scene.sandbox, PAID_IN).await;
    assert!(found.is_empty(), "{} disagreements: {found:#?}", found.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_cannot_be_had_is_taken_back_though_its_server_dies_at_any_step() {
    let scene = Scene::open().await;
    let points = points_of(&scene, "provision_number", "undo_effect_kind").await;
    assert_eq!(points.len(), 6);
    let people = sign_up(&scene.owner, points.len()).await;
    scene.sandbox.vapi.faults().add(Fault::error(503).matching("PATCH /phone-number"));
    scene.killed_at_each(&points, &people, async |who| drop(scene.buy(who).await)).await;
    let _server = scene.at_rest().await;
    for (who, point) in people.iter().zip(&points) {
        for answer in scene.buy(who).await {
            let (status, refusal) = answer.unwrap_or_else(|| panic!("{point}: nobody answers"));
            assert_eq!((status, &refusal["code"]), (502, &json!("provider_refused")), "{point}: {refusal}");
        }
        assert_eq!(scene.numbers(who).await, Vec::<String>::new(), "{point}");
    }
    assert!(scene.sandbox.vapi.phone_numbers().is_empty() && scene.sandbox.twilio.books().numbers().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_whose_server_dies_while_it_is_given_back_is_gone_everywhere() {
    let scene = Scene::open().await;
    let points = points_of(&scene, "release_number", "effect_kind").await;
    assert_eq!(points.len(), 6);
    let people = sign_up(&scene.owner, points.len()).await;
    let mut server = scene.serve(None).await;
    for who in &people {
        assert!(scene.buy(who).await.iter().all(|answer| answer.as_ref().is_some_and(|(status, _)| *status == 201)));
    }
    server.kill().await.expect("it ends");
    let begin = async |who: &Session| scene.release(who, &scene.numbers(who).await).await;
    scene.killed_at_each(&points, &people, begin).await;
    let _server = scene.at_rest().await;
    // Of the second number nobody may have heard before the server died.
    for who in &people {
        scene.release(who, &scene.numbers(who).await).await;
    }
    let _server = scene.at_rest().await;
    assert!(scene.sandbox.vapi.phone_numbers().is_empty() && scene.sandbox.twilio.books().numbers().is_empty());
}
