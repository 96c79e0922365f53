//! For one set of messages about a call, any order and any repetition: the same charge, held, capped and status.
//!
//! Proved twice: by visiting every state that can be reached (a message may come at any time, however often), remembered by
//! what the future can depend on; and by every order without repetition of every subset, remembering nothing.

mod cases;

use std::collections::{HashMap, HashSet};

use futures_util::future::{BoxFuture, FutureExt};
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use self::cases::{Case, Message, cases, reserve};
use super::books::{self, MORNING, at, charge};

/// What must not depend on the order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    charge: i64,
    held: i64,
    capped: i64,
    status: String,
}

/// One case in one transaction that is never committed.
struct Walk<'a> {
    client: &'a Client,
    case: &'a Case,
    org: Uuid,
    call: Uuid,
    by_set: HashMap<u32, (Outcome, Vec<&'static str>)>,
    seen: Option<HashSet<(u32, String)>>,
    applied: usize,
}

impl<'a> Walk<'a> {
    async fn begin(client: &'a Client, case: &'a Case, remembering: bool) -> Self {
        let org = books::organization(client, case.balance).await;
        let walk = Self {
            client,
            case,
            org,
            call: Uuid::new_v4(),
            by_set: HashMap::new(),
            seen: remembering.then(HashSet::new),
            applied: 0,
        };
        client.batch_execute("begin").await.expect("a transaction");
        walk
    }

    async fn run(mut self) -> Self {
        let first = if self.case.admitted { vec![reserve()] } else { vec![] };
        let mut state = self.state().await;
        for message in &first {
            state = self.apply(message, 0).await;
        }
        self.arrive(0, &mut Vec::new(), &state);
        self.walk(0, &mut Vec::new()).await;
        // Every message that was taken back left its rows behind, and the deadlines are looked for among them.
        self.client.batch_execute("rollback").await.expect("nothing of it stays");
        self.client
            .batch_execute("vacuum private.effects, public.credit_wallets")
            .await
            .expect("and nothing in the way");
        self
    }

    /// From here on, every message that may still come.
    fn walk<'b>(&'b mut self, set: u32, path: &'b mut Vec<&'static str>) -> BoxFuture<'b, ()> {
        async move {
            let case = self.case;
            for (place, message) in case.messages.iter().enumerate() {
                let next = set | 1 << place;
                if self.seen.is_none() && next == set {
                    continue;
                }
                let depth = path.len() + 1;
                let state = self.apply(message, depth).await;
                path.push(message.name);
                if self.arrive(next, path, &state) {
                    self.walk(next, path).await;
                }
                path.pop();
                self.client
                    .batch_execute(&format!("rollback to savepoint s{depth}; release savepoint s{depth}"))
                    .await
                    .expect("back to where it was");
            }
        }
        .boxed()
    }

    /// Holds what was reached against what the same set of messages led to before; answers whether to go on from here.
    fn arrive(&mut self, set: u32, path: &mut [&'static str], state: &[String]) -> bool {
        let number = |place: usize| state[place].parse().expect("pence");
        let outcome = Outcome { charge: number(0), held: number(1), capped: number(2), status: state[3].clone() };
        assert_eq!(
            number(4),
            self.case.balance - outcome.charge,
            "{}: {path:?}: the balance is not the opening less the charge",
            self.case.name
        );
        assert_eq!(number(5), outcome.charge, "{}: {path:?}: committed is not what was posted", self.case.name);
        if set + 1 == 1 << self.case.messages.len() {
            assert_eq!(outcome.charge, charge(self.case.seconds), "{}: {path:?} is not the best word", self.case.name);
        }
        match self.by_set.get(&set) {
            None => {
                self.by_set.insert(set, (outcome, path.to_vec()));
            }
            Some((other, by)) => {
                assert_eq!(&outcome, other, "{}: {path:?} ends otherwise than {by:?}", self.case.name);
            }
        }
        self.seen.as_mut().is_none_or(|seen| seen.insert((set, state[6].clone())))
    }

    async fn apply(&mut self, message: &Message, depth: usize) -> Vec<String> {
        self.applied += 1;
        let call = message.call.replace("{org}", &self.org.to_string()).replace("{call}", &self.call.to_string());
        let sql = format!("savepoint s{depth}; select proof.attempt({}); {}", quoted(&call), self.question());
        self.rows(&sql, &call).await
    }

    async fn state(&self) -> Vec<String> {
        self.rows(&self.question(), "the beginning").await
    }

    async fn rows(&self, sql: &str, what: &str) -> Vec<String> {
        let messages = self.client.simple_query(sql).await.unwrap_or_else(|e| panic!("{what}: {e:?}"));
        messages
            .iter()
            .rev()
            .find_map(|message| match message {
                SimpleQueryMessage::Row(row) => {
                    Some((0..row.len()).map(|place| row.get(place).unwrap_or_default().to_owned()).collect())
                }
                _ => None,
            })
            .expect("a row")
    }

    /// The outcome, the balance, what the call committed; and everything that a later message could make a difference by.
    fn question(&self) -> String {
        format!(
            "select coalesce(-(select sum(t.amount_pence) from public.credit_transactions t
                               where t.org_id = w.org_id and t.call_id = '{call}'), 0),
                    w.held_pence, w.capped_pence, r.status, w.balance_pence, coalesce(r.committed_pence, 0),
                    jsonb_build_array(
                        w.balance_pence, w.held_pence, w.capped_pence, w.status, w.suspended_by,
                        r.reserved_pence, r.committed_pence, r.cap_pence, r.status, r.started_at, r.paid_from, r.hold_ends_at,
                        r.expires_at, r.warned_for, r.evidence_rank, r.evidence_ended_at, r.evidence_seconds, r.ended_rank,
                        r.ended_at, r.cap_released_at is null, r.end_requested_at is null, r.postings > 0,
                        r.settled_at is null,
                        (select array_agg(distinct (e.payload ->> 'hold_ends_at', e.run_at)::text) from private.effects e
                         where e.kind = 'billing.hold_deadline' and e.payload ->> 'call_id' = '{call}'))
             from public.credit_wallets w
             left join public.credit_reservations r on r.org_id = w.org_id and r.call_id = '{call}'
             where w.org_id = '{org}'",
            call = self.call,
            org = self.org
        )
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[tokio::test]
async fn every_state_of_a_call_that_can_be_reached_has_one_charge_for_its_messages() {
    let (_db, owner) = books::open().await;
    let (mut steps, mut states) = (0, 0);
    for case in cases() {
        let walk = Walk::begin(&owner, &case, true).await.run().await;
        assert_eq!(walk.by_set.len(), 1 << case.messages.len(), "{}: every set of messages is reached", case.name);
        steps += walk.applied;
        states += walk.seen.as_ref().map_or(0, HashSet::len);
    }
    eprintln!("{states} states, {steps} messages");
}

#[tokio::test]
async fn every_order_of_a_calls_messages_ends_in_the_same_charge() {
    let (_db, owner) = books::open().await;
    for case in cases().into_iter().filter(|case| case.in_every_order) {
        Walk::begin(&owner, &case, false).await.run().await;
    }
}

#[tokio::test]
async fn the_worked_example_holds_280_commits_112_and_gives_168_back() {
    let (_db, owner) = books::open().await;
    let org = books::organization(&owner, 1_000).await;
    let call = Uuid::new_v4();
    let admission =
        books::ask(&owner, &format!("private.reserve_call_credits('{org}', '{call}', p_now => '{MORNING}')"))
            .await
            .unwrap();
    assert_eq!((&admission["allowed"], &admission["held_pence"]), (&true.into(), &280.into()));
    let settlement = books::ask(
        &owner,
        &format!("private.commit_reserved_credits('{call}', 120, 'report', {}, {})", at(124.0), at(125.0)),
    )
    .await
    .unwrap();
    assert_eq!(settlement["charged_pence"], charge(120));
    assert_eq!(
        (&settlement["charged_pence"], &settlement["released_pence"], &settlement["balance_pence"]),
        (&112.into(), &168.into(), &888.into())
    );
    books::assert_books(&owner).await;
}
