//! Plans played on a database of their own, and what the books say of each call afterwards.

use std::time::Duration;

use uuid::Uuid;
use voxanne::simulate::{Act, Call, Organization, Plan, Report, Simulation, epoch};

use crate::support::TestDb;

/// A plan that was played, and the database it was played on.
pub struct Played {
    pub db: TestDb,
    pub report: Report,
}

/// A call's reservation, its times in seconds of the virtual clock.
#[derive(Debug)]
pub struct Bill {
    pub status: String,
    pub reserved_pence: i64,
    pub committed_pence: i64,
    pub renewals: i32,
    pub end_reason: Option<String>,
    pub told_to_end: Option<f64>,
    /// The order to end it was taken then.
    pub ended_by_order: Option<f64>,
    pub cap_counts: bool,
    /// Of the word that its charge rests on: 4 the report, 3 a poll, 2 the status, 1 a release.
    pub rank: Option<i16>,
}

impl Played {
    /// Until nothing is left to happen.
    pub async fn to_the_end(plan: &Plan) -> Self {
        Self::on(TestDb::new().await, plan).await
    }

    /// Asking the provider has no limit here: thousands of calls are asked about at once.
    pub async fn on(db: TestDb, plan: &Plan) -> Self {
        let (owner, worker) = (db.owner().await, db.worker().await);
        owner.batch_execute("delete from private.provider_limits where provider = 'vapi'").await.expect("no limit");
        let simulation = Simulation::new(plan, &owner, &worker).await.expect("the simulation begins");
        let report = simulation.run().await.expect("the simulation plays");
        Self { db, report }
    }

    /// One organisation with so much money and these calls, and whatever else the test gives it.
    pub async fn one(money: i64, calls: Vec<Call>, more: impl FnOnce(&mut Organization)) -> Self {
        Self::to_the_end(&one(money, calls, more)).await
    }

    pub async fn count(&self, what: &str) -> i64 {
        let owner = self.db.owner().await;
        owner.query_one(&format!("select count(*) from {what}"), &[]).await.expect("a count").get(0)
    }

    /// How often the operator would have been told so, those kept back for an hour included.
    pub async fn alerts(&self, kind: &str) -> i64 {
        let owner = self.db.owner().await;
        let sql = "select coalesce(sum(1 + a.suppressed), 0)::bigint from private.alerts a where a.kind = $1";
        owner.query_one(sql, &[&kind]).await.expect("alerts").get(0)
    }

    pub async fn bill(&self, call_id: Uuid) -> Bill {
        let owner = self.db.owner().await;
        let row = owner
            .query_one(
                "select r.status, r.reserved_pence, r.committed_pence, r.renewals, r.end_reason,
                        extract(epoch from r.end_requested_at - $2)::float8,
                        extract(epoch from r.end_issued_at - $2)::float8, r.cap_released_at is null, r.evidence_rank
                 from public.credit_reservations r where r.call_id = $1",
                &[&call_id, &epoch()],
            )
            .await
            .expect("the call was let in");
        Bill {
            status: row.get(0),
            reserved_pence: row.get(1),
            committed_pence: row.get(2),
            renewals: row.get(3),
            end_reason: row.get(4),
            told_to_end: row.get(5),
            ended_by_order: row.get(6),
            cap_counts: row.get(7),
            rank: row.get(8),
        }
    }
}

pub fn one(money: i64, calls: Vec<Call>, more: impl FnOnce(&mut Organization)) -> Plan {
    let mut organization = Organization::with_money(Uuid::new_v4(), "Clinic", money);
    organization.calls = calls;
    more(&mut organization);
    Plan { organizations: vec![organization], until: seconds(10 * 3600) }
}

/// A call that arrives then and would talk for so long; it is answered two seconds after it came.
pub fn call(arrives: u64, wants: u64) -> Call {
    Call::new(Uuid::new_v4(), seconds(arrives), seconds(wants))
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Money that comes, or goes when it is negative.
pub fn credit(at: f64, amount_pence: i64, kind: &'static str) -> (Duration, Act) {
    (Duration::from_secs_f64(at), Act::Credit { amount_pence, kind, key: format!("{kind}:{at}") })
}

/// What a simulation leaves, line by line: wallets, what each call cost and why, refusals. Neither ids nor hashes by chance.
pub async fn final_state(db: &TestDb) -> Vec<String> {
    let owner = db.owner().await;
    let rows = owner
        .query(
            "select concat_ws(' ', 'wallet', w.org_id, w.balance_pence, w.held_pence, w.capped_pence, w.status,
                              w.entry_count, w.spent_pence) as line
             from public.credit_wallets w
             union all
             select concat_ws(' ', 'call', r.call_id, r.status, r.reserved_pence, r.committed_pence, r.cap_pence,
                              r.renewals, r.evidence_rank, r.evidence_seconds, r.end_reason,
                              r.end_requested_at at time zone 'UTC', r.cap_released_at is null, r.postings,
                              (select sum(t.amount_pence) from public.credit_transactions t
                               where t.org_id = r.org_id and t.call_id = r.call_id))
             from public.credit_reservations r
             union all
             select concat_ws(' ', 'refusal', f.call_id, f.reason, f.balance_pence, f.held_pence, f.capped_pence)
             from public.call_refusals f
             order by line",
            &[],
        )
        .await
        .expect("the state");
    rows.iter().map(|row| row.get(0)).collect()
}
