//! The page with what Vapi has of ours, the same as JSON under `/_sandbox/books`, and a telephone under `/_sandbox/calls`.

use std::collections::BTreeMap;

use poem::{
    Body, EndpointExt, IntoResponse, Request, Response, Route,
    endpoint::BoxEndpoint,
    get, handler, post,
    web::{Data, Json},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Pace, Script, Vapi, store::text};
use crate::{
    error::{Error, Result},
    sandbox::page::{done, escaped, filled, page, unusable},
};

const DESK: &str = include_str!("desk.html");
/// A script is a page or two.
const LIMIT: usize = 1024 * 1024;

pub(super) fn routes(vapi: Vapi) -> BoxEndpoint<'static, Response> {
    Route::new()
        .at("/", get(show_desk))
        .at("/_sandbox/books", get(show_books))
        .at("/_sandbox/calls", post(place_call))
        .at("/_sandbox/calls/:id", get(show_call))
        .at("/_sandbox/calls/:id/play", post(play_call))
        .at("/_sandbox/calls/:id/hang_up", post(hang_up))
        .data(vapi)
        .map_to_response()
        .boxed()
}

fn part<'a>(request: &'a Request, name: &str) -> &'a str {
    request.raw_path_param(name).unwrap_or_default()
}

/// A script as JSON, or the page's form: `from`, `to`, `say` with a line a sentence, `minutes`, `real_time`.
async fn script(request: &Request, body: Body) -> Result<Script> {
    let body = body.into_bytes_limit(LIMIT).await.map_err(|error| unusable(&error))?;
    if request.content_type().is_some_and(|kind| kind.starts_with("application/json")) {
        return serde_json::from_slice(&body).map_err(|error| unusable(&error));
    }
    let words: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let word = |name: &str| words.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut script = Script::new(word("from").unwrap_or("+447700900123"), word("to").unwrap_or_default());
    for line in word("say").unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
        script = script.caller_says(line.trim());
    }
    if let Some(minutes) = word("minutes") {
        let minutes: f64 = minutes.parse().map_err(|_| unusable("minutes takes a number."))?;
        script = script.waits(minutes.clamp(0.0, 600.0) * 60.0);
    }
    let pace = if word("real_time").is_some() { Pace::Real } else { Pace::Times(20.0) };
    Ok(script.caller_hangs_up().pace(pace))
}

#[handler]
async fn place_call(request: &Request, body: Body, Data(vapi): Data<&Vapi>) -> Result<Response> {
    let id = vapi.place_call(script(request, body).await?).map_err(|why| unusable(&why))?;
    Ok(done(request, json!({ "id": id })))
}

/// Answers a call that was made over the API.
#[handler]
async fn play_call(request: &Request, body: Body, Data(vapi): Data<&Vapi>) -> Result<Response> {
    let id = part(request, "id");
    vapi.play(id, script(request, body).await?).map_err(|why| unusable(&why))?;
    Ok(done(request, json!({ "id": id })))
}

#[handler]
fn hang_up(request: &Request, Data(vapi): Data<&Vapi>) -> Result<Response> {
    let call = vapi.hang_up(part(request, "id")).map_err(|why| unusable(&why))?;
    Ok(done(request, without_token(call)))
}

/// How it goes, line by line.
#[handler]
fn show_call(request: &Request, Data(vapi): Data<&Vapi>) -> Result<Response> {
    let id = part(request, "id");
    let call = vapi.call(id).ok_or_else(|| Error::code("not_found"))?;
    let sent: Vec<Value> = vapi.sent(id).into_iter().map(without_body).collect();
    Ok(Json(json!({
        "call": without_token(call),
        "lines": vapi.lines(id),
        "sent": sent,
        "orders": vapi.orders(id),
        "connected": vapi.connected(id),
        "seconds": vapi.seconds_of(id),
        "over": vapi.is_over(id),
    }))
    .into_response())
}

/// Bodies are long, and hold what the page must not show.
fn without_body(sent: super::Sent) -> Value {
    let statuses: Vec<_> = sent.answers.iter().map(|answer| answer.status).collect();
    json!({ "kind": sent.kind, "statuses": statuses, "lost": sent.is_lost })
}

#[handler]
fn show_books(Data(vapi): Data<&Vapi>) -> Response {
    let numbers: Vec<Value> = vapi.phone_numbers().into_iter().map(without_token).collect();
    let calls: Vec<Value> = vapi.lock().calls.iter().cloned().map(without_token).collect();
    let assistants: Vec<Value> = vapi.assistants().into_iter().map(without_token).collect();
    let tools: Vec<Value> = vapi.tools().into_iter().map(without_token).collect();
    let books = json!({
        "phone_numbers": numbers,
        "credentials": vapi.credentials(),
        "assistants": assistants,
        "tools": tools,
        "calls": calls,
    });
    Json(books).into_response()
}

/// The page is open to everybody on the machine.
fn without_token(mut document: Value) -> Value {
    let is_secret = |name: &str| matches!(name, "twilioAuthToken" | "twilioApiKey" | "twilioApiSecret" | "headers");
    match &mut document {
        Value::Object(fields) => {
            fields.retain(|name, _| !is_secret(name));
            fields.values_mut().for_each(|value| *value = without_token(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_token(item.take())),
        _ => {}
    }
    document
}

#[handler]
fn show_desk(Data(vapi): Data<&Vapi>) -> Response {
    let state = vapi.lock();
    let code = |text: &str| format!("<code>{}</code>", escaped(text));
    let numbers = rows(&state.numbers, "No number yet. Provision one, and it is imported here.", |number| {
        let server = text(&number["server"], "url");
        vec![
            escaped(text(number, "number")),
            code(text(number, "name")),
            code(text(number, "twilioAccountSid")),
            if server.is_empty() { "not linked".to_owned() } else { code(server) },
        ]
    });
    let assistants = rows(&state.assistants, "No assistant yet. Save an agent, and it is made here.", |assistant| {
        let tools = assistant["model"]["toolIds"].as_array().map_or(0, Vec::len);
        vec![
            escaped(text(assistant, "name")),
            code(text(assistant, "id")),
            format!("{} · {tools} tools", escaped(text(&assistant["model"], "model"))),
            escaped(text(assistant, "updatedAt")),
        ]
    });
    let tools = rows(&state.tools, "No tool yet.", |tool| {
        let (name, what) = (text(&tool["function"], "name"), text(&tool["function"], "description"));
        vec![code(name), code(text(tool, "id")), escaped(what), escaped(text(tool, "updatedAt"))]
    });
    let credentials = rows(&state.credentials, "No credential yet.", |credential| {
        let made = escaped(text(credential, "createdAt"));
        vec![code(text(credential, "name")), code(text(credential, "accountSid")), made, String::new()]
    });
    let nothing: Vec<Value> = Vec::new();
    let calls = rows(&state.calls, "No call yet.", |call| {
        let id = text(call, "id");
        let tone = if call["status"] == "in-progress" { " good" } else { "" };
        let seconds = vapi_seconds(&state, id);
        let orders = state.orders.get(id).unwrap_or(&nothing).iter().rev().take(3);
        let orders: String = orders.map(|order| format!("<p>{}</p>", escaped(&order_in_words(order)))).collect();
        let lines = state.lives.get(id).map(|live| live.last_lines(4)).unwrap_or_default();
        let lines: String = lines.iter().map(|line| format!("<p>{}</p>", escaped(line))).collect();
        let act = match text(call, "status") {
            "ended" => escaped(text(call, "endedReason")),
            _ => {
                format!("<form method=\"post\" action=\"/_sandbox/calls/{id}/hang_up\"><button>Hang up</button></form>")
            }
        };
        vec![
            format!(
                "{}<br><a href=\"/_sandbox/calls/{id}\"><code>{id}</code></a>",
                escaped(text(&call["customer"], "number"))
            ),
            format!("<span class=\"pill{tone}\">{}</span> {seconds}<br>{act}", escaped(text(call, "status"))),
            lines,
            orders,
        ]
    });
    let last = state.numbers.last().map(|number| escaped(text(number, "number"))).unwrap_or_default();
    page(filled(
        DESK,
        &[
            ("number", &last),
            ("numbers", &numbers),
            ("assistants", &assistants),
            ("tools", &tools),
            ("credentials", &credentials),
            ("calls", &calls),
        ],
    ))
}

fn vapi_seconds(state: &super::store::State, id: &str) -> String {
    state.lives.get(id).and_then(super::player::Live::seconds).map_or(String::new(), |seconds| format!("{seconds} s"))
}

fn order_in_words(order: &Value) -> String {
    let content = text(order, "content");
    if content.is_empty() { text(order, "type").to_owned() } else { format!("{}: {content}", text(order, "type")) }
}

/// The newest first.
fn rows(documents: &[Value], nothing: &str, cells: impl Fn(&Value) -> Vec<String>) -> String {
    if documents.is_empty() {
        return format!("<tr><td colspan=\"4\">{nothing}</td></tr>");
    }
    let row = |document: &Value| {
        let cells: String = cells(document).iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<tr>{cells}</tr>")
    };
    documents.iter().rev().take(200).map(row).collect()
}
