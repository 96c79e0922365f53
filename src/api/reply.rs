//! The one reply: Postgres's JSON, passed through as it is. The declared type writes the documentation; a contract
//! test holds it against what the function really returns.

mod tabular;

use std::marker::PhantomData;

use poem::{
    IntoResponse, Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    payload::Payload,
    registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
    types::Type,
};
use serde::Deserialize;
use serde_json::{Map, Value};

pub use self::tabular::{Format, Tabular};
use crate::{
    db::Answer,
    error::{Error, Result},
};

/// JSON of shape `T`, answered with `STATUS` unless the function chose another.
pub struct Reply<T, const STATUS: u16 = 200> {
    answer: Answer,
    declared: PhantomData<fn() -> T>,
}

/// A refusal that was committed, as `private.refuse()` words it.
#[derive(Deserialize)]
struct Refused {
    error: String,
    code: String,
    details: Option<Value>,
}

impl<T, const STATUS: u16> Reply<T, STATUS> {
    /// A refusal in the answer is an error to the caller, though its transaction stands.
    pub fn of(answer: Answer) -> Result<Self> {
        match answer.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            Some(status) if status.is_client_error() || status.is_server_error() => {
                let refused: Refused = answer.parse()?;
                let retry_after = answer.header("retry-after").and_then(|value| value.parse().ok());
                Err(Error {
                    status,
                    code: refused.code.into(),
                    sentence: refused.error.into(),
                    details: refused.details,
                    retry_after_seconds: retry_after,
                    cause: None,
                })
            }
            _ => Ok(Self { answer, declared: PhantomData }),
        }
    }
}

impl Answer {
    /// The headers a function set through `response.headers`.
    pub fn header_list(&self) -> Vec<(String, String)> {
        let lists: Vec<Map<String, Value>> =
            self.headers.as_deref().and_then(|headers| serde_json::from_str(headers).ok()).unwrap_or_default();
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        lists.into_iter().flatten().map(|(name, value)| (name, text(value))).collect()
    }

    fn header(&self, wanted: &str) -> Option<String> {
        self.header_list().into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

impl<T, const STATUS: u16> IntoResponse for Reply<T, STATUS> {
    fn into_response(self) -> Response {
        let status = self.answer.status.unwrap_or(STATUS);
        let headers = self.answer.header_list();
        let mut response = Response::builder()
            .status(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(self.answer.body);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl<T: Type, const STATUS: u16> Payload for Reply<T, STATUS> {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type, const STATUS: u16> ApiResponse for Reply<T, STATUS> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(STATUS),
                status_range: None,
                content: vec![MetaMediaType { content_type: <Self as Payload>::CONTENT_TYPE, schema: T::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// The codes each operation can answer are written into the document by `openapi`, from the functions themselves.
impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![] }
    }

    fn register(_: &mut Registry) {}
}
