//! The shapes messages had over the years, as captured, as documented and as published. A message is made as of 2026 and then
//! made older.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::sandbox::clock::iso;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Era {
    /// Times as texts, `toolCalls` beside `toolCallList`, arguments as objects, no times or costs in a report, no control URL.
    Mid2024,
    /// Times as numbers; a report has times and costs, and what was said in its artifact alone.
    End2024,
    /// What was said at the top of a report as well as in its artifact.
    Mid2025,
    /// With metrics and variables.
    #[default]
    Early2026,
    /// The examples of the documentation: next to nothing of the call, tool calls without a `function`.
    Docs,
    /// The published schema and no field more, arguments as a text.
    Official,
}

impl Era {
    pub const ALL: [Self; 6] =
        [Self::Mid2024, Self::End2024, Self::Mid2025, Self::Early2026, Self::Docs, Self::Official];

    pub(super) fn reshape(self, message: &mut Map<String, Value>, at: OffsetDateTime) {
        match self {
            Self::Early2026 => {}
            Self::Mid2025 => remove_in(
                message,
                "artifact",
                &["logUrl", "variableValues", "performanceMetrics", "scorecards", "transfers"],
            ),
            Self::End2024 => end_2024(message),
            Self::Mid2024 => mid_2024(message, at),
            Self::Docs => docs(message),
            Self::Official => official(message),
        }
    }
}

const TODAYS_CALL: [&str; 3] = ["monitor", "transport", "subscriptionLimits"];
const TODAYS_ARTIFACT: [&str; 8] =
    ["logUrl", "recording", "nodes", "variables", "variableValues", "performanceMetrics", "scorecards", "transfers"];
const TWICE: [&str; 5] = ["transcript", "summary", "messages", "recordingUrl", "stereoRecordingUrl"];
const DURATIONS: [&str; 3] = ["durationMs", "durationSeconds", "durationMinutes"];
const MONEY: [&str; 3] = ["cost", "costs", "costBreakdown"];

fn remove(message: &mut Map<String, Value>, names: &[&str]) {
    message.retain(|name, _| !names.contains(&name.as_str()));
}

fn remove_in(message: &mut Map<String, Value>, part: &str, names: &[&str]) {
    if let Some(Value::Object(part)) = message.get_mut(part) {
        remove(part, names);
    }
}

fn is_report(message: &Map<String, Value>) -> bool {
    message.get("type").is_some_and(|kind| kind == "end-of-call-report")
}

fn end_2024(message: &mut Map<String, Value>) {
    remove_in(message, "artifact", &TODAYS_ARTIFACT);
    remove_in(message, "call", &["transport", "subscriptionLimits", "metadata"]);
    if is_report(message) {
        remove(message, &TWICE);
    }
}

fn mid_2024(message: &mut Map<String, Value>, at: OffsetDateTime) {
    remove(message, &["assistant"]);
    remove_in(message, "call", &TODAYS_CALL);
    remove_in(message, "call", &["cost", "metadata"]);
    remove_in(message, "artifact", &TODAYS_ARTIFACT);
    if is_report(message) {
        remove(message, &DURATIONS);
        remove(message, &MONEY);
        remove(message, &["startedAt", "endedAt"]);
        message.insert("artifact".into(), json!({ "messages": [], "messagesOpenAIFormatted": [] }));
    }
    if let Some(list) = message.get("toolCallList").cloned() {
        message.insert("toolCalls".into(), list);
    }
    if message.get("type").is_some_and(|kind| kind == "assistant-request")
        && let Some(Value::Object(call)) = message.get_mut("call")
    {
        call.insert("assistantId".into(), Value::Null);
        call.insert("squadId".into(), Value::Null);
    }
    // At the end, as it was written then.
    message.shift_remove("timestamp");
    message.insert("timestamp".into(), json!(iso(at)));
}

fn docs(message: &mut Map<String, Value>) {
    remove(message, &["timestamp", "phoneNumber", "customer", "assistant"]);
    let asks = message.get("type").is_some_and(|kind| kind == "assistant-request");
    if let Some(Value::Object(call)) = message.get_mut("call") {
        let kept: &[&str] = if asks { &["id", "type", "customer", "phoneNumberId"] } else { &["id", "type"] };
        call.retain(|name, _| kept.contains(&name.as_str()));
    }
    if is_report(message) {
        remove(message, &TWICE);
        remove(message, &DURATIONS);
        remove(message, &["costs", "costBreakdown"]);
        remove_in(message, "artifact", &["messagesOpenAIFormatted"]);
        remove_in(
            message,
            "artifact",
            &["logUrl", "nodes", "variables", "variableValues", "performanceMetrics", "scorecards", "transfers"],
        );
        if let Some(Value::Array(said)) = message.get_mut("artifact").and_then(|artifact| artifact.get_mut("messages"))
        {
            said.retain(|one| one["role"] == "bot" || one["role"] == "user");
            for one in said {
                let role = if one["role"] == "bot" { "assistant" } else { "user" };
                *one = json!({ "role": role, "message": one["message"] });
            }
        }
    } else {
        remove(message, &["artifact"]);
    }
    flatten(message);
}

/// `{id, name, parameters}`.
fn flatten(message: &mut Map<String, Value>) {
    let flat = |call: &Value| json!({ "id": call["id"], "name": call["function"]["name"], "parameters": call["function"]["arguments"] });
    if let Some(Value::Array(list)) = message.get_mut("toolCallList") {
        list.iter_mut().for_each(|call| *call = flat(call));
    }
    if let Some(Value::Array(list)) = message.get_mut("toolWithToolCallList") {
        for tool in list {
            let call = flat(&tool["toolCall"]);
            *tool = json!({ "name": call["name"], "toolCall": { "id": call["id"], "parameters": call["parameters"] } });
        }
    }
}

fn official(message: &mut Map<String, Value>) {
    remove_in(message, "call", &["metadata", "subscriptionLimits"]);
    remove_in(message, "artifact", &["variables"]);
    if is_report(message) {
        remove(message, &TWICE);
        remove(message, &DURATIONS);
        remove(message, &["costBreakdown"]);
    }
    for list in ["toolCallList", "toolWithToolCallList"] {
        for one in message.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let call = if list == "toolCallList" { one } else { &mut one["toolCall"] };
            let arguments = &mut call["function"]["arguments"];
            if !arguments.is_string() {
                *arguments = json!(arguments.to_string());
            }
        }
    }
}
