//! `voxanne work`: workers alone. Any number of them may share a database.

use std::process::ExitCode;

use tokio::net::TcpListener;

use super::serve::stop_signal;
use crate::{
    config::Config,
    effects,
    server::{self, App},
    telemetry,
};

#[derive(clap::Args)]
pub struct Args {
    /// Effects carried out at once, in place of WORKER_CONCURRENCY.
    #[arg(long)]
    concurrency: Option<usize>,
    /// Port for /health, /ready and /metrics. Absent: the process answers nobody.
    #[arg(long)]
    port: Option<u16>,
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

    let workers = effects::start(&app).await?;
    if let Some(port) = args.port {
        let listener = TcpListener::bind((app.config.host, port)).await?;
        tokio::spawn(server::serve_watched(app.clone(), listener));
    }
    tracing::info!(worker = workers.name, concurrency = app.config.worker_concurrency, "working");
    stop_signal().await;
    tracing::info!("stopping: effects under way finish, the other leases are given back");
    app.stopping.cancel();
    workers.stopped().await;
    app.db.close();
    Ok(ExitCode::SUCCESS)
}
