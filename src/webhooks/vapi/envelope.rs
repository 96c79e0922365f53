//! What of a message must be known before the database has seen it: what kind it is, and which tools it calls.

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// Kinds that figures are kept of by name; a sender must not be able to make up labels.
const KINDS: [&str; 8] = [
    "assistant-request",
    "tool-calls",
    "transfer-destination-request",
    "status-update",
    "end-of-call-report",
    "transcript",
    "hang",
    "conversation-update",
];

/// Where the calls of tools stand: as they are, and inside what is known of the tool.
const LISTS: [&str; 3] = ["toolCallList", "toolCalls", "toolWithToolCallList"];

#[derive(Debug, Default, PartialEq)]
pub struct Envelope {
    pub kind: Option<String>,
    pub tool_calls: Vec<ToolCall>,
}

/// A tool that an agent calls.
#[derive(Debug, PartialEq)]
pub struct ToolCall {
    pub id: String,
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    message: &'a RawValue,
}

/// Values of any kind, so that nothing odd beside them hides what is well formed.
#[derive(Deserialize)]
struct Inner {
    #[serde(rename = "type")]
    kind: Option<Value>,
    #[serde(rename = "toolCallList")]
    list: Option<Value>,
    #[serde(rename = "toolCalls")]
    old_list: Option<Value>,
    #[serde(rename = "toolWithToolCallList")]
    with_tools: Option<Value>,
}

impl Envelope {
    /// What is not a message in Vapi's sense has no kind; the database says what is wrong with it.
    pub fn of(body: &[u8]) -> Self {
        let inner = serde_json::from_slice(body).ok().and_then(|outer: Outer<'_>| {
            let inner: Option<Inner> = serde_json::from_str(outer.message.get()).ok();
            inner
        });
        let Some(inner) = inner else { return Self::default() };
        let mut tool_calls: Vec<ToolCall> = Vec::new();
        for item in [&inner.list, &inner.old_list, &inner.with_tools]
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
        {
            if let Some(call) = tool_call(item).filter(|call| tool_calls.iter().all(|known| known.id != call.id)) {
                tool_calls.push(call);
            }
        }
        Self { kind: inner.kind.as_ref().and_then(Value::as_str).map(str::to_owned), tool_calls }
    }

    /// The kind as figures have it.
    pub fn label(&self) -> &'static str {
        KINDS.into_iter().find(|kind| self.kind.as_deref() == Some(*kind)).unwrap_or("other")
    }
}

/// Every shape of it: the call itself or within its tool, flat or with a function.
fn tool_call(item: &Value) -> Option<ToolCall> {
    let call = if item["toolCall"].is_object() { &item["toolCall"] } else { item };
    Some(ToolCall { id: call["id"].as_str()?.to_owned(), name: tool_name(item).map(str::to_owned) })
}

fn tool_name(item: &Value) -> Option<&str> {
    let call = &item["toolCall"];
    [&call["function"]["name"], &call["name"], &item["function"]["name"], &item["name"]]
        .into_iter()
        .find_map(Value::as_str)
}

/// The message with the calls of one tool alone; None when it calls no tools at all. One that holds no others stays as it
/// came.
pub fn calls_of_tool(body: Vec<u8>, name: &str) -> Option<Vec<u8>> {
    let mut whole: Value = serde_json::from_slice(&body).ok()?;
    let message = whole.get_mut("message")?;
    if message["type"] != "tool-calls" {
        return None;
    }
    let mut others = false;
    for list in LISTS {
        if let Some(calls) = message.get_mut(list).and_then(Value::as_array_mut) {
            let count = calls.len();
            calls.retain(|item| tool_name(item) == Some(name));
            others |= calls.len() < count;
        }
    }
    if others { serde_json::to_vec(&whole).ok() } else { Some(body) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(message: Value) -> Vec<(String, Option<String>)> {
        let body = json!({ "message": message }).to_string();
        Envelope::of(body.as_bytes()).tool_calls.into_iter().map(|call| (call.id, call.name)).collect()
    }

    #[test]
    fn a_tool_is_found_in_every_shape_and_once() {
        let named = |name: &str| vec![("c1".to_owned(), Some(name.to_owned()))];
        let nested = json!({ "id": "c1", "type": "function", "function": { "name": "f", "arguments": "{}" } });
        assert_eq!(ids(json!({ "toolCallList": [nested], "toolCalls": [nested] })), named("f"));
        assert_eq!(ids(json!({ "toolCallList": [{ "id": "c1", "name": "f", "parameters": {} }] })), named("f"));
        assert_eq!(ids(json!({ "toolWithToolCallList": [{ "name": "f", "toolCall": { "id": "c1" } }] })), named("f"));
        assert_eq!(
            ids(json!({ "toolWithToolCallList": [{ "function": { "name": "f" }, "toolCall": nested }] })),
            named("f")
        );
        assert_eq!(
            ids(json!({ "toolCallList": [{ "id": "c1" }, { "id": 5 }, 7, null] })),
            vec![("c1".to_owned(), None)]
        );
    }

    #[test]
    fn what_is_no_message_has_no_kind() {
        for body in
            ["", "[]", "{}", "null", "{\"message\":5}", "{\"message\":{\"type\":5}}", "\u{1}", "{\"message\":{\"type\""]
        {
            assert_eq!(Envelope::of(body.as_bytes()), Envelope::default(), "{body}");
        }
        assert_eq!(Envelope::of(b"{\"message\":{\"type\":\"made-up\"}}").label(), "other");
    }

    #[test]
    fn depth_elsewhere_does_not_hide_the_kind() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let body = format!("{{\"message\":{{\"artifact\":{deep},\"type\":\"hang\"}}}}");
        assert_eq!(Envelope::of(body.as_bytes()).label(), "hang");
    }

    #[test]
    fn only_the_calls_of_the_tool_are_left() {
        let call = |id: &str, name: &str| json!({ "id": id, "function": { "name": name } });
        let both = json!({ "message": { "type": "tool-calls", "toolCallList": [call("1", "a"), call("2", "b")] } });
        let left = calls_of_tool(both.to_string().into_bytes(), "b").expect("a message");
        let expected = json!({ "message": { "type": "tool-calls", "toolCallList": [call("2", "b")] } });
        assert_eq!(serde_json::from_slice::<Value>(&left).expect("JSON"), expected);
        let alone = format!(" {expected}").into_bytes();
        assert_eq!(calls_of_tool(alone.clone(), "b"), Some(alone), "as it came");
        assert_eq!(calls_of_tool(b"{\"when\":\"tomorrow\"}".to_vec(), "b"), None);
    }
}
