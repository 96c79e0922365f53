//! The one error type: a stable code, a status, a sentence for a person. The cause goes to the log, never out.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use poem::{IntoResponse, Response, error::ResponseError, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::error::SqlState;

/// A row of `private.error_registry`, from the same file the database is loaded with.
#[derive(Clone, Debug, Deserialize)]
pub struct Registered {
    pub code: String,
    pub status: u16,
    pub sentence: String,
}

/// The error registry, by code.
pub static REGISTRY: LazyLock<HashMap<String, Registered>> = LazyLock::new(|| {
    let rows = include_str!("../sql/reference/private.error_registry.csv");
    csv::Reader::from_reader(rows.as_bytes())
        .deserialize::<Registered>()
        .map(|row| row.expect("the error registry is well formed"))
        .map(|row| (row.code.clone(), row))
        .collect()
});

/// Its `Display` is for logs and the command line; callers get [`Error::answer`].
#[derive(Debug, thiserror::Error)]
#[error("{code}: {sentence}{}", cause.as_ref().map(|cause| format!(" ({cause:#})")).unwrap_or_default())]
pub struct Error {
    pub status: StatusCode,
    pub code: Cow<'static, str>,
    pub sentence: Cow<'static, str>,
    pub details: Option<Value>,
    pub retry_after_seconds: Option<u32>,
    /// What really happened, for the log.
    pub cause: Option<anyhow::Error>,
}

/// The body of every refusal, as documented.
#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a Value>,
}

impl Error {
    /// An error from the registry.
    pub fn code(code: &'static str) -> Self {
        let registered = REGISTRY.get(code).unwrap_or_else(|| panic!("{code} is not in the error registry"));
        Self {
            status: StatusCode::from_u16(registered.status).expect("a registered status"),
            code: Cow::Borrowed(code),
            sentence: Cow::Owned(registered.sentence.clone()),
            details: None,
            retry_after_seconds: None,
            cause: None,
        }
    }

    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::code("internal_error").because(cause)
    }

    /// The answer to the caller, its cause logged.
    pub fn answer(&self, request_id: &str) -> Response {
        match &self.cause {
            Some(cause) if self.status.is_server_error() => {
                tracing::error!(request_id, code = %self.code, cause = format!("{cause:#}"), "request failed");
            }
            Some(cause) => {
                tracing::info!(request_id, code = %self.code, cause = format!("{cause:#}"), "request refused")
            }
            None => tracing::debug!(request_id, code = %self.code, "request refused"),
        }
        let body = Body { error: &self.sentence, code: &self.code, request_id, details: self.details.as_ref() };
        let mut response = poem::web::Json(body).into_response();
        response.set_status(self.status);
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(poem::http::header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = poem::http::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(poem::http::header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// What a plain HTTP refusal of the framework means in our words.
    pub fn from_poem(error: &poem::Error) -> Self {
        let code = match error.status() {
            StatusCode::UNAUTHORIZED => "not_signed_in",
            StatusCode::FORBIDDEN => "not_allowed",
            StatusCode::NOT_FOUND => "not_found",
            StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
            StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
            StatusCode::UNPROCESSABLE_ENTITY => "invalid_value",
            status if status.is_client_error() => "invalid_request",
            _ => "internal_error",
        };
        let refused = Self::code(code);
        // The framework's own words about a malformed request name the field at fault and nothing of the inside.
        if matches!(code, "invalid_request" | "invalid_value") {
            let reason: String = without_value(&error.to_string()).chars().take(300).collect();
            return refused.with_details(serde_json::json!({ "reason": reason }));
        }
        refused.because(anyhow::anyhow!("{error}"))
    }
}

/// The framework repeats a value of the wrong type, and it may be a key that was sent in a wrong wrapping.
fn without_value(reason: &str) -> String {
    let Some((before, rest)) = reason.split_once(", found ") else { return reason.to_owned() };
    let place = rest.rfind(" (occurred while").map(|at| &rest[at..]).unwrap_or_default();
    format!("{before}.{place}")
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        self.answer("")
    }
}

impl From<tokio_postgres::Error> for Error {
    /// `private.fail()` speaks for itself; what Postgres raises maps by class, with a general sentence.
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return if error.is_closed() || error.code().is_none() {
                Self::code("not_available").retry_after(1).because(error)
            } else {
                Self::internal(error)
            };
        };
        if let Some(status) = db.code().code().strip_prefix("PT") {
            return Self {
                status: status
                    .parse()
                    .ok()
                    .and_then(|s| StatusCode::from_u16(s).ok())
                    .unwrap_or(StatusCode::BAD_REQUEST),
                code: db.hint().unwrap_or("invalid_request").to_owned().into(),
                sentence: db.message().to_owned().into(),
                details: db
                    .detail()
                    .and_then(|detail| serde_json::from_str(detail).ok())
                    .filter(|details: &Value| details.as_object().is_none_or(|object| !object.is_empty())),
                retry_after_seconds: None,
                cause: None,
            };
        }
        let mapped = match db.code() {
            state if *state == SqlState::UNIQUE_VIOLATION || *state == SqlState::EXCLUSION_VIOLATION => {
                Self::code("already_exists")
            }
            state if *state == SqlState::FOREIGN_KEY_VIOLATION => Self::code("in_use"),
            state if *state == SqlState::INSUFFICIENT_PRIVILEGE => Self::code("not_allowed"),
            state
                if *state == SqlState::UNTRANSLATABLE_CHARACTER || *state == SqlState::CHARACTER_NOT_IN_REPERTOIRE =>
            {
                Self::code("invalid_text")
            }
            state if *state == SqlState::NUMERIC_VALUE_OUT_OF_RANGE => Self::code("number_out_of_range"),
            state if *state == SqlState::UNDEFINED_FUNCTION => Self::code("not_available").retry_after(5),
            state if *state == SqlState::LOCK_NOT_AVAILABLE => Self::code("busy").retry_after(1),
            state if *state == SqlState::QUERY_CANCELED => Self::code("request_timeout"),
            state => match &state.code()[..2] {
                "22" | "23" => Self::code("invalid_value"),
                "40" | "53" | "57" | "08" => Self::code("not_available").retry_after(1),
                _ => Self::code("internal_error"),
            },
        };
        mapped.because(error)
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => Self::code("not_available").retry_after(1).because(error),
            error => Self::code("not_available").retry_after(1).because(error),
        }
    }
}

/// What handlers return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_the_wrong_type_is_not_repeated() {
        let said = r#"parse request payload error: Expected input type "string_password", found ["planted"]. (occurred while parsing "TwilioAccount")"#;
        assert_eq!(
            without_value(said),
            r#"parse request payload error: Expected input type "string_password". (occurred while parsing "TwilioAccount")"#
        );
        assert_eq!(
            without_value(r#"Expected input type "integer", found "planted"."#),
            r#"Expected input type "integer"."#
        );
        assert_eq!(without_value("missing field `auth_token`"), "missing field `auth_token`");
    }
}
