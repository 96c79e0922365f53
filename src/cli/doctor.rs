//! `voxanne doctor`: looks a deployment over and says in words what to mend.

mod database;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Value;
use url::Url;

use super::rotate_keys::Census;
use crate::args;
use crate::config::Config;
use crate::db::Db;

/// An effect without a queue before it takes milliseconds; a worker that only polls takes a second.
const PING_PATIENCE: Duration = Duration::from_secs(10);
const PROVIDER_PATIENCE: Duration = Duration::from_secs(5);
const LATE_SECONDS: f64 = 60.0;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Leave out the effect that is sent through the queue: it needs a running worker.
    #[arg(long)]
    no_ping: bool,
}

/// What was looked at, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Fine(String),
    /// A feature that is off, or something to know.
    Note(String),
    Mend(String),
}

impl Finding {
    pub fn fine(text: impl Into<String>) -> Self {
        Self::Fine(text.into())
    }

    pub fn mend(text: impl Into<String>) -> Self {
        Self::Mend(text.into())
    }

    /// Fine when nothing was found; else what to mend, with what was found.
    pub fn unless_any(found: &[String], fine: &str, mend: &str) -> Self {
        if found.is_empty() { Self::fine(fine) } else { Self::Mend(format!("{mend}: {}", found.join(", "))) }
    }
}

pub async fn run(args: Args) -> Result<ExitCode> {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(unfit) => {
            for sentence in unfit.0 {
                println!("mend   {sentence}");
            }
            println!("\nThe configuration comes first; nothing else was looked at.");
            return Ok(ExitCode::FAILURE);
        }
    };

    let findings = examine(&config, !args.no_ping).await;
    for finding in &findings {
        match finding {
            Finding::Fine(text) => println!("fine   {text}"),
            Finding::Note(text) => println!("note   {text}"),
            Finding::Mend(text) => println!("mend   {text}"),
        }
    }
    let to_mend = findings.iter().filter(|f| matches!(f, Finding::Mend(_))).count();
    if to_mend == 0 {
        println!("\nNothing to mend.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{to_mend} to mend.");
    Ok(ExitCode::FAILURE)
}

/// Everything there is to look at. `ping` sends an effect through the queue.
pub async fn examine(config: &Config, ping: bool) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        config.turned_off().into_iter().map(|sentence| Finding::Note(sentence.to_owned())).collect();
    let reachable = database::examine(config, &mut findings).await;
    if reachable {
        match Db::connect(&config.database, config.org_in_flight).await {
            Ok(db) => {
                queue(&db, &mut findings).await;
                troubles(&db, &mut findings).await;
                secrets(&db, config, &mut findings).await;
                if ping {
                    findings.push(send_ping(&db).await);
                }
                db.close();
            }
            Err(error) => findings.push(Finding::Mend(format!("The server's pools do not open: {error:#}"))),
        }
    }
    providers(config, &mut findings).await;
    findings
}

async fn queue(db: &Db, findings: &mut Vec<Finding>) {
    let args = args! { p_server_release: env!("CARGO_PKG_VERSION") };
    let said: Value = match db.as_service().write("private.readiness", args).await.and_then(|answer| answer.parse()) {
        Ok(said) => said,
        Err(error) => return findings.push(Finding::Mend(format!("The queue's state cannot be read: {error}"))),
    };

    let late = said["queue_late_seconds"].as_f64().unwrap_or_default();
    findings.push(if late > LATE_SECONDS {
        Finding::Mend(format!(
            "Effects run {late:.0} s late. Start more workers (`voxanne work`) or see what holds them."
        ))
    } else {
        Finding::fine("Effects are on time.")
    });
    let dead = said["dead_effects"].as_i64().unwrap_or_default();
    findings.push(if dead > 0 {
        Finding::Mend(format!("{dead} effects are dead letters. Read their errors, then replay or cancel them."))
    } else {
        Finding::fine("There are no dead letters.")
    });
    let undone = said["undone_webhooks"].as_i64().unwrap_or_default();
    if undone > 0 {
        findings.push(Finding::Note(format!("{undone} webhooks wait to be processed.")));
    }
}

/// What only a person can set right.
async fn troubles(db: &Db, findings: &mut Vec<Finding>) {
    let said = db.as_service().read("private.standing_troubles", args! {}).await;
    let rows: Vec<Value> = match said.and_then(|answer| answer.parse()) {
        Ok(rows) => rows,
        Err(error) => return findings.push(Finding::Mend(format!("What stands still cannot be read: {error}"))),
    };
    let of = |kind: &str| -> Vec<String> {
        rows.iter().filter(|row| row["kind"] == kind).filter_map(|row| Some(row["what"].as_str()?.to_owned())).collect()
    };
    findings.push(Finding::unless_any(
        &of("drifting_wallet"),
        "No wallet drifts from its ledger.",
        "These organisations' wallets do not add up; see docs/runbooks/money-drift.md",
    ));
    findings.push(Finding::unless_any(
        &of("stuck_saga"),
        "No chain of steps at the providers is stuck.",
        "These sagas are stuck; their alerts say at which step",
    ));
}

/// With which keys customers' secrets are sealed, and whether they are here.
async fn secrets(db: &Db, config: &Config, findings: &mut Vec<Finding>) {
    match Census::take(db).await {
        Ok(census) => findings.extend(census.findings(config.vault.as_ref())),
        Err(error) => findings.push(Finding::Mend(format!("The sealed secrets cannot be counted: {error}"))),
    }
}

async fn send_ping(db: &Db) -> Finding {
    let service = db.as_service();
    let sent = service.write("private.enqueue_ping", args! {}).await.and_then(|answer| answer.parse::<uuid::Uuid>());
    let id = match sent {
        Ok(id) => id,
        Err(error) => return Finding::Mend(format!("No effect can be written: {error}")),
    };

    let began = Instant::now();
    while began.elapsed() < PING_PATIENCE {
        let outcome = service.read("private.effect_outcome", args! { p_ids: [id] }).await;
        if outcome.and_then(|answer| answer.parse::<Vec<Value>>()).is_ok_and(|rows| !rows.is_empty()) {
            return Finding::Fine(format!("An effect went through the queue in {} ms.", began.elapsed().as_millis()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Finding::mend("No worker carried out an effect within 10 s. Is `voxanne serve` or `voxanne work` running?")
}

/// Any answer will do: what is asked is whether the address leads somewhere from here.
async fn providers(config: &Config, findings: &mut Vec<Finding>) {
    use secrecy::ExposeSecret;
    let mut addresses: Vec<(&str, Url)> = Vec::new();
    if config.resend.api_key.is_some() {
        addresses.push(("Resend", config.resend.base_url.clone()));
    }
    if config.stripe.secret_key.is_some() {
        addresses.push(("Stripe", config.stripe.base_url.clone()));
    }
    if config.vapi.api_key.is_some() {
        addresses.push(("Vapi", config.vapi.base_url.clone()));
    }
    if config.twilio.account_sid.is_some() {
        addresses.push(("Twilio", config.twilio.base_url.clone()));
    }
    // The path of Slack's address is its secret: only the host is asked.
    let slack = config.slack_webhook_url.as_ref().and_then(|url| Url::parse(url.expose_secret()).ok());
    if let Some(root) = slack.and_then(|url| url.join("/").ok()) {
        addresses.push(("Slack", root));
    }
    if let Some(url) = &config.tokens.jwks_url {
        addresses.push(("The signing keys (JWKS_URL)", url.clone()));
    }

    let Ok(client) = crate::server::http_client() else { return };
    for (name, url) in addresses {
        findings.push(match client.get(url.clone()).timeout(PROVIDER_PATIENCE).send().await {
            Ok(_) => Finding::Fine(format!("{name} can be reached.")),
            Err(error) => {
                let host = url.host_str().unwrap_or_default();
                let why = if error.is_timeout() { "no answer within 5 s" } else { "no connection" };
                Finding::Mend(format!("{name} cannot be reached at {host} from here: {why}."))
            }
        });
    }
}
