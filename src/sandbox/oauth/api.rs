//! The endpoints behind the login that the stand-in has.

use poem::{
    IntoResponse, Request, Response, Route,
    http::{HeaderMap, Method, StatusCode},
    web::Json,
};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{
    OAuth, calendar,
    error::{Outcome, Refusal},
    face::Face,
    profile,
    token::{self, Form},
};
use crate::sandbox::faults::Pause;

pub(super) fn routes(oauth: OAuth) -> Route {
    Route::new().at("/*path", poem::endpoint::make(move |request| answer(oauth.clone(), request)))
}

async fn answer(oauth: OAuth, mut request: Request) -> Response {
    let body = request.take_body().into_bytes().await.unwrap_or_default();
    // Here the real one is busy.
    if let Some(pause) = request.data::<Pause>().cloned() {
        pause.wait().await;
    }
    let path = request.uri().path().to_owned();
    let asked = Asked {
        method: request.method().clone(),
        segments: path.trim_start_matches('/').split('/').map(decoded).collect(),
        path: &path,
        query: request.uri().query().unwrap_or_default(),
        headers: request.headers(),
        content_type: request.content_type().unwrap_or_default(),
        body: &body,
    };
    match serve(&oauth, &asked) {
        Ok((StatusCode::NO_CONTENT, _)) => StatusCode::NO_CONTENT.into_response(),
        Ok((status, body)) => (status, Json(body)).with_header("cache-control", "no-store").into_response(),
        Err(refusal) => (refusal.status(), Json(refusal.body(oauth.face()))).into_response(),
    }
}

/// A request, read.
pub(super) struct Asked<'a> {
    pub(super) method: Method,
    pub(super) segments: Vec<String>,
    path: &'a str,
    query: &'a str,
    pub(super) headers: &'a HeaderMap,
    content_type: &'a str,
    body: &'a [u8],
}

impl Asked<'_> {
    fn form(&self) -> Outcome<Form> {
        match self.content_type.starts_with("application/x-www-form-urlencoded") {
            true => Form::read(self.body),
            false => Err(Refusal::request("The body must be application/x-www-form-urlencoded.")),
        }
    }

    pub(super) fn query(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    pub(super) fn json(&self) -> Outcome<Map<String, Value>> {
        if !self.content_type.starts_with("application/json") {
            return Err(Refusal::api(StatusCode::BAD_REQUEST, "parseError", "The body must be application/json."));
        }
        serde_json::from_slice(self.body)
            .map_err(|_| Refusal::api(StatusCode::BAD_REQUEST, "parseError", "Parse Error: it is no JSON object."))
    }
}

/// A segment of a path, where a plus is a plus.
fn decoded(segment: &str) -> String {
    let pair = format!("x={}", segment.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn serve(oauth: &OAuth, asked: &Asked) -> Outcome<(StatusCode, Value)> {
    let (get, post) = (asked.method == Method::GET, asked.method == Method::POST);
    let ok = |body| Ok((StatusCode::OK, body));
    match (oauth.face(), asked.path) {
        (face, path) if post && path == face.token_path() => ok(token::give(oauth, asked.headers, &asked.form()?)?),
        (Face::Google, "/revoke") if post => {
            let form = if asked.body.is_empty() { Form::read(asked.query.as_bytes())? } else { asked.form()? };
            ok(token::revoke(&mut oauth.lock(), token::token_of(&form))?)
        }
        (Face::Google, "/oauth2/v2/userinfo") if get => ok(profile::google(&oauth.lock(), asked.headers, false)?),
        (Face::Google, "/oauth2/v3/userinfo" | "/v1/userinfo") if get => {
            ok(profile::google(&oauth.lock(), asked.headers, true)?)
        }
        (Face::Google, path) if path.starts_with("/calendar/v3/") => calendar::serve(&mut oauth.lock(), asked),
        (Face::Outlook, "/v1.0/me") if get => ok(profile::microsoft(&oauth.lock(), asked.headers)?),
        _ => Err(Refusal::general(StatusCode::NOT_FOUND)),
    }
}
