//! `voxanne migrate`: the only thing that changes the schema.
//!
//! Files are applied only when their hash differs from the recorded one, and only by a release that is not older than
//! the newest that has migrated this database: an old migrate beside a new one changes nothing.

mod apply;
mod check;
mod compatible;
mod ledger;
mod logins;
pub mod manifest;
mod reference;
mod retry;

use anyhow::{Context, Result, bail};
use secrecy::SecretString;
use tokio_postgres::Client;

pub use check::{Plan, Step, check};
pub use compatible::ensure_compatible;
pub use manifest::{Kind, Manifest, Release, SqlFile};

use ledger::Ledger;

use super::tls;

/// One migrate at a time in a database. Advisory locks belong to the database; roles, which belong to the cluster, are
/// made so that being second does no harm.
const ADVISORY_LOCK: &str = "select pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended('voxanne.migrate', 0))";

/// What the owner's session is like while it migrates. Lock waits are short, since everybody else queues behind one;
/// what gives up is tried again. With a search path of nothing but the catalogue, an unqualified name fails here and
/// not on some other database.
const SESSION: &str = "set search_path = pg_catalog; set timezone = 'UTC'; set statement_timeout = 0; \
     set idle_in_transaction_session_timeout = 0; set check_function_bodies = off; set client_min_messages = warning; \
     set lock_timeout = 0";

#[derive(Debug)]
pub struct Options {
    pub manifest: Manifest,
    /// The servers' own addresses: a login role that has no password yet gets the one that stands there.
    pub login_urls: Vec<SecretString>,
}

impl Options {
    pub fn embedded() -> Result<Self> {
        Ok(Self { manifest: Manifest::embedded()?, login_urls: Vec::new() })
    }
}

/// What a migrate did.
#[derive(Debug, Default)]
pub struct Report {
    /// The files that were run.
    pub applied: Vec<String>,
    /// What a person should know, in words.
    pub notes: Vec<String>,
}

/// Brings the database at `owner_url` to what the manifest says. Safe to run at any time, twice, and at once.
pub async fn migrate(owner_url: &str, options: &Options) -> Result<Report> {
    let mut client = connect(owner_url).await?;
    refuse_powerless_owner(&client).await?;
    client.batch_execute(SESSION).await?;
    client.batch_execute(ADVISORY_LOCK).await?;

    let mut report = Report::default();
    let manifest = &options.manifest;
    apply::ledger_tables(&mut client, manifest).await?;
    if let Some(newer) = claim_release(&client, manifest).await? {
        report.notes.push(format!(
            "The database was migrated by release {newer}; this is {}, which changes nothing there.",
            manifest.release
        ));
        return Ok(report);
    }

    let mut ledger = Ledger::read(&client).await?;
    let logins = logins::without_password(&client).await?;
    apply::bootstrap(&mut client, manifest, &mut ledger, &mut report).await?;
    logins::set_passwords(&client, &logins, &options.login_urls, &mut report).await?;
    apply::migrations(&mut client, manifest, &mut ledger, &mut report).await?;
    apply::functions_and_views(&mut client, manifest, &mut ledger, &mut report).await?;
    apply::triggers_and_policies(&mut client, manifest, &mut ledger, &mut report).await?;
    reference::apply(&mut client, manifest, &mut ledger, &mut report).await?;
    apply::retire(&mut client, manifest, &mut ledger, &mut report).await?;

    // PostgREST caches the schema; without PostgREST nobody listens.
    client.batch_execute("notify pgrst, 'reload schema'").await?;
    Ok(report)
}

/// A connection whose driver runs beside it and ends with it.
pub async fn connect(url: &str) -> Result<Client> {
    let mut config: tokio_postgres::Config = url.parse().context("that is not a Postgres address")?;
    config.application_name("voxanne migrate");
    let (client, connection) = config.connect(tls::connector()?).await.context("could not connect to Postgres")?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended");
        }
    });
    Ok(client)
}

/// Row level security is forced, so it binds the owner too: definer functions of an owner without BYPASSRLS would
/// update nothing and say nothing.
async fn refuse_powerless_owner(client: &Client) -> Result<()> {
    let owner = client
        .query_one(
            "select r.rolname::text, r.rolsuper or r.rolbypassrls from pg_catalog.pg_roles r where r.rolname = current_user",
            &[],
        )
        .await?;
    if !owner.get::<_, bool>(1) {
        bail!(
            "The role `{0}` may not own this database: it is neither a superuser nor has it BYPASSRLS, and under forced row \
             level security its functions would change nothing and say nothing. Run `alter role {0} bypassrls` as a \
             superuser, or migrate as another role.",
            owner.get::<_, &str>(0)
        );
    }
    Ok(())
}

/// Puts this release on record before anything changes, or answers the newer one that is there.
///
/// On record first: should this migrate stop half-way, an older one must not undo the half.
async fn claim_release(client: &Client, manifest: &Manifest) -> Result<Option<Release>> {
    let recorded = client.query_opt("select release, min_server_release from private.schema_release", &[]).await?;
    let mut oldest_server = manifest.min_server_release;
    if let Some(row) = recorded {
        let release: Release = row.get::<_, &str>(0).parse()?;
        if release > manifest.release {
            return Ok(Some(release));
        }
        oldest_server = oldest_server.max(row.get::<_, &str>(1).parse()?);
    }
    client
        .execute(
            "insert into private.schema_release as r (release, min_server_release) values ($1, $2) \
             on conflict (singleton) do update \
             set release = excluded.release, min_server_release = excluded.min_server_release, changed_at = now() \
             where (r.release, r.min_server_release) is distinct from (excluded.release, excluded.min_server_release)",
            &[&manifest.release.to_string(), &oldest_server.to_string()],
        )
        .await?;
    Ok(None)
}
