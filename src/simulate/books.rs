//! What it came to: what each organisation was charged, how far it was overdrawn and when, and whether the books are right.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use anyhow::Result;
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    Organization, Plan, Tally,
    provider::{Phone, Provider, State},
    world::virtual_time,
};

/// A simulation's end.
#[derive(Debug)]
pub struct Report {
    pub organizations: Vec<OrganizationBooks>,
    /// What ought to be zero and is not, in words. Empty when all is well.
    pub drift: Vec<String>,
}

impl Report {
    pub fn worst_overdraft(&self) -> i64 {
        self.organizations.iter().map(|books| books.overdraft_pence).max().unwrap_or(0)
    }

    /// Organisations that were overdrawn further than the rules allow, in words.
    pub fn beyond_the_rules(&self, plan: &Plan) -> Vec<String> {
        let both = plan.organizations.iter().zip(&self.organizations);
        both.filter_map(|(organization, books)| {
            let allowed = organization.allowed_overdraft(books.debt_limit_pence)?;
            (books.overdraft_pence > allowed)
                .then(|| format!("{} was overdrawn by {} pence, {allowed} allowed", books.name, books.overdraft_pence))
        })
        .collect()
    }
}

#[derive(Debug, Default, Clone)]
pub struct OrganizationBooks {
    pub name: String,
    pub balance_pence: i64,
    pub held_pence: i64,
    pub capped_pence: i64,
    pub debt_limit_pence: i64,
    pub status: String,
    /// The furthest below zero that what was there less what had been spoken was, posted or not, at any moment.
    pub overdraft_pence: i64,
    /// The same of the balance as the ledger had it.
    pub booked_overdraft_pence: i64,
    pub tally: Tally,
    /// Calls that were refused, by reason.
    pub refused: BTreeMap<String, usize>,
    pub renewals: i32,
    /// Calls that were told to end, by reason.
    pub ended_for: BTreeMap<String, usize>,
    /// How long after its last moment the latest order to hang up was taken.
    pub latest_order: Duration,
    pub charged_pence: i64,
    /// Calls the provider knows the end of and the books do not.
    pub unsettled: usize,
}

struct Bill {
    call_id: Uuid,
    settled: bool,
    committed_pence: i64,
    posted_pence: i64,
    rate: i64,
}

pub async fn close(plan: &Plan, owner: &Client, provider: &Provider<'_>, tallies: &[Tally]) -> Result<Report> {
    let places: HashMap<Uuid, usize> = plan.organizations.iter().enumerate().map(|(n, o)| (o.id, n)).collect();
    let ids: Vec<Uuid> = plan.organizations.iter().map(|o| o.id).collect();
    let mut report = Report { organizations: wallets(owner, &ids, &places, tallies).await?, drift: Vec::new() };
    for (organization, books) in plan.organizations.iter().zip(&mut report.organizations) {
        books.name = organization.name.clone();
    }
    refusals(owner, &ids, &places, &mut report.organizations).await?;
    let bills = bills(owner, &ids, &places, &mut report.organizations).await?;
    let moved = movements(owner, &ids, &places, plan.organizations.len()).await?;

    for (o, organization) in plan.organizations.iter().enumerate() {
        let states: HashMap<Uuid, State> = organization
            .calls
            .iter()
            .enumerate()
            .map(|(n, call)| (call.id, provider.state(Phone { organization: o, call: n })))
            .collect();
        for bill in &bills[o] {
            check(organization, bill, &states[&bill.call_id], &mut report.organizations[o], &mut report.drift);
        }
        let calls: Vec<(&State, i64)> = bills[o].iter().map(|bill| (&states[&bill.call_id], bill.rate)).collect();
        report.organizations[o].overdraft_pence = overdraft(&calls, &moved[o]);
    }
    report.drift.extend(reconciliation(owner).await?);
    Ok(report)
}

async fn wallets(
    owner: &Client,
    ids: &[Uuid],
    places: &HashMap<Uuid, usize>,
    tallies: &[Tally],
) -> Result<Vec<OrganizationBooks>> {
    let rows = owner
        .query(
            "select w.org_id, w.balance_pence, w.held_pence, w.capped_pence, w.debt_limit_pence, w.status,
                    least((select min(t.balance_after_pence) from public.credit_transactions t where t.org_id = w.org_id), 0)
             from public.credit_wallets w where w.org_id = any ($1)",
            &[&ids],
        )
        .await?;
    let mut books = vec![OrganizationBooks::default(); ids.len()];
    for row in rows {
        let place = places[&row.get::<_, Uuid>(0)];
        books[place] = OrganizationBooks {
            balance_pence: row.get(1),
            held_pence: row.get(2),
            capped_pence: row.get(3),
            debt_limit_pence: row.get(4),
            status: row.get(5),
            booked_overdraft_pence: -row.get::<_, i64>(6),
            tally: tallies[place].clone(),
            ..OrganizationBooks::default()
        };
    }
    Ok(books)
}

async fn refusals(
    owner: &Client,
    ids: &[Uuid],
    places: &HashMap<Uuid, usize>,
    books: &mut [OrganizationBooks],
) -> Result<()> {
    let sql = "select f.org_id, f.reason, count(*) from public.call_refusals f where f.org_id = any ($1) group by 1, 2";
    for row in owner.query(sql, &[&ids]).await? {
        books[places[&row.get::<_, Uuid>(0)]].refused.insert(row.get(1), row.get::<_, i64>(2) as usize);
    }
    Ok(())
}

async fn bills(
    owner: &Client,
    ids: &[Uuid],
    places: &HashMap<Uuid, usize>,
    books: &mut [OrganizationBooks],
) -> Result<Vec<Vec<Bill>>> {
    let rows = owner
        .query(
            "select r.org_id, r.call_id, r.settled_at is not null, r.committed_pence, r.rate_pence_per_minute, r.renewals,
                    r.end_reason, r.end_due_at, r.end_issued_at,
                    coalesce((select -sum(t.amount_pence) from public.credit_transactions t
                              where t.org_id = r.org_id and t.call_id = r.call_id), 0)::bigint
             from public.credit_reservations r where r.org_id = any ($1)
             order by r.created_at, r.call_id",
            &[&ids],
        )
        .await?;
    let mut bills: Vec<Vec<Bill>> = ids.iter().map(|_| Vec::new()).collect();
    for row in rows {
        let place = places[&row.get::<_, Uuid>(0)];
        let books = &mut books[place];
        books.charged_pence += row.get::<_, i64>(3);
        books.renewals += row.get::<_, i32>(5);
        if let Some(reason) = row.get::<_, Option<String>>(6) {
            *books.ended_for.entry(reason).or_default() += 1;
        }
        if let (Some(due), Some(issued)) =
            (row.get::<_, Option<OffsetDateTime>>(7), row.get::<_, Option<OffsetDateTime>>(8))
        {
            books.latest_order = books.latest_order.max((issued - due).try_into().unwrap_or_default());
        }
        bills[place].push(Bill {
            call_id: row.get(1),
            settled: row.get(2),
            committed_pence: row.get(3),
            posted_pence: row.get(9),
            rate: i64::from(row.get::<_, i32>(4)),
        });
    }
    Ok(bills)
}

/// Money that came and went beside the calls.
async fn movements(
    owner: &Client,
    ids: &[Uuid],
    places: &HashMap<Uuid, usize>,
    count: usize,
) -> Result<Vec<Vec<(Duration, i64)>>> {
    let rows = owner
        .query(
            "select t.org_id, t.created_at, t.amount_pence from public.credit_transactions t
             where t.org_id = any ($1) and t.call_id is null order by t.seq",
            &[&ids],
        )
        .await?;
    let mut moved = vec![Vec::new(); count];
    for row in rows {
        moved[places[&row.get::<_, Uuid>(0)]].push((virtual_time(row.get(1))?, row.get(2)));
    }
    Ok(moved)
}

fn charge(seconds: i64, rate: i64) -> i64 {
    (seconds * rate + 59) / 60
}

/// A call's bill beside what the provider knows of the call.
fn check(
    organization: &Organization,
    bill: &Bill,
    state: &State,
    books: &mut OrganizationBooks,
    drift: &mut Vec<String>,
) {
    let (name, call) = (&organization.name, bill.call_id);
    if bill.posted_pence != bill.committed_pence {
        drift.push(format!("{name}: call {call} cost {} and {} was posted", bill.committed_pence, bill.posted_pence));
    }
    if state.ended.is_some() && !bill.settled {
        books.unsettled += 1;
    } else if bill.settled && bill.committed_pence != charge(state.seconds(), bill.rate) {
        let seconds = state.seconds();
        drift.push(format!("{name}: call {call} lasted {seconds} s and was charged {}", bill.committed_pence));
    }
}

/// The furthest below zero the money was, each second counted when it was spoken and not when it was posted.
fn overdraft(calls: &[(&State, i64)], moved: &[(Duration, i64)]) -> i64 {
    let used = |moment| -> i64 { calls.iter().map(|(state, rate)| charge(state.seconds_by(moment), *rate)).sum() };
    let there = |counts: &dyn Fn(Duration) -> bool| -> i64 {
        moved.iter().filter(|(at, _)| counts(*at)).map(|(_, amount)| amount).sum()
    };
    let at_ends = calls.iter().filter_map(|(state, _)| state.ended).map(|end| there(&|at| at <= end) - used(end));
    // Just before money comes and just after it goes it is lowest.
    let at_moves = moved.iter().map(|(when, amount)| match amount {
        0.. => there(&|at| at < *when) - used(*when),
        _ => there(&|at| at <= *when) - used(*when),
    });
    -at_ends.chain(at_moves).min().unwrap_or(0).min(0)
}

/// What the database itself finds not to add up.
async fn reconciliation(owner: &Client) -> Result<Vec<String>> {
    let rows = owner
        .query(
            "select format('%s: %s: %s expected, %s found (%s)', o.name, r.check_name, r.expected, r.found, r.detail)
             from private.reconcile_all() as r
             left join public.organizations o on o.id = r.org_id",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
