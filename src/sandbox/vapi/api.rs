//! The endpoints of Vapi that the stand-in has.

use poem::{
    IntoResponse, Request, Response, Route,
    http::{HeaderMap, Method, StatusCode, header},
    web::Json,
};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{
    Vapi, assistants, calls, credentials,
    error::{Outcome, Refusal},
    lists::Wanted,
    numbers, outbound, recordings,
    store::{self, State},
};
use crate::sandbox::faults::Pause;

pub(super) fn routes(vapi: Vapi) -> Route {
    Route::new().at("/*path", poem::endpoint::make(move |request| answer(vapi.clone(), request)))
}

async fn answer(vapi: Vapi, request: Request) -> Response {
    serve(&vapi, request).await.unwrap_or_else(|refusal| (refusal.status, Json(refusal.body())).into_response())
}

async fn serve(vapi: &Vapi, mut request: Request) -> Outcome<Response> {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // These are good by themselves for whoever has them.
    if !matches!(*segments, [_, "control"] | ["storage", ..]) {
        authorize(vapi, request.headers())?;
    }
    let query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let query: Map<String, Value> = query.map(|(name, value)| (name.into_owned(), value.into())).collect();
    let fields = match method {
        Method::POST | Method::PATCH => read(&mut request).await?,
        _ => Map::new(),
    };
    // Here the real one is busy.
    if let Some(pause) = request.data::<Pause>().cloned() {
        pause.wait().await;
    }
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["call", id, what]) => return recordings::lead(&vapi.lock(), &vapi.links(), id, what),
        ("GET", ["storage", call, file]) => {
            return Ok(recordings::serve(&vapi.links(), call, file, &query, request.headers()));
        }
        _ => {}
    }
    let (status, body) = act(vapi, &method, &path, &segments, &query, &fields)?;
    if let ("POST", ["call"]) = (method.as_str(), segments.as_slice()) {
        let many = body["results"].as_array();
        many.map_or_else(|| vec![&body], |calls| calls.iter().collect())
            .into_iter()
            .for_each(|call| vapi.call_out(call));
    }
    Ok((status, Json(body)).into_response())
}

fn act(
    vapi: &Vapi,
    method: &Method,
    path: &str,
    segments: &[&str],
    query: &Map<String, Value>,
    fields: &Map<String, Value>,
) -> Outcome<(StatusCode, Value)> {
    let carrier = vapi.carrier();
    let mut state = vapi.lock();
    let state = &mut *state;
    let status = if method == Method::POST && segments.len() == 1 { StatusCode::CREATED } else { StatusCode::OK };
    let done = match (method.as_str(), segments) {
        ("GET", segments) => look(state, segments, query),
        ("POST", ["assistant"]) => Some(assistants::create(state, fields)),
        ("PATCH", ["assistant", id]) => Some(assistants::update(state, id, fields)),
        ("DELETE", ["assistant", id]) => Some(assistants::delete(state, id)),
        ("POST", ["tool"]) => Some(assistants::create_tool(state, fields)),
        ("PATCH", ["tool", id]) => Some(assistants::update_tool(state, id, fields)),
        ("DELETE", ["tool", id]) => Some(assistants::delete_tool(state, id)),
        ("POST", ["phone-number"]) => Some(numbers::import(state, &*carrier, fields)),
        ("PATCH", ["phone-number", id]) => Some(numbers::update(state, &*carrier, id, fields)),
        ("DELETE", ["phone-number", id]) => Some(numbers::delete(state, id)),
        ("POST", ["credential"]) => Some(credentials::create(state, &*carrier, fields)),
        ("DELETE", ["credential", id]) => Some(credentials::delete(state, id)),
        ("POST", ["call"]) => Some(outbound::create(state, &*carrier, &vapi.base_url(), fields)),
        ("PATCH", ["call", id]) => Some(calls::rename(state, id, fields)),
        ("DELETE", ["call", id]) => Some(calls::erase(state, id)),
        ("POST", [id, "control"]) => Some(calls::control(state, id, fields)),
        _ => None,
    };
    let body = done.ok_or_else(|| Refusal::unknown_url(method.as_str(), path))??;
    Ok((status, body))
}

fn look(state: &State, segments: &[&str], query: &Map<String, Value>) -> Option<Outcome<Value>> {
    let one = |documents: &[Value], what: &str, id: &str| {
        store::place(documents, what, id).map(|place| documents[place].clone())
    };
    let all = |documents: &[Value]| Wanted::read(query, &[]).map(|wanted| wanted.of(documents.iter()));
    Some(match *segments {
        ["assistant"] => all(&state.assistants),
        ["assistant", id] => one(&state.assistants, "Assistant", id),
        ["tool"] => all(&state.tools),
        ["tool", id] => one(&state.tools, "Tool", id),
        ["phone-number"] => all(&state.numbers),
        ["phone-number", id] => one(&state.numbers, "Phone Number", id),
        ["credential"] => all(&state.credentials),
        ["credential", id] => one(&state.credentials, "Credential", id),
        ["call"] => {
            let filters = ["id", "assistantId", "phoneNumberId"];
            let fits =
                |call: &&Value| filters.iter().all(|name| query.get(*name).is_none_or(|value| call[*name] == *value));
            let calls: Vec<&Value> = state.calls.iter().filter(fits).collect();
            Wanted::read(query, &filters).map(|wanted| wanted.of(calls.into_iter()))
        }
        ["call", id] => one(&state.calls, "Call", id),
        _ => return None,
    })
}

async fn read(request: &mut Request) -> Outcome<Map<String, Value>> {
    let is_json = request.content_type().is_some_and(|kind| kind.starts_with("application/json"));
    let bytes = request.take_body().into_bytes().await.unwrap_or_default();
    if !is_json && !bytes.is_empty() {
        return Err(Refusal::bad("The body must be application/json."));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ if bytes.is_empty() => Ok(Map::new()),
        Ok(_) => Err(Refusal::bad("The body must be an object.")),
        Err(error) => Err(Refusal::bad(error.to_string())),
    }
}

fn authorize(vapi: &Vapi, headers: &HeaderMap) -> Outcome<()> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match given.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && key.trim() == vapi.api_key() => Ok(()),
        Some(_) => Err(Refusal::unauthorized(
            "Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice versa.",
        )),
        None => Err(Refusal::unauthorized("Missing Authorization Header")),
    }
}
