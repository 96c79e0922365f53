//! One message as of today: who calls whom, what was said so far, and what it is about.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    Script,
    mischief::Fate,
    report::merge,
    turns::{for_the_model, messages, timestamp},
};
use crate::sandbox::vapi::store::State;

/// Of a call that has ended and of none that goes on.
const OF_THE_END: [&str; 9] = [
    "artifact",
    "analysis",
    "costs",
    "costBreakdown",
    "messages",
    "startedAt",
    "endedAt",
    "endedReason",
    "destination",
];

/// What an assistant that says nothing about it has sent.
const USUAL: [&str; 11] = [
    "conversation-update",
    "end-of-call-report",
    "function-call",
    "hang",
    "speech-update",
    "status-update",
    "tool-calls",
    "transfer-destination-request",
    "handoff-destination-request",
    "user-interrupted",
    "assistant.started",
];

/// Whether this assistant wants messages of this type. Before there is one, all are sent.
pub(super) fn is_wanted(assistant: &Value, kind: &str) -> bool {
    match assistant["serverMessages"].as_array() {
        _ if kind == "assistant-request" => true,
        Some(wanted) => wanted.iter().filter_map(Value::as_str).any(|one| one.split('[').next() == Some(kind)),
        None => assistant.is_null() || USUAL.contains(&kind),
    }
}

/// The whole body. `fields` is what this type has of its own.
pub(super) fn compose(
    state: &State,
    id: &str,
    script: &Script,
    kind: &str,
    fields: Value,
    fate: &Fate,
) -> (Value, OffsetDateTime) {
    let (live, call) = (&state.lives[id], state.call(id).cloned().unwrap_or_default());
    let at = live.now();
    let began = live.started.unwrap_or(live.began);
    let mut message = json!({ "timestamp": timestamp(at), "type": kind });
    if kind != "assistant-request" {
        let is_short = script.is_terse || kind == "speech-update";
        message["artifact"] = if is_short {
            json!({ "messages": [], "messagesOpenAIFormatted": [] })
        } else {
            json!({ "messages": messages(&live.turns, began), "messagesOpenAIFormatted": for_the_model(&live.turns) })
        };
    }
    merge(&mut message, fields);
    let number = state.numbers.iter().find(|number| number["id"] == call["phoneNumberId"]).cloned();
    message["call"] = shown(call.clone(), script);
    let number = number.unwrap_or_else(|| call["phoneNumber"].clone());
    if !number.is_null() {
        message["phoneNumber"] = number;
    }
    message["customer"] = call["customer"].clone();
    if kind != "assistant-request" && !live.heard.assistant.is_null() {
        message["assistant"] = live.heard.assistant.clone();
    }
    let fields = message.as_object_mut().expect("it was made as one");
    script.era.reshape(fields, at);
    strip(fields, script, fate);
    (json!({ "message": message }), at)
}

/// As it was made, with the status of that moment unless it is to be of today.
fn shown(mut call: Value, script: &Script) -> Value {
    if script.mischief.is_stale {
        call["status"] = json!(if call["type"] == "inboundPhoneCall" { "ringing" } else { "queued" });
    }
    if let Some(fields) = call.as_object_mut() {
        fields.retain(|name, _| !OF_THE_END.contains(&name.as_str()));
    }
    call
}

fn strip(message: &mut Map<String, Value>, script: &Script, fate: &Fate) {
    let is_gone = |name: &str| script.without.iter().any(|gone| gone == name) || fate.without.contains(&name);
    message.retain(|name, _| !is_gone(name));
    if let Some(Value::Object(call)) = message.get_mut("call") {
        // What tells whose call it is stays, whatever else is missing.
        call.retain(|name, _| name == "id" || name == "phoneNumberId" || !is_gone(name));
    }
}
