//! One executor a provider.

mod resend;
mod slack;

use std::time::Duration;

use poem::http::{HeaderMap, StatusCode, header};

pub use self::{resend::ResendEmail, slack::SlackMessage};
use super::{Registry, Verdict};
use crate::config::Config;

/// Past this no provider here still has an answer; the effect's own time-out is the outer limit.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Every executor this server has.
pub fn registry(config: &Config, http: &reqwest::Client) -> Registry {
    Registry::new()
        .with("resend.email", ResendEmail::new(&config.resend, http.clone()))
        .with("slack.message", SlackMessage::new(config.slack_webhook_url.clone(), http.clone()))
}

/// Nothing came back: whether it happened is unknown. Addresses stay out of the text, since some are secrets.
fn unanswered(provider: &str, error: reqwest::Error) -> Verdict {
    let what = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "did not answer in time",
        (_, true) => "could not be reached",
        _ => "broke off its answer",
    };
    Verdict::retry(format!("{provider} {what}: {:#}", anyhow::Error::new(error.without_url())))
}

/// The statuses that mean "later" at every provider.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY)
}

/// How long the provider asks us to wait, when it says so in seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
