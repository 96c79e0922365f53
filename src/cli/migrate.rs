//! `voxanne migrate`: brings the database to this release, or says what that would change.

use std::process::ExitCode;

use anyhow::{Context, Result};
use secrecy::SecretString;

use crate::db::migrate::{self, Manifest, Options};

/// `--check` found something to do. Neither clap's status nor a failure's.
const WOULD_CHANGE: u8 = 3;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Say what would change and what depends on it; exit 0 when nothing would, 3 when something would.
    #[arg(long)]
    check: bool,
    /// The owner's address: a superuser, or a role with BYPASSRLS.
    #[arg(long, env = "MIGRATE_DATABASE_URL", hide_env_values = true)]
    url: Option<String>,
}

pub async fn run(args: Args) -> Result<ExitCode> {
    let url =
        args.url.context("MIGRATE_DATABASE_URL is not set: migrate needs the address of the database's owner.")?;
    if args.check {
        return say_plan(&url).await;
    }

    let mut options = Options::embedded()?;
    options.login_urls = ["DATABASE_URL", "SERVICE_DATABASE_URL"]
        .iter()
        .filter_map(|name| std::env::var(name).ok().map(SecretString::from))
        .collect();
    let report = migrate::migrate(&url, &options).await?;
    for path in &report.applied {
        println!("applied  {path}");
    }
    for note in &report.notes {
        println!("{note}");
    }
    if report.applied.is_empty() && report.notes.is_empty() {
        println!("Nothing to do: the database is at release {}.", options.manifest.release);
    }
    Ok(ExitCode::SUCCESS)
}

async fn say_plan(url: &str) -> Result<ExitCode> {
    let manifest = Manifest::embedded()?;
    let plan = migrate::check(url, &manifest).await?;
    for note in &plan.notes {
        println!("{note}");
    }
    for step in &plan.steps {
        println!("{}: {}", step.path, step.what);
        for dependent in &step.dependents {
            println!("    used by {dependent}");
        }
    }
    if plan.is_empty() {
        println!("Nothing would change.");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(WOULD_CHANGE))
}
