//! Who said and asked what, as Vapi writes it down in four ways.

use serde_json::{Value, json};
use time::OffsetDateTime;

#[derive(Debug, Clone)]
pub(crate) enum Turn {
    System { text: String, at: OffsetDateTime },
    Bot { text: String, at: OffsetDateTime, until: OffsetDateTime },
    User { text: String, at: OffsetDateTime, until: OffsetDateTime },
    Calls { calls: Vec<(String, String, Value)>, at: OffsetDateTime },
    Result { id: String, tool: String, text: String, at: OffsetDateTime },
}

fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

pub(super) fn timestamp(at: OffsetDateTime) -> Value {
    json!(millis(at))
}

/// `messages` of an artifact.
pub(super) fn messages(turns: &[Turn], began: OffsetDateTime) -> Value {
    let from_start = |at: OffsetDateTime| (at - began).as_seconds_f64();
    turns.iter().map(|turn| message(turn, &from_start)).collect()
}

fn message(turn: &Turn, from_start: &dyn Fn(OffsetDateTime) -> f64) -> Value {
    match turn {
        Turn::System { text, at } => {
            json!({ "role": "system", "message": text, "time": millis(*at), "secondsFromStart": from_start(*at) })
        }
        Turn::Bot { text, at, until } => json!({
            "role": "bot", "message": text, "time": millis(*at), "endTime": millis(*until),
            "secondsFromStart": from_start(*at), "duration": millis(*until) - millis(*at), "source": "",
        }),
        Turn::User { text, at, until } => json!({
            "role": "user", "message": text, "time": millis(*at), "endTime": millis(*until),
            "secondsFromStart": from_start(*at), "duration": millis(*until) - millis(*at),
        }),
        Turn::Calls { calls, at } => json!({
            "role": "tool_calls", "message": "", "time": millis(*at), "secondsFromStart": from_start(*at),
            "toolCalls": calls.iter().map(|(id, tool, arguments)| called(id, tool, arguments)).collect::<Vec<_>>(),
        }),
        Turn::Result { id, tool, text, at } => json!({
            "role": "tool_call_result", "toolCallId": id, "name": tool, "result": text, "time": millis(*at),
            "secondsFromStart": from_start(*at),
        }),
    }
}

/// As models are told, with the arguments as a text.
pub(super) fn called(id: &str, tool: &str, arguments: &Value) -> Value {
    let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
    json!({ "id": id, "type": "function", "function": { "name": tool, "arguments": arguments } })
}

pub(super) fn for_the_model(turns: &[Turn]) -> Value {
    let one = |turn: &Turn| match turn {
        Turn::System { text, .. } => json!({ "role": "system", "content": text }),
        Turn::Bot { text, .. } => json!({ "role": "assistant", "content": text }),
        Turn::User { text, .. } => json!({ "role": "user", "content": text }),
        Turn::Calls { calls, .. } => json!({
            "role": "assistant", "content": "",
            "tool_calls": calls.iter().map(|(id, tool, arguments)| called(id, tool, arguments)).collect::<Vec<_>>(),
        }),
        Turn::Result { id, text, .. } => json!({ "role": "tool", "content": text, "tool_call_id": id }),
    };
    turns.iter().map(one).collect()
}

pub(super) fn transcript(turns: &[Turn]) -> String {
    let lines = turns.iter().filter_map(|turn| match turn {
        Turn::Bot { text, .. } => Some(format!("AI: {text}\n")),
        Turn::User { text, .. } => Some(format!("User: {text}\n")),
        _ => None,
    });
    lines.collect()
}

/// What Vapi would sum up, without a model.
pub(super) fn summary(turns: &[Turn]) -> String {
    let of = |wanted: fn(&Turn) -> Option<&str>| turns.iter().filter_map(wanted).collect::<Vec<_>>();
    let said = of(|turn| if let Turn::User { text, .. } = turn { Some(text.as_str()) } else { None });
    let tools: Vec<&str> = turns
        .iter()
        .flat_map(|turn| if let Turn::Calls { calls, .. } = turn { calls.as_slice() } else { &[] })
        .map(|(_, tool, _)| tool.as_str())
        .collect();
    let said = match said.first() {
        None => "The caller said nothing.".to_owned(),
        Some(first) => format!("The caller said: {first}"),
    };
    if tools.is_empty() { said } else { format!("{said} The assistant used {}.", tools.join(", ")) }
}
