//! What Stripe's answers mean.

use std::time::Duration;

use poem::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::effects::{
    Verdict,
    executors::{is_passing, retry_after, unanswered},
};

/// `error` of every answer that is one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub message: Option<String>,
    /// The intent as it is after a card was declined.
    pub payment_intent: Option<Value>,
}

#[derive(Deserialize)]
struct Body {
    error: Problem,
}

/// Why there is no object.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The card's issuer said no, or wants its holder to say yes: an answer about the card and not about us.
    Card(Box<Problem>),
    /// It may work later. Whether it happened may be unknown.
    Later { error: String, after: Option<Duration> },
    /// Stripe broke, and says that repeating does not help. Whether it happened is unknown.
    Broken(String),
    /// The key was sent before, with another request.
    Reused(String),
    /// The request itself was wrong.
    Never(String),
}

impl Trouble {
    pub fn later(error: impl Into<String>) -> Self {
        Self::Later { error: error.into(), after: None }
    }

    pub fn unanswered(error: reqwest::Error) -> Self {
        match unanswered("Stripe", error) {
            Verdict::Retry { error, after } => Self::Later { error, after },
            Verdict::Refused { error } => Self::Never(error),
            Verdict::Done(_) => unreachable!("nothing came back"),
        }
    }

    /// For what nobody is charged by: when it is unknown whether it was made, nothing is lost by giving it up.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Later { error, after } => Verdict::Retry { error, after },
            Self::Card(problem) => Verdict::refused(told(StatusCode::PAYMENT_REQUIRED, &problem, "")),
            Self::Broken(error) | Self::Reused(error) | Self::Never(error) => Verdict::Refused { error },
        }
    }
}

/// The object, or the trouble.
pub(super) async fn judge(answer: reqwest::Response) -> Result<Value, Trouble> {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let request_id = header("request-id").unwrap_or_default();
    let should_retry = header("stripe-should-retry").and_then(|said| said.parse::<bool>().ok());
    let body = answer.bytes().await.map_err(Trouble::unanswered)?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| Trouble::later("Stripe's answer is no JSON."));
    }

    let problem = serde_json::from_slice::<Body>(&body).map(|body| body.error).unwrap_or_default();
    if problem.kind == "card_error" || status == StatusCode::PAYMENT_REQUIRED {
        return Err(Trouble::Card(Box::new(problem)));
    }
    let error = told(status, &problem, &request_id);
    let passing = is_passing(status) || matches!(status, StatusCode::CONFLICT | StatusCode::FAILED_DEPENDENCY);
    Err(match should_retry.unwrap_or(passing) {
        true => Trouble::Later { error, after },
        false if problem.kind == "idempotency_error" => Trouble::Reused(error),
        false if status.is_server_error() => Trouble::Broken(error),
        false => Trouble::Never(error),
    })
}

/// For the operator. Stripe's words about a key it does not know hold a part of the key: they are left out.
fn told(status: StatusCode, problem: &Problem, request_id: &str) -> String {
    if status == StatusCode::UNAUTHORIZED {
        return "Stripe does not know STRIPE_SECRET_KEY.".to_owned();
    }
    let parts = [Some(problem.kind.as_str()), problem.code.as_deref(), problem.message.as_deref(), Some(request_id)];
    let said = parts.into_iter().flatten().filter(|part| !part.is_empty()).map(without_keys).collect::<Vec<_>>();
    format!("Stripe answered {}: {}", status.as_u16(), said.join(" · "))
}

fn without_keys(text: &str) -> String {
    let secret = |word: &&str| ["sk_", "rk_", "whsec_"].iter().any(|prefix| word.contains(prefix));
    text.split(' ').map(|word| if secret(&word) { "(key)" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_told() {
        let message = "The key 'rk_live_abc' may not do this. See sk_test_1.";
        let problem = Problem {
            kind: "invalid_request_error".to_owned(),
            message: Some(message.to_owned()),
            ..Problem::default()
        };
        let error = told(StatusCode::FORBIDDEN, &problem, "req_1");
        assert_eq!(
            error,
            "Stripe answered 403: invalid_request_error · The key (key) may not do this. See (key) · req_1"
        );
        let error = told(StatusCode::UNAUTHORIZED, &problem, "req_1");
        assert_eq!(error, "Stripe does not know STRIPE_SECRET_KEY.");
    }
}
