//! `voxanne with-postgres -- CMD`: a command with a Postgres of its own, gone when the command is.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use crate::db::embedded::Cluster;

const SUPABASE_SHAPE: &str = "tests/support/supabase_shape.sql";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// What initdb makes, and nothing else.
    Bare,
    /// Supabase's roles, its `auth` schema, its open default privileges, an owner that is no superuser.
    Supabase,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Supabase => "supabase",
        }
    }

    /// On Supabase `postgres` owns the databases without being a superuser, so somebody else has to be one.
    fn superuser(self) -> &'static str {
        match self {
            Self::Bare => "postgres",
            Self::Supabase => "supabase_admin",
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the databases in it look like before the first migration.
    #[arg(long, value_enum, default_value = "bare")]
    shape: Shape,
    /// The command, after `--`.
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

pub async fn run(args: Args) -> Result<ExitCode> {
    // Before the cluster starts: a Ctrl-C from here on must not leave it behind.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;

    let cluster = Cluster::throw_away(args.shape.superuser()).await?;
    let outcome = tokio::select! {
        outcome = prepare_and_run(&cluster, &args) => outcome,
        _ = interrupt.recv() => Ok(130),
        _ = terminate.recv() => Ok(143),
    };
    cluster.remove().await?;
    Ok(ExitCode::from(outcome?))
}

async fn prepare_and_run(cluster: &Cluster, args: &Args) -> Result<u8> {
    if args.shape == Shape::Supabase {
        shape_like_supabase(cluster).await?;
    }

    let (program, arguments) = args.command.split_first().context("no command was given")?;
    let child = Command::new(program)
        .args(arguments)
        .env("VOXANNE_TEST_ADMIN_URL", cluster.superuser_url("postgres"))
        .env("VOXANNE_TEST_SHAPE", args.shape.name())
        .spawn()
        .with_context(|| format!("could not run `{program}`"))?;
    wait(Ended(child)).await
}

/// Every new database is a copy of template1, so that is where the shape belongs; `postgres` gets it for the curious.
async fn shape_like_supabase(cluster: &Cluster) -> Result<()> {
    let path = Path::new(SUPABASE_SHAPE);
    let sql = std::fs::read_to_string(path)
        .with_context(|| format!("{SUPABASE_SHAPE} was not found: run this from the project's folder"))?;
    for database in ["template1", "postgres"] {
        let client = crate::db::migrate::connect(&cluster.superuser_url(database)).await?;
        client.batch_execute(&sql).await.with_context(|| format!("{SUPABASE_SHAPE} failed in {database}"))?;
    }
    let client = crate::db::migrate::connect(&cluster.superuser_url("postgres")).await?;
    let password = cluster.password();
    client
        .batch_execute(&format!("alter role postgres password '{password}'; alter database postgres owner to postgres"))
        .await?;
    Ok(())
}

/// A child that does not outlive us: asked to end when this is dropped, which is how an interrupt arrives here.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let Some(pid) = self.0.id() else { return };
        std::process::Command::new("kill").arg(pid.to_string()).status().ok();
        for _ in 0..100 {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.0.start_kill().ok();
    }
}

async fn wait(mut child: Ended) -> Result<u8> {
    use std::os::unix::process::ExitStatusExt;
    let status = child.0.wait().await?;
    let code = status.code().or_else(|| status.signal().map(|s| 128 + s)).unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}
