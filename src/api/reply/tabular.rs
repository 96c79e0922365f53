//! JSON or CSV, as `Accept` asks.

use poem::{
    FromRequest, IntoResponse, Request, RequestBody, Response,
    http::{HeaderMap, HeaderValue, header},
};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponses, Registry},
    types::Type,
};

use super::Reply;
use crate::{db::Answer, error::Result};

const CSV: &str = "text/csv; charset=utf-8";

/// What a caller wants a table as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
}

impl Format {
    /// CSV where it is wanted more than JSON; JSON to whoever does not say, or wants neither.
    fn wanted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let (mut json, mut csv) = (0.0, 0.0);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            match media.as_str() {
                "application/json" | "application/*" | "*/*" => json = f32::max(json, weight),
                "text/csv" | "text/*" => csv = f32::max(csv, weight),
                _ => {}
            }
        }
        if csv > json { Self::Csv } else { Self::Json }
    }
}

impl<'a> FromRequest<'a> for Format {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::wanted(request.headers()))
    }
}

/// JSON of shape `T`, or the same as a CSV file.
pub enum Tabular<T> {
    Json(Reply<T>),
    Csv { text: String, filename: String },
}

impl<T> Tabular<T> {
    /// The text a function answered, as a file of this name.
    pub fn csv(answer: Answer, filename: impl Into<String>) -> Result<Self> {
        let reply = Reply::<String>::of(answer)?;
        Ok(Self::Csv { text: reply.answer.parse()?, filename: filename.into() })
    }
}

impl<T> IntoResponse for Tabular<T>
where
    T: Send,
{
    fn into_response(self) -> Response {
        let mut response = match self {
            Self::Json(reply) => reply.into_response(),
            Self::Csv { text, filename } => Response::builder()
                .content_type(CSV)
                .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{filename}\""))
                .body(text),
        };
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
        response
    }
}

impl<T: Type> ApiResponse for Tabular<T> {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<T>::meta();
        for response in &mut meta.responses {
            response.content.push(MetaMediaType { content_type: CSV, schema: String::schema_ref() });
        }
        meta
    }

    fn register(registry: &mut Registry) {
        <Reply<T> as ApiResponse>::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accept: &'static str) -> Format {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static(accept));
        Format::wanted(&headers)
    }

    #[test]
    fn csv_comes_to_whoever_prefers_it_and_json_to_everyone_else() {
        assert_eq!(Format::wanted(&HeaderMap::new()), Format::Json);
        for accept in
            ["text/csv", "TEXT/CSV;q=0.9, */*;q=0.1", "text/csv; charset=utf-8", "application/json;q=0, text/*"]
        {
            assert_eq!(wanted(accept), Format::Csv, "{accept}");
        }
        for accept in [
            "*/*",
            "application/json",
            "text/csv, application/json",
            "text/csv;q=0.5, */*",
            "image/png",
            "",
            "text/csv;q=x",
        ] {
            assert_eq!(wanted(accept), Format::Json, "{accept}");
        }
    }
}
