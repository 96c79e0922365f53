//! Resend's errors: `{"statusCode", "name", "message"}`, by its published list.

use poem::{IntoResponse, Response, http::StatusCode, web::Json};
use serde_json::json;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) name: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::unprocessable("missing_required_field", format!("Missing `{field}` field."))
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::unprocessable("validation_error", message)
    }

    pub(crate) fn unprocessable(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, name, message)
    }

    /// What the real one says when only the status is known.
    pub(crate) fn general(status: StatusCode) -> Self {
        let (name, message) = match status {
            StatusCode::NOT_FOUND => ("not_found", "The requested endpoint does not exist."),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "Method is not allowed for the requested path."),
            StatusCode::TOO_MANY_REQUESTS => (
                "rate_limit_exceeded",
                "Too many requests. You can only make 2 requests per second. See rate limit response headers for more \
                 information.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => ("validation_error", "The request body is too large."),
            StatusCode::INTERNAL_SERVER_ERROR => ("application_error", "An unexpected error occurred."),
            _ => ("internal_server_error", "An unexpected error occurred."),
        };
        Self::new(status, name, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "statusCode": self.status.as_u16(), "name": self.name, "message": self.message });
        Json(body).with_status(self.status).into_response()
    }
}
