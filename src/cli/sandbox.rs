//! `voxanne sandbox`: the stand-ins alone, for a server that is started by hand.

use std::{process::ExitCode, time::Duration};

use crate::sandbox::{Sandbox, SandboxConfig};

#[derive(clap::Args)]
pub struct Args {
    /// Port of the Resend stand-in and its inbox page; 0 for any free one.
    #[arg(long, default_value_t = 4010)]
    resend_port: u16,
    /// Port of the Slack stand-in; 0 for any free one.
    #[arg(long, default_value_t = 4011)]
    slack_port: u16,
    /// Where Resend's events are posted.
    #[arg(long, default_value = "http://127.0.0.1:3001/api/webhooks/resend")]
    resend_webhook: String,
    /// Pauses between webhook attempts, times this: 0.01 tries again after 50 ms, 3 s, 18 s, …
    #[arg(long, default_value_t = 1.0)]
    webhook_time_scale: f64,
    /// Limit requests the way the real providers do (Resend 2 a second, Slack 1).
    #[arg(long)]
    rate_limits: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        args.webhook_time_scale.is_finite() && args.webhook_time_scale >= 0.0,
        "--webhook-time-scale must be 0 or more"
    );
    let mut config = SandboxConfig::default();
    config.resend.port = args.resend_port;
    config.resend.webhook_url = Some(args.resend_webhook);
    config.resend.webhook_time_scale = args.webhook_time_scale;
    config.resend.delivery_delay = Duration::from_millis(500);
    config.resend.requests_per_second = args.rate_limits.then_some(2);
    config.slack.port = args.slack_port;
    config.slack.messages_per_second = args.rate_limits.then_some(1);

    let sandbox = Sandbox::start(config).await?;
    println!("Inbox    {}/", sandbox.resend_url());
    println!("Faults   {}/_sandbox/faults and {}/_sandbox/faults\n", sandbox.resend_url(), sandbox.slack_url());
    println!("Start the server with:");
    for (name, value) in sandbox.settings() {
        println!("  {name}={value}");
    }
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(ExitCode::SUCCESS)
}
