//! What Twilio's answers mean.

use std::time::Duration;

use poem::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    effects::{
        Verdict,
        executors::{LONGEST_ERROR, is_passing, retry_after, unanswered},
    },
    vault::Unavailable,
};

/// "Too Many Requests", whatever the status.
const TOO_MANY: i64 = 20429;

/// "Account not active", where the account says so itself.
const NOT_ACTIVE: i64 = 20005;

/// "Permission Denied": the credentials are wrong.
const PERMISSION_DENIED: i64 = 20003;

/// Which of Twilio's codes is which of our refusals.
pub(super) type Refusals = &'static [(i64, &'static str)];

/// `{code, message, more_info, status}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    #[serde(skip)]
    pub status: StatusCode,
    pub code: i64,
    pub message: String,
}

/// Why there is no answer to work with.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Twilio said no, so nothing was done.
    No(Problem),
    /// It may work later. `unknown` when it was asked and no answer says whether it happened.
    Later { error: String, after: Option<Duration>, unknown: bool },
    /// It never will, by what we ourselves lack.
    Never(String),
}

impl Problem {
    /// As Twilio would have said it.
    pub fn of(code: i64, message: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.to_owned() }
    }

    pub fn is(&self, code: i64) -> bool {
        self.code == code
    }

    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The account does not exist, or its token is another one.
    pub fn is_about_credentials(&self) -> bool {
        self.is(PERMISSION_DENIED)
            || matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
    }

    fn told(&self) -> String {
        format!("Twilio answered {} {}: {}", self.status.as_u16(), self.code, self.message)
    }
}

impl Trouble {
    pub fn later(error: impl Into<String>) -> Self {
        Self::Later { error: error.into(), after: None, unknown: false }
    }

    pub fn unknown(error: impl Into<String>) -> Self {
        Self::Later { error: error.into(), after: None, unknown: true }
    }

    pub fn unanswered(error: reqwest::Error) -> Self {
        let was_sent = !error.is_connect();
        match Self::from(unanswered("Twilio", error)) {
            Self::Later { error, .. } if was_sent => Self::unknown(error),
            trouble => trouble,
        }
    }

    /// What may not be asked for twice ends here.
    pub fn for_good(self) -> Self {
        match self {
            Self::Later { error, .. } => Self::Never(error),
            trouble => trouble,
        }
    }

    /// A no that the table knows is a result; any other is the provider's refusal.
    pub fn verdict(self, refusals: Refusals) -> Verdict {
        match self {
            Self::Later { error, after, .. } => Verdict::Retry { error, after },
            Self::Never(error) => Verdict::Refused { error },
            Self::No(problem) => match refusals.iter().find(|(code, _)| problem.is(*code)) {
                Some((_, refusal)) => Verdict::Done(refused(refusal, &problem.message)),
                None => Verdict::refused(problem.told()),
            },
        }
    }

    /// The same where the account itself is in question: it is suspended, or its keys are others.
    pub fn verdict_on_account(self) -> Verdict {
        match self {
            Self::No(problem) if problem.is(NOT_ACTIVE) => {
                Verdict::Done(refused("twilio_account_inactive", &problem.message))
            }
            Self::No(problem) if problem.is_about_credentials() => {
                Verdict::Done(refused("twilio_credentials_wrong", &problem.message))
            }
            trouble => trouble.verdict(&[]),
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
            Verdict::Retry { error, after } => Self::Later { error, after, unknown: false },
            Verdict::Refused { error } => Self::Never(error),
            Verdict::Done(_) => unreachable!("nothing came back"),
        }
    }
}

/// A provider's no as a result: our code for it, and what it said.
pub(super) fn refused(code: &str, said: &str) -> Value {
    json!({ "refused": code, "said": said })
}

/// The answer's body, null when it has none, or the trouble. Whatever Twilio repeats of `token` is left out.
pub(super) async fn judge(answer: reqwest::Response, token: &str) -> Result<Value, Trouble> {
    let status = answer.status();
    let after = retry_after(answer.headers());
    let body = answer.bytes().await.map_err(Trouble::unanswered)?;
    if status == StatusCode::NO_CONTENT {
        return Ok(Value::Null);
    }
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| Trouble::unknown("Twilio's answer is no JSON."));
    }

    let mut problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
    problem.status = status;
    problem.message = problem.message.replace(token, "(token)").chars().take(LONGEST_ERROR).collect();
    Err(match is_passing(status) || problem.is(TOO_MANY) {
        true => Trouble::Later { error: problem.told(), after, unknown: false },
        false => Trouble::No(problem),
    })
}
