//! The page with what Vapi has of ours, and the same as JSON under `/_sandbox/books`.

use poem::{
    EndpointExt, IntoResponse, Response, Route,
    endpoint::BoxEndpoint,
    get, handler,
    web::{Data, Json},
};
use serde_json::{Value, json};

use super::{Vapi, store::text};
use crate::sandbox::page::{escaped, filled, page};

const DESK: &str = include_str!("desk.html");

pub(super) fn routes(vapi: Vapi) -> BoxEndpoint<'static, Response> {
    Route::new().at("/", get(show_desk)).at("/_sandbox/books", get(show_books)).data(vapi).map_to_response().boxed()
}

#[handler]
fn show_books(Data(vapi): Data<&Vapi>) -> Response {
    let numbers: Vec<Value> = vapi.phone_numbers().into_iter().map(without_token).collect();
    let calls = vapi.lock().calls.clone();
    Json(json!({ "phone_numbers": numbers, "credentials": vapi.credentials(), "calls": calls })).into_response()
}

/// The page is open to everybody on the machine.
fn without_token(mut number: Value) -> Value {
    if let Some(fields) = number.as_object_mut() {
        fields.retain(|name, _| !matches!(name.as_str(), "twilioAuthToken" | "twilioApiKey" | "twilioApiSecret"));
    }
    number
}

#[handler]
fn show_desk(Data(vapi): Data<&Vapi>) -> Response {
    let state = vapi.lock();
    let numbers = rows(&state.numbers, "No number yet. Provision one, and it is imported here.", |number| {
        let server = text(&number["server"], "url");
        vec![
            escaped(text(number, "number")),
            format!("<code>{}</code>", escaped(text(number, "name"))),
            format!("<code>{}</code>", escaped(text(number, "twilioAccountSid"))),
            if server.is_empty() { "not linked".to_owned() } else { format!("<code>{}</code>", escaped(server)) },
        ]
    });
    let credentials = rows(&state.credentials, "No credential yet.", |credential| {
        vec![
            format!("<code>{}</code>", escaped(text(credential, "name"))),
            format!("<code>{}</code>", escaped(text(credential, "accountSid"))),
            escaped(text(credential, "createdAt")),
        ]
    });
    let calls = rows(&state.calls, "No call yet.", |call| {
        let tone = if call["status"] == "in-progress" { " good" } else { "" };
        vec![
            format!("<code>{}</code>", escaped(text(call, "id"))),
            escaped(text(&call["customer"], "number")),
            format!("<span class=\"pill{tone}\">{}</span>", escaped(text(call, "status"))),
            escaped(text(call, "endedReason")),
        ]
    });
    page(filled(DESK, &[("numbers", &numbers), ("credentials", &credentials), ("calls", &calls)]))
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
