//! Refusals in PostgREST's shape: `{"code", "message", "details", "hint"}`.
//!
//! What a function says on purpose (`private.fail`, `raise exception`) and what is wrong with the caller's own input goes
//! through. Anything else Postgres says could name the inside, so its SQLSTATE goes out with a general sentence, and its
//! words go to the log.

use std::borrow::Cow;

use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};
use serde::Serialize;
use tokio_postgres::error::DbError;

use crate::{auth::Role, error::Error};

#[derive(Debug)]
pub struct Failure {
    pub status: StatusCode,
    pub retry_after: Option<u32>,
    pub body: Body,
}

#[derive(Debug, Serialize)]
pub struct Body {
    pub code: Cow<'static, str>,
    pub details: Option<String>,
    pub hint: Option<String>,
    pub message: String,
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let body = Body { code: Cow::Borrowed(code), details: None, hint: None, message: message.into() };
        Self { status, retry_after: None, body }
    }

    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.body.details = Some(details.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    /// Something in the query string that does not parse, or that this door does not do.
    pub fn query(message: impl Into<String>, details: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PGRST100", message).details(details)
    }

    pub fn body(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PGRST102", message)
    }

    pub fn range(details: impl Into<String>) -> Self {
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "PGRST103", "Requested range not satisfiable").details(details)
    }

    pub fn column(function: &str, column: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "42703", format!("column {function}.{column} does not exist"))
    }

    pub fn not_singular(rows: u64) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "PGRST116", "Cannot coerce the result to a single JSON object")
            .details(format!("The result contains {rows} rows"))
    }

    /// A credential that is no good.
    pub fn credential(error: &Error) -> Self {
        let code = match error.code.as_ref() {
            "token_expired" => return Self::new(StatusCode::UNAUTHORIZED, "PGRST303", "JWT expired"),
            "invalid_token" => "PGRST301",
            _ => return Self::server(error),
        };
        Self::new(StatusCode::UNAUTHORIZED, code, error.sentence.to_string())
    }

    /// Our own server could not serve: no connection, too many calls at once.
    pub fn server(error: &Error) -> Self {
        let code = if error.status == StatusCode::SERVICE_UNAVAILABLE { "PGRST003" } else { "PGRSTX00" };
        if error.status.is_server_error() {
            tracing::error!(code = %error.code, cause = ?error.cause, "a call through the door failed");
        }
        let mut failure = Self::new(error.status, code, error.sentence.to_string());
        failure.retry_after = error.retry_after_seconds;
        failure
    }

    /// What Postgres said about a call.
    pub fn postgres(error: tokio_postgres::Error, role: Role, may_execute: bool, function: &str) -> Self {
        let Some(said) = error.as_db_error() else { return Self::server(&Error::from(error)) };
        let state = said.code().code().to_owned();
        if let Some(rows) = asked_for_fewer(said) {
            return rows;
        }
        if state.starts_with("PT") || state == "P0001" {
            return Self {
                status: spoken_status(&state),
                retry_after: None,
                body: Body {
                    code: Cow::Owned(state),
                    details: said.detail().map(str::to_owned),
                    hint: said.hint().map(str::to_owned),
                    message: said.message().to_owned(),
                },
            };
        }
        let about_the_input =
            matches!(state.as_str(), "22P02" | "22P05" | "22003" | "22007" | "22008" | "22021" | "22023");
        let status = status_of(&state, role);
        let message = match state.as_str() {
            "42501" if !may_execute => Some(format!("permission denied for function {function}")),
            "25006" => Some("cannot write in a read-only transaction: call this function with POST".to_owned()),
            _ if about_the_input => Some(said.message().to_owned()),
            state if state.starts_with("42") && state != "42501" && status.is_client_error() => {
                Some("The function, or a filter on its answer, does not fit these types.".to_owned())
            }
            _ => None,
        };
        let ours = Error::from(error);
        if let Some(cause) = &ours.cause {
            tracing::info!(%state, cause = format!("{cause:#}"), "a call through the door was refused");
        }
        Self {
            status,
            retry_after: ours.retry_after_seconds.filter(|_| status.is_server_error()),
            body: Body {
                code: Cow::Owned(state),
                details: None,
                hint: None,
                message: message.unwrap_or_else(|| ours.sentence.to_string()),
            },
        }
    }

    pub fn answer(self) -> Response {
        let body = serde_json::to_string(&self.body).expect("strings are JSON");
        let mut response =
            Response::builder().status(self.status).content_type("application/json; charset=utf-8").body(body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// `PT402` is a 402; a plain `raise exception` is a 400.
fn spoken_status(state: &str) -> StatusCode {
    state
        .strip_prefix("PT")
        .and_then(|status| status.parse().ok())
        .and_then(|status: u16| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::BAD_REQUEST)
}

/// The statement's own way to undo a call whose answer has the wrong number of rows: see `sql::one_row`.
fn asked_for_fewer(said: &DbError) -> Option<Failure> {
    let (_, marked) = said.message().split_once("\"PGRST1")?;
    let (kind, rows) = marked.trim_end_matches('"').split_once(' ')?;
    let rows = rows.parse().ok()?;
    match (said.code().code(), kind) {
        ("22P02", "16") => Some(Failure::not_singular(rows)),
        ("22P02", "24") => Some(
            Failure::new(
                StatusCode::BAD_REQUEST,
                "PGRST124",
                "Query result exceeds max-affected preference constraint",
            )
            .details(format!("The query affects {rows} rows")),
        ),
        _ => None,
    }
}

/// PostgREST's table, with one difference: what passes by itself (a deadlock, a lock not got, a time-out) answers 503 or
/// 504 as everywhere else in this product, not 500.
pub fn status_of(state: &str, role: Role) -> StatusCode {
    match state {
        "23503" | "23505" | "23P01" => StatusCode::CONFLICT,
        "25006" => StatusCode::METHOD_NOT_ALLOWED,
        "42501" if role == Role::Anon => StatusCode::UNAUTHORIZED,
        "42501" => StatusCode::FORBIDDEN,
        "42883" | "42P01" => StatusCode::NOT_FOUND,
        "42P17" | "53400" => StatusCode::INTERNAL_SERVER_ERROR,
        "57014" => StatusCode::GATEWAY_TIMEOUT,
        "55P03" | "40001" | "40P01" => StatusCode::SERVICE_UNAVAILABLE,
        _ => match state.get(..2).unwrap_or_default() {
            "08" | "53" => StatusCode::SERVICE_UNAVAILABLE,
            "0L" | "0P" | "28" => StatusCode::FORBIDDEN,
            "09" | "25" | "2D" | "38" | "39" | "3B" | "40" | "54" | "55" | "57" | "58" | "F0" | "HV" | "P0" | "XX" => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            _ => StatusCode::BAD_REQUEST,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlstate_answers_with_the_status_postgrest_gives_it() {
        for (state, status) in [
            ("23505", 409),
            ("23503", 409),
            ("25006", 405),
            ("42883", 404),
            ("42703", 400),
            ("22P02", 400),
            ("23514", 400),
            ("53300", 503),
            ("XX000", 500),
            ("P0002", 500),
            ("57014", 504),
            ("40P01", 503),
        ] {
            assert_eq!(status_of(state, Role::Authenticated).as_u16(), status, "{state}");
        }
        assert_eq!(status_of("42501", Role::Anon).as_u16(), 401);
        assert_eq!(status_of("42501", Role::Authenticated).as_u16(), 403);
        assert_eq!(spoken_status("PT402").as_u16(), 402);
        assert_eq!(spoken_status("P0001").as_u16(), 400);
    }
}
