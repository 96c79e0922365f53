//! What the stand-ins' pages have in common. They run no script and load nothing.

use std::fmt::Display;

use poem::{
    IntoResponse, Request, Response,
    http::{StatusCode, header},
    web::{Html, Json},
};
use serde_json::json;

use crate::error::Error;

const STYLE: &str = include_str!("page.css");
/// For the pages that list things, with buttons.
const DESK_STYLE: &str = include_str!("desk.css");

/// Forms lead back to whoever sent the person here.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; \
                      form-action http: https:";

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Fills in `{{name}}`; what is filled in is never looked at again.
pub(crate) fn filled(page: &str, values: &[(&str, &str)]) -> String {
    let mut parts = page.split("{{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        whole.push_str(match name {
            "style" => STYLE,
            "desk_style" => DESK_STYLE,
            _ => value,
        });
        whole.push_str(rest);
    }
    whole
}

pub(crate) fn page(html: String) -> Response {
    Html(html)
        .with_header(header::CONTENT_SECURITY_POLICY, POLICY)
        .with_header(header::CACHE_CONTROL, "no-store")
        .with_header(header::REFERRER_POLICY, "no-referrer")
        .into_response()
}

pub(crate) fn see_other(url: &str) -> Response {
    StatusCode::SEE_OTHER.with_header(header::LOCATION, url).into_response()
}

/// Why a lever was not pulled.
pub(crate) fn unusable(why: &(impl Display + ?Sized)) -> Error {
    Error::code("invalid_value").with_details(json!({ "problem": why.to_string() }))
}

/// A person goes back to the page, a program reads what came of it.
pub(crate) fn done(request: &Request, answer: impl serde::Serialize + Send) -> Response {
    if request.header(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/html")) {
        return see_other("/");
    }
    Json(answer).into_response()
}
