//! `voxanne dev`: everything in one process: Postgres, migrations, the providers' stand-ins, the API, the workers, a demo.

mod demo;
mod ground;
mod recall;
mod recall_calls;
mod remind;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::db::migrate;
use crate::effects::{self, Workers};
use crate::sandbox::{Sandbox, SandboxConfig, vapi::Script};
use crate::server::{self, App};
use crate::telemetry;

use ground::Ground;

/// Everything of this project that is no source: the database, the secret, the demo's keys.
const HOME: &str = ".voxanne";
const DEFAULT_PORT: u16 = 3001;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Begin with an empty database: everything in the embedded one is lost.
    #[arg(long)]
    reset: bool,
}

pub async fn run(args: Args) -> Result<ExitCode> {
    dotenvy::dotenv().ok();
    std::fs::create_dir_all(HOME).context("could not create .voxanne here")?;

    // Before anything starts: what was started must be stopped again, whenever the Ctrl-C comes.
    let stop = CancellationToken::new();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        asked.cancel();
    });

    let ground = Ground::open(Path::new(HOME), args.reset).await?;
    let outcome = up(&ground, &stop).await;
    println!("\nStopping.");
    ground.close().await?;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn up(ground: &Ground, stop: &CancellationToken) -> Result<()> {
    let starting = start(ground);
    let running = tokio::select! {
        running = starting => running?,
        () = stop.cancelled() => return Ok(()),
    };
    let Running { app, workers, sandbox, serving, _telemetry } = running;

    tokio::select! {
        () = stop.cancelled() => {}
        () = app.stopping.cancelled() => {}
    }
    app.stopping.cancel();
    serving.await??;
    workers.stopped().await;
    app.db.close();
    sandbox.stop().await;
    Ok(())
}

struct Running {
    app: App,
    workers: Workers,
    sandbox: Sandbox,
    serving: tokio::task::JoinHandle<Result<()>>,
    _telemetry: telemetry::Guard,
}

async fn start(ground: &Ground) -> Result<Running> {
    let applied = ground.migrate().await?;

    let listener = listen().await?;
    let address = format!("http://{}", listener.local_addr()?);
    let sandbox = start_sandbox(&address).await?;
    let config = configure(ground, &sandbox, &address)?;
    let database = migrate::connect(ground.owner_url()).await?;
    remind::stripe(&database, &sandbox).await?;
    remind::twilio(&database, &config, &sandbox).await?;
    recall::vapi(&database, &config, &sandbox).await?;
    recall_calls::under_way(&database, &sandbox).await?;
    recall::logins(&database, &config, &sandbox).await?;
    drop(database);
    let telemetry = telemetry::init(&config)?;

    let app = App::connect(config, Some(sandbox.resend.clone())).await?;
    let workers = effects::start(&app).await?;
    let serving = tokio::spawn(server::serve(app.clone(), listener));

    let demo = demo::seed(&app, &address, ground).await?;
    say(ground, &sandbox, &address, applied, demo.as_ref());
    Ok(Running { app, workers, sandbox, serving, _telemetry: telemetry })
}

async fn listen() -> Result<TcpListener> {
    let wanted = match std::env::var("PORT") {
        Ok(text) => text.parse().with_context(|| format!("PORT is \"{text}\": it takes a port number"))?,
        Err(_) => DEFAULT_PORT,
    };
    match TcpListener::bind(("127.0.0.1", wanted)).await {
        Ok(listener) => Ok(listener),
        Err(e) if e.kind() == std::io::ErrorKind::AddrInUse && std::env::var_os("PORT").is_none() => {
            println!("Port {wanted} is taken; another one is used.");
            Ok(TcpListener::bind(("127.0.0.1", 0)).await?)
        }
        Err(e) => bail!("Port {wanted} cannot be used: {e}"),
    }
}

/// On the usual ports when they are free, so that bookmarks of their pages last.
async fn start_sandbox(address: &str) -> Result<Sandbox> {
    let mut config = SandboxConfig::default().for_server_at(address);
    if let Ok(elsewhere) = std::env::var("BACKEND_URL") {
        config = config.for_server_at(elsewhere.trim_end_matches('/'));
    }
    config.resend.webhook_url = Some(format!("{address}/api/webhooks/resend"));
    config.stripe.webhook_url = Some(format!("{address}/api/webhooks/stripe"));
    let sandbox = match Sandbox::start(config.clone().on_usual_ports()).await {
        Ok(sandbox) => sandbox,
        Err(_) => Sandbox::start(config).await?,
    };
    sandbox.vapi.when_called(None, Script::somebody());
    Ok(sandbox)
}

/// What stands in the environment counts, except for the providers: no letter of a demo may reach a stranger.
fn configure(ground: &Ground, sandbox: &Sandbox, address: &str) -> Result<Config> {
    let mut defaults: BTreeMap<&str, String> = BTreeMap::from([
        ("VOXANNE_ENV", "development".to_owned()),
        ("HOST", "127.0.0.1".to_owned()),
        ("BACKEND_URL", address.to_owned()),
        ("LOCAL_AUTH", if ground.signs_in_locally() { "on" } else { "off" }.to_owned()),
        ("SUPABASE_DOOR", "on".to_owned()),
        ("LOG_FORMAT", "pretty".to_owned()),
        ("JWT_SECRET", ground.jwt_secret().to_owned()),
        ("VAULT_KEYS", ground.vault_keys().to_owned()),
        // Between two stand-ins of one machine.
        ("VAPI_WEBHOOK_SECRET", "voxanne-dev-webhooks".to_owned()),
    ]);
    if std::env::var_os("JWKS_URL").is_some() {
        defaults.remove("JWT_SECRET");
    }
    let mut fixed: BTreeMap<&str, String> = ground.settings();
    fixed.extend(sandbox.settings());
    ground::keep_settings(Path::new(HOME), &defaults.clone().into_iter().chain(fixed.clone()).collect())?;
    Ok(Config::from_lookup(|name| {
        fixed.get(name).cloned().or_else(|| std::env::var(name).ok()).or_else(|| defaults.get(name).cloned())
    })?)
}

fn say(ground: &Ground, sandbox: &Sandbox, address: &str, applied: usize, demo: Option<&demo::Demo>) {
    println!();
    println!("  API        {address}");
    println!("  Docs       {address}/docs");
    println!("  Inbox      {}/   (every email that would have been sent)", sandbox.resend_url());
    println!("  Payments   {}/   (the stand-in for Stripe: Checkout, refunds, disputes)", sandbox.stripe_url());
    println!(
        "  Phones     {}/   (the stand-in for Twilio: type a caller ID's code, forward a telephone)",
        sandbox.twilio_url()
    );
    println!(
        "  Calls      {}/   (the stand-in for Vapi: telephone a number, see calls and assistants)",
        sandbox.vapi_url()
    );
    println!(
        "  Logins     {}/   (the stand-in for Google: who agreed, calendars; Outlook's: {}/)",
        sandbox.google_url(),
        sandbox.outlook_url()
    );
    println!("  Database   psql '{}'   ({applied} SQL files applied just now)", ground.owner_url());
    println!("  Commands   (. {HOME}/settings && target/debug/voxanne reconcile)   and doctor, replay: in this folder");
    match demo {
        Some(demo) => {
            println!("\n  Log in as  {}   password  {}", demo::EMAIL, demo::PASSWORD);
            println!("\n  curl -H 'Authorization: Bearer {}' {address}/api/me", demo.token);
            println!("\n  supabase-js  createClient('{address}', '{}')", demo.anon_key);
        }
        None => println!("\n  Signing in is Supabase's here: there is no demo login."),
    }
    println!("\n  Ctrl-C stops everything.\n");
}
