//! 64 connections over one diary: one patient a slot, one appointment a wish, nobody stuck.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use tokio::sync::Barrier;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::billing::books::assert_no_deadlock;
use crate::support::TestDb;

const CONNECTIONS: usize = 64;
const NOW: &str = "timestamptz '2026-06-01 06:00+00'";
/// A Tuesday on which the clinic is open.
const TEN: &str = "timestamptz '2026-06-09 10:00+00'";

struct Clinic {
    db: TestDb,
    owner: Client,
    org: Uuid,
    contacts: Vec<Uuid>,
    call: Uuid,
}

/// A clinic in Greenwich with so many practitioners, as many contacts as connections, and a call.
async fn clinic(practitioners: i64) -> Clinic {
    let db = TestDb::new().await;
    let owner = db.owner().await;
    owner.batch_execute(include_str!("diary.sql")).await.expect("the proofs' functions");
    let org: Uuid = owner
        .query_one("insert into public.organizations (name, timezone) values ('Proof', 'UTC') returning id", &[])
        .await
        .unwrap()
        .get(0);
    owner
        .execute(
            "insert into public.practitioners (org_id, name) select $1, 'Dr ' || n from generate_series(1, $2::bigint) as n",
            &[&org, &practitioners],
        )
        .await
        .unwrap();
    let contacts = owner
        .query(
            "insert into public.contacts (org_id, phone) \
             select $1, '+4477009' || (10000 + n) from generate_series(1, 64) as n returning id",
            &[&org],
        )
        .await
        .unwrap();
    let call = owner
        .query_one("insert into public.calls (org_id, call_direction) values ($1, 'inbound') returning id", &[&org])
        .await
        .unwrap()
        .get(0);
    Clinic { db, owner, org, contacts: contacts.iter().map(|row| row.get(0)).collect(), call }
}

impl Clinic {
    /// What each connection is answered that asks its own question at the same moment as all the others.
    async fn all_at_once(&self, question: impl Fn(usize) -> String) -> Vec<Value> {
        let clients = join_all((0..CONNECTIONS).map(|_| self.db.owner())).await;
        let barrier = Arc::new(Barrier::new(CONNECTIONS));
        let asking = clients.into_iter().enumerate().map(|(lane, client)| {
            let (question, barrier) = (question(lane), Arc::clone(&barrier));
            tokio::spawn(async move {
                barrier.wait().await;
                ask(&client, &question).await
            })
        });
        let answers = join_all(asking).await.into_iter().map(|answer| answer.expect("no question fails")).collect();
        self.assert_in_order().await;
        answers
    }

    async fn assert_in_order(&self) {
        assert_no_deadlock(&self.owner).await;
        let overlaps: i64 = self.owner.query_one("select proof.overlaps()", &[]).await.unwrap().get(0);
        assert_eq!(overlaps, 0, "somebody has two patients at once");
    }

    async fn live(&self) -> i64 {
        self.owner
            .query_one("select count(*) from public.appointments where status = 'scheduled'", &[])
            .await
            .unwrap()
            .get(0)
    }

    fn contact(&self, lane: usize) -> String {
        format!("'{}'", self.contacts[lane])
    }

    fn booking(&self, contact: &str, at: &str, more: &str) -> String {
        format!("private.book_appointment('{}', {contact}, {at}, p_now => {NOW}{more})", self.org)
    }
}

async fn ask(client: &Client, question: &str) -> Value {
    client
        .query_one(&format!("select to_jsonb(x) from {question} as x"), &[])
        .await
        .unwrap_or_else(|e| panic!("{question}: {e:?}"))
        .get(0)
}

fn outcomes(answers: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer["outcome"].as_str().expect("an outcome").to_owned()).or_default() += 1;
    }
    counts
}

fn ids(answers: &[Value]) -> BTreeSet<String> {
    answers.iter().filter_map(|a| a["appointment"]["id"].as_str()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_patients_who_want_one_slot_one_gets_it_and_the_others_are_offered_three_more() {
    let clinic = clinic(0).await;
    let answers = clinic.all_at_once(|lane| clinic.booking(&clinic.contact(lane), TEN, "")).await;
    assert_eq!(outcomes(&answers), BTreeMap::from([("booked".to_owned(), 1), ("taken".to_owned(), 63)]));
    for answer in answers.iter().filter(|answer| answer["outcome"] == "taken") {
        let offered: Vec<&str> =
            answer["alternatives"].as_array().unwrap().iter().map(|s| s["starts_at"].as_str().unwrap()).collect();
        assert_eq!(
            offered,
            ["2026-06-09T09:15:00+00:00", "2026-06-09T09:30:00+00:00", "2026-06-09T10:30:00+00:00"],
            "the nearest that are free"
        );
    }
    assert_eq!(clinic.live().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinic_of_five_sees_five_of_sixty_four_at_once_each_another_one() {
    let clinic = clinic(5).await;
    let answers = clinic.all_at_once(|lane| clinic.booking(&clinic.contact(lane), TEN, "")).await;
    assert_eq!(outcomes(&answers), BTreeMap::from([("booked".to_owned(), 5), ("taken".to_owned(), 59)]));
    let with: BTreeSet<&str> =
        answers.iter().filter_map(|answer| answer["appointment"]["practitioner_id"].as_str()).collect();
    assert_eq!(with.len(), 5, "everybody has one patient");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_asks_sixty_four_times_at_once_has_one_appointment() {
    let clinic = clinic(3).await;
    let answers = clinic
        .all_at_once(|lane| {
            let more = format!(", p_call_id => '{}', p_idempotency_key => 'asked {lane}'", clinic.call);
            clinic.booking(&clinic.contact(0), TEN, &more)
        })
        .await;
    assert_eq!(outcomes(&answers), BTreeMap::from([("already".to_owned(), 63), ("booked".to_owned(), 1)]));
    assert_eq!(ids(&answers).len(), 1, "everybody is told of the same one");
    assert_eq!(clinic.live().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_changes_its_mind_sixty_four_times_at_once_has_one_appointment() {
    let clinic = clinic(1).await;
    let answers = clinic
        .all_at_once(|lane| {
            let at = format!("{TEN} + {} * interval '15 minutes'", lane % 8);
            clinic.booking(&clinic.contact(0), &at, &format!(", p_call_id => '{}'", clinic.call))
        })
        .await;
    assert_eq!(ids(&answers).len(), 1, "it is moved, not doubled");
    assert_eq!(clinic.live().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_without_a_call_is_granted_once_under_its_key() {
    let clinic = clinic(3).await;
    let answers = clinic.all_at_once(|_| clinic.booking("null", TEN, ", p_idempotency_key => 'the desk'")).await;
    assert_eq!(outcomes(&answers), BTreeMap::from([("already".to_owned(), 63), ("booked".to_owned(), 1)]));
    assert_eq!(ids(&answers).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_who_book_move_and_cancel_leave_a_diary_in_order() {
    let clinic = clinic(3).await;
    let clients = join_all((0..CONNECTIONS).map(|_| clinic.db.owner())).await;
    let lanes = clients.into_iter().enumerate().map(|(lane, client)| {
        let (org, contact) = (clinic.org, clinic.contact(lane));
        tokio::spawn(async move {
            let mut chance = StdRng::seed_from_u64(lane as u64);
            let mut mine: Vec<String> = Vec::new();
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for round in 0..6 {
                let at = format!("{TEN} + interval '{} minutes'", 15 * chance.random_range(0..20));
                let chosen = mine.get(chance.random_range(0..mine.len().max(1))).cloned();
                let question = match (chance.random_range(0..10), chosen) {
                    (0..=3, Some(id)) => format!("private.reschedule_appointment('{org}', '{id}', {at}, {NOW})"),
                    (4..=5, Some(id)) => {
                        mine.retain(|other| *other != id);
                        format!("private.cancel_appointment('{org}', '{id}', {NOW})")
                    }
                    // Somebody who writes without asking, as a calendar might.
                    (6, _) => {
                        write_without_asking(&client, org, &at).await;
                        continue;
                    }
                    _ => format!(
                        "private.book_appointment('{org}', {contact}, {at}, p_idempotency_key => '{lane}:{round}', p_now => {NOW})"
                    ),
                };
                let answer = ask(&client, &question).await;
                let outcome = answer["outcome"].as_str().unwrap().to_owned();
                if outcome == "booked" && question.contains("book_appointment") {
                    mine.push(answer["appointment"]["id"].as_str().unwrap().to_owned());
                }
                *counts.entry(outcome).or_default() += 1;
            }
            (mine, counts)
        })
    });
    let (mut kept, mut counts) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    for lane in join_all(lanes).await {
        let (mine, answers) = lane.expect("no operation fails");
        kept.extend(mine);
        answers.into_iter().for_each(|(outcome, n)| *counts.entry(outcome).or_default() += n);
    }
    clinic.assert_in_order().await;
    let rows = clinic
        .owner
        .query(
            "select id::text from public.appointments where status = 'scheduled' and idempotency_key is not null",
            &[],
        )
        .await
        .unwrap();
    let booked: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(booked, kept, "what was booked and not cancelled is there, and nothing else");
    for outcome in ["booked", "taken", "cancelled"] {
        assert!(counts.get(outcome).is_some_and(|n| *n > 10), "{outcome}: {counts:?}");
    }
}

/// Into the first practitioner's diary, if there is room: only the constraint stands in the way.
async fn write_without_asking(client: &Client, org: Uuid, at: &str) {
    client
        .batch_execute(&format!(
            "insert into public.appointments (org_id, practitioner_id, title, scheduled_at, busy_until) \
             select p.org_id, p.id, 'Unasked', {at}, {at} + interval '30 minutes' \
             from public.practitioners p where p.org_id = '{org}' order by p.id limit 1 on conflict do nothing"
        ))
        .await
        .expect("a slot that is taken is left alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_book_the_same_two_days_the_other_way_round_do_not_wait_for_each_other() {
    let clinic = clinic(2).await;
    let (one, other) = (clinic.db.owner().await, clinic.db.owner().await);
    for client in [&one, &other] {
        client.batch_execute("begin; set local lock_timeout = '20s'").await.unwrap();
    }
    let wednesday = format!("{TEN} + interval '1 day'");
    let booking = |lane: usize, at: &str, more: &str| clinic.booking(&clinic.contact(lane), at, more);
    let half_past = |day: &str| format!("{day} + interval '30 minutes'");

    assert_eq!(ask(&one, &booking(0, TEN, "")).await["outcome"], "booked");
    assert_eq!(ask(&other, &booking(1, &wednesday, "")).await["outcome"], "booked");
    let (first, second) = (booking(0, &half_past(&wednesday), ""), booking(1, &half_past(TEN), ""));
    let (first, second) = tokio::join!(ask(&one, &first), ask(&other, &second));
    assert_eq!((&first["outcome"], &second["outcome"]), (&"booked".into(), &"booked".into()));
    for client in [&one, &other] {
        client.batch_execute("commit").await.unwrap();
    }
    clinic.assert_in_order().await;
    assert_eq!(clinic.live().await, 4);
}
