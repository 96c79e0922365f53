//! `voxanne reconcile`: does the money add up? Exit status 0 when all of it does, 1 when something drifts, 2 when it could not
//! be checked.

mod heads;
mod table;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use self::heads::Heads;
use crate::{
    args,
    config::Config,
    db::{self, Db},
    ledger_heads::{PublicKey, SigningKey},
};

const DRIFTS: u8 = 1;
/// What clap says of a command it cannot read, too.
const UNCHECKED: u8 = 2;
const ORGANIZATIONS_AT_ONCE: usize = 1000;

#[derive(clap::Args)]
pub struct Args {
    /// One organisation, with every question asked of it. Absent: all of them, and what drifts.
    #[arg(long)]
    org: Option<Uuid>,
    /// Signed heads to check the ledgers against: a file, or a directory of them.
    #[arg(long, value_name = "FILE_OR_DIR")]
    heads: Option<PathBuf>,
    /// The key the heads must be signed with, in base64. Absent: the one that belongs to LEDGER_SIGNING_KEY.
    #[arg(long, value_name = "BASE64", requires = "heads")]
    public_key: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// One question and its answer; `drift` is 0 where it is right.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Check {
    org_id: Option<Uuid>,
    check_name: String,
    expected: Option<String>,
    found: Option<String>,
    drift: i64,
    detail: Option<String>,
}

/// All that was looked at.
#[derive(Debug, Serialize)]
struct Findings {
    organizations: usize,
    /// Of one organisation every check, of all of them those that drift.
    checks: Vec<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heads: Option<Heads>,
}

impl Findings {
    fn status(&self) -> ExitCode {
        let drifts = self.checks.iter().any(|check| check.drift != 0);
        let heads = self.heads.as_ref();
        if drifts || heads.is_some_and(|heads| !heads.problems.is_empty()) {
            ExitCode::from(DRIFTS)
        } else if heads.is_some_and(Heads::leave_doubts) {
            ExitCode::from(UNCHECKED)
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// Whatever keeps it from being checked is told, and is not taken for drift.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    Ok(match check(&args).await {
        Ok(findings) => {
            print(&args, &findings);
            findings.status()
        }
        Err(error) => {
            eprintln!("voxanne: {error:#}");
            ExitCode::from(UNCHECKED)
        }
    })
}

async fn check(args: &Args) -> anyhow::Result<Findings> {
    let config = Config::from_env()?;
    // Before the ledgers are walked, which may take a while.
    let kept = match &args.heads {
        Some(path) => Some(heads::read(path, &public_key(args, &config)?)?),
        None => None,
    };
    let db = Db::connect(&config.database, config.org_in_flight).await.context("The database could not be reached")?;
    db::migrate::ensure_compatible(db.worker_pool()).await?;

    let (organizations, checks) = match args.org {
        Some(org_id) => (1, of(&db, org_id).await?),
        None => of_all(&db).await?,
    };
    let heads = match kept {
        Some(kept) => Some(heads::check(&db, kept, args.org).await?),
        None => None,
    };
    Ok(Findings { organizations, checks, heads })
}

fn public_key(args: &Args, config: &Config) -> anyhow::Result<PublicKey> {
    if let Some(key) = &args.public_key {
        return PublicKey::from_base64(key).context("--public-key is not 32 bytes in base64");
    }
    let key = config.ledger.signing_key.as_ref().context(
        "LEDGER_SIGNING_KEY is not set and no --public-key was given: nobody could tell whether the heads are ours",
    )?;
    let key = SigningKey::from_base64(key.expose_secret()).context("LEDGER_SIGNING_KEY is not 32 bytes in base64")?;
    Ok(key.public_key())
}

async fn of(db: &Db, org_id: Uuid) -> anyhow::Result<Vec<Check>> {
    let answer = db
        .as_service()
        .read("private.reconcile_wallet", args! { p_org_id: org_id })
        .await
        .with_context(|| format!("Organisation {org_id} could not be checked"))?;
    let mut checks: Vec<Check> = answer.parse()?;
    checks.iter_mut().for_each(|check| check.org_id = Some(org_id));
    Ok(checks)
}

/// One organisation after the other: a moment each, and no long transaction.
async fn of_all(db: &Db) -> anyhow::Result<(usize, Vec<Check>)> {
    let mut organizations = 0;
    let mut drifting = Vec::new();
    let mut last: Option<Uuid> = None;
    loop {
        let page = args! { p_after: last, p_limit: ORGANIZATIONS_AT_ONCE };
        let ids: Vec<Uuid> = db.as_service().read("private.organizations_after", page).await?.parse()?;
        for org_id in &ids {
            drifting.extend(of(db, *org_id).await?.into_iter().filter(|check| check.drift != 0));
        }
        organizations += ids.len();
        last = ids.last().copied();
        if last.is_none() {
            return Ok((organizations, drifting));
        }
    }
}

fn print(args: &Args, findings: &Findings) {
    if args.json {
        println!("{}", json!(findings));
        return;
    }
    if !findings.checks.is_empty() {
        print!("{}", table::of_checks(&findings.checks, args.org.is_none()));
    }
    if let Some(heads) = &findings.heads {
        print!("{}", heads.told());
    }
    let drifting = findings.checks.iter().filter(|check| check.drift != 0).count();
    let organizations = match findings.organizations {
        1 => "1 organisation was checked".to_owned(),
        count => format!("{count} organisations were checked"),
    };
    match drifting {
        0 => println!("{organizations}: every answer is zero."),
        1 => println!("{organizations}: 1 answer is not zero. See docs/runbooks/money-drift.md."),
        count => println!("{organizations}: {count} answers are not zero. See docs/runbooks/money-drift.md."),
    }
}
