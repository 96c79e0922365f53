//! Twilio's errors: `{code, message, more_info, status}`.
//!
//! The codes are those of the list in the material; the wording of the messages, 20005 for an account that is not active, 20500,
//! 21201 to 21213 for the parameters of a call, 21408 and 21609 for those of a message are from memory.

use poem::http::StatusCode;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: u32,
    pub(super) message: String,
}

pub(super) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400, as most refusals are.
    pub(super) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
    }

    pub(super) fn inactive(account: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, 20005, format!("Account {account} is not active"))
    }

    pub(super) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 20404, format!("The requested resource {path} was not found"))
    }

    /// What the real one says when only the status is known.
    pub(super) fn general(status: StatusCode) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::new(status, 20429, "Too Many Requests"),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(status, 20004, "Method not allowed"),
            StatusCode::NOT_FOUND => Self::new(status, 20404, "Not Found"),
            status if status.is_client_error() => Self::new(status, 20001, "Unknown parameters"),
            status => Self::new(status, 20500, "Internal Server Error"),
        }
    }

    pub(super) fn body(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status.as_u16(),
        })
    }
}
