//! Calls, as somebody asks after them, speaks into them or ends them. `player` lets them happen.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    body::Body,
    error::{Outcome, Refusal},
    player::Live,
    store::{self, State},
};
use crate::sandbox::clock;

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
    state.add_call(call.clone());
    call
}

/// In the call's own time, where it has one.
fn now(state: &State, id: &str) -> OffsetDateTime {
    state.lives.get(id).map_or_else(clock::now, Live::now)
}

/// Somebody picks up.
pub(super) fn start(state: &mut State, id: &str) -> Outcome<Value> {
    let at = now(state, id);
    let (call, is_changed) = change(state, id, at, |call, at| {
        call["status"] = json!("in-progress");
        call["startedAt"] = at;
    })?;
    if let Some(live) = state.lives.get_mut(id).filter(|_| is_changed) {
        live.start(at);
    }
    Ok(call)
}

pub(super) fn end(state: &mut State, id: &str, reason: &str) -> Outcome<Value> {
    end_at(state, id, reason, None)
}

/// None: now.
pub(super) fn end_at(state: &mut State, id: &str, reason: &str, at: Option<OffsetDateTime>) -> Outcome<Value> {
    let at = at.unwrap_or_else(|| now(state, id));
    let (call, is_changed) = change(state, id, at, |call, at| {
        call["status"] = json!("ended");
        call["endedAt"] = at;
        call["endedReason"] = json!(reason);
    })?;
    if let Some(live) = state.lives.get_mut(id).filter(|_| is_changed) {
        live.end(at);
    }
    Ok(call)
}

/// A call that has ended does not change any more. Says whether it did.
fn change(
    state: &mut State,
    id: &str,
    at: OffsetDateTime,
    work: impl FnOnce(&mut Value, Value),
) -> Outcome<(Value, bool)> {
    let call = find(state, id)?;
    let goes_on = call["status"] != "ended";
    if goes_on {
        let at = json!(clock::iso(at));
        call["updatedAt"] = at.clone();
        work(call, at);
    }
    Ok((call.clone(), goes_on))
}

fn find<'a>(state: &'a mut State, id: &str) -> Outcome<&'a mut Value> {
    if Uuid::parse_str(id).is_err() {
        return Err(Refusal::problems(vec!["id must be a UUID".to_owned()]));
    }
    state.call_mut(id).ok_or_else(|| Refusal::missing("Call", id))
}

pub(super) fn rename(state: &mut State, id: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let call = find(state, id)?;
    let body = Body::new(fields);
    body.name(0);
    body.done()?;
    store::merge(call, fields);
    call["updatedAt"] = json!(store::now());
    Ok(call.clone())
}

/// Erases what is known of a call; it does not hang up.
pub(super) fn erase(state: &mut State, id: &str) -> Outcome<Value> {
    let call = find(state, id)?;
    for name in ["artifact", "analysis", "messages", "customer"] {
        if let Some(fields) = call.as_object_mut() {
            fields.remove(name);
        }
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
    if find(state, id)?["status"] == "ended" {
        return Err(Refusal::missing("Call", id));
    }
    state.orders.entry(id.to_owned()).or_default().push(Value::Object(fields.clone()));
    let content = fields.get("content").and_then(Value::as_str);
    if let Some(live) = state.lives.get_mut(id) {
        live.is_told(&kind, content);
    }
    let destination = fields.get("destination").filter(|to| to.is_object());
    match (kind.as_str(), destination) {
        ("end-call", _) => end(state, id, "manually-canceled")?,
        ("say", _) if fields.get("endCallAfterSpoken").is_some_and(|ends| *ends == true) => {
            end(state, id, "assistant-ended-call-after-message-spoken")?
        }
        ("transfer", Some(destination)) => {
            find(state, id)?["destination"] = destination.clone();
            end(state, id, "assistant-forwarded-call")?
        }
        _ => Value::Null,
    };
    Ok(json!({}))
}
