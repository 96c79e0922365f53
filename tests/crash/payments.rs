//! Servers that are really killed, with signal 9, at each step of a top-up and of a recharge: on restart one charge at Stripe,
//! one credit, and nothing that does not add up.

use std::{os::unix::process::ExitStatusExt, process::Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio_postgres::Client;
use voxanne::sandbox::{Sandbox, SandboxConfig, stripe::Card};

use crate::{
    billing::payments_support::{adds_up, settled},
    support::{Session, TestDb, eventually, eventually_some, server::base_settings},
};

/// A clinic, Stripe, and a place for the server.
struct Scene {
    db: TestDb,
    owner: Client,
    admin: Session,
    sandbox: Sandbox,
    port: u16,
    client: reqwest::Client,
    child: Child,
}

/// The port that a moment ago was free.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

impl Scene {
    async fn open(args: &[&str], crash_at: Option<&str>) -> Self {
        let db = TestDb::new().await;
        let owner = db.owner().await;
        let sooner = "update private.effect_kinds set backoff_base_seconds = 0.1 where kind like 'stripe.%'";
        owner.execute(sooner, &[]).await.expect("shorter pauses");
        let admin = db.sign_up("Clinic").await;
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let port = free_port();
        sandbox.stripe.send_webhooks_to(format!("http://127.0.0.1:{port}/api/webhooks/stripe"));
        let child = spawn(&db, &sandbox, port, args, crash_at);
        let mut scene = Self { db, owner, admin, sandbox, port, client: reqwest::Client::new(), child };
        scene.is_up().await;
        scene
    }

    /// Waits until the server listens, or has died of what it found to do.
    async fn is_up(&mut self) {
        let (client, health) = (self.client.clone(), self.url("/health"));
        let child = &mut self.child;
        loop {
            if client.get(&health).send().await.is_ok() || child.try_wait().expect("a child").is_some() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn dies(&mut self, when: &str) {
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), self.child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("{when}: it lives on")).expect("it ends");
        assert_eq!(status.signal(), Some(9), "{when}: killed, not stopped: {status}");
    }

    /// Another server takes over; the leases of the dead one have run out.
    async fn restarts(&mut self, crash_at: Option<&str>) {
        let expired = "update private.effects set lease_until = now() where state = 'running'";
        self.owner.execute(expired, &[]).await.expect("the leases run out");
        self.child = spawn(&self.db, &self.sandbox, self.port, &[], crash_at);
        self.is_up().await;
    }

    /// The same request as often as it takes: the front end tries again with its key.
    async fn asks(&self) -> Option<reqwest::Result<Value>> {
        let wish = json!({ "amount_pence": 5000, "return_url": "/dashboard/wallet" });
        let request = self
            .client
            .request(Method::POST, self.url("/api/billing/wallet/topup"))
            .bearer_auth(&self.admin.token)
            .header("idempotency-key", "the-button")
            .json(&wish);
        match request.send().await {
            Ok(answer) if answer.status() == 200 => Some(answer.json().await),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// Stripe tries again whatever was not taken, and more: all it ever said. What was kept and not dealt with is due.
    async fn stripe_tells_again(&self) {
        self.sandbox.stripe.delivered().await;
        for event in self.sandbox.stripe.events() {
            let id = event["id"].as_str().expect("an id");
            // The first try may go down a connection to the server that is dead.
            eventually("Stripe gets through", async || self.sandbox.stripe.redeliver(id).await == Some(200)).await;
        }
        self.owner
            .batch_execute(
                "update private.webhook_inbox set next_attempt_at = now() where finished_at is null;
                 update private.schedule_state set next_run_at = now() where name = 'retry_webhooks'",
            )
            .await
            .expect("half a minute");
        settled(&self.owner).await;
    }

    async fn ends_with(&self, pence: i64, credits: i64, when: &str) {
        let sql = "select balance_pence, (select count(*) from public.credit_transactions t where t.org_id = w.org_id and t.type = 'topup') \
                   from public.credit_wallets w where w.org_id = $1";
        let row = self.owner.query_one(sql, &[&self.admin.org_id]).await.expect("the wallet");
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (pence, credits), "{when}");
        let intents = self.sandbox.stripe.payment_intents();
        assert_eq!(intents.len() as i64, credits, "{when}: Stripe was asked for each once");
        adds_up(&self.owner, &self.sandbox.stripe, &self.admin, when).await;
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

/// A page that is asked for until it is there, and paid.
async fn page_is_paid(scene: &Scene) {
    let page = eventually_some("the page is there", async || scene.asks().await?.ok()).await;
    let session = page["session_id"].as_str().unwrap_or_else(|| panic!("{page}"));
    scene.sandbox.stripe.pay(session, Card::Visa).expect("it is paid");
    scene.sandbox.stripe.delivered().await;
}

async fn one_top_up(scene: &Scene, when: &str) {
    scene.stripe_tells_again().await;
    assert_eq!(scene.sandbox.stripe.sessions().len(), 1, "{when}: one page");
    assert_eq!(scene.sandbox.stripe.events_of("customer.created").len(), 1, "{when}: one customer");
    scene.ends_with(5000, 1, when).await;
}

async fn topup_killed_before_its_page(point: &str) {
    let mut scene = Scene::open(&[], Some(point)).await;
    assert!(scene.asks().await.is_some_and(|answer| answer.is_err()), "{point}: nobody answers");
    scene.dies(point).await;
    scene.restarts(None).await;
    page_is_paid(&scene).await;
    one_top_up(&scene, point).await;
}

async fn topup_killed_at_the_door(point: &str) {
    let mut scene = Scene::open(&[], Some(point)).await;
    page_is_paid(&scene).await;
    scene.dies(point).await;
    scene.restarts(None).await;
    one_top_up(&scene, point).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_whose_server_dies_before_anything_is_asked_of_stripe_is_made_once() {
    let mut scene = Scene::open(&["--no-workers"], None).await;
    let asking = {
        let (client, url, token) =
            (scene.client.clone(), scene.url("/api/billing/wallet/topup"), scene.admin.token.clone());
        let wish = json!({ "amount_pence": 5000, "return_url": "/dashboard/wallet" });
        let request = client.post(url).bearer_auth(token).header("idempotency-key", "the-button").json(&wish);
        tokio::spawn(request.send())
    };
    eventually("it is on record", async || {
        let sql = "select count(*) from private.effects where kind = 'stripe.checkout'";
        scene.owner.query_one(sql, &[]).await.expect("a count").get::<_, i64>(0) == 1
    })
    .await;
    scene.child.start_kill().expect("signal 9");
    scene.dies("before the effect is claimed").await;
    assert!(asking.await.expect("it ran").is_err());
    assert_eq!(scene.sandbox.stripe.sessions().len(), 0);

    scene.restarts(None).await;
    page_is_paid(&scene).await;
    one_top_up(&scene, "before the effect is claimed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_whose_server_dies_with_its_page_claimed_is_made_once() {
    topup_killed_before_its_page("after_claim:stripe.checkout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_whose_page_was_made_and_not_recorded_is_made_once() {
    topup_killed_before_its_page("after_provider:stripe.checkout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_top_up_whose_page_was_recorded_and_not_answered_is_made_once() {
    topup_killed_before_its_page("after_record:stripe.checkout").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_heard_of_and_not_kept_is_credited_once() {
    topup_killed_at_the_door("webhook_received:payment_intent.succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_kept_and_not_credited_is_credited_once() {
    topup_killed_at_the_door("webhook_stored:payment_intent.succeeded").await;
    topup_killed_at_the_door("webhook_stored:checkout.session.completed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_credited_and_not_acknowledged_is_credited_once() {
    topup_killed_at_the_door("webhook_processed:payment_intent.succeeded").await;
    topup_killed_at_the_door("webhook_processed:checkout.session.completed").await;
}

/// £50 and a saved card, then a server that dies at the point while the card is charged.
async fn recharge_killed_at(point: Option<&str>) {
    let when = point.unwrap_or("before the effect is claimed");
    let mut scene = Scene::open(&[], None).await;
    page_is_paid(&scene).await;
    settled(&scene.owner).await;
    let wish = json!({ "enabled": true, "threshold_pence": 2000, "amount_pence": 2500 });
    let put = scene.client.put(scene.url("/api/billing/wallet/auto-recharge")).bearer_auth(&scene.admin.token);
    let answer = put.json(&wish).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    scene.child.start_kill().expect("signal 9");
    scene.dies("the first server").await;

    if point.is_some() {
        scene.restarts(point).await;
    }
    let spend = "select private.check_balance_and_deduct_asset_cost($1, 3500, 'managed_number', 'a number')";
    scene.owner.execute(spend, &[&scene.admin.org_id]).await.expect("a purchase");
    if let Some(point) = point {
        scene.dies(point).await;
    }
    scene.restarts(None).await;
    scene.stripe_tells_again().await;
    scene.ends_with(4000, 2, when).await;
    let recharges = "select count(*) filter (where status = 'succeeded'), count(*) from public.wallet_recharges";
    let row = scene.owner.query_one(recharges, &[]).await.expect("recharges");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 1), "{when}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recharge_whose_server_dies_before_stripe_is_asked_charges_once() {
    recharge_killed_at(None).await;
    recharge_killed_at(Some("after_claim:stripe.charge")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recharge_that_stripe_made_and_nobody_recorded_charges_once() {
    recharge_killed_at(Some("after_provider:stripe.charge")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recharge_whose_answer_was_recorded_charges_once() {
    recharge_killed_at(Some("after_record:stripe.charge")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recharge_whose_event_kills_the_server_charges_once() {
    recharge_killed_at(Some("webhook_stored:payment_intent.succeeded")).await;
    recharge_killed_at(Some("webhook_processed:payment_intent.succeeded")).await;
}
