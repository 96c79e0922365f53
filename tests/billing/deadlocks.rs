//! Finishing an effect of a call while the same call is settled on another connection, thousands of times.
//!
//! A continuation takes the wallet, then the reservation, and its own effect last; settlement takes the first two and
//! enqueues. Were any of them to take them in another order, one pair in a few would meet in the middle.

use futures_util::future::join;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::books::{self, ask, at, charge};
use crate::support::TestDb;

/// Pairs that run at once on one wallet, and over how many wallets: what one pair leaves locked, another waits for.
const PAIRS: usize = 6;
const WALLETS: usize = 2;

/// What is finished while its call is settled.
struct Meeting {
    rounds: usize,
    /// The effect, and when it is finished: seconds after the call was let in.
    kind: &'static str,
    finished: f64,
    /// What leads to the effect, over `{call}`, once the call is let in.
    cause: Option<String>,
    /// Whose word settles the call.
    source: &'static str,
}

const OPENING: i64 = 10_000_000;

impl Meeting {
    /// Has it happen `rounds` times in each lane. Whichever side is first, the call costs its two minutes.
    async fn hold(&self) -> (TestDb, Client) {
        let (db, owner) = books::open().await;
        let mut orgs = Vec::new();
        for _ in 0..WALLETS {
            orgs.push(books::organization(&owner, OPENING).await);
        }
        let lanes = (0..PAIRS * WALLETS).map(|lane| self.lane(&db, orgs[lane % WALLETS]));
        futures_util::future::join_all(lanes).await;

        books::assert_books(&owner).await;
        books::assert_no_deadlock(&owner).await;
        self.assert_settled(&owner, &orgs).await;
        (db, owner)
    }

    async fn lane(&self, db: &TestDb, org: Uuid) {
        let (one, other) = (db.worker().await, db.worker().await);
        for round in 0..self.rounds {
            let call = Uuid::new_v4();
            let admitted =
                ask(&one, &format!("private.reserve_call_credits('{org}', '{call}', p_now => {})", at(0.0))).await;
            assert_eq!(admitted.map(|a| a["allowed"].clone()), Ok(json!(true)));
            if let Some(cause) = &self.cause {
                ask(&one, &cause.replace("{call}", &call.to_string())).await.expect("the cause of the effect");
            }
            let effect =
                ask(&one, &format!("proof.lease('{call}', '{}')", self.kind)).await.expect("an effect to finish");
            let finishing = format!(
                "private.finish_effect('{}', '{}', '{{}}', {})",
                effect["id"].as_str().expect("an id"),
                effect["lease_token"].as_str().expect("a token"),
                at(self.finished)
            );
            let settling = format!(
                "private.commit_reserved_credits('{call}', 120, '{}', {}, {})",
                self.source,
                at(120.0),
                at(121.0)
            );
            // Who is sent first takes turns.
            let (finished, settled) = if round % 2 == 0 {
                join(ask(&one, &finishing), ask(&other, &settling)).await
            } else {
                let (settled, finished) = join(ask(&other, &settling), ask(&one, &finishing)).await;
                (finished, settled)
            };
            assert_eq!(finished, Ok(json!("done")), "round {round}");
            assert_eq!(settled.map(|s| s["charged_pence"].clone()), Ok(json!(charge(120))), "round {round}");
        }
    }

    /// Every call was charged once, holds nothing and is over, and the effect was finished with it.
    async fn assert_settled(&self, owner: &Client, orgs: &[Uuid]) {
        let charged = (self.rounds * PAIRS) as i64 * charge(120);
        for org in orgs {
            let row = owner
                .query_one(
                    "select balance_pence, held_pence, capped_pence from public.credit_wallets where org_id = $1",
                    &[org],
                )
                .await
                .expect("a wallet");
            let wallet = (row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, i64>(2));
            assert_eq!(wallet, (OPENING - charged, 0, 0));
        }
        let unsettled = "public.credit_reservations where status <> 'committed' or committed_pence <> 112";
        assert_eq!(count(owner, unsettled).await, 0, "every call is settled");
        let finished = count(owner, &format!("private.effects_done where kind = '{}'", self.kind)).await;
        assert_eq!(finished, (self.rounds * PAIRS * WALLETS) as i64, "every effect was finished");
        assert_eq!(count(owner, "private.effects where state = 'running'").await, 0, "and none twice");
    }
}

async fn count(owner: &Client, question: &str) -> i64 {
    owner.query_one(&format!("select count(*) from {question}"), &[]).await.expect("a count").get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_and_a_settlement_of_one_call_never_wait_for_each_other() {
    let meeting =
        Meeting { rounds: 170, kind: "billing.hold_deadline", finished: 268.0, cause: None, source: "report" };
    let (_db, owner) = meeting.hold().await;
    let renewed = count(&owner, "public.credit_reservations where renewals = 1").await;
    let stale = count(&owner, "public.credit_reservations where renewals = 0").await;
    assert!(renewed > 0 && stale > 0, "both were first at times: the deadline {renewed}, the settlement {stale}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_up_and_a_settlement_of_one_call_never_wait_for_each_other() {
    let meeting = Meeting {
        rounds: 70,
        kind: "vapi.end_call",
        finished: 61.0,
        cause: Some(format!("proof.tell_to_end('{{call}}', {})", at(60.0))),
        source: "poll",
    };
    let (_db, owner) = meeting.hold().await;
    let untold = "public.credit_reservations where end_issued_at is null";
    assert_eq!(count(&owner, untold).await, 0, "when the order left is on record, settled or not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_events_of_one_payment_credit_it_once() {
    const PAYMENTS: usize = 150;
    let (db, owner) = books::open().await;
    let org = books::organization(&owner, 0).await;
    let clients = futures_util::future::join_all((0..6).map(|_| db.worker())).await;
    for payment in 0..PAYMENTS {
        // Three deliveries of each of two events: one calls the credit by the payment, the other by its own session.
        let keys = [format!("stripe:pi_{payment}"), format!("session:cs_{payment}")];
        let deliver = clients.iter().enumerate().map(|(place, client)| {
            let call = format!(
                "private.add_credits('{org}', 2500, 'topup', '{}', null, 'pi_{payment}', p_now => {})",
                keys[place % 2],
                at(payment as f64)
            );
            async move { ask(client, &call).await.unwrap_or_else(|code| panic!("{call}: {code}")) }
        });
        let entries = futures_util::future::join_all(deliver).await;
        assert!(
            entries.iter().all(|entry| entry["seq"] == json!(payment + 1)),
            "all six are told of the same entry: {entries:?}"
        );
    }
    let row = owner
        .query_one("select balance_pence, entry_count from public.credit_wallets where org_id = $1", &[&org])
        .await
        .unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (2_500 * PAYMENTS as i64, PAYMENTS as i64));
    books::assert_books(&owner).await;
    books::assert_no_deadlock(&owner).await;
}
