//! `voxanne simulate`: calls on a clock that runs as fast as one likes, over a database of their own, for a person to watch.

mod screen;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};
use tokio_postgres::Client;

use crate::db::embedded::Cluster;
use crate::db::migrate::{self, Options};
use crate::simulate::{Plan, Recipe, Simulation};
use screen::Screen;

const DATABASE: &str = "voxanne_simulate";
/// How often a person sees something new.
const EYE: Duration = Duration::from_millis(100);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many organisations there are.
    #[arg(long, alias = "organizations", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    organisations: u32,
    /// How many calls come, in all.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    calls: u32,
    /// The same seed, the same calls, down to every id.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often the server dies and comes back.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=100))]
    deaths: u32,
    /// How many top-ups come, in all.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    topups: u32,
    /// Virtual seconds a second; 0 for as fast as it goes. In a terminal 120, elsewhere 0.
    #[arg(long)]
    speed: Option<f64>,
    /// Use the database that MIGRATE_DATABASE_URL and SERVICE_DATABASE_URL name instead of a throw-away one. It must hold
    /// nothing else, and VOXANNE_ENV must say development.
    #[arg(long)]
    use_settings: bool,
}

pub async fn run(args: Args) -> Result<ExitCode> {
    if args.use_settings {
        let (owner_url, worker_url) = settings()?;
        return simulate(&args, &owner_url, &worker_url).await;
    }

    // Before the cluster starts: a Ctrl-C from here on must not leave it behind.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    println!("Starting a Postgres for this …");
    let cluster = Cluster::throw_away("postgres").await?;
    let outcome = tokio::select! {
        outcome = on_a_new_database(&args, &cluster) => outcome,
        _ = interrupt.recv() => Ok(ExitCode::from(130)),
        _ = terminate.recv() => Ok(ExitCode::from(143)),
    };
    cluster.remove().await?;
    outcome
}

async fn on_a_new_database(args: &Args, cluster: &Cluster) -> Result<ExitCode> {
    let admin = migrate::connect(&cluster.superuser_url("postgres")).await?;
    admin.batch_execute(&format!("create database {DATABASE}")).await?;
    let worker_url = cluster.url("voxanne_worker", DATABASE);
    let mut options = Options::embedded()?;
    options.login_urls = vec![SecretString::from(worker_url.as_str())];
    migrate::migrate(&cluster.superuser_url(DATABASE), &options).await?;
    simulate(args, &cluster.superuser_url(DATABASE), &worker_url).await
}

/// The addresses of a database somebody asked for, which is no production's.
fn settings() -> Result<(String, String)> {
    dotenvy::dotenv().ok();
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    if given("VOXANNE_ENV").as_deref() != Some("development") {
        bail!(
            "--use-settings is for development: VOXANNE_ENV does not say so. A simulation moves money and ends calls."
        );
    }
    let needed = |name: &str| given(name).with_context(|| format!("--use-settings wants {name}, which is not set."));
    Ok((needed("MIGRATE_DATABASE_URL")?, needed("SERVICE_DATABASE_URL")?))
}

async fn simulate(args: &Args, owner_url: &str, worker_url: &str) -> Result<ExitCode> {
    let recipe = Recipe {
        seed: args.seed,
        organizations: args.organisations as usize,
        calls: args.calls as usize,
        deaths: args.deaths as usize,
        topups: args.topups as usize,
    };
    let plan = recipe.plan();
    if args.use_settings {
        migrate::migrate(owner_url, &Options::embedded()?).await?;
    }
    let owner = migrate::connect(owner_url).await?;
    let worker = migrate::connect(worker_url).await?;
    worker.batch_execute("set role service_role").await.context("SERVICE_DATABASE_URL's login is no service_role")?;

    let mut screen = Screen::new(&plan, args.calls.into());
    let speed = args.speed.unwrap_or(if screen.is_watched() { 120.0 } else { 0.0 });
    let simulation = Simulation::new(&plan, &owner, &worker).await?;
    let simulation = watch(simulation, &plan, &owner, &mut screen, speed).await?;
    let report = simulation.report().await?;
    screen.close(&plan, &report, simulation.now());

    let beyond = report.beyond_the_rules(&plan);
    let well = report.drift.is_empty() && beyond.is_empty();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays to the end, no faster than asked, and shows how it stands now and then.
async fn watch<'a>(
    mut simulation: Simulation<'a>,
    plan: &Plan,
    owner: &Client,
    screen: &mut Screen,
    speed: f64,
) -> Result<Simulation<'a>> {
    let began = Instant::now();
    let mut shown = Instant::now();
    loop {
        let more = simulation.step().await?;
        let now = simulation.now();
        if shown.elapsed() >= EYE || !more {
            screen.show(plan, &simulation, owner).await?;
            shown = Instant::now();
        }
        if !more {
            return Ok(simulation);
        }
        // Nothing is worth waiting for once the last call is over.
        if speed > 0.0 && simulation.calls_over() < screen.calls() {
            while let Some(ahead) = now.div_f64(speed).checked_sub(began.elapsed()).filter(|ahead| !ahead.is_zero()) {
                tokio::time::sleep(ahead.min(EYE)).await;
            }
        }
    }
}
