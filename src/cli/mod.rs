//! The command line: one file a command.

mod dev;
pub mod doctor;
mod migrate;
mod reconcile;
pub mod reference;
mod replay;
pub mod rotate_keys;
mod sandbox;
mod serve;
mod simulate;
mod token;
mod with_postgres;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "voxanne", version, about = "Voxanne's backend: Postgres decides, this carries.")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in one process: embedded Postgres, stand-ins for the providers, demo data.
    Dev(dev::Args),
    /// Run the API, and the workers with it.
    Serve(serve::Args),
    /// Run workers alone.
    Work(work::Args),
    /// Run the stand-ins for the providers alone.
    Sandbox(sandbox::Args),
    /// Play calls, top-ups and deaths of the server on a clock of their own, and reconcile the books.
    Simulate(simulate::Args),
    /// Print the OpenAPI document; needs no database.
    Openapi,
    /// Print every setting as a table.
    Config,
    /// Print a page: the functions, the errors, or the sagas.
    Reference(reference::Args),
    /// Bring the database to this release, or say what that would change.
    Migrate(migrate::Args),
    /// Try webhooks and effects again that were given up.
    Replay(replay::Args),
    /// Say whether the money adds up: exit 0 when it does, 1 when something drifts, 2 when it could not be checked.
    Reconcile(reconcile::Args),
    /// Seal customers' secrets with the current key, so that an older one can be taken out of VAULT_KEYS.
    RotateKeys(rotate_keys::Args),
    /// Look a deployment over and say what to mend.
    Doctor(doctor::Args),
    /// Sign a key or a user's token with JWT_SECRET.
    Token(token::Args),
    /// Run a command with a throw-away Postgres of its own.
    WithPostgres(with_postgres::Args),
}

/// Runs a command; an error is told on standard error and in the exit status.
pub fn main(cli: Cli) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("voxanne: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Dev(args) => dev::run(args).await,
        Command::Serve(args) => serve::run(args).await,
        Command::Work(args) => work::run(args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Simulate(args) => simulate::run(args).await,
        Command::Openapi => print(&crate::api::openapi::document()),
        Command::Reference(args) => reference::run(&args),
        Command::Config => print(&crate::config::settings_table()),
        Command::Doctor(args) => doctor::run(args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Reconcile(args) => reconcile::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::RotateKeys(args) => rotate_keys::run(args).await,
        Command::Token(args) => token::run(args).await,
        Command::WithPostgres(args) => with_postgres::run(args).await,
    }
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    println!("{}", text.trim_end());
    Ok(ExitCode::SUCCESS)
}
