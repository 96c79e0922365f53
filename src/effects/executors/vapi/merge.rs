//! What is wanted of an assistant, laid over what is there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::tools::{definition_of, function_of};

/// How every hook of ours is called.
const OUR_HOOKS: &str = "voxanne:";

/// What belongs to a model whatever provider it is of.
const BESIDE_THE_PROVIDER: [&str; 4] = ["tools", "toolIds", "toolRefs", "knowledgeBase"];

/// Which tools of others do what the backend is to do, and know of.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Bypassing {
    /// What their kinds begin with, such as `google.`.
    kinds: Vec<String>,
    /// What their names or addresses hold.
    words: Vec<String>,
}

/// The tools at Vapi, and which of them an assistant is to have.
pub(super) struct Toolbox<'a> {
    at_vapi: BTreeMap<&'a str, &'a Value>,
    wanted: &'a BTreeMap<String, String>,
    ours: &'a BTreeSet<String>,
    bypassing: &'a Bypassing,
}

/// Whole fields of an assistant: as they are there, with what is wanted in them. Fields that nothing is wanted of are not among
/// them.
pub(super) fn fields(
    there: &Value,
    wanted: &Map<String, Value>,
    server: &Value,
    tools: &Toolbox,
) -> Map<String, Value> {
    let mut fields: Map<String, Value> = wanted
        .iter()
        .map(|(name, wanted)| {
            let value = match name.as_str() {
                "model" => model(&there[name], wanted, tools),
                "hooks" => hooks(&there[name], wanted),
                _ => merged(&there[name], wanted),
            };
            (name.clone(), value)
        })
        .collect();
    fields.insert("server".to_owned(), merged(&there["server"], server));
    fields
}

/// Objects are merged, anything else is replaced. The settings of one provider mean nothing to another.
fn merged(there: &Value, wanted: &Value) -> Value {
    match (there, wanted) {
        (Value::Object(known), Value::Object(fields)) if !is_of_another_provider(there, wanted) => {
            let mut known = known.clone();
            for (name, value) in fields {
                known.insert(name.clone(), merged(&there[name], value));
            }
            Value::Object(known)
        }
        _ => wanted.clone(),
    }
}

fn is_of_another_provider(there: &Value, wanted: &Value) -> bool {
    !wanted["provider"].is_null() && there["provider"] != wanted["provider"]
}

fn hooks(there: &Value, wanted: &Value) -> Value {
    let is_ours = |hook: &&Value| hook["name"].as_str().is_some_and(|name| name.starts_with(OUR_HOOKS));
    let theirs = items(there).iter().filter(|hook| !is_ours(hook));
    Value::Array(theirs.chain(items(wanted)).cloned().collect())
}

fn model(there: &Value, wanted: &Value, tools: &Toolbox) -> Value {
    let mut model = merged(there, wanted);
    for field in BESIDE_THE_PROVIDER {
        if model[field].is_null() && !there[field].is_null() {
            model[field] = there[field].clone();
        }
    }
    if let Value::Array(inline) = &mut model["tools"] {
        inline.retain(|tool| tools.may_stay(tool));
    }
    if let Value::Array(pinned) = &mut model["toolRefs"] {
        pinned.retain(|pin| pin["toolId"].as_str().is_some_and(|id| tools.is_kept(id)));
    }
    let kept = items(&there["toolIds"]).iter().filter_map(Value::as_str).filter(|id| tools.is_kept(id));
    let linked = tools.linked();
    let ids: Vec<&str> = kept.chain(linked.values().copied()).collect();
    model["toolIds"] = json!(ids);
    if let Value::Object(fields) = &mut model {
        fields.retain(|_, value| !value.is_null());
    }
    model
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Bypassing {
    fn takes_in(&self, tool: &Value) -> bool {
        let kind = tool["type"].as_str().unwrap_or_default();
        let texts = [&tool["type"], &tool["function"]["name"], &tool["name"], &tool["server"]["url"], &tool["url"]];
        self.kinds.iter().any(|begin| kind.starts_with(begin.as_str()))
            || texts.into_iter().filter_map(Value::as_str).any(|text| {
                let text = text.to_lowercase();
                self.words.iter().any(|word| text.contains(word.as_str()))
            })
    }
}

impl<'a> Toolbox<'a> {
    pub fn new(
        at_vapi: &'a [Value],
        wanted: &'a BTreeMap<String, String>,
        ours: &'a BTreeSet<String>,
        bypassing: &'a Bypassing,
    ) -> Self {
        let at_vapi = at_vapi.iter().filter_map(|tool| Some((tool["id"].as_str()?, tool))).collect();
        Self { at_vapi, wanted, ours, bypassing }
    }

    /// Ours that are there, by name.
    pub fn linked(&self) -> BTreeMap<&'a str, &'a str> {
        self.ours_at_vapi(true).collect()
    }

    /// Ours that Vapi lost.
    pub fn missing(&self) -> Vec<&'a str> {
        self.ours_at_vapi(false).map(|(name, _)| name).collect()
    }

    fn ours_at_vapi(&self, there: bool) -> impl Iterator<Item = (&'a str, &'a str)> {
        let wanted = self.wanted.iter().map(|(name, id)| (name.as_str(), id.as_str()));
        wanted.filter(move |(_, id)| self.at_vapi.contains_key(id) == there)
    }

    /// A linked tool of somebody else's that is there, and bypasses nobody. All of ours are linked anew.
    fn is_kept(&self, id: &str) -> bool {
        !self.ours.contains(id)
            && self.at_vapi.get(id).is_some_and(|tool| definition_of(tool).is_none() && self.may_stay(tool))
    }

    fn may_stay(&self, tool: &Value) -> bool {
        !self.bypassing.takes_in(tool) && !function_of(tool).is_some_and(|name| self.wanted.contains_key(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bypassing() -> Bypassing {
        Bypassing { kinds: vec!["google.".to_owned()], words: vec!["nango".to_owned()] }
    }

    #[test]
    fn what_nothing_is_wanted_of_stays() {
        let there = json!({ "summaryPlan": { "enabled": false, "timeoutSeconds": 9 }, "minMessagesThreshold": 3 });
        let wanted = json!({ "summaryPlan": { "enabled": true } });
        let merged = merged(&there, &wanted);
        assert_eq!(
            merged,
            json!({ "summaryPlan": { "enabled": true, "timeoutSeconds": 9 }, "minMessagesThreshold": 3 })
        );
    }

    #[test]
    fn settings_of_one_provider_are_not_told_to_another() {
        let there = json!({ "provider": "11labs", "voiceId": "paula", "stability": 0.3 });
        let same = merged(&there, &json!({ "provider": "11labs", "voiceId": "sarah" }));
        assert_eq!(same, json!({ "provider": "11labs", "voiceId": "sarah", "stability": 0.3 }));
        let other = merged(&there, &json!({ "provider": "openai", "voiceId": "nova" }));
        assert_eq!(other, json!({ "provider": "openai", "voiceId": "nova" }));
    }

    #[test]
    fn tools_of_others_stay_unless_they_bypass_us_and_ours_are_those_of_today() {
        let at_vapi = [
            json!({ "id": "new", "type": "function", "function": { "name": "takeMessage" } }),
            json!({ "id": "old", "type": "function", "function": { "name": "takeMessage" } }),
            json!({ "id": "theirs", "type": "query" }),
            json!({ "id": "calendar", "type": "google.calendar.event.create" }),
            json!({ "id": "nango", "type": "function", "function": { "name": "book" }, "server": { "url": "https://api.nango.dev/x" } }),
            json!({ "id": "forgotten", "type": "function", "function": { "name": "endCall" },
                    "server": { "headers": { "x-voxanne-definition": "0" } } }),
        ];
        let wanted =
            BTreeMap::from([("takeMessage".to_owned(), "new".to_owned()), ("lost".to_owned(), "x".to_owned())]);
        let ours = BTreeSet::from(["new".to_owned(), "old".to_owned()]);
        let bypassing = bypassing();
        let tools = Toolbox::new(&at_vapi, &wanted, &ours, &bypassing);
        assert_eq!(tools.missing(), ["lost"]);
        let there = json!({
            "provider": "openai", "model": "gpt-4o", "maxTokens": 300,
            "toolIds": ["old", "theirs", "calendar", "nango", "forgotten", "gone"],
            "toolRefs": [{ "toolId": "theirs", "version": "v1" }, { "toolId": "calendar", "version": "v1" }],
            "tools": [{ "type": "google.sheets.row.append" }, { "type": "dtmf" },
                      { "type": "function", "function": { "name": "takeMessage" } }],
        });
        let other = model(&there, &json!({ "provider": "google", "model": "gemini-2.5-flash" }), &tools);
        assert_eq!(
            other,
            json!({
                "provider": "google", "model": "gemini-2.5-flash",
                "toolIds": ["theirs", "new"],
                "toolRefs": [{ "toolId": "theirs", "version": "v1" }],
                "tools": [{ "type": "dtmf" }],
            })
        );
    }

    #[test]
    fn hooks_of_others_stay() {
        let there = json!([{ "name": "voxanne:silence", "on": "old" }, { "on": "call.ending" }]);
        let wanted = json!([{ "name": "voxanne:silence", "on": "new" }]);
        assert_eq!(
            hooks(&there, &wanted),
            json!([{ "on": "call.ending" }, { "name": "voxanne:silence", "on": "new" }])
        );
    }
}
