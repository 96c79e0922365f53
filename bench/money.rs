//! The prepaid engine under load, through the server's one way to the database: a call's life, over and over.
//!
//! Reserves, renews and settles calls on the wallets of the bench's organisations and prints one line of JSON: lives a
//! second and what each step took. The harness compares it with pgbench saying the same.

use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{args, config::Config, db::Db};

const STEPS: [&str; 3] = ["reserve", "renew", "settle"];

#[derive(Parser)]
struct Options {
    /// Calls under way at once.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    #[arg(long, default_value_t = 2.0)]
    warm_up: f64,
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// The organisations' ids, one a line.
    #[arg(long)]
    organisations: std::path::PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let config = Config::from_env()?;
    let db = Db::connect(&config.database, config.org_in_flight).await?;
    let organisations: Vec<Uuid> =
        std::fs::read_to_string(&options.organisations)?.lines().map(str::parse).collect::<Result<_, _>>()?;

    let measured_from = Instant::now() + Duration::from_secs_f64(options.warm_up);
    let until = measured_from + Duration::from_secs_f64(options.seconds);
    let callers: Vec<_> = (0..options.connections)
        .map(|_| tokio::spawn(call_until(db.clone(), organisations.clone(), measured_from, until)))
        .collect();
    let mut took: [Vec<Duration>; 3] = Default::default();
    for caller in callers {
        for (all, mine) in took.iter_mut().zip(caller.await??) {
            all.extend(mine);
        }
    }

    let lives = took[0].len();
    let steps: Value = STEPS.iter().zip(took).map(|(step, took)| (step.to_string(), percentiles(took))).collect();
    println!("JSON {}", json!({ "lives": lives, "seconds": options.seconds, "steps": steps }));
    Ok(())
}

/// What each step of the lives that ended in the measured time took.
async fn call_until(
    db: Db,
    organisations: Vec<Uuid>,
    measured_from: Instant,
    until: Instant,
) -> anyhow::Result<[Vec<Duration>; 3]> {
    let mut took: [Vec<Duration>; 3] = Default::default();
    while Instant::now() < until {
        let org_id = organisations[rand::random_range(0..organisations.len())];
        let call_id = Uuid::new_v4();
        let begun = Instant::now();
        let reserve = args! { p_org_id: org_id, p_call_id: call_id };
        let admission: Value = db.as_service().write("private.reserve_call_credits", reserve).await?.parse()?;
        anyhow::ensure!(admission["allowed"] == true, "the bench's wallets let every call in: {admission}");
        let reserved = Instant::now();
        db.as_service().write("private.renew_call_reservation", args! { p_call_id: call_id }).await?;
        let renewed = Instant::now();
        let settle = args! { p_call_id: call_id, p_actual_seconds: 120, p_source: "report" };
        let settlement: Value = db.as_service().write("private.commit_reserved_credits", settle).await?.parse()?;
        anyhow::ensure!(settlement["charged_pence"] == 112, "two minutes cost 112 pence: {settlement}");
        let settled = Instant::now();
        if settled >= measured_from && settled < until {
            took[0].push(reserved - begun);
            took[1].push(renewed - reserved);
            took[2].push(settled - renewed);
        }
    }
    Ok(took)
}

fn percentiles(mut took: Vec<Duration>) -> Value {
    took.sort();
    let at = |percent: usize| took.get(took.len() * percent / 100).map(|time| time.as_secs_f64() * 1000.0);
    let mean = took.iter().sum::<Duration>().as_secs_f64() * 1000.0 / took.len().max(1) as f64;
    json!({ "mean_ms": mean, "p50_ms": at(50), "p99_ms": at(99) })
}
