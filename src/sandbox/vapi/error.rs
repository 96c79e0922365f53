//! Vapi's errors: `{"message", "error", "statusCode"}`. What is wrong with a body is a list of sentences, the rest is one.
//!
//! No document describes them. The shape, and the sentences about a number that Vapi has already or Twilio does not have,
//! are quoted in public code; the other sentences are from memory.

use poem::http::StatusCode;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    message: Value,
}

pub(super) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: json!(message.into()) }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn problems(problems: Vec<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: json!(problems) }
    }

    pub(super) fn missing(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Couldn't Find {what}. `id` {id} Does Not Exist."))
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(super) fn unknown_url(method: &str, path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Cannot {method} {path}"))
    }

    /// What the real one says when only the status is known.
    pub(super) fn general(status: StatusCode) -> Self {
        let message = match status {
            StatusCode::TOO_MANY_REQUESTS => "ThrottlerException: Too Many Requests",
            status => status.canonical_reason().unwrap_or("Error"),
        };
        Self::new(status, message)
    }

    /// The problems of a body.
    pub(super) fn sentences(&self) -> Vec<String> {
        self.message.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn body(&self) -> Value {
        json!({
            "message": self.message,
            "error": self.status.canonical_reason().unwrap_or("Error"),
            "statusCode": self.status.as_u16(),
        })
    }
}
