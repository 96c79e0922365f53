//! Stripe's errors: `{"error": {"type", "code", "message", "param", …}}`, by its published list.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::card::Decline;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// The parameters were fine: the answer stays with the idempotency key.
    pub(super) began: bool,
    body: Map<String, Value>,
}

pub(super) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    fn new(status: StatusCode, kind: &str, code: Option<&str>, message: impl Into<String>) -> Self {
        let mut body = Map::new();
        if let Some(code) = code {
            body.insert("code".into(), json!(code));
            let page = code.replace('_', "-");
            body.insert("doc_url".into(), json!(format!("https://docs.stripe.com/error-codes/{page}")));
        }
        body.insert("message".into(), json!(message.into()));
        body.insert("type".into(), json!(kind));
        Self { status, began: false, body }
    }

    /// A request that nobody should have sent.
    pub(super) fn invalid(code: Option<&str>, param: Option<&str>, message: impl Into<String>) -> Self {
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", code, message);
        if let Some(param) = param {
            refusal.body.insert("param".into(), json!(param));
        }
        refusal
    }

    /// A sound request that the state of things forbids.
    pub(super) fn forbidden(code: Option<&str>, param: Option<&str>, message: impl Into<String>) -> Self {
        Self { began: true, ..Self::invalid(code, param, message) }
    }

    pub(super) fn missing(what: &str, param: &str, id: &str) -> Self {
        let message = format!("No such {what}: '{id}'");
        Self { status: StatusCode::NOT_FOUND, ..Self::forbidden(Some("resource_missing"), Some(param), message) }
    }

    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::invalid(None, None, message) }
    }

    pub(super) fn unknown_url(method: &str, path: &str) -> Self {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. If \
             you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code."
        );
        Self { status: StatusCode::NOT_FOUND, ..Self::invalid(None, None, message) }
    }

    pub(super) fn idempotency(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "idempotency_error", None, message)
    }

    pub(super) fn key_in_use(key: &str) -> Self {
        let message = format!(
            "There is currently another in-progress request using this Idempotent Key (that probably means you submitted \
             twice, and the other request is still going through): {key}. Please try again later."
        );
        Self::new(StatusCode::CONFLICT, "idempotency_error", Some("idempotency_key_in_use"), message)
    }

    /// 402: the bank said no.
    pub(super) fn declined(decline: &Decline, charge: &str, intent: Value, method: Value) -> Self {
        let code = Some(decline.code);
        let mut refusal = Self::new(StatusCode::PAYMENT_REQUIRED, "card_error", code, decline.message);
        if let Some(decline_code) = decline.decline_code {
            refusal.body.insert("decline_code".into(), json!(decline_code));
        }
        refusal.body.insert("charge".into(), json!(charge));
        refusal.body.insert("payment_intent".into(), intent);
        refusal.body.insert("payment_method".into(), method);
        Self { began: true, ..refusal }
    }

    /// What the real one says when only the status is known.
    pub(super) fn general(status: StatusCode) -> Self {
        let message = "An unknown error occurred";
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::new(
                status,
                "invalid_request_error",
                Some("rate_limit"),
                "Request rate limit exceeded. Learn more about rate limits here \
                 https://docs.stripe.com/rate-limits.",
            ),
            status if status.is_client_error() => Self { status, ..Self::invalid(None, None, message) },
            status => Self { began: true, ..Self::new(status, "api_error", None, message) },
        }
    }

    pub(super) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    pub(super) fn body(&self, request_id: &str) -> Value {
        let mut error = self.body.clone();
        let log = format!("https://dashboard.stripe.com/test/logs/{request_id}");
        error.insert("request_log_url".into(), json!(log));
        json!({ "error": error })
    }
}
