//! The inbox: every email the Resend stand-in took, to read, filter and play with.
//!
//! Served by the stand-in itself and, when a sandbox is attached, by the API server. Plain routes and no part of the
//! OpenAPI document, because a production server does not have them.

use poem::{
    IntoResponse, Request, Response, Route, get, handler,
    http::{StatusCode, header},
    post,
    web::{Html, Json},
};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::{
    clock,
    resend::{Mail, Outcome, Resend},
};
use crate::{
    error::{Error, Result},
    server::App,
};

const PAGE: &str = include_str!("inbox.html");
const PREVIEW: usize = 140;

/// The page may use what is in it and talk to its own server; nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                           frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
/// A message runs no script and reaches no cookie. Its links open in a new tab.
const MESSAGE_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                              style-src 'unsafe-inline'; img-src data: http: https:";

/// The page at `page` and the API under `/api/email-testing`.
///
/// The inbox is the `Resend` in the request's data, or the one attached to the server.
pub fn mount(routes: Route, page: &str) -> Route {
    let api = Route::new()
        .at("/messages", get(list).delete(clear))
        .at("/messages/:id", get(show))
        .at("/messages/:id/html", get(show_message))
        .at("/messages/:id/:action", post(simulate));
    routes.at(page, get(show_page)).nest("/api/email-testing", api)
}

fn attached(request: &Request) -> Result<Resend> {
    let own = request.data::<Resend>().cloned();
    own.or_else(|| request.data::<App>()?.email_testing.clone()).ok_or_else(|| Error::code("not_found"))
}

fn find(request: &Request) -> Result<(Resend, Mail)> {
    let resend = attached(request)?;
    let id = request.raw_path_param("id").and_then(|id| Uuid::parse_str(id).ok());
    let mail = id.and_then(|id| resend.mail(id)).ok_or_else(|| Error::code("not_found"))?;
    Ok((resend, mail))
}

#[handler]
fn show_page() -> Response {
    Html(PAGE)
        .with_header(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)
        .with_header(header::CACHE_CONTROL, "no-store")
        .into_response()
}

/// The message as its reader sees it, harmless.
#[handler]
fn show_message(request: &Request) -> Result<Response> {
    let (_, mail) = find(request)?;
    let html = mail.html.clone().unwrap_or_else(|| {
        format!("<pre style=\"white-space:pre-wrap\">{}</pre>", escaped(mail.text.as_deref().unwrap_or_default()))
    });
    Ok(Html(format!("<base target=\"_blank\">{html}"))
        .with_header(header::CONTENT_SECURITY_POLICY, MESSAGE_POLICY)
        .with_header(header::CACHE_CONTROL, "no-store")
        .into_response())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[derive(Debug, Default, Deserialize)]
struct Filter {
    to: Option<String>,
    since: Option<String>,
    template: Option<String>,
}

#[handler]
fn list(request: &Request) -> Result<Response> {
    let resend = attached(request)?;
    let filter: Filter = request.params().map_err(|error| unreadable(&error.to_string()))?;
    let since = match filter.since.as_deref().map(|since| OffsetDateTime::parse(since, &Rfc3339)) {
        None => None,
        Some(Ok(since)) => Some(since),
        Some(Err(_)) => return Err(unreadable("since must be a time such as 2026-01-31T09:30:00Z")),
    };
    let version = resend.version();
    let wanted = |mail: &&Mail| {
        filter.to.as_deref().is_none_or(|to| mail.is_to(to))
            && since.is_none_or(|since| mail.created_at >= since)
            && filter.template.as_deref().is_none_or(|template| mail.template() == Some(template))
    };
    let items: Vec<Value> = resend.mails().iter().rev().filter(wanted).map(summary).collect();
    let body = Json(json!({ "items": items, "version": version }));
    Ok(body.with_header(header::CACHE_CONTROL, "no-store").into_response())
}

#[handler]
fn clear(request: &Request) -> Result<StatusCode> {
    attached(request)?.clear();
    Ok(StatusCode::NO_CONTENT)
}

#[handler]
fn show(request: &Request) -> Result<Response> {
    let (resend, mail) = find(request)?;
    Ok(Json(whole(&resend, &mail)).into_response())
}

#[handler]
async fn simulate(request: &Request) -> Result<Response> {
    let outcome = match request.raw_path_param("action") {
        Some("deliver") => Outcome::Deliver,
        Some("bounce") => Outcome::Bounce,
        Some("complain") => Outcome::Complain,
        _ => return Err(Error::code("not_found")),
    };
    let (resend, mail) = find(request)?;
    resend.simulate(mail.id, outcome).await;
    let mail = resend.mail(mail.id).ok_or_else(|| Error::code("not_found"))?;
    Ok(Json(whole(&resend, &mail)).into_response())
}

fn unreadable(what: &str) -> Error {
    Error::code("invalid_value").with_details(json!({ "problem": what }))
}

fn summary(mail: &Mail) -> Value {
    let preview: String = mail.text.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    json!({
        "id": mail.id,
        "created_at": clock::iso(mail.created_at),
        "from": mail.from,
        "to": mail.to,
        "subject": mail.subject,
        "template": mail.template(),
        "last_event": mail.last_event,
        "preview": preview.chars().take(PREVIEW).collect::<String>(),
    })
}

fn whole(resend: &Resend, mail: &Mail) -> Value {
    let attempts = resend.attempts(mail.id);
    let events: Vec<Value> = mail
        .events
        .iter()
        .map(|event| {
            let webhooks: Vec<_> = attempts.iter().filter(|attempt| attempt.svix_id == event.svix_id).collect();
            json!({ "type": event.kind, "at": clock::iso(event.at), "detail": event.detail, "webhooks": webhooks })
        })
        .collect();
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|one| json!({ "filename": one.filename, "content_type": one.content_type }))
        .collect();
    let mut whole = summary(mail);
    let more = json!({
        "cc": mail.cc,
        "bcc": mail.bcc,
        "reply_to": mail.reply_to,
        "html": mail.html,
        "text": mail.text,
        "headers": mail.headers,
        "tags": mail.tags,
        "attachments": attachments,
        "idempotency_key": mail.idempotency_key,
        "events": events,
    });
    if let (Value::Object(whole), Value::Object(more)) = (&mut whole, more) {
        whole.extend(more);
    }
    whole
}
