//! Refusals of the token endpoint and of the APIs, before they get the face's shape.

use poem::http::StatusCode;
use serde_json::Value;

use super::face::Face;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// An error by OAuth's own list. The number is the one Microsoft has for it.
    Token { status: StatusCode, error: &'static str, description: String, number: u32 },
    /// The reason is Google's, or Microsoft's code.
    Api { status: StatusCode, reason: &'static str, message: String },
}

pub(super) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn request(description: impl Into<String>) -> Self {
        let description = description.into();
        Self::Token { status: StatusCode::BAD_REQUEST, error: "invalid_request", description, number: 900144 }
    }

    pub(super) fn client(description: &str) -> Self {
        let description = description.to_owned();
        Self::Token { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description, number: 7000215 }
    }

    pub(super) fn grant(description: &str, number: u32) -> Self {
        Self::token("invalid_grant", description, number)
    }

    pub(super) fn token(error: &'static str, description: &str, number: u32) -> Self {
        Self::Token { status: StatusCode::BAD_REQUEST, error, description: description.to_owned(), number }
    }

    pub(super) fn api(status: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self::Api { status, reason, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::api(StatusCode::BAD_REQUEST, "invalid", message)
    }

    pub(super) fn not_found() -> Self {
        Self::api(StatusCode::NOT_FOUND, "notFound", "Not Found")
    }

    /// What the real one says when only the status is known.
    pub(super) fn general(status: StatusCode) -> Self {
        let reason = match status {
            StatusCode::TOO_MANY_REQUESTS => "rateLimitExceeded",
            StatusCode::NOT_FOUND => "notFound",
            status if status.is_server_error() => "backendError",
            _ => "badRequest",
        };
        Self::api(status, reason, status.canonical_reason().unwrap_or("Error"))
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Token { status, .. } | Self::Api { status, .. } => *status,
        }
    }

    pub(super) fn body(&self, face: Face) -> Value {
        match self {
            Self::Token { error, description, number, .. } => face.token_error(error, description, *number),
            Self::Api { status, reason, message } => face.api_error(*status, reason, message),
        }
    }
}
