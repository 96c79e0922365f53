//! The three questions of a call: who takes it, what a tool says, where to put somebody through.

use futures_util::future::join_all;
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;

use super::{
    Ask, Player,
    live::{Answered, ToolResult},
    post::{ASSISTANT_WITHIN, Target},
    turns::Turn,
};
use crate::sandbox::vapi::{assistants, store};

/// Id, tool and arguments.
type Called = (String, String, Value);

/// Why nobody takes a call.
pub(super) struct NotTaken(pub(super) &'static str);

/// What was answered, with and without the wrapper of the published schema.
fn unwrapped(answer: &Value) -> &Value {
    let inner = &answer["messageResponse"];
    if inner.is_object() { inner } else { answer }
}

impl Player {
    /// `assistant-request`, where the number names none itself.
    pub(super) async fn who_takes_it(&mut self) -> Result<(), NotTaken> {
        let Some(target) = self.target(None) else {
            return Err(NotTaken("call-start-error-neither-assistant-nor-server-set"));
        };
        let answer = self.ask("assistant-request", json!({}), target.within(ASSISTANT_WITHIN)).await;
        if !answer.is_taken() {
            self.note("Server", told(&answer));
            self.fall_back();
            return Err(NotTaken("assistant-request-failed"));
        }
        let said = unwrapped(&answer.body);
        if let Some(error) = said["error"].as_str() {
            self.note("Server", format!("refuses the call: {error}"));
            self.spoken_to_caller(error);
            return Err(NotTaken("assistant-request-returned-error"));
        }
        if said["destination"].is_object() {
            self.forward(&said["destination"]);
            return Err(NotTaken("assistant-request-returned-forwarding-phone-number"));
        }
        let overrides = said["assistantOverrides"].clone();
        let id = said["assistantId"].as_str();
        if id.is_none() && !said["assistant"].is_object() {
            self.note("Server", format!("names nobody: {said}"));
            return Err(NotTaken("assistant-request-returned-no-assistant"));
        }
        if let Err(problem) = self.is_taken_by(id, &said["assistant"], overrides) {
            self.note("Server", format!("names somebody who cannot be: {problem}"));
            return Err(NotTaken("assistant-request-returned-invalid-assistant"));
        }
        self.note("Server", format!("{} ({} ms)", self.taker(), answer.took.as_millis()));
        Ok(())
    }

    fn taker(&self) -> String {
        self.vapi.with_live(&self.id, |live| {
            let assistant = &live.heard.assistant;
            let name = assistant["name"].as_str().or(assistant["id"].as_str()).unwrap_or("an assistant");
            let longest = assistant["maxDurationSeconds"].as_f64().unwrap_or(super::LONGEST);
            format!("{name} takes the call, for {longest} seconds at most")
        })
    }

    /// Somebody saved, or somebody made for this call.
    pub(super) fn is_taken_by(&self, id: Option<&str>, transient: &Value, overrides: Value) -> Result<(), String> {
        let mut state = self.vapi.lock();
        let checked = match (id, transient.as_object()) {
            (Some(id), _) => {
                store::place(&state.assistants, "Assistant", id).map(|place| state.assistants[place].clone())
            }
            (None, Some(fields)) => assistants::check(&state, fields).map(|()| transient.clone()),
            (None, None) => return Err("neither assistantId nor assistant".to_owned()),
        };
        let checked = checked.and_then(|found| assistants::check_overrides(&state, &overrides).map(|()| found));
        let mut assistant = checked.map_err(|refusal| refusal.body()["message"].to_string())?;
        if let Some(call) = state.call_mut(&self.id) {
            match id {
                Some(id) => call["assistantId"] = json!(id),
                None => call["assistant"] = transient.clone(),
            }
            if overrides.is_object() {
                call["assistantOverrides"] = overrides.clone();
            }
        }
        if let Some(fields) = overrides.as_object() {
            store::merge(&mut assistant, fields);
        }
        if let Some(live) = state.lives.get_mut(&self.id) {
            live.is_recorded = assistant["artifactPlan"]["recordingEnabled"] != false;
            live.heard.assistant = assistant;
        }
        Ok(())
    }

    /// The number's own way out when nobody says who takes a call.
    fn fall_back(&mut self) {
        let destination = {
            let state = self.vapi.lock();
            let phone = state.call(&self.id).map(|call| call["phoneNumberId"].clone()).unwrap_or_default();
            let number = state.numbers.iter().find(|number| number["id"] == phone);
            number.map(|number| number["fallbackDestination"].clone()).unwrap_or_default()
        };
        if destination.is_object() {
            self.forward(&destination);
        }
    }

    pub(super) fn forward(&mut self, destination: &Value) {
        let to = destination["number"].as_str().or(destination["sipUri"].as_str()).unwrap_or("somebody");
        self.note("Vapi", format!("puts the caller through to {to}"));
        if let Some(call) = self.vapi.lock().call_mut(&self.id) {
            call["destination"] = destination.clone();
        }
    }

    /// One message for the tools of each server, all answers kept.
    pub(super) async fn use_tools(&mut self, asks: &[Ask]) {
        let calls: Vec<Called> = asks
            .iter()
            .map(|ask| (format!("call_{}", Uuid::new_v4().simple()), ask.tool.clone(), ask.arguments.clone()))
            .collect();
        self.vapi.with_live(&self.id, |live| {
            let at = live.now();
            live.turns.push(Turn::Calls { calls: calls.clone(), at });
        });
        for (_, tool, arguments) in &calls {
            self.note("Assistant", format!("asks {tool} {arguments}"));
        }
        let mut left = calls;
        while let Some((_, first, _)) = left.first() {
            let Some(target) = self.target(self.definition(first).as_ref()) else { return };
            let same =
                |call: &Called| self.target(self.definition(&call.1).as_ref()).is_some_and(|one| one.url == target.url);
            let (these, others): (Vec<_>, Vec<_>) = left.into_iter().partition(same);
            let answer = self.ask("tool-calls", self.tool_calls(&these), target).await;
            self.hear(&these, &answer);
            left = others;
        }
    }

    /// The same asked again and again, before anybody has answered.
    pub(super) async fn barge_in(&mut self, ask: &Ask, times: u32) {
        let Some(target) = self.target(self.definition(&ask.tool).as_ref()) else { return };
        let mut attempts: Vec<(Vec<Called>, Player, Target)> = Vec::new();
        for _ in 0..times {
            let calls = vec![(format!("call_{}", Uuid::new_v4().simple()), ask.tool.clone(), ask.arguments.clone())];
            self.vapi.with_live(&self.id, |live| {
                let at = live.now();
                live.turns.push(Turn::Calls { calls: calls.clone(), at });
            });
            self.note("Assistant", format!("asks {} {}", ask.tool, ask.arguments));
            attempts.push((calls, self.beside(), target.clone()));
        }
        let asked = attempts.into_iter().map(|(calls, mut beside, target)| async move {
            let fields = beside.tool_calls(&calls);
            let answer = beside.ask("tool-calls", fields, target).await;
            (calls, answer)
        });
        for (calls, answer) in join_all(asked).await {
            self.hear(&calls, &answer);
        }
    }

    fn hear(&self, calls: &[Called], answer: &Answered) {
        for (id, tool, arguments) in calls {
            let result = read_result(id, tool, arguments, answer);
            let text = result.result.clone().or_else(|| result.error.clone()).unwrap_or_default();
            self.note("Tool", format!("{tool}: {text} ({} ms)", answer.took.as_millis()));
            self.vapi.with_live(&self.id, |live| {
                let at = live.now() + Duration::milliseconds(1);
                live.turns.push(Turn::Result { id: id.clone(), tool: tool.clone(), text, at });
                live.heard.results.push(result);
            });
        }
    }

    /// The tool as the assistant knows it.
    pub(super) fn definition(&self, tool: &str) -> Option<Value> {
        let state = self.vapi.lock();
        let model = &state.lives[&self.id].heard.assistant["model"];
        let own = model["tools"].as_array().into_iter().flatten();
        let saved = model["toolIds"].as_array().into_iter().flatten();
        let saved = saved.filter_map(|id| state.tools.iter().find(|tool| tool["id"] == *id));
        own.chain(saved).find(|one| one["function"]["name"] == tool || one["type"] == tool).cloned()
    }

    fn tool_calls(&self, calls: &[Called]) -> Value {
        let asked = |id: &str, tool: &str, arguments: &Value| json!({ "id": id, "type": "function", "function": { "name": tool, "arguments": arguments } });
        let list: Vec<Value> = calls.iter().map(|(id, tool, arguments)| asked(id, tool, arguments)).collect();
        let with: Vec<Value> = calls
            .iter()
            .map(|(id, tool, arguments)| {
                let known = self.definition(tool).unwrap_or_default();
                let function = match known["function"].is_object() {
                    true => known["function"].clone(),
                    false => json!({ "name": tool }),
                };
                let mut with = json!({ "type": "function", "function": function, "async": false, "messages": [] });
                if known["server"].is_object() {
                    with["server"] = known["server"].clone();
                }
                with["toolCall"] = asked(id, tool, arguments);
                with
            })
            .collect();
        json!({ "toolCallList": list, "toolWithToolCallList": with })
    }

    /// `transfer-destination-request`. Answers whether the caller was put through.
    pub(super) async fn where_to(&mut self) -> bool {
        let Some(target) = self.target(None) else { return false };
        self.note("Assistant", "asks where to put the caller through");
        let answer = self.ask("transfer-destination-request", json!({}), target).await;
        let said = unwrapped(&answer.body).clone();
        if answer.is_taken() && said["destination"].is_object() {
            self.forward(&said["destination"]);
            if let Some(text) = said["message"]["message"].as_str().or(said["message"]["content"].as_str()) {
                self.spoken_to_caller(text);
            }
            return true;
        }
        match said["error"].as_str() {
            Some(error) => self.note("Server", format!("puts nobody through: {error}")),
            None => self.note("Server", told(&answer)),
        }
        false
    }
}

/// By its id; an answer without ids is nobody's, and the body of a refusal counts as well.
fn read_result(id: &str, tool: &str, arguments: &Value, answer: &Answered) -> ToolResult {
    let results = unwrapped(&answer.body)["results"].as_array();
    let found = results.into_iter().flatten().find(|one| one["toolCallId"] == id);
    let text = |name: &str| found.and_then(|one| one[name].as_str()).map(str::to_owned);
    let (result, mut error) = (text("result"), text("error"));
    if result.is_none() && error.is_none() {
        error = Some(match &answer.error {
            Some(why) => format!("No result returned: {why}"),
            None => "No result returned.".to_owned(),
        });
    }
    ToolResult { tool: tool.to_owned(), arguments: arguments.clone(), tool_call_id: id.to_owned(), result, error }
}

fn told(answer: &Answered) -> String {
    match (answer.status, &answer.error) {
        (Some(status), _) => format!("answers {status}: {}", answer.body),
        (None, Some(why)) => format!("does not answer: {why}"),
        (None, None) => "does not answer".to_owned(),
    }
}
