//! The endpoints of Twilio that the stand-in has.

use base64::{Engine, engine::general_purpose::STANDARD};
use poem::{
    IntoResponse, Request, Response, Route,
    http::{HeaderMap, Method, StatusCode, header},
    web::Json,
};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{
    Twilio, accounts, available, caller_ids, calls,
    error::{Outcome, Refusal},
    messages, numbers,
    params::Params,
    render,
    store::{AccountStatus, State},
};

pub(super) fn routes(twilio: Twilio) -> Route {
    Route::new().at("/*path", poem::endpoint::make(move |request| answer(twilio.clone(), request)))
}

async fn answer(twilio: Twilio, mut request: Request) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_form = request.content_type().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let params = match method {
        // Anything but a form is a form without fields.
        Method::POST if is_form => Params::decode(&request.take_body().into_bytes().await.unwrap_or_default()),
        Method::POST => Params::decode(b""),
        _ => Params::decode(request.uri().query().unwrap_or_default().as_bytes()),
    };
    let headers = request.headers().clone();
    let served = twilio.act(|state| {
        let caller = caller(state, &headers)?;
        dispatch(state, &caller, &method, &path, &params)
    });
    if method == Method::POST && path.ends_with("/Messages.json") && served.is_ok() {
        twilio.deliver_soon();
    }
    match served {
        Ok((StatusCode::NO_CONTENT, _)) => StatusCode::NO_CONTENT.into_response(),
        Ok((status, body)) => (status, Json(body)).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

pub(super) fn refused(refusal: &Refusal) -> Response {
    let response = (refusal.status, Json(refusal.body()));
    match refusal.status {
        StatusCode::UNAUTHORIZED => {
            response.with_header(header::WWW_AUTHENTICATE, "Basic realm=\"Twilio API\"").into_response()
        }
        _ => response.into_response(),
    }
}

/// The account whose SID and token were given. API keys are not known here.
fn caller(state: &State, headers: &HeaderMap) -> Outcome<String> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pair = match given.split_once(' ') {
        Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
            STANDARD.decode(pair.trim()).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let pair = String::from_utf8_lossy(&pair);
    let (sid, token) = pair.split_once(':').ok_or_else(Refusal::unauthorized)?;
    let account = state.account(sid).ok_or_else(Refusal::unauthorized)?;
    if !bool::from(account.token.as_bytes().ct_eq(token.as_bytes())) {
        return Err(Refusal::unauthorized());
    }
    if account.status != AccountStatus::Active {
        return Err(Refusal::inactive(sid));
    }
    Ok(account.sid.clone())
}

type Served = (StatusCode, Value);

fn dispatch(state: &mut State, caller: &str, method: &Method, path: &str, params: &Params) -> Outcome<Served> {
    let unknown = || Refusal::not_found(path);
    let resource = path.strip_prefix(render::ROOT).and_then(|path| path.strip_suffix(".json")).ok_or_else(unknown)?;
    let segments: Vec<&str> = resource.trim_start_matches('/').split('/').collect();
    let ok = |value: Value| (StatusCode::OK, value);
    match segments.as_slice() {
        ["Accounts"] => match *method {
            Method::GET => accounts::list(state, caller, path, params).map(ok),
            Method::POST => accounts::create(state, caller, params).map(|made| (StatusCode::CREATED, made)),
            _ => Err(Refusal::general(StatusCode::METHOD_NOT_ALLOWED)),
        },
        ["Accounts", sid, rest @ ..] => {
            // Its own and its subaccounts': everything else might as well not be there.
            if state.account(sid).is_none_or(|account| account.sid != caller && account.owner != caller) {
                return Err(Refusal::unauthorized());
            }
            match (method, rest) {
                (&Method::GET, []) => {
                    params.known(&[])?;
                    state.account(sid).map(|account| ok(render::account(account))).ok_or_else(unknown)
                }
                (&Method::POST, []) => accounts::update(state, caller, sid, params).map(ok),
                (_, rest) => under(state, sid, method, path, rest, params),
            }
        }
        _ => Err(unknown()),
    }
}

/// What belongs to an account.
fn under(
    state: &mut State,
    account: &str,
    method: &Method,
    path: &str,
    segments: &[&str],
    params: &Params,
) -> Outcome<Served> {
    let ok = |value: Value| (StatusCode::OK, value);
    let made = |value: Value| (StatusCode::CREATED, value);
    let gone = |value: Value| (StatusCode::NO_CONTENT, value);
    if let ("GET" | "DELETE", ["IncomingPhoneNumbers" | "OutgoingCallerIds" | "Calls" | "Messages", _]) =
        (method.as_str(), segments)
    {
        params.known(&[])?;
    }
    match (method.as_str(), segments) {
        ("GET", ["AvailablePhoneNumbers"]) => available::countries(account, path, params).map(ok),
        ("GET", ["AvailablePhoneNumbers", code]) => available::country(account, path, code, params).map(ok),
        ("GET", ["AvailablePhoneNumbers", code, kind]) => available::search(state, path, code, kind, params).map(ok),
        ("GET", ["IncomingPhoneNumbers"]) => numbers::list(state, account, path, params).map(ok),
        ("POST", ["IncomingPhoneNumbers"]) => numbers::buy(state, account, params).map(made),
        ("GET", ["IncomingPhoneNumbers", sid]) => numbers::fetch(state, account, path, sid).map(ok),
        ("POST", ["IncomingPhoneNumbers", sid]) => numbers::update(state, account, path, sid, params).map(ok),
        ("DELETE", ["IncomingPhoneNumbers", sid]) => numbers::delete(state, account, path, sid).map(gone),
        ("GET", ["OutgoingCallerIds"]) => caller_ids::list(state, account, path, params).map(ok),
        ("POST", ["OutgoingCallerIds"]) => caller_ids::ask(state, account, params).map(ok),
        ("GET", ["OutgoingCallerIds", sid]) => caller_ids::fetch(state, account, path, sid).map(ok),
        ("POST", ["OutgoingCallerIds", sid]) => caller_ids::rename(state, account, path, sid, params).map(ok),
        ("DELETE", ["OutgoingCallerIds", sid]) => caller_ids::delete(state, account, path, sid).map(gone),
        ("GET", ["Calls"]) => calls::list(state, account, path, params).map(ok),
        ("POST", ["Calls"]) => calls::make(state, account, params).map(made),
        ("GET", ["Calls", sid]) => calls::fetch(state, account, path, sid).map(ok),
        ("POST", ["Calls", sid]) => calls::update(state, account, path, sid, params).map(ok),
        ("GET", ["Messages"]) => messages::list(state, account, path, params).map(ok),
        ("POST", ["Messages"]) => messages::send(state, account, params).map(made),
        ("GET", ["Messages", sid]) => messages::fetch(state, account, path, sid).map(ok),
        ("POST", ["Messages", sid]) => messages::update(state, account, path, sid, params).map(ok),
        ("DELETE", ["Messages", sid]) => messages::delete(state, account, path, sid).map(gone),
        (_, ["AvailablePhoneNumbers" | "IncomingPhoneNumbers" | "OutgoingCallerIds" | "Calls" | "Messages", ..]) => {
            Err(Refusal::general(StatusCode::METHOD_NOT_ALLOWED))
        }
        _ => Err(Refusal::not_found(path)),
    }
}
