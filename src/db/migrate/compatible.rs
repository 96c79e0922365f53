//! What a server asks before it starts: do this database and this binary belong together?

use std::time::Duration;

use anyhow::{Result, bail};
use deadpool_postgres::{Client, Pool};
use tokio_postgres::error::SqlState;

use super::manifest::{Manifest, Release};

/// How long a server that was started beside a migrate waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

enum Verdict {
    Fits,
    Behind(String),
    Refused(String),
}

/// A newer schema is fine, unless it says otherwise; an older one wants `voxanne migrate`. While a migrate is at work,
/// its end is awaited.
pub async fn ensure_compatible(pool: &Pool) -> Result<()> {
    ensure_compatible_with(pool, &Manifest::embedded()?).await
}

async fn ensure_compatible_with(pool: &Pool, manifest: &Manifest) -> Result<()> {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let mut client = pool.get().await?;
        match verdict(&mut client, manifest).await? {
            Verdict::Fits => return Ok(()),
            Verdict::Refused(why) => bail!(why),
            Verdict::Behind(_) if tokio::time::Instant::now() < until && migrate_is_at_work(&client).await? => {
                drop(client);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Verdict::Behind(why) => bail!(why),
        }
    }
}

async fn verdict(client: &mut Client, manifest: &Manifest) -> Result<Verdict> {
    let transaction = client.build_transaction().read_only(true).start().await?;
    transaction.batch_execute("set local role service_role").await?;
    let outcome =
        transaction.query("select release, min_server_release, path, hash from private.schema_state()", &[]).await;
    let rows = match outcome {
        Ok(rows) => rows,
        Err(error) => {
            let never_migrated =
                [SqlState::UNDEFINED_FUNCTION, SqlState::INVALID_SCHEMA_NAME, SqlState::INSUFFICIENT_PRIVILEGE];
            if error.code().is_some_and(|c| never_migrated.contains(c)) {
                return Ok(Verdict::Behind(
                    "This database has not been migrated yet. Run `voxanne migrate`.".to_owned(),
                ));
            }
            return Err(error.into());
        }
    };
    transaction.commit().await?;

    let Some(first) = rows.first() else {
        return Ok(Verdict::Behind("This database has not been migrated yet. Run `voxanne migrate`.".to_owned()));
    };
    let database: Release = first.get::<_, &str>(0).parse()?;
    let oldest_server: Release = first.get::<_, &str>(1).parse()?;
    if manifest.release < oldest_server {
        return Ok(Verdict::Refused(format!(
            "This server is release {}, but the database (release {database}) works with servers from release \
             {oldest_server} on. Install a newer server.",
            manifest.release
        )));
    }
    if database > manifest.release {
        return Ok(Verdict::Fits);
    }

    let recorded: std::collections::HashMap<&str, Option<&str>> = rows.iter().map(|r| (r.get(2), r.get(3))).collect();
    let behind = manifest.files().iter().filter(|f| recorded.get(f.path.as_str()) != Some(&Some(&f.hash))).count();
    if behind > 0 {
        return Ok(Verdict::Behind(format!(
            "The database (release {database}) is older than this server (release {}): {behind} of its files are not \
             applied. Run `voxanne migrate`.",
            manifest.release
        )));
    }
    Ok(Verdict::Fits)
}

async fn migrate_is_at_work(client: &Client) -> Result<bool> {
    let row = client
        .query_one(
            "select exists (select from pg_catalog.pg_locks l \
             where l.locktype = 'advisory' and l.granted \
               and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()) \
               and (l.classid::bigint << 32 | l.objid::bigint) = pg_catalog.hashtextextended('voxanne.migrate', 0))",
            &[],
        )
        .await?;
    Ok(row.get(0))
}
