//! `voxanne rotate-keys`: seals every customer's secret with the current key, so that older ones can go.
//!
//! Each row is a transaction of its own and changes only if it is still what was read. So it may be stopped at any moment,
//! run again, and run twice at once, while customers connect and disconnect.

mod census;

use std::process::ExitCode;

use anyhow::Context;
use secrecy::ExposeSecret;
use serde::Deserialize;
use uuid::Uuid;

pub use self::census::Census;
use crate::{
    args,
    cli::doctor::Finding,
    config::Config,
    db::{self, Db},
    error::Result,
    vault::{Aad, Sealed, Vault},
};

#[derive(clap::Args)]
pub struct Args {
    /// Rows read at a time.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    batch: u32,
}

/// What a rotation did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub resealed: usize,
    /// Somebody else changed or resealed it between reading and writing.
    pub overtaken: usize,
    /// Rows that do not open with any key that is here, one sentence each. They stay as they are.
    pub shut: Vec<String>,
}

/// A row of `private.sealed_rows`.
#[derive(Deserialize)]
struct Row {
    table_name: String,
    org_id: Uuid,
    id: Uuid,
    provider: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    sealed: Sealed,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_env()?;
    let vault = config.vault.as_ref().context("VAULT_KEYS is missing: put the new key first and leave the old ones")?;
    let db = Db::connect(&config.database, config.org_in_flight).await.context("The database could not be reached")?;
    db::migrate::ensure_compatible(db.worker_pool()).await?;

    let tally = rotate(&db, vault, args.batch).await?;
    println!("{} sealed anew with key {}, {} changed meanwhile.", tally.resealed, vault.current(), tally.overtaken);
    for sentence in &tally.shut {
        println!("{sentence}");
    }
    let findings = Census::take(&db).await?.findings(Some(vault));
    for Finding::Fine(text) | Finding::Note(text) | Finding::Mend(text) in &findings {
        println!("{text}");
    }
    let is_done = tally.shut.is_empty() && !findings.iter().any(|finding| matches!(finding, Finding::Mend(_)));
    Ok(if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Goes over all rows until a walk finds none that it can change.
pub async fn rotate(db: &Db, vault: &Vault, batch: u32) -> Result<Tally> {
    let mut total = Tally::default();
    loop {
        let walk = walk(db, vault, batch).await?;
        let is_last = walk.resealed == 0 && walk.overtaken == 0;
        total.resealed += walk.resealed;
        total.overtaken += walk.overtaken;
        total.shut = walk.shut;
        if is_last {
            return Ok(total);
        }
    }
}

async fn walk(db: &Db, vault: &Vault, batch: u32) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut last: Option<Row> = None;
    loop {
        let page = match &last {
            None => args! { p_not_version: vault.current(), p_limit: batch },
            Some(row) => args! {
                p_not_version: vault.current(), p_limit: batch,
                p_after_table: &row.table_name, p_after_org_id: row.org_id, p_after_id: row.id,
            },
        };
        let mut rows: Vec<Row> = db.as_service().read("private.sealed_rows", page).await?.parse()?;
        for row in &rows {
            reseal(db, vault, row, &mut tally).await?;
        }
        match rows.pop() {
            Some(row) => last = Some(row),
            None => return Ok(tally),
        }
    }
}

async fn reseal(db: &Db, vault: &Vault, row: &Row, tally: &mut Tally) -> Result<()> {
    let aad = Aad { org_id: row.org_id, provider: &row.provider, kind: &row.kind };
    let plain = match vault.open(&aad, &row.sealed) {
        Ok(plain) => plain,
        Err(shut) => {
            tally
                .shut
                .push(format!("{} {} of organisation {} stays shut: {shut}.", row.table_name, row.id, row.org_id));
            return Ok(());
        }
    };
    let anew = vault.seal(&aad, plain.expose_secret().as_bytes());
    let exchange = args! {
        p_table_name: &row.table_name, p_org_id: row.org_id, p_id: row.id,
        p_old_key_version: row.sealed.key_version, p_old_sealed: &row.sealed.sealed,
        p_sealed: anew.sealed, p_key_version: anew.key_version,
    };
    match db.as_service().write("private.reseal", exchange).await?.parse()? {
        true => tally.resealed += 1,
        false => tally.overtaken += 1,
    }
    Ok(())
}
