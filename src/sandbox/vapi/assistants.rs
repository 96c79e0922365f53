//! Assistants and function tools: made, changed field by field at the top, listed, deleted.
//!
//! A change replaces the whole of each field it names: who changes a part of `model` sends all of it. That a tool or an
//! assistant which is named must be there is from memory, as are the sentences.

use serde_json::{Map, Value, json};
use url::Url;

use super::{
    error::{Outcome, Refusal},
    shape,
    store::{self, State},
};

pub(super) fn create(state: &mut State, fields: &Map<String, Value>) -> Outcome<Value> {
    check(state, fields)?;
    let assistant = store::document(fields);
    state.assistants.push(assistant.clone());
    Ok(assistant)
}

pub(super) fn update(state: &mut State, id: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let place = store::place(&state.assistants, "Assistant", id)?;
    check(state, fields)?;
    Ok(change(&mut state.assistants[place], fields))
}

pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Value> {
    let place = store::place(&state.assistants, "Assistant", id)?;
    Ok(state.assistants.remove(place))
}

/// Also of one that is given with a call, or with an answer.
pub(super) fn check(state: &State, fields: &Map<String, Value>) -> Outcome<()> {
    shape::check("CreateAssistantDTO", fields)?;
    check_parts(state, fields)
}

pub(super) fn check_overrides(state: &State, overrides: &Value) -> Outcome<()> {
    let Some(fields) = overrides.as_object() else {
        return if overrides.is_null() { Ok(()) } else { Err(Refusal::bad("assistantOverrides must be an object")) };
    };
    shape::check("AssistantOverrides", fields)?;
    check_parts(state, fields)
}

fn check_parts(state: &State, fields: &Map<String, Value>) -> Outcome<()> {
    check_server(fields)?;
    let tools = fields.get("model").and_then(|model| model["toolIds"].as_array()).into_iter().flatten();
    for id in tools.filter_map(Value::as_str) {
        store::named(&state.tools, "Tool", "toolId", id)?;
    }
    Ok(())
}

/// Its shape is published without a word on what an address is.
fn check_server(fields: &Map<String, Value>) -> Outcome<()> {
    let Some(url) = fields.get("server").and_then(|server| server["url"].as_str()) else { return Ok(()) };
    let fits = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if fits { Ok(()) } else { Err(Refusal::problems(vec!["server.url must be a URL address".to_owned()])) }
}

pub(super) fn create_tool(state: &mut State, fields: &Map<String, Value>) -> Outcome<Value> {
    if fields.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "function") {
        let problem = "type must be one of the following values: function (the sandbox keeps no other)";
        return Err(Refusal::problems(vec![problem.to_owned()]));
    }
    shape::check("CreateFunctionToolDTO", fields)?;
    check_server(fields)?;
    let tool = store::document(fields);
    state.tools.push(tool.clone());
    Ok(tool)
}

pub(super) fn update_tool(state: &mut State, id: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let place = store::place(&state.tools, "Tool", id)?;
    shape::check("UpdateFunctionToolDTO", fields)?;
    check_server(fields)?;
    Ok(change(&mut state.tools[place], fields))
}

pub(super) fn delete_tool(state: &mut State, id: &str) -> Outcome<Value> {
    let place = store::place(&state.tools, "Tool", id)?;
    Ok(state.tools.remove(place))
}

fn change(document: &mut Value, fields: &Map<String, Value>) -> Value {
    store::merge(document, fields);
    document["updatedAt"] = json!(store::now());
    document.clone()
}
