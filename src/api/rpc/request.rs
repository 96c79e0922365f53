//! What a call's headers and body say: media types, preferences, schema, arguments.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use poem::{
    Request,
    http::{HeaderMap, Method, StatusCode, header},
};
use serde_json::value::RawValue;

use super::failure::{Failure, Result};

/// How the answer is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Json,
    /// Exactly one row, as an object.
    Single,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    pub media: Media,
    pub without_nulls: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub count: bool,
    pub minimal: bool,
    pub single_object: bool,
    pub max_affected: Option<u64>,
}

/// The one schema this door opens on.
const SCHEMA: &str = "public";

pub fn accept(headers: &HeaderMap) -> Result<Accept> {
    let wanted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let known = wanted.split(',').find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = match parts.next()?.to_ascii_lowercase().as_str() {
            "application/json"
            | "application/*"
            | "*/*"
            | ""
            | "application/vnd.pgrst.array+json"
            | "application/vnd.pgrst.array" => Media::Json,
            "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => Media::Single,
            "text/csv" => Media::Csv,
            _ => return None,
        };
        Some(Accept { media, without_nulls: parts.any(|part| part.eq_ignore_ascii_case("nulls=stripped")) })
    });
    known.ok_or_else(|| {
        Failure::new(
            StatusCode::NOT_ACCEPTABLE,
            "PGRST107",
            format!("None of these media types are available: {}", clipped(wanted)),
        )
    })
}

pub fn check_schema(request: &Request) -> Result<()> {
    let name = match *request.method() {
        Method::GET | Method::HEAD => "accept-profile",
        _ => "content-profile",
    };
    match request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes())) {
        Some(schema) if schema != SCHEMA => {
            let refused =
                Failure::new(StatusCode::NOT_ACCEPTABLE, "PGRST106", format!("Invalid schema: {}", clipped(&schema)));
            Err(refused.hint(format!("Only the following schemas are exposed: {SCHEMA}")))
        }
        _ => Ok(()),
    }
}

impl Preferences {
    /// What this door does not know is passed over, unless the client asks to be told (`handling=strict`).
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let mut preferences = Self::default();
        let mut strict = false;
        let mut unknown = Vec::new();
        let mut max_affected = None;
        let values = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        for preference in values.flat_map(|value| value.split(',')).map(str::trim).filter(|text| !text.is_empty()) {
            match preference.split_once('=').unwrap_or((preference, "")) {
                ("count", "exact" | "estimated") => preferences.count = true,
                ("return", "minimal") => preferences.minimal = true,
                ("params", "single-object") => preferences.single_object = true,
                ("handling", "strict") => strict = true,
                ("max-affected", rows) if rows.parse::<u64>().is_ok() => max_affected = rows.parse().ok(),
                ("count", "planned" | "none")
                | ("return", "representation" | "headers-only")
                | ("params", "multiple-objects")
                | ("resolution", "merge-duplicates" | "ignore-duplicates")
                | ("missing", "default" | "null")
                | ("tx", "commit")
                | ("handling", "lenient") => {}
                _ => unknown.push(clipped(preference)),
            }
        }
        if strict && !unknown.is_empty() {
            return Err(Failure::new(
                StatusCode::BAD_REQUEST,
                "PGRST122",
                "Invalid preferences given with handling=strict",
            )
            .details(format!("Invalid preferences: {}", unknown.join(", "))));
        }
        preferences.max_affected = max_affected.filter(|_| strict);
        Ok(preferences)
    }
}

/// The body of a POST.
#[derive(Debug)]
pub enum Payload {
    /// An object's members, each as the JSON it was sent as: numbers keep all their digits.
    Named(BTreeMap<String, Box<RawValue>>),
    /// Arguments of a form; a name may come twice.
    Form(Vec<(String, String)>),
    /// Whole, for a function with one unnamed parameter.
    Whole,
}

#[derive(Debug)]
pub struct Sent {
    pub payload: Payload,
    /// The types of a single unnamed parameter that takes this body whole.
    pub whole_types: &'static [&'static str],
    pub whole: String,
}

impl Sent {
    pub fn read(headers: &HeaderMap, bytes: &[u8]) -> Result<Self> {
        let content_type =
            headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
        let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let text = || String::from_utf8(bytes.to_vec()).map_err(|_| Failure::body("The request body is not UTF-8."));
        match media.as_str() {
            "application/json" => Self::json(text()?),
            "application/x-www-form-urlencoded" => Ok(Self {
                payload: Payload::Form(url::form_urlencoded::parse(bytes).into_owned().collect()),
                whole_types: &[],
                whole: String::new(),
            }),
            "text/plain" => Ok(Self { payload: Payload::Whole, whole_types: &["text"], whole: text()? }),
            "text/xml" => Ok(Self { payload: Payload::Whole, whole_types: &["xml"], whole: text()? }),
            "application/octet-stream" => {
                Ok(Self { payload: Payload::Whole, whole_types: &["bytea"], whole: BASE64_STANDARD.encode(bytes) })
            }
            other => Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "PGRST107",
                format!("Content-Type not acceptable: {}", clipped(other)),
            )),
        }
    }

    fn json(text: String) -> Result<Self> {
        let whole = if text.trim().is_empty() { "{}".to_owned() } else { text };
        let payload = match serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&whole) {
            Ok(named) => Payload::Named(named),
            Err(_) => match serde_json::from_str::<&RawValue>(&whole) {
                Ok(value) if !value.get().starts_with('{') => Payload::Named(BTreeMap::new()),
                _ => return Err(Failure::body("Empty or invalid json")),
            },
        };
        Ok(Self { payload, whole_types: &["json", "jsonb"], whole })
    }

    pub fn names(&self) -> Vec<String> {
        match &self.payload {
            Payload::Named(named) => named.keys().cloned().collect(),
            Payload::Form(pairs) => unique_names(pairs),
            Payload::Whole => Vec::new(),
        }
    }
}

/// Names of arguments, each once.
pub fn unique_names(pairs: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in pairs {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// What a client sent, as an error may repeat it.
fn clipped(text: &str) -> String {
    text.chars().take(200).collect()
}
