//! The endpoints of Resend that the stand-in has.

use std::sync::Arc;

use poem::{
    EndpointExt, IntoResponse, Request, Response, Route, get,
    http::{HeaderMap, StatusCode, header},
    post,
    web::Json,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Resend, check, error::Refusal, idempotency::Claim, mail::Mail};
use crate::sandbox::{clock, faults::Pause};

type Answer = Result<Value, Refusal>;

pub(super) fn routes(resend: Resend) -> Route {
    let endpoint = |work: Work| {
        let resend = resend.clone();
        let call = poem::endpoint::make(move |request| answer(resend.clone(), work, request));
        Arc::new(call.boxed())
    };
    Route::new()
        .at("/emails", get(endpoint(Work::List)).post(endpoint(Work::Send)))
        .at("/emails/batch", post(endpoint(Work::SendBatch)))
        .at("/emails/:email_id", get(endpoint(Work::Get)))
}

#[derive(Debug, Clone, Copy)]
enum Work {
    Send,
    SendBatch,
    Get,
    List,
}

async fn answer(resend: Resend, work: Work, request: Request) -> Response {
    // The real one sits behind Cloudflare, which turns nameless clients away before Resend sees them.
    if request.header(header::USER_AGENT.as_str()).is_none_or(str::is_empty) {
        return "error code: 1010".with_status(StatusCode::FORBIDDEN).into_response();
    }
    if let Err(refusal) = authorize(&resend, request.headers()) {
        return refusal.into_response();
    }
    let left = match resend.admit(clock::now()) {
        Ok(left) => left,
        Err(refusal) => {
            let mut refused = with_limits(&resend, Some(0), refusal.into_response());
            refused.headers_mut().insert(header::RETRY_AFTER, 1.into());
            return refused;
        }
    };
    let result = match work {
        Work::Send | Work::SendBatch => send(&resend, work, request).await,
        Work::Get => get_one(&resend, &request),
        Work::List => list(&resend, &request),
    };
    let response = match result {
        Ok(body) => Json(body).into_response(),
        Err(refusal) => refusal.into_response(),
    };
    with_limits(&resend, left, response)
}

fn authorize(resend: &Resend, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match given.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => {
            match key.trim() == resend.api_key() {
                true => Ok(()),
                false => Err(Refusal::new(StatusCode::FORBIDDEN, "invalid_api_key", "API key is invalid")),
            }
        }
        _ => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "missing_api_key",
            "Missing API key in the authorization header. Include the following header `Authorization: Bearer \
             YOUR_API_KEY` in the request.",
        )),
    }
}

fn with_limits(resend: &Resend, left: Option<u32>, mut response: Response) -> Response {
    if let (Some(limit), Some(left)) = (resend.config.requests_per_second, left) {
        let headers = response.headers_mut();
        headers.insert("ratelimit-limit", limit.into());
        headers.insert("ratelimit-remaining", left.into());
        headers.insert("ratelimit-reset", 1.into());
    }
    response
}

async fn send(resend: &Resend, work: Work, mut request: Request) -> Answer {
    let pause = request.data::<Pause>().cloned();
    let key = request.headers().get("idempotency-key").map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned());
    let body = request.take_body().into_bytes().await.unwrap_or_default();
    let payload = serde_json::from_slice::<Value>(&body).map_err(|_| {
        Refusal::new(StatusCode::BAD_REQUEST, "validation_error", "The request body is not valid JSON.")
    })?;
    let endpoint = match work {
        Work::SendBatch => "/emails/batch",
        _ => "/emails",
    };
    if let Some(key) = &key {
        let claim = resend.state.lock().expect("resend").keys.claim(endpoint, key, &payload, clock::now())?;
        if let Claim::Known(answer) = claim {
            return Ok(answer);
        }
    }
    if let Some(pause) = pause {
        pause.wait().await;
    }
    let result = accept(resend, work, &payload, key.as_deref());
    if let Some(key) = &key {
        let keys = &mut resend.state.lock().expect("resend").keys;
        match &result {
            Ok(answer) => keys.done(endpoint, key, answer.clone()),
            Err(_) => keys.abandon(endpoint, key),
        }
    }
    result
}

fn accept(resend: &Resend, work: Work, payload: &Value, key: Option<&str>) -> Answer {
    let mut mails = match work {
        Work::SendBatch => check::batch(&resend.config, payload)?,
        _ => vec![check::mail(&resend.config, payload)?],
    };
    for mail in &mut mails {
        mail.idempotency_key = key.map(str::to_owned);
    }
    let ids: Vec<Value> = mails.iter().map(|mail| json!({ "id": mail.id })).collect();
    resend.take_in(mails);
    Ok(match work {
        Work::SendBatch => json!({ "data": ids }),
        _ => ids.into_iter().next().unwrap_or(Value::Null),
    })
}

fn get_one(resend: &Resend, request: &Request) -> Answer {
    let id = request.raw_path_param("email_id").unwrap_or_default();
    let id = Uuid::parse_str(id)
        .map_err(|_| Refusal::unprocessable("invalid_parameter", "The parameter must be a valid UUID."))?;
    let missing = || Refusal::new(StatusCode::NOT_FOUND, "not_found", "Email not found");
    Ok(resend.mail(id).ok_or_else(missing)?.official())
}

#[derive(Debug, Deserialize)]
struct Page {
    limit: Option<usize>,
    after: Option<Uuid>,
    before: Option<Uuid>,
}

fn list(resend: &Resend, request: &Request) -> Answer {
    let page: Page = request.params().map_err(|error| Refusal::invalid(error.to_string()))?;
    let limit = page.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Refusal::invalid("The `limit` parameter must be between 1 and 100."));
    }
    if page.after.is_some() && page.before.is_some() {
        return Err(Refusal::invalid("Only one of `after` and `before` can be used."));
    }
    let mut newest_first = resend.mails();
    newest_first.reverse();
    let place = |id: Uuid| {
        let missing = || Refusal::new(StatusCode::NOT_FOUND, "not_found", "Email not found");
        newest_first.iter().position(|mail| mail.id == id).ok_or_else(missing)
    };
    let range = match (page.after, page.before) {
        (Some(after), _) => place(after)? + 1..newest_first.len(),
        (None, Some(before)) => 0..place(before)?,
        (None, None) => 0..newest_first.len(),
    };
    let found = &newest_first[range];
    let shown: &[Mail] = match page.before {
        Some(_) => &found[found.len().saturating_sub(limit)..],
        None => &found[..limit.min(found.len())],
    };
    let data: Vec<_> = shown.iter().map(Mail::official_listed).collect();
    Ok(json!({ "object": "list", "has_more": found.len() > shown.len(), "data": data }))
}
