//! `voxanne migrate --check`: what a migrate would change here, and what depends on it. Changes nothing.

use anyhow::Result;
use tokio_postgres::Client;

use super::ledger::{Ledger, State};
use super::manifest::{Kind, Manifest, Release, SqlFile};
use super::{connect, refuse_powerless_owner};

#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    pub path: String,
    pub what: &'static str,
    /// Objects that use what changes.
    pub dependents: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Plan {
    pub steps: Vec<Step>,
    pub notes: Vec<String>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

pub async fn check(owner_url: &str, manifest: &Manifest) -> Result<Plan> {
    let client = connect(owner_url).await?;
    refuse_powerless_owner(&client).await?;
    client.batch_execute("set search_path = pg_catalog; begin isolation level repeatable read read only").await?;

    let mut plan = Plan::default();
    let migrated: bool =
        client.query_one("select pg_catalog.to_regclass('private.sql_versions') is not null", &[]).await?.get(0);
    let ledger = if migrated { Ledger::read(&client).await? } else { Ledger::default() };
    if migrated && let Some(row) = client.query_opt("select release from private.schema_release", &[]).await? {
        let release: Release = row.get::<_, &str>(0).parse()?;
        if release > manifest.release {
            plan.notes.push(format!(
                "The database was migrated by release {release}; this is {}, which changes nothing there.",
                manifest.release
            ));
            return Ok(plan);
        }
    }

    for file in manifest.files() {
        if ledger.is_current(file) {
            continue;
        }
        let (what, dependents) = match ledger.get(&file.path) {
            None if file.kind == Kind::Migration => ("run", Vec::new()),
            Some(_) if file.kind == Kind::Migration => ("CHANGED AFTER IT WAS RUN, would be refused", Vec::new()),
            None => ("new", Vec::new()),
            Some(_) => ("replace", dependents(&client, file).await?),
        };
        plan.steps.push(Step { path: file.path.clone(), what, dependents });
    }

    let mut gone: Vec<Step> = Vec::new();
    for (path, entry) in ledger.gone_from(manifest) {
        if path.starts_with("functions/") && entry.release < manifest.release {
            let what = if entry.state == State::Retired { "drop" } else { "retire, dropped by the next release" };
            gone.push(Step { path: path.to_owned(), what, dependents: entry.signatures.clone() });
        }
    }
    gone.sort_by(|a, b| a.path.cmp(&b.path));
    plan.steps.extend(gone);
    Ok(plan)
}

/// What the catalogue knows to depend on a function or view, and the functions whose bodies name it.
async fn dependents(client: &Client, file: &SqlFile) -> Result<Vec<String>> {
    let (schema, name) = file.target();
    if !matches!(file.kind, Kind::Function | Kind::View) {
        return Ok(Vec::new());
    }
    let rows = client
        .query(
            "with object as ( \
                 select 'pg_proc'::regclass as classid, p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
                 where n.nspname = $1 and p.proname = $2 \
                 union all \
                 select 'pg_class'::regclass, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace \
                 where n.nspname = $1 and c.relname = $2 \
             ) \
             select distinct pg_describe_object(d.classid, d.objid, d.objsubid) \
             from pg_depend d join object o on o.classid = d.refclassid and o.oid = d.refobjid \
             where d.deptype = 'n' \
             union \
             select 'function ' || p.oid::regprocedure::text \
             from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
             where n.nspname in ('public', 'private') and (n.nspname, p.proname) <> ($1, $2) \
               and p.prosrc ~ ('\\m' || $1 || '\\.' || $2 || '\\M') \
             order by 1",
            &[&schema, &name],
        )
        .await?;
    Ok(rows.iter().map(|r| r.get(0)).collect())
}
