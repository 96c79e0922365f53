//! The endpoints of Stripe that the stand-in has.

use poem::{
    IntoResponse, Request, Response, Route,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    web::Json,
};
use serde_json::{Map, Value, json};

use super::{
    Stripe, VERSION, checkout, customers,
    disputes::Turn,
    error::{Outcome, Refusal},
    form::{self, Params, merge_metadata},
    idempotency::{Claim, Saved},
    lists, payments, refunds,
    store::{Cause, State, new_id},
};
use crate::sandbox::{clock, faults::Pause};

pub(super) fn routes(stripe: Stripe) -> Route {
    Route::new().at("/*path", poem::endpoint::make(move |request| answer(stripe.clone(), request)))
}

async fn answer(stripe: Stripe, mut request: Request) -> Response {
    let request_id = new_id("req_", 14);
    let key = request.headers().get("idempotency-key").filter(|_| request.method() == Method::POST);
    let key = key.map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned());
    let saved = serve(&stripe, &mut request, &request_id, key.as_deref()).await.unwrap_or_else(|refusal| Saved {
        status: refusal.status,
        body: refusal.body(&request_id),
        request_id: request_id.clone(),
    });
    let mut response = (saved.status, Json(saved.body)).into_response();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put("request-id", &request_id);
    put("stripe-version", VERSION);
    if let Some(key) = &key {
        put("idempotency-key", key);
        put("original-request", &saved.request_id);
    }
    if saved.request_id != request_id {
        put("idempotent-replayed", "true");
    }
    if saved.status == StatusCode::CONFLICT {
        put("stripe-should-retry", "true");
    }
    response
}

async fn serve(stripe: &Stripe, request: &mut Request, request_id: &str, key: Option<&str>) -> Outcome<Saved> {
    authorize(stripe, request.headers())?;
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let parameters = match method {
        Method::POST => {
            let body = request.take_body().into_bytes().await.unwrap_or_default();
            let is_form =
                request.content_type().is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
            if !body.is_empty() && !is_form {
                let message = "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If \
                               you have any questions, we can help at https://support.stripe.com/.";
                return Err(Refusal::invalid(None, None, message));
            }
            form::decode(&body)?
        }
        _ => form::decode(request.uri().query().unwrap_or_default().as_bytes())?,
    };
    if let Some(key) = key {
        let whole = Value::Object(parameters.clone());
        if let Claim::Known(saved) = stripe.lock().keys.claim(&path, key, &whole, clock::now())? {
            return Ok(saved);
        }
    }
    // Here the real one is busy, and the key is in use.
    if let Some(pause) = request.data::<Pause>().cloned() {
        pause.wait().await;
    }
    let cause = Cause { request_id: Some(request_id.to_owned()), idempotency_key: key.map(str::to_owned) };
    let breaks = if method == Method::POST { stripe.next_break() } else { None };
    let result = match breaks {
        Some(false) => Err(Refusal::general(StatusCode::INTERNAL_SERVER_ERROR)),
        _ => stripe.act(cause, |state| dispatch(stripe, state, &method, &path, parameters)),
    };
    let result = match breaks {
        Some(true) if result.is_ok() => Err(Refusal::general(StatusCode::INTERNAL_SERVER_ERROR)),
        _ => result,
    };
    let began = result.as_ref().err().is_none_or(|refusal| refusal.began);
    let saved = match result {
        Ok(body) => Saved { status: StatusCode::OK, body, request_id: request_id.to_owned() },
        Err(refusal) => {
            Saved { status: refusal.status, body: refusal.body(request_id), request_id: request_id.to_owned() }
        }
    };
    if let Some(key) = key {
        let keys = &mut stripe.lock().keys;
        if began { keys.done(key, saved.clone()) } else { keys.abandon(key) }
    }
    Ok(saved)
}

fn authorize(stripe: &Stripe, headers: &HeaderMap) -> Outcome<()> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = match given.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
        Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
            let pair = STANDARD.decode(pair.trim()).unwrap_or_default();
            let pair = String::from_utf8_lossy(&pair).into_owned();
            pair.split(':').next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    if key.is_empty() {
        return Err(Refusal::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth \
             (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://docs.stripe.com/api#authentication for details, or \
             we can help at https://support.stripe.com/.",
        ));
    }
    if key != stripe.secret_key() {
        let start: String = key.chars().take(8).collect();
        return Err(Refusal::unauthorized(format!("Invalid API Key provided: {start}****")));
    }
    match headers.get("stripe-version").map(HeaderValue::as_bytes) {
        Some(version) if version == VERSION.as_bytes() => Ok(()),
        Some(version) => {
            let version = String::from_utf8_lossy(version);
            Err(Refusal::invalid(
                None,
                None,
                format!("Invalid Stripe API version: {version}. The sandbox speaks {VERSION}."),
            ))
        }
        None => Err(Refusal::invalid(None, None, format!("The sandbox needs the header Stripe-Version: {VERSION}."))),
    }
}

fn dispatch(
    stripe: &Stripe,
    state: &mut State,
    method: &Method,
    path: &str,
    mut parameters: Map<String, Value>,
) -> Outcome<Value> {
    let expands = Params::new(&parameters).texts("expand")?;
    parameters.remove("expand");
    let params = Params::new(&parameters);
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let mut answer = match (method.as_str(), segments.as_slice()) {
        ("GET", ["v1", rest @ ..]) => read(state, path, rest, &params)?,
        ("POST", ["v1", rest @ ..]) => write(stripe, state, rest, &params),
        ("DELETE", ["v1", "customers", id]) => {
            params.done()?;
            Some(customers::delete(state, id))
        }
        _ => None,
    }
    .ok_or_else(|| Refusal::unknown_url(method.as_str(), path))??;
    lists::expand(state, &mut answer, &expands)?;
    Ok(answer)
}

type Found = Option<Outcome<Value>>;

fn read(state: &State, path: &str, segments: &[&str], params: &Params) -> Outcome<Found> {
    let list = |shelf, filters: &[(&str, &str)]| Some(lists::page(shelf, path, params, filters));
    let one = |shelf, what: &str, param: &str, id: &str| {
        params.done()?;
        State::find(shelf, what, param, id).cloned()
    };
    Ok(match *segments {
        ["customers"] => list(&state.customers, &[("email", "email")]),
        ["customers", id] => Some(one(&state.customers, "customer", "id", id)),
        ["customers", id, "payment_methods"] => {
            state.customer("customer", id)?;
            let theirs = |method: &Value| method["customer"] == id;
            Some(lists::page_of(&state.methods, path, params, &[("type", "type")], theirs))
        }
        ["checkout", "sessions"] => list(
            &state.sessions,
            &[("customer", "customer"), ("payment_intent", "payment_intent"), ("status", "status")],
        ),
        ["checkout", "sessions", id] => Some(one(&state.sessions, "checkout.session", "session", id)),
        ["checkout", "sessions", id, "line_items"] => {
            State::find(&state.sessions, "checkout.session", "session", id)?;
            Some(Ok(state.line_items.get(id).cloned().unwrap_or_default()))
        }
        ["payment_intents"] => list(&state.intents, &[("customer", "customer")]),
        ["payment_intents", id] => Some(one(&state.intents, "payment_intent", "intent", id)),
        ["charges"] => list(&state.charges, &[("customer", "customer"), ("payment_intent", "payment_intent")]),
        ["charges", id] => Some(one(&state.charges, "charge", "id", id)),
        ["refunds"] => list(&state.refunds, &[("charge", "charge"), ("payment_intent", "payment_intent")]),
        ["refunds", id] => Some(one(&state.refunds, "refund", "id", id)),
        ["disputes"] => list(&state.disputes, &[("charge", "charge"), ("payment_intent", "payment_intent")]),
        ["disputes", id] => Some(one(&state.disputes, "dispute", "id", id)),
        ["payment_methods", id] => Some(one(&state.methods, "PaymentMethod", "payment_method", id)),
        ["balance_transactions"] => list(&state.transactions, &[("type", "type"), ("source", "source")]),
        ["balance_transactions", id] => Some(one(&state.transactions, "balance transaction", "id", id)),
        ["events"] => list(&state.events, &[("type", "type")]),
        ["events", id] => Some(one(&state.events, "event", "id", id)),
        _ => None,
    })
}

fn write(stripe: &Stripe, state: &mut State, segments: &[&str], params: &Params) -> Found {
    Some(match *segments {
        ["customers"] => customers::create(state, params),
        ["customers", id] => customers::update(state, id, params),
        ["checkout", "sessions"] => checkout::create(state, params, &stripe.base_url()),
        ["checkout", "sessions", id, "expire"] => params.done().and_then(|()| checkout::expire(state, id)),
        ["payment_intents"] => payments::create(state, params),
        ["payment_intents", id] => payments::update(state, id, params),
        ["payment_intents", id, "cancel"] => payments::cancel(state, id, params),
        ["payment_methods", id, "detach"] => params.done().and_then(|()| customers::detach(state, id)),
        ["refunds"] => refunds::create(state, params),
        ["refunds", id] => update_refund(state, id, params),
        ["disputes", id, "close"] => params.done().and_then(|()| super::disputes::turn(state, id, Turn::Lose)),
        _ => return None,
    })
}

fn update_refund(state: &mut State, id: &str, params: &Params) -> Outcome<Value> {
    let given = params.changed_metadata("metadata")?;
    params.done()?;
    State::find(&state.refunds, "refund", "refund", id)?;
    let refund = state.refunds.named_mut(id);
    merge_metadata(&mut refund["metadata"], given);
    Ok(json!(refund))
}
