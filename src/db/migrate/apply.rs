//! Running the files: bootstrap, refinery's migrations, functions and views, triggers, policies.

use anyhow::{Context, Result, bail};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, GenericClient, Transaction};

use super::Report;
use super::ledger::{self, Entry, Ledger, State};
use super::manifest::{Kind, Manifest, SqlFile};
use super::retry::{Attempts, Failed, LOCK_TIMEOUT};

const LEDGER_FILE: &str = "bootstrap/00_ledger.sql";
const REFINERY_TABLE: &str = "private.schema_migrations";

/// The tables in which everything else is recorded; their file is run every time.
pub async fn ledger_tables(client: &mut Client, manifest: &Manifest) -> Result<()> {
    let file = manifest.file(LEDGER_FILE).with_context(|| format!("sql/{LEDGER_FILE} is missing"))?;
    run_with_retries(client, file).await
}

/// Roles belong to the cluster, and a dump brings a database without them: then the hash says done and it is not.
pub async fn bootstrap(
    client: &mut Client,
    manifest: &Manifest,
    ledger: &mut Ledger,
    report: &mut Report,
) -> Result<()> {
    let roles_are_there: bool = client
        .query_one(
            "select count(*) = 5 from pg_catalog.pg_roles r where r.rolname in \
             ('anon', 'authenticated', 'service_role', 'voxanne_api', 'voxanne_worker')",
            &[],
        )
        .await?
        .get(0);
    for file in manifest.of_kind(Kind::Bootstrap) {
        if ledger.is_current(file) && roles_are_there {
            continue;
        }
        if file.path != LEDGER_FILE {
            run_with_retries(client, file).await?;
        }
        if !ledger.is_current(file) {
            let entry = ledger::record(client, manifest.release, file, Vec::new()).await?;
            ledger.note(&file.path, entry);
            report.applied.push(file.path.clone());
        }
    }
    Ok(())
}

/// refinery runs each once, in its own transaction, and refuses one that changed after it ran.
pub async fn migrations(
    client: &mut Client,
    manifest: &Manifest,
    ledger: &mut Ledger,
    report: &mut Report,
) -> Result<()> {
    let files: Vec<&SqlFile> = manifest.of_kind(Kind::Migration).collect();
    let mut migrations = Vec::new();
    for file in &files {
        migrations.push(refinery::Migration::unapplied(file.stem(), &file.content)?);
    }
    migrations.sort();
    let mut runner = refinery::Runner::new(&migrations).set_abort_missing(false);
    runner.set_migration_table_name(REFINERY_TABLE);

    let mut attempts = Attempts::default();
    loop {
        client.batch_execute("set lock_timeout = '2s'").await?;
        let outcome = runner.run_async(client).await;
        client.batch_execute("set lock_timeout = 0").await?;
        match outcome.map_err(|e| describe_refinery(e, &files)) {
            Ok(_) => break,
            Err(error) if attempts.again(&error).await => {}
            Err(error) => return Err(error),
        }
    }

    let applied = runner.get_applied_migrations_async(client).await?;
    for file in files {
        let version = file.version()?;
        if !applied.iter().any(|m| m.version() == version) {
            bail!(
                "sql/{} was not run: the database already has a later migration. Give it the next number.",
                file.path
            );
        }
        if !ledger.is_current(file) {
            let entry = ledger::record(client, manifest.release, file, Vec::new()).await?;
            ledger.note(&file.path, entry);
            report.applied.push(file.path.clone());
        }
    }
    Ok(())
}

fn describe_refinery(error: refinery::Error, files: &[&SqlFile]) -> anyhow::Error {
    if let refinery::error::Kind::DivergentVersion(applied, _) = error.kind() {
        let path = files.iter().find(|f| f.version().is_ok_and(|v| v == applied.version())).map(|f| f.path.as_str());
        return anyhow::anyhow!(
            "sql/{} has changed since it was run in this database. Migrations are never edited once released; on a \
             development database, begin again with `voxanne dev --reset`.",
            path.unwrap_or(applied.name())
        );
    }
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = source {
        if let Some(cause) = current.downcast_ref::<tokio_postgres::Error>() {
            return Failed::new(format!("a migration failed{}", say_database_error(cause, None)), cause).into();
        }
        source = current.source();
    }
    error.into()
}

/// All in one transaction: callers see the old rules or the new ones, never some of each. No table lock is taken.
pub async fn functions_and_views(
    client: &mut Client,
    manifest: &Manifest,
    ledger: &mut Ledger,
    report: &mut Report,
) -> Result<()> {
    let changed: Vec<&SqlFile> = manifest
        .of_kind(Kind::Function)
        .chain(manifest.of_kind(Kind::View))
        .filter(|f| !ledger.is_current(f))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }

    let mut attempts = Attempts::default();
    let entries = loop {
        match replace_all(client, manifest, ledger, &changed).await {
            Ok(entries) => break entries,
            Err(error) if attempts.again(&error).await => {}
            Err(error) => return Err(error),
        }
    };
    for (file, entry) in changed.into_iter().zip(entries) {
        ledger.note(&file.path, entry);
        report.applied.push(file.path.clone());
    }
    Ok(())
}

async fn replace_all(
    client: &mut Client,
    manifest: &Manifest,
    ledger: &Ledger,
    changed: &[&SqlFile],
) -> Result<Vec<Entry>> {
    let mut transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    let (functions, views): (Vec<&SqlFile>, Vec<&SqlFile>) = changed.iter().partition(|f| f.kind == Kind::Function);

    let before = our_functions(&transaction).await?;
    for file in &functions {
        replace_function(&mut transaction, file, &ledger.signatures_of(file)).await?;
    }
    let after = our_functions(&transaction).await?;

    let mut signatures = Vec::new();
    for file in &functions {
        let (schema, name) = file.target();
        let made: Vec<String> = after
            .iter()
            .filter(|f| f.schema == schema && f.name == name && !before.contains(f))
            .map(|f| f.signature.clone())
            .collect();
        if made.is_empty() {
            bail!("sql/{} does not define {schema}.{name}.", file.path);
        }
        drop_superseded(&transaction, file, &ledger.signatures_of(file), &made).await?;
        signatures.push(made);
    }
    for file in &views {
        replace_view(&mut transaction, file, ledger.get(&file.path).is_some()).await?;
        signatures.push(Vec::new());
    }

    let entries = ledger::record_all(&transaction, manifest.release, changed, signatures).await?;
    transaction.commit().await?;
    Ok(entries)
}

/// Creates or replaces; drops first when the return type changed.
async fn replace_function(transaction: &mut Transaction<'_>, file: &SqlFile, known: &[String]) -> Result<()> {
    if known.is_empty() {
        return transaction.batch_execute(&file.content).await.map_err(|e| named(e, file));
    }
    let Err(error) = run_in_savepoint(transaction, file).await else { return Ok(()) };
    if error.code() != Some(&SqlState::INVALID_FUNCTION_DEFINITION) {
        return Err(named(error, file));
    }
    for signature in known {
        drop_function(transaction, signature).await.with_context(|| {
            format!(
                "sql/{} changes what {signature} returns, and something depends on it: give the new one a `_v2` name",
                file.path
            )
        })?;
    }
    run_in_savepoint(transaction, file).await.map_err(|e| named(e, file))
}

/// What the same file made under other argument types goes: beside the new one it would make every call that leaves
/// out an argument ambiguous.
async fn drop_superseded(
    transaction: &Transaction<'_>,
    file: &SqlFile,
    known: &[String],
    made: &[String],
) -> Result<()> {
    for signature in known.iter().filter(|s| !made.contains(s)) {
        drop_function(transaction, signature).await.with_context(|| {
            format!("sql/{} changes the arguments of {signature}, and something depends on it", file.path)
        })?;
    }
    Ok(())
}

#[derive(PartialEq)]
struct Function {
    schema: String,
    name: String,
    signature: String,
    /// Another one after every `create or replace`.
    row_version: String,
}

async fn our_functions(client: &impl GenericClient) -> Result<Vec<Function>> {
    let rows = client
        .query(
            "select n.nspname::text, p.proname::text, p.oid::pg_catalog.regprocedure::text, p.xmin::text || p.ctid::text \
             from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace \
             where n.nspname in ('public', 'private')",
            &[],
        )
        .await?;
    let function = |r: &tokio_postgres::Row| Function {
        schema: r.get(0),
        name: r.get(1),
        signature: r.get(2),
        row_version: r.get(3),
    };
    Ok(rows.iter().map(function).collect())
}

async fn drop_function(client: &impl GenericClient, signature: &str) -> Result<()> {
    let exists: bool =
        client.query_one("select pg_catalog.to_regprocedure($1) is not null", &[&signature]).await?.get(0);
    if exists {
        // A signature as the catalogue printed it is already quoted where it must be.
        client.batch_execute(&format!("drop function {signature}")).await?;
    }
    Ok(())
}

/// `create or replace view` cannot take a column away or rename it; a view of ours may be made anew.
async fn replace_view(transaction: &mut Transaction<'_>, file: &SqlFile, ours: bool) -> Result<()> {
    let Err(error) = run_in_savepoint(transaction, file).await else { return Ok(()) };
    if error.code() != Some(&SqlState::INVALID_TABLE_DEFINITION) || !ours {
        return Err(named(error, file));
    }
    let (schema, name) = file.target();
    transaction
        .batch_execute(&format!("drop view \"{schema}\".\"{name}\""))
        .await
        .with_context(|| format!("sql/{} changes the view's columns, and something depends on it", file.path))?;
    run_in_savepoint(transaction, file).await.map_err(|e| named(e, file))
}

async fn run_in_savepoint(
    transaction: &mut Transaction<'_>,
    file: &SqlFile,
) -> std::result::Result<(), tokio_postgres::Error> {
    let savepoint = transaction.transaction().await?;
    savepoint.batch_execute(&file.content).await?;
    savepoint.commit().await
}

/// Each file is its own short transaction: swapping a policy or a trigger takes the table from everybody.
pub async fn triggers_and_policies(
    client: &mut Client,
    manifest: &Manifest,
    ledger: &mut Ledger,
    report: &mut Report,
) -> Result<()> {
    for file in manifest.of_kind(Kind::Trigger).chain(manifest.of_kind(Kind::Policy)) {
        if ledger.is_current(file) {
            continue;
        }
        let mut attempts = Attempts::default();
        let entry = loop {
            match swap(client, manifest, file).await {
                Ok(entry) => break entry,
                Err(error) if attempts.again(&error).await => {}
                Err(error) => return Err(error),
            }
        };
        ledger.note(&file.path, entry);
        report.applied.push(file.path.clone());
    }
    Ok(())
}

async fn swap(client: &mut Client, manifest: &Manifest, file: &SqlFile) -> Result<Entry> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_TIMEOUT).await?;
    transaction.batch_execute(&file.content).await.map_err(|e| named(e, file))?;
    let entry = ledger::record(&transaction, manifest.release, file, Vec::new()).await?;
    transaction.commit().await?;
    Ok(entry)
}

/// Functions that left the manifest stay for one release, for the servers that still call them, and go with the next.
pub async fn retire(client: &mut Client, manifest: &Manifest, ledger: &mut Ledger, report: &mut Report) -> Result<()> {
    let gone: Vec<(String, Entry)> = ledger
        .gone_from(manifest)
        .filter(|(path, e)| path.starts_with("functions/") && e.release < manifest.release)
        .map(|(path, e)| (path.to_owned(), e.clone()))
        .collect();
    for (path, entry) in gone {
        if entry.state == State::Live {
            ledger::record_end(client, manifest.release, &path, &entry.signatures, "retired").await?;
            report.notes.push(format!("{} is retired; the next release drops it.", entry.signatures.join(", ")));
            continue;
        }
        let transaction = client.transaction().await?;
        for signature in entry.signatures.iter().filter(|s| !ledger.is_live(s)) {
            if let Err(error) = drop_function(&transaction, signature).await {
                bail!("{signature} has left the release, but something still depends on it: {error:#}");
            }
        }
        ledger::record_end(&transaction, manifest.release, &path, &[], "dropped").await?;
        transaction.commit().await?;
        report.applied.push(format!("{path} (dropped)"));
    }
    Ok(())
}

async fn run_with_retries(client: &mut Client, file: &SqlFile) -> Result<()> {
    let mut attempts = Attempts::default();
    loop {
        let transaction = client.transaction().await?;
        let outcome = match transaction.batch_execute(&file.content).await {
            Ok(()) => transaction.commit().await,
            Err(error) => Err(error),
        };
        match outcome.map_err(|e| named(e, file)) {
            Ok(()) => return Ok(()),
            Err(error) if attempts.again(&error).await => {}
            Err(error) => return Err(error),
        }
    }
}

/// The error with the file it came from, and the line of it.
fn named(error: tokio_postgres::Error, file: &SqlFile) -> anyhow::Error {
    let said = say_database_error(&error, Some(&file.content));
    Failed::new(format!("sql/{}{said}", file.path), &error).into()
}

fn say_database_error(error: &tokio_postgres::Error, content: Option<&str>) -> String {
    let Some(db) = error.as_db_error() else { return format!(": {error}") };
    let line = match (db.position(), content) {
        (Some(tokio_postgres::error::ErrorPosition::Original(at)), Some(text)) => {
            format!(":{}", text.chars().take(*at as usize - 1).filter(|c| *c == '\n').count() + 1)
        }
        _ => String::new(),
    };
    let detail = db.detail().map(|d| format!(" ({d})")).unwrap_or_default();
    format!("{line}: {}{detail}", db.message())
}
