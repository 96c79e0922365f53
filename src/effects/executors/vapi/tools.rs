//! `vapi.register_tool` and `vapi.drop_tool`: what agents can do, registered once for everybody.
//!
//! A tool says in a header which definition it is of: so it is found again when the answer to its making was lost.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{MOST, Trouble, Vapi, id};
use crate::effects::{Effect, Executor, Verdict, executors::payload};

const DEFINITION: &str = "x-voxanne-definition";

pub struct VapiRegisterTool(pub Vapi);

/// One that is not there is gone.
pub struct VapiDropTool(pub Vapi);

#[derive(Deserialize)]
struct Register {
    tool_name: String,
    definition_hash: String,
    description: String,
    parameters: Value,
    /// The one that agents are linked to, where there is one.
    vapi_tool_id: Option<String>,
}

#[derive(Deserialize)]
struct Drop {
    vapi_tool_id: String,
}

/// The hash of the definition that a tool of ours is of.
pub(super) fn definition_of(tool: &Value) -> Option<&str> {
    tool["server"]["headers"][DEFINITION].as_str()
}

pub(super) fn function_of(tool: &Value) -> Option<&str> {
    tool["function"]["name"].as_str()
}

impl Executor for VapiRegisterTool {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Register = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.register(&wanted).await {
            Ok(id) => Verdict::Done(json!({ "vapi_tool_id": id })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiRegisterTool {
    /// One that is there is told again where we are and what proves it, which may be different by now.
    async fn register(&self, wanted: &Register) -> Result<String, Trouble> {
        let body = self.body(wanted);
        let known = match self.only_one(wanted).await? {
            Some(tool) => tool,
            None => {
                let made = self.0.write(self.0.http.post(self.0.url(&["tool"])), &body).await?;
                id(&made)?;
                return id(&self.only_one(wanted).await?.unwrap_or(made));
            }
        };
        let id = id(&known)?;
        let change = json!({ "function": body["function"], "server": body["server"], "async": body["async"] });
        match self.0.write(self.0.http.patch(self.0.url(&["tool", &id])), &change).await {
            Ok(_) => Ok(id),
            Err(Trouble::No(problem)) if problem.is_not_found() => {
                Err(Trouble::later("The tool was taken away at Vapi meanwhile."))
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn body(&self, wanted: &Register) -> Value {
        let mut server = self.0.server();
        server["headers"][DEFINITION] = json!(wanted.definition_hash);
        json!({
            "type": "function",
            "async": false,
            "function": {
                "name": wanted.tool_name, "description": wanted.description, "parameters": wanted.parameters,
            },
            "server": server,
        })
    }

    /// The one that agents are linked to, else the oldest of this definition. Nobody knows the others, which were made by requests
    /// whose answers were lost: they go.
    async fn only_one(&self, wanted: &Register) -> Result<Option<Value>, Trouble> {
        let mut tools = self.0.all("tool", Some(MOST)).await?;
        tools.retain(|tool| {
            let is_the_one = wanted.vapi_tool_id.as_deref().is_some_and(|id| tool["id"] == id);
            let is_of_it = definition_of(tool) == Some(&wanted.definition_hash);
            is_the_one || (is_of_it && function_of(tool) == Some(&wanted.tool_name))
        });
        let is_another = |tool: &Value| wanted.vapi_tool_id.as_deref().is_none_or(|id| tool["id"] != id);
        tools.sort_by_key(|tool| (is_another(tool), tool["createdAt"].to_string(), tool["id"].to_string()));
        let mut tools = tools.into_iter();
        let first = tools.next();
        for another in tools {
            self.0.delete(&["tool", &id(&another)?]).await?;
        }
        Ok(first)
    }
}

impl Executor for VapiDropTool {
    async fn run(&self, effect: &Effect) -> Verdict {
        let Drop { vapi_tool_id } = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.0.delete(&["tool", &vapi_tool_id]).await {
            Ok(dropped) => Verdict::Done(json!({ "dropped": dropped })),
            Err(trouble) => trouble.verdict(),
        }
    }
}
