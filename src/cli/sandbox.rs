//! `voxanne sandbox`: the stand-ins alone, for a server that is started by hand; and what can be made to happen in those that run.

mod call;

use std::{process::ExitCode, time::Duration};

use crate::sandbox::{Sandbox, SandboxConfig, vapi::Script};

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    stand_ins: StandIns,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Telephone a number of ours, and read along.
    Call(call::Args),
}

#[derive(clap::Args)]
struct StandIns {
    /// Port of the Resend stand-in and its inbox page; 0 for any free one.
    #[arg(long, default_value_t = 4010)]
    resend_port: u16,
    /// Port of the Slack stand-in; 0 for any free one.
    #[arg(long, default_value_t = 4011)]
    slack_port: u16,
    /// Port of the Stripe stand-in with its Checkout pages; 0 for any free one.
    #[arg(long, default_value_t = 4012)]
    stripe_port: u16,
    /// Port of the Twilio stand-in with its page of telephones; 0 for any free one.
    #[arg(long, default_value_t = 4013)]
    twilio_port: u16,
    /// Port of the Vapi stand-in with its page of numbers; 0 for any free one.
    #[arg(long, default_value_t = 4014)]
    vapi_port: u16,
    /// Port of Google's login and calendar; 0 for any free one.
    #[arg(long, default_value_t = 4015)]
    google_port: u16,
    /// Port of Microsoft's login; 0 for any free one.
    #[arg(long, default_value_t = 4016)]
    outlook_port: u16,
    /// Where the server is: consents come back to it.
    #[arg(long, default_value = "http://localhost:3001")]
    backend_url: String,
    /// Where Resend's events are posted.
    #[arg(long, default_value = "http://127.0.0.1:3001/api/webhooks/resend")]
    resend_webhook: String,
    /// Where Stripe's events are posted.
    #[arg(long, default_value = "http://127.0.0.1:3001/api/webhooks/stripe")]
    stripe_webhook: String,
    /// Pauses between webhook attempts, times this: 0.01 tries Resend's again after 50 ms, 3 s, 18 s, …
    #[arg(long, default_value_t = 1.0)]
    webhook_time_scale: f64,
    /// Limit requests the way the real providers do (Resend 2 a second, Slack 1).
    #[arg(long)]
    rate_limits: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.act {
        Some(Act::Call(call)) => call::run(call).await,
        None => serve(args.stand_ins).await,
    }
}

async fn serve(args: StandIns) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        args.webhook_time_scale.is_finite() && args.webhook_time_scale >= 0.0,
        "--webhook-time-scale must be 0 or more"
    );
    let mut config = SandboxConfig::default().for_server_at(args.backend_url.trim_end_matches('/'));
    config.resend.port = args.resend_port;
    config.resend.webhook_url = Some(args.resend_webhook);
    config.resend.webhook_time_scale = args.webhook_time_scale;
    config.resend.delivery_delay = Duration::from_millis(500);
    config.resend.requests_per_second = args.rate_limits.then_some(2);
    config.slack.port = args.slack_port;
    config.stripe.port = args.stripe_port;
    config.stripe.webhook_url = Some(args.stripe_webhook);
    config.stripe.webhook_time_scale = args.webhook_time_scale;
    config.twilio.port = args.twilio_port;
    config.vapi.port = args.vapi_port;
    config.google.port = args.google_port;
    config.outlook.port = args.outlook_port;
    config.slack.messages_per_second = args.rate_limits.then_some(1);

    let sandbox = Sandbox::start(config).await?;
    sandbox.vapi.when_called(None, Script::somebody());
    let (resend, slack, stripe) = (sandbox.resend_url(), sandbox.slack_url(), sandbox.stripe_url());
    let (twilio, vapi) = (sandbox.twilio_url(), sandbox.vapi_url());
    println!("Inbox     {resend}/");
    println!("Payments  {stripe}/   (the stand-in for Stripe; Checkout pages are under it)");
    println!("Books     {stripe}/_sandbox/books");
    println!("Phones    {twilio}/   (the stand-in for Twilio: accounts, numbers, caller IDs, telephones outside)");
    println!("Calls     {vapi}/   (the stand-in for Vapi: a telephone, calls, numbers, assistants, tools)");
    println!(
        "Logins    {}/ and {}/   (Google's with calendars, Microsoft's)",
        sandbox.google_url(),
        sandbox.outlook_url()
    );
    println!("Faults    <each of them>/_sandbox/faults, such as {slack}/_sandbox/faults\n");
    println!("Without a person, by curl -X POST:");
    println!(
        "  {stripe}/_sandbox/checkout/<cs_…>/pay?card=visa   abandon, expire, approve, fail, pay_by_debit, debit_arrives, …"
    );
    println!("  {stripe}/_sandbox/payments/<pi_…>/refund?amount=1000   dispute, inquire");
    println!("  {stripe}/_sandbox/refunds/<re_…>/fail   {stripe}/_sandbox/disputes/<du_…>/win   lose, escalate, close");
    println!("  {stripe}/_sandbox/cards/<pm_…>/swap?card=declined   {stripe}/_sandbox/break?acted=true");
    println!(
        "  {stripe}/_sandbox/events/hold   release, <evt_…>/redeliver; any event as JSON to {stripe}/_sandbox/events"
    );
    println!(
        "  {twilio}/_sandbox/validations/<+44…>/type?code=123456   ring_out, or {twilio}/_sandbox/calls?from=<+44…>&to=<+44…>"
    );
    println!(
        "  '{twilio}/_sandbox/phones?number=<+44…>&does=forwards_always&to=<+44…>'   forwards_unanswered, busy, rings_out, …\n"
    );
    println!(
        "Somebody calls:  voxanne sandbox call --vapi {vapi} --to <+44…> --say \"…\" [--tool name='{{…}}'] [--minutes 3]\n"
    );
    println!("Start the server with:");
    for (name, value) in sandbox.settings() {
        println!("  {name}={value}");
    }
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(ExitCode::SUCCESS)
}
