//! `voxanne sandbox call`: somebody telephones, and one reads along.

use std::{collections::BTreeMap, path::Path, process::ExitCode, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::sandbox::vapi::{Ask, Pace, Script};

/// How often one looks what was said meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(150);

#[derive(clap::Args)]
pub struct Args {
    /// The number that is called; it must have been provisioned, or connected.
    #[arg(long)]
    to: String,
    /// Who calls.
    #[arg(long, default_value = "+447700900123")]
    from: String,
    /// What the caller says. Several are said one after the other, each before the --tool of the same place.
    #[arg(long)]
    say: Vec<String>,
    /// What the assistant asks us, as name=JSON: --tool checkAvailability='{"date": "2026-12-01"}'
    #[arg(long)]
    tool: Vec<String>,
    /// Talk for so long before hanging up.
    #[arg(long, default_value_t = 0.0)]
    minutes: f64,
    /// Take as long as a real call does, so that it can run out of money; otherwise it plays twenty times faster.
    #[arg(long)]
    real_time: bool,
    /// Where Vapi's stand-in is; otherwise the one of the `voxanne dev` or `voxanne sandbox` that runs.
    #[arg(long)]
    vapi: Option<String>,
}

pub async fn run(args: Args) -> Result<ExitCode> {
    let desk = desk(args.vapi.clone());
    let http = reqwest::Client::new();
    let id = begin(&http, &desk, &script(&args)?).await?;
    println!("Call {id}\n");
    let mut told = 0;
    loop {
        let now = look(&http, &desk, &id).await?;
        let lines = now["lines"].as_array().cloned().unwrap_or_default();
        lines.iter().skip(told).for_each(say);
        told = lines.len();
        if now["over"] == true {
            conclude(&now);
            return Ok(ExitCode::SUCCESS);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn script(args: &Args) -> Result<Script> {
    anyhow::ensure!(args.minutes.is_finite() && args.minutes >= 0.0, "--minutes must be 0 or more");
    let tools = args.tool.iter().map(|text| ask(text)).collect::<Result<Vec<_>>>()?;
    let mut script = Script::new(&args.from, &args.to);
    for place in 0..args.say.len().max(tools.len()) {
        if let Some(words) = args.say.get(place) {
            script = script.caller_says(words);
        }
        if let Some(ask) = tools.get(place) {
            script = script.tools(vec![ask.clone()]);
        }
    }
    if args.minutes > 0.0 {
        script = script.waits(args.minutes * 60.0);
    }
    Ok(script.caller_hangs_up().pace(if args.real_time { Pace::Real } else { Pace::Times(20.0) }))
}

fn ask(text: &str) -> Result<Ask> {
    let (name, arguments) = text.split_once('=').unwrap_or((text, "{}"));
    let arguments = serde_json::from_str(arguments)
        .with_context(|| format!("--tool {name} takes JSON after the equals sign, not: {arguments}"))?;
    Ok(Ask::new(name, arguments))
}

/// What was said, what the environment says, what `voxanne dev` left here, the usual port.
fn desk(given: Option<String>) -> String {
    let url = given.or_else(|| std::env::var("VAPI_BASE_URL").ok()).or_else(|| settings().remove("VAPI_BASE_URL"));
    url.unwrap_or_else(|| "http://127.0.0.1:4014".to_owned()).trim_end_matches('/').to_owned()
}

fn settings() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(Path::new(".voxanne").join("settings")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    lines.map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned())).collect()
}

async fn begin(http: &reqwest::Client, desk: &str, script: &Script) -> Result<String> {
    let sent = http.post(format!("{desk}/_sandbox/calls")).json(script).send().await;
    let answer = sent.with_context(|| format!("nothing answers at {desk}: is `voxanne dev` running?"))?;
    let status = answer.status();
    let body: Value = answer.json().await.context("Vapi's stand-in answered no JSON")?;
    match body["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => {
            bail!("no call ({status}): {}", body["details"]["problem"].as_str().unwrap_or("Vapi's stand-in refused"))
        }
    }
}

async fn look(http: &reqwest::Client, desk: &str, id: &str) -> Result<Value> {
    let answer = http.get(format!("{desk}/_sandbox/calls/{id}")).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}

fn say(line: &Value) {
    let second = line["second"].as_f64().unwrap_or_default();
    let (minutes, seconds) = ((second / 60.0).floor(), second % 60.0);
    let (who, what) = (line["who"].as_str().unwrap_or_default(), line["what"].as_str().unwrap_or_default());
    println!("{minutes:>3}:{seconds:04.1}  {who:<10} {what}");
}

fn conclude(now: &Value) {
    let sent = now["sent"].as_array().cloned().unwrap_or_default();
    let is_taken =
        |one: &&Value| one["statuses"].as_array().is_some_and(|all| all.iter().any(|status| *status == json!(200)));
    let taken = sent.iter().filter(is_taken).count();
    let seconds = now["seconds"].as_i64().unwrap_or_default();
    let reason = now["call"]["endedReason"].as_str().unwrap_or("unknown");
    println!("\nEnded: {reason}");
    println!("Lasted: {}:{:02}", seconds / 60, seconds % 60);
    println!("Messages: {} sent, {taken} taken with 200", sent.len());
    for order in now["orders"].as_array().into_iter().flatten() {
        println!("Ordered: {order}");
    }
    for refused in sent.iter().filter(|one| !is_taken(one)) {
        println!("Not taken: {} {}", refused["kind"].as_str().unwrap_or_default(), refused["statuses"]);
    }
}
