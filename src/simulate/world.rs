//! The ground a simulation stands on: its organisations, and what an earlier run of the same plan left.

use std::{collections::HashMap, time::Duration};

use anyhow::{Result, bail};
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{Plan, epoch};

/// What the provider remembers of a call though the run that made it was killed.
#[derive(Debug, Clone)]
pub struct Past {
    pub max_seconds: i32,
    pub hung_up_at: Option<Duration>,
}

/// Makes the organisations that are not there. Refuses a database with anybody else in it.
pub async fn prepare(plan: &Plan, owner: &Client) -> Result<()> {
    let (ids, names): (Vec<Uuid>, Vec<&str>) = plan.organizations.iter().map(|o| (o.id, o.name.as_str())).unzip();
    let others: i64 =
        owner.query_one("select count(*) from public.organizations o where o.id <> all ($1)", &[&ids]).await?.get(0);
    if others > 0 {
        bail!("{others} organisations in this database are not of this simulation: it wants a database of its own.");
    }
    owner
        .execute(
            "with made as (
                 insert into public.organizations (id, name)
                 select n.id, n.name from unnest($1::uuid[], $2::text[]) as n (id, name)
                 on conflict do nothing
                 returning id)
             insert into public.credit_wallets (org_id) select m.id from made m",
            &[&ids, &names],
        )
        .await?;
    Ok(())
}

pub async fn past(plan: &Plan, owner: &Client) -> Result<HashMap<Uuid, Past>> {
    let ids: Vec<Uuid> = plan.organizations.iter().map(|o| o.id).collect();
    let rows = owner
        .query(
            "select r.call_id, r.max_duration_seconds, r.end_issued_at
             from public.credit_reservations r where r.org_id = any ($1)",
            &[&ids],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let hung_up_at = row.get::<_, Option<OffsetDateTime>>(2).map(virtual_time).transpose()?;
            Ok((row.get(0), Past { max_seconds: row.get(1), hung_up_at }))
        })
        .collect()
}

/// Nobody is owed an answer: every hold is settled or given back, and nothing is to be asked of the provider.
pub async fn is_quiet(owner: &Client) -> Result<bool> {
    let row = owner
        .query_one(
            "select not exists (select from public.credit_reservations r
                                where r.status = 'active' or r.next_poll_at is not null)",
            &[],
        )
        .await?;
    Ok(row.get(0))
}

pub fn virtual_time(at: OffsetDateTime) -> Result<Duration> {
    Ok((at - epoch()).try_into()?)
}
