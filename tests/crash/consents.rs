//! Servers that are really killed, with signal 9, while a consent is exchanged: on restart the calendar is connected, or
//! nothing is left of it and the person agrees once more.

use std::{os::unix::process::ExitStatusExt, process::Stdio, time::Duration};

use reqwest::{Client, header};
use tokio::process::{Child, Command};
use tokio_postgres::Client as Postgres;
use url::Url;
use voxanne::sandbox::{Sandbox, SandboxConfig};

use crate::{
    support::{Session, TestDb, eventually, server::base_settings},
    telephony::consents_support::{GOOGLE, browser, landed, token},
};

const ADA: &str = "ada@clinic.example";

struct Scene {
    db: TestDb,
    owner: Postgres,
    admin: Session,
    sandbox: Sandbox,
    port: u16,
    browser: Client,
    child: Child,
}

impl Scene {
    async fn open(args: &[&str], crash_at: Option<&str>) -> Self {
        let db = TestDb::new().await;
        let owner = db.owner().await;
        let admin = db.sign_up("Clinic").await;
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        sandbox.google.register(format!("http://127.0.0.1:{port}/api/integrations/google/callback"));
        let child = spawn(&db, &sandbox, port, args, crash_at);
        let mut scene = Self { db, owner, admin, sandbox, port, browser: browser(), child };
        scene.is_up().await;
        scene
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits until the server listens, or has died of what it found to do.
    async fn is_up(&mut self) {
        let (client, health) = (self.browser.clone(), self.url("/health"));
        while client.get(&health).send().await.is_err() && self.child.try_wait().expect("a child").is_none() {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    async fn dies(&mut self, when: &str) {
        let ended = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("{when}: it lives on")).expect("it ends");
        assert_eq!(status.signal(), Some(9), "{when}: killed, not stopped: {status}");
    }

    /// Another server takes over; the leases of the dead one have run out.
    async fn restarts(&mut self) {
        let expired = "update private.effects set lease_until = now() where state = 'running'";
        self.owner.execute(expired, &[]).await.expect("the leases run out");
        self.child = spawn(&self.db, &self.sandbox, self.port, &[], None);
        self.is_up().await;
    }

    /// Asks for the page and agrees; answers where the browser is sent.
    async fn agrees(&self) -> Url {
        let asked = self.browser.get(self.url("/api/integrations/google/authorize")).bearer_auth(&self.admin.token);
        let said: serde_json::Value = asked.send().await.expect("an answer").json().await.expect("JSON");
        let page = said["url"].as_str().unwrap_or_else(|| panic!("{said}"));
        self.sandbox.google.allow(page, ADA).expect("the page asks")
    }

    async fn comes_back(&self, url: &Url) -> reqwest::Result<reqwest::Response> {
        self.browser.get(url.as_str()).header(header::ACCEPT, "text/html").send().await
    }

    /// Everything that was ordered is over, and no code is kept.
    async fn settles(&self, when: &str) {
        let sql = "select (select count(*) from private.effects where kind = 'oauth.exchange') \
                        + (select count(*) from private.oauth_flows where encrypted_code is not null)";
        eventually(when, async || self.owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) == 0).await;
    }

    /// Whether a calendar is connected: with a token that works, or not at all.
    async fn is_connected(&self, when: &str) -> bool {
        let sql = "select count(*) from public.integrations where org_id = $1 and provider = 'google' and status = 'connected'";
        let shown: i64 = self.owner.query_one(sql, &[&self.admin.org_id]).await.expect("a count").get(0);
        let token = token(&self.owner, self.admin.org_id, GOOGLE).await;
        assert_eq!(shown == 1, token.is_some(), "{when}: what is shown is what is kept");
        if let Some(token) = &token {
            assert!(self.sandbox.google.takes(token), "{when}: the token works");
        }
        token.is_some()
    }

    /// Whatever became of the first consent, the next one connects.
    async fn connects_again(&self, when: &str) {
        let back = self.agrees().await;
        let answer = self.comes_back(&back).await.expect("an answer");
        assert_eq!(landed(&answer), ("connected".to_owned(), None), "{when}");
        assert!(self.is_connected(when).await);
    }
}

fn spawn(db: &TestDb, sandbox: &Sandbox, port: u16, args: &[&str], crash_at: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voxanne"));
    command
        .arg("serve")
        .args(args)
        .env_clear()
        .envs(base_settings(db, &format!("http://127.0.0.1:{port}")))
        .envs(sandbox.settings())
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .env("PORT", port.to_string())
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(point) = crash_at {
        command.env("VOXANNE_CRASH_AT", point);
    }
    command.spawn().expect("the server starts")
}

async fn consent_killed_at(point: &str, connected: bool) {
    let mut scene = Scene::open(&[], Some(point)).await;
    let back = scene.agrees().await;
    assert!(scene.comes_back(&back).await.is_err(), "{point}: nobody answers");
    scene.dies(point).await;
    scene.restarts().await;
    scene.settles(point).await;
    assert_eq!(scene.is_connected(point).await, connected, "{point}");

    let answer = scene.comes_back(&back).await.expect("an answer");
    assert_eq!(landed(&answer), ("failed".to_owned(), Some("oauth_code_reused".to_owned())), "{point}: reloaded");
    assert_eq!(scene.is_connected(point).await, connected, "{point}: reloaded");
    scene.connects_again(point).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_whose_server_dies_before_the_provider_is_asked_is_exchanged_by_the_next() {
    consent_killed_at("after_claim:oauth.exchange", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_the_provider_exchanged_and_nobody_recorded_leaves_nothing() {
    consent_killed_at("after_provider:oauth.exchange", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_was_recorded_and_not_answered_is_connected() {
    consent_killed_at("after_record:oauth.exchange", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_whose_server_dies_with_its_code_on_record_is_exchanged_by_the_next() {
    let when = "before the effect is claimed";
    let mut scene = Scene::open(&["--no-workers"], None).await;
    let back = scene.agrees().await;
    let waiting = tokio::spawn(scene.browser.get(back.as_str()).send());
    eventually("the code is on record", async || {
        let sql = "select count(*) from private.oauth_flows where encrypted_code is not null";
        scene.owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) == 1
    })
    .await;
    scene.child.start_kill().expect("signal 9");
    scene.dies(when).await;
    assert!(waiting.await.expect("it ran").is_err());
    assert!(!scene.is_connected(when).await);
    scene.restarts().await;
    scene.settles(when).await;
    assert!(scene.is_connected(when).await);
}
