//! `voxanne serve`: the API, and workers unless told otherwise.

use std::{net::SocketAddr, process::ExitCode};

use tokio::net::TcpListener;

use crate::{
    config::Config,
    effects,
    server::{self, App},
    telemetry,
};

#[derive(clap::Args)]
pub struct Args {
    /// Leave the effects to `voxanne work` elsewhere.
    #[arg(long)]
    no_workers: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::from_env()?;
    let _telemetry = telemetry::init(&config)?;
    for sentence in config.turned_off() {
        tracing::warn!("{sentence}");
    }
    let address = SocketAddr::new(config.host, config.port);
    let app = App::connect(config, None).await?;

    let workers = if args.no_workers {
        effects::wake_others(&app);
        None
    } else {
        Some(effects::start(&app).await?)
    };
    let listener = TcpListener::bind(address).await?;
    tracing::info!(%address, workers = workers.is_some(), "listening");

    let stopping = app.stopping.clone();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: requests under way finish, leases are given back");
        stopping.cancel();
    });
    server::serve(app.clone(), listener).await?;
    if let Some(workers) = workers {
        workers.stopped().await;
    }
    app.db.close();
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C, or what a service supervisor sends.
pub async fn stop_signal() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("the process may listen for signals");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
