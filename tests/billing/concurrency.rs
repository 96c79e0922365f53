//! 64 connections over one wallet, and over a thousand: nothing lost, nothing doubled, nobody stuck.
//!
//! Every operation is one transaction of a worker's login. What each answered is kept, so that afterwards the books can be
//! held against everything that was accepted: each key once, each call by the best word on it.

mod traffic;

use std::collections::HashMap;

use futures_util::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio_postgres::Client;
use uuid::Uuid;

use self::traffic::{Answers, Operation, Word, operation};
use super::books::{self, MORNING, ask, charge};
use crate::support::TestDb;

const CONNECTIONS: usize = 64;

/// Every update of a wallet that leaves less than nothing available, and what was being done.
const WATCH: &str = "
    create table proof.overdrawn (operation text, held_grew boolean, balance_fell boolean);
    create function proof.watch() returns trigger language plpgsql security definer as $$
    begin
        insert into proof.overdrawn values (
            current_setting('proof.operation', true), new.held_pence > old.held_pence, new.balance_pence < old.balance_pence);
        return null;
    end
    $$;
    create trigger watch after update on public.credit_wallets for each row
    when (new.balance_pence < new.held_pence and (new.held_pence > old.held_pence or new.balance_pence < old.balance_pence))
    execute function proof.watch();
    grant execute on function proof.watch() to public;";

/// Has every connection do `each` operations on wallets of its choice.
async fn storm(owner: &Client, clients: Vec<Client>, orgs: &[Uuid], each: usize, calls: usize) -> Answers {
    let calls: HashMap<Uuid, Vec<Uuid>> =
        orgs.iter().map(|org| (*org, (0..calls).map(|_| Uuid::new_v4()).collect())).collect();
    let lanes = clients.into_iter().enumerate().map(|(lane, client)| {
        let (orgs, calls) = (orgs.to_vec(), calls.clone());
        tokio::spawn(async move {
            let mut chance = StdRng::seed_from_u64(lane as u64);
            let mut answers = Answers::default();
            for round in 0..each {
                let org = orgs[chance.random_range(0..orgs.len())];
                let operation = operation(
                    &mut chance,
                    org,
                    &calls[&org],
                    (round * CONNECTIONS + lane) as i64,
                    round as f64 / each as f64,
                );
                let answer = perform(&client, &operation).await;
                answers.note(org, operation, answer);
            }
            answers
        })
    });
    let mut all = Answers::default();
    for lane in join_all(lanes).await {
        all.merge(lane.expect("no operation fails otherwise than by a refusal"));
    }
    books::assert_books(owner).await;
    books::assert_no_deadlock(owner).await;
    assert_overdrawn_rightly(owner).await;
    all
}

async fn perform(client: &Client, operation: &Operation) -> Result<serde_json::Value, String> {
    client.batch_execute(&format!("set proof.operation = '{}'", operation.name)).await.expect("the operation is named");
    ask(client, &operation.call).await
}

/// What is available falls below nothing by settlements, corrections and money that Stripe took back, by nothing else.
async fn assert_overdrawn_rightly(owner: &Client) {
    let rows = owner
        .query("select operation, held_grew, count(*) from proof.overdrawn group by 1, 2 order by 1, 2", &[])
        .await
        .expect("what was watched");
    let mut taken = 0;
    for row in rows {
        let (operation, held_grew, count): (String, bool, i64) = (row.get(0), row.get(1), row.get(2));
        assert!(!held_grew, "{operation} held {count} times what was not there");
        assert!(
            ["settlement", "deduction", "refund", "dispute"].contains(&operation.as_str()),
            "{operation} made available negative {count} times"
        );
        taken += count;
    }
    assert!(taken > 0, "some wallets went below nothing, or this proved little");
}

/// The balance is what was accepted: each key once, less what each call cost by the best word on it.
async fn assert_balances(owner: &Client, opening: i64, answers: &Answers) {
    let rows = owner.query("select org_id, balance_pence from public.credit_wallets", &[]).await.expect("wallets");
    for row in rows {
        let (org, balance): (Uuid, i64) = (row.get(0), row.get(1));
        let moved: i64 = answers.moved.iter().filter(|((o, _), _)| *o == org).map(|(_, amount)| amount).sum();
        let charged: i64 = answers.calls_of(org).map(|words| charge(best(words))).sum();
        assert_eq!(balance, opening + moved - charged, "{org}: every accepted operation counts once");
    }
}

fn best(words: &[Word]) -> i64 {
    words.iter().max().map_or(0, |word| word.seconds)
}

/// Workers who wait for a wallet as long as it takes: this is about order, and a busy machine may be slow.
async fn workers(db: &TestDb) -> Vec<Client> {
    let clients = join_all((0..CONNECTIONS).map(|_| db.worker())).await;
    for client in &clients {
        client.batch_execute("set lock_timeout = 0; set statement_timeout = '60s'").await.expect("patience");
    }
    clients
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_connections_leave_one_wallet_in_order() {
    let (db, owner) = books::open().await;
    let org = books::organization(&owner, 2_500).await;
    owner.batch_execute(WATCH).await.unwrap();
    let answers = storm(&owner, workers(&db).await, &[org], 60, 260).await;

    assert_balances(&owner, 2_500, &answers).await;
    for name in ["top-up", "purchase", "admission", "settlement", "deduction", "renewal", "deadline", "refund"] {
        let (taken, refused) = answers.counts[name];
        assert!(taken > 0, "{name}: {taken} taken, {refused} refused");
    }
    let row = owner
        .query_one(
            "select (select count(*) from public.credit_transactions where type = 'deduction' and call_id is not null), \
             (select count(*) from public.credit_transactions where type = 'adjustment' and call_id is not null), \
             (select count(*) from public.credit_reservations where renewals > 0), \
             (select count(*) from public.call_refusals where reason = 'insufficient_balance')",
            &[],
        )
        .await
        .unwrap();
    let (charged, corrected): (i64, i64) = (row.get(0), row.get(1));
    let (renewed, refused): (i64, i64) = (row.get(2), row.get(3));
    assert!(
        charged > 20 && corrected > 0 && refused > 0,
        "{charged} calls were charged, {corrected} times corrected, {renewed} renewed, {refused} refused for want of money"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_connections_leave_a_thousand_wallets_in_order() {
    let (db, owner) = books::open().await;
    let orgs: Vec<Uuid> = owner
        .query(&format!("select proof.organization(600, '{MORNING}') from generate_series(1, 1000)"), &[])
        .await
        .expect("a thousand wallets")
        .iter()
        .map(|row| row.get(0))
        .collect();
    owner.batch_execute(WATCH).await.unwrap();
    let answers = storm(&owner, workers(&db).await, &orgs, 90, 3).await;
    assert_balances(&owner, 600, &answers).await;
}
