//! `voxanne work`: workers alone. Any number of them may share a database.

use std::process::ExitCode;

use super::serve::stop_signal;
use crate::{config::Config, db, effects, server::App, telemetry};

#[derive(clap::Args)]
pub struct Args {
    /// Effects carried out at once, in place of WORKER_CONCURRENCY.
    #[arg(long)]
    concurrency: Option<usize>,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut config = Config::from_env()?;
    if let Some(concurrency) = args.concurrency {
        config.worker_concurrency = concurrency.max(1);
    }
    let _telemetry = telemetry::init(&config)?;
    for sentence in config.turned_off() {
        tracing::warn!("{sentence}");
    }
    let app = App::connect(config, None).await?;
    db::migrate::ensure_compatible(app.db.worker_pool()).await?;

    let workers = effects::start(&app).await?;
    tracing::info!(worker = workers.name, concurrency = app.config.worker_concurrency, "working");
    stop_signal().await;
    tracing::info!("stopping: effects under way finish, the other leases are given back");
    app.stopping.cancel();
    workers.stopped().await;
    app.db.close();
    Ok(ExitCode::SUCCESS)
}
