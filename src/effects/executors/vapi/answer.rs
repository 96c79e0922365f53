//! What Vapi's answers mean.

use std::time::Duration;

use poem::http::StatusCode;
use serde_json::Value;

use crate::{
    effects::{
        Verdict,
        executors::{LONGEST_ERROR, is_passing, retry_after, unanswered},
    },
    vault::Unavailable,
};

/// Vapi's no, in its words. Its errors have no codes.
#[derive(Debug)]
pub(super) struct Problem {
    pub status: StatusCode,
    pub said: String,
}

/// Why there is no answer to work with.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Vapi said no, so nothing was done.
    No(Problem),
    /// It may work later. Whether it happened may be unknown.
    Later { error: String, after: Option<Duration> },
    /// It never will, by what we ourselves lack.
    Never(String),
}

impl Problem {
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The request was understood and is not done, for what it asks.
    pub fn is_about_the_request(&self) -> bool {
        matches!(self.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
    }

    fn told(&self) -> String {
        format!("Vapi answered {}: {}", self.status.as_u16(), self.said)
    }
}

impl Trouble {
    pub fn later(error: impl Into<String>) -> Self {
        Self::Later { error: error.into(), after: None }
    }

    pub fn unanswered(error: reqwest::Error) -> Self {
        unanswered("Vapi", error).into()
    }

    pub fn verdict(self) -> Verdict {
        match self {
            Self::Later { error, after } => Verdict::Retry { error, after },
            Self::Never(error) => Verdict::Refused { error },
            Self::No(problem) => Verdict::refused(problem.told()),
        }
    }
}

/// What opens no account is trouble, too.
impl From<Unavailable> for Trouble {
    fn from(unavailable: Unavailable) -> Self {
        Verdict::from(unavailable).into()
    }
}

impl From<Verdict> for Trouble {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Retry { error, after } => Self::Later { error, after },
            Verdict::Refused { error } => Self::Never(error),
            Verdict::Done(_) => unreachable!("nothing came back"),
        }
    }
}

/// The answer's body, or the trouble. Whatever Vapi repeats of the secrets that it was sent is left out.
pub(super) async fn judge(answer: reqwest::Response, secrets: &[&str]) -> Result<Value, Trouble> {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let body = answer.bytes().await.map_err(Trouble::unanswered)?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| Trouble::later("Vapi's answer is no JSON."));
    }
    let problem = Problem { status, said: told(&String::from_utf8_lossy(&body), secrets) };
    Err(match is_passing(status) {
        true => Trouble::Later { error: problem.told(), after },
        false => Trouble::No(problem),
    })
}

/// `message`, a sentence or several, where there is one.
pub(super) fn told(body: &str, secrets: &[&str]) -> String {
    let message = serde_json::from_str(body).map(|body: Value| body["message"].clone()).unwrap_or_default();
    let said = match message {
        Value::String(sentence) => sentence,
        Value::Array(sentences) => sentences.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(". "),
        _ => body.to_owned(),
    };
    let said = secrets.iter().fold(said, |said, secret| said.replace(secret, "(key)"));
    said.chars().take(LONGEST_ERROR).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vapis_words_are_told_without_keys() {
        let one = r#"{"message":"Couldn't use the token planted.","error":"Bad Request","statusCode":400}"#;
        assert_eq!(told(one, &["planted"]), "Couldn't use the token (key).");
        let several = r#"{"message":["name is too long","number is no number"]}"#;
        assert_eq!(told(several, &[]), "name is too long. number is no number");
        assert_eq!(told("upstream broke", &[]), "upstream broke");
        assert_eq!(told(&"x".repeat(1000), &[]).len(), LONGEST_ERROR);
    }
}
