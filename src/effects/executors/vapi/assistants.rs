//! `vapi.sync_assistant` and `vapi.drop_assistant`: an agent, as Vapi has it.
//!
//! Vapi replaces the whole of each field that a change names, so an assistant is fetched, what is wanted is laid over what is
//! there (see `merge`), and whole fields go back. What was set at Vapi by hand and is none of ours stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    MOST, NAME, Trouble, Vapi, id,
    merge::{Bypassing, Toolbox, fields},
};
use crate::{
    args,
    effects::{
        Effect, Executor, Verdict,
        executors::{name::Name, payload},
    },
};

/// Makes an agent's assistant what the agent is when this runs.
pub struct VapiSyncAssistant(pub Vapi);

/// One that is not there is gone.
pub struct VapiDropAssistant(pub Vapi);

#[derive(Deserialize)]
struct Sync {
    org_id: Uuid,
    agent_id: Uuid,
}

/// What `private.assistant_wish` says.
#[derive(Deserialize)]
struct Wish {
    vapi_assistant_id: Option<String>,
    name: Name,
    version: i64,
    assistant: Map<String, Value>,
    tools: BTreeMap<String, String>,
    our_tools: BTreeSet<String>,
    bypassing: Bypassing,
}

#[derive(Deserialize)]
struct Drop {
    vapi_assistant_id: Option<String>,
    name: Name,
}

impl Executor for VapiSyncAssistant {
    /// An agent that is gone meanwhile has no assistant to be made.
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Sync = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.sync(&wanted).await {
            Ok(result) => Verdict::Done(result),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiSyncAssistant {
    async fn sync(&self, wanted: &Sync) -> Result<Value, Trouble> {
        let args = args! { p_org_id: wanted.org_id, p_agent_id: wanted.agent_id };
        let Some(wish) = self.0.keyring.ask::<Wish>("private.assistant_wish", args).await? else {
            return Ok(json!({}));
        };
        let at_vapi = self.0.all("tool", Some(MOST)).await?;
        let tools = Toolbox::new(&at_vapi, &wish.tools, &wish.our_tools, &wish.bypassing);
        let assistant = match self.0.known_assistant(&wish).await? {
            Some(assistant) => assistant,
            None => self.0.made_assistant(&wish, &tools).await?,
        };
        let id = id(&assistant)?;
        self.0.change_assistant(&id, &fields(&assistant, &wish.assistant, &self.0.server(), &tools)).await?;
        Ok(json!({
            "vapi_assistant_id": id,
            "version": wish.version,
            "tools": tools.linked(),
            "missing": tools.missing(),
        }))
    }
}

impl Executor for VapiDropAssistant {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Drop = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.drop(&wanted).await {
            Ok(dropped) => Verdict::Done(json!({ "dropped": dropped })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiDropAssistant {
    async fn drop(&self, wanted: &Drop) -> Result<bool, Trouble> {
        let mut ids: BTreeSet<String> = wanted.vapi_assistant_id.iter().cloned().collect();
        for assistant in self.0.assistants(&wanted.name).await? {
            ids.insert(id(&assistant)?);
        }
        let mut dropped = false;
        for id in ids {
            dropped |= self.0.delete(&["assistant", &id]).await?;
        }
        Ok(dropped)
    }
}

impl Vapi {
    /// An agent's assistant: by its id, else by its name, when whoever made it never heard of it.
    async fn known_assistant(&self, wish: &Wish) -> Result<Option<Value>, Trouble> {
        if let Some(id) = &wish.vapi_assistant_id {
            match self.get(&["assistant", id]).await {
                Ok(assistant) => return Ok(Some(assistant)),
                Err(Trouble::No(problem)) if problem.is_not_found() => {}
                Err(trouble) => return Err(trouble),
            }
        }
        self.only_assistant(&wish.name).await
    }

    /// A request that was given up may be carried out after we looked for what it made, so there is one more look behind.
    async fn made_assistant(&self, wish: &Wish, tools: &Toolbox<'_>) -> Result<Value, Trouble> {
        let mut body = fields(&Value::Null, &wish.assistant, &self.server(), tools);
        body.retain(|_, value| !value.is_null());
        body.insert("name".to_owned(), json!(wish.name.within(NAME)));
        let made = self.write(self.http.post(self.url(&["assistant"])), &Value::Object(body)).await?;
        id(&made)?;
        Ok(self.only_assistant(&wish.name).await?.unwrap_or(made))
    }

    async fn change_assistant(&self, id: &str, fields: &Map<String, Value>) -> Result<(), Trouble> {
        let body = Value::Object(fields.clone());
        match self.write(self.http.patch(self.url(&["assistant", id])), &body).await {
            Ok(_) => Ok(()),
            Err(Trouble::No(problem)) if problem.is_not_found() => {
                Err(Trouble::later("The assistant was taken away at Vapi meanwhile."))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The oldest of a name. Others of it were made by requests whose answers were lost: nobody knows them, and they go.
    async fn only_assistant(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let mut assistants = self.assistants(name).await?;
        assistants.sort_by_key(|assistant| (assistant["createdAt"].to_string(), assistant["id"].to_string()));
        let mut assistants = assistants.into_iter();
        let first = assistants.next();
        for another in assistants {
            self.delete(&["assistant", &id(&another)?]).await?;
        }
        Ok(first)
    }

    async fn assistants(&self, name: &Name) -> Result<Vec<Value>, Trouble> {
        let mut assistants = self.all("assistant", Some(MOST)).await?;
        assistants.retain(|assistant| assistant["name"] == name.within(NAME).as_str());
        Ok(assistants)
    }
}
