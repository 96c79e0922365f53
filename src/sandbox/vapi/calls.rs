//! Calls, as far as somebody asks after them, speaks into them or ends them.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    body::Body,
    error::{Outcome, Refusal},
    store::{self, State},
};

/// A call that comes in, unless it goes out.
#[derive(Debug, Clone, Default)]
pub struct NewCall {
    /// Absent: a new one.
    pub id: Option<Uuid>,
    pub outbound: bool,
    /// Of the imported number that is called, or calls.
    pub phone_number_id: Option<String>,
    /// The number of the person on the other end.
    pub customer: Option<String>,
    pub twilio_call_sid: Option<String>,
}

pub(super) fn begin(state: &mut State, base_url: &str, new: NewCall) -> Value {
    let id = new.id.unwrap_or_else(Uuid::new_v4);
    let sid = new.twilio_call_sid.unwrap_or_else(|| format!("CA{}", Uuid::new_v4().simple()));
    let listen = base_url.replacen("http", "ws", 1);
    let account = state
        .numbers
        .iter()
        .find(|number| new.phone_number_id.as_deref() == number["id"].as_str())
        .map_or(Value::Null, |number| number["twilioAccountSid"].clone());
    let fields = json!({
        "id": id,
        "type": if new.outbound { "outboundPhoneCall" } else { "inboundPhoneCall" },
        "status": if new.outbound { "queued" } else { "ringing" },
        "cost": 0,
        "phoneNumberId": new.phone_number_id,
        "customer": { "number": new.customer.unwrap_or_else(|| "+447700900123".to_owned()) },
        "phoneCallProvider": "twilio",
        "phoneCallProviderId": sid,
        "phoneCallTransport": "pstn",
        "monitor": { "listenUrl": format!("{listen}/{id}/listen"), "controlUrl": format!("{base_url}/{id}/control") },
        "transport": { "callSid": sid, "provider": "twilio", "accountSid": account, "conversationType": "voice" },
    });
    let call = store::document(fields.as_object().unwrap_or(&Map::new()));
    state.calls.push(call.clone());
    call
}

fn place(state: &State, id: &str) -> Outcome<usize> {
    store::place(&state.calls, "Call", id)
}

pub(super) fn answer(state: &mut State, id: &str) -> Outcome<Value> {
    change(state, id, |call, at| {
        call["status"] = json!("in-progress");
        call["startedAt"] = at;
    })
}

pub(super) fn end(state: &mut State, id: &str, reason: &str) -> Outcome<Value> {
    change(state, id, |call, at| {
        call["status"] = json!("ended");
        call["endedAt"] = at;
        call["endedReason"] = json!(reason);
    })
}

/// A call that has ended does not change any more.
fn change(state: &mut State, id: &str, work: impl FnOnce(&mut Value, Value)) -> Outcome<Value> {
    let place = place(state, id)?;
    let call = &mut state.calls[place];
    if call["status"] != "ended" {
        let at = json!(store::now());
        call["updatedAt"] = at.clone();
        work(call, at);
    }
    Ok(call.clone())
}

/// The control URL: whoever has it controls the call. What it says of a call that is over is not documented.
pub(super) fn control(state: &mut State, id: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let body = Body::new(fields);
    let kinds = ["say", "add-message", "control", "end-call", "transfer", "handoff"];
    let kind = body.required("type");
    if !kinds.contains(&kind.as_str()) {
        body.problem(format!("type must be one of the following values: {}", kinds.join(", ")));
    }
    let content = body.text("content");
    if kind == "say" && content.is_none_or(|content| content.is_empty()) {
        body.problem("content should not be empty");
    }
    body.of_kind("endCallAfterSpoken", "a boolean value", Value::is_boolean);
    body.of_kind("triggerResponseEnabled", "a boolean value", Value::is_boolean);
    body.of_kind("message", "an object", Value::is_object);
    body.of_kind("destination", "an object", Value::is_object);
    body.text("control");
    body.done()?;
    let place = place(state, id)?;
    if state.calls[place]["status"] == "ended" {
        return Err(Refusal::missing("Call", id));
    }
    state.orders.entry(id.to_owned()).or_default().push(Value::Object(fields.clone()));
    let hangs_up = kind == "end-call" || fields.get("endCallAfterSpoken").is_some_and(|ends| *ends == true);
    if hangs_up {
        end(state, id, "manually-canceled")?;
    }
    Ok(json!({}))
}
