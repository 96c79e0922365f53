//! `voxanne replay`: webhooks and effects that were given up, tried again at a person's word.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    args,
    config::Config,
    db::{self, Db},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show the webhooks nothing was made of yet, dead ones first.
    List,
    /// Process kept webhooks again, whatever their state.
    Webhook {
        #[arg(required_unless_present = "dead")]
        ids: Vec<Uuid>,
        /// All that were given up.
        #[arg(long, conflicts_with = "ids")]
        dead: bool,
    },
    /// Put dead or refused effects back into the queue; workers carry them out.
    Effect {
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
}

/// How many are shown, or replayed by `--dead`, at once.
const AT_ONCE: u32 = 500;

#[derive(Deserialize)]
struct Webhook {
    id: Uuid,
    provider: String,
    event_type: Option<String>,
    state: String,
    attempts: i32,
    last_error: Option<String>,
    received_at: String,
}

impl Webhook {
    fn print(&self) {
        let kind = self.event_type.as_deref().unwrap_or("unknown type");
        let error = self.last_error.as_deref().unwrap_or_default().replace('\n', " ");
        println!(
            "{}  {:<9}  {} {kind}, received {}, attempts {}  {error}",
            self.id, self.state, self.provider, self.received_at, self.attempts
        );
    }
}

/// Fails when something could not be replayed, so that a script notices.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_env()?;
    let db = Db::connect(&config.database, config.org_in_flight).await.context("The database could not be reached")?;
    db::migrate::ensure_compatible(db.worker_pool()).await?;
    let all_well = match args.what {
        What::List => {
            undone(&db).await?.iter().for_each(Webhook::print);
            true
        }
        What::Webhook { ids, dead } => {
            let ids = if dead { dead_webhooks(&db).await? } else { ids };
            webhooks(&db, &ids).await?
        }
        What::Effect { ids } => effects(&db, &ids).await?,
    };
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn undone(db: &Db) -> anyhow::Result<Vec<Webhook>> {
    Ok(db.as_service().read("private.undone_webhooks", args! { p_limit: AT_ONCE }).await?.parse()?)
}

async fn dead_webhooks(db: &Db) -> anyhow::Result<Vec<Uuid>> {
    Ok(undone(db).await?.into_iter().filter(|webhook| webhook.state == "dead").map(|webhook| webhook.id).collect())
}

async fn webhooks(db: &Db, ids: &[Uuid]) -> anyhow::Result<bool> {
    let mut all_well = true;
    for id in ids {
        let replayed: Webhook = db
            .as_service()
            .write("private.replay_webhook", args! { p_id: id })
            .await
            .with_context(|| format!("The webhook {id} could not be replayed"))?
            .parse()?;
        replayed.print();
        all_well &= replayed.state == "processed";
    }
    Ok(all_well)
}

async fn effects(db: &Db, ids: &[Uuid]) -> anyhow::Result<bool> {
    let mut all_well = true;
    for id in ids {
        let replayed: bool = db.as_service().write("private.replay_effect", args! { p_id: id }).await?.parse()?;
        println!("{id}  {}", if replayed { "queued" } else { "not there, or neither dead nor refused" });
        all_well &= replayed;
    }
    Ok(all_well)
}
