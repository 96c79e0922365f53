//! An agent as the database would have it, and Vapi beside it.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    db::Args,
    effects::{Effect, Registry, Verdict},
    error::Result,
    sandbox::{Sandbox, SandboxConfig},
    vault::Strongroom,
};

use crate::billing::provider::{effect, registry_with};

/// Our secret, which Vapi proves itself with. No error may hold it.
pub const SECRET: &str = "webhook_planted";

/// What `private.assistant_wish` says.
#[derive(Clone, Default)]
pub struct Wish(Arc<Mutex<Value>>);

impl Strongroom for Wish {
    fn read<'a>(&'a self, function: &'a str, _: Args) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>> {
        assert_eq!(function, "private.assistant_wish");
        Box::pin(async { Ok(self.0.lock().expect("wish").clone()) })
    }
}

/// One agent, without a tool at first.
pub struct Desk {
    pub sandbox: Sandbox,
    pub agent_id: Uuid,
    wish: Wish,
    executors: Registry,
}

impl Desk {
    pub async fn open() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let mut settings = sandbox.settings();
        settings.retain(|(name, _)| !matches!(*name, "VAULT_KEYS" | "VAPI_WEBHOOK_SECRET"));
        settings.push(("BACKEND_URL", "https://api.voxanne.test".to_owned()));
        settings.push(("VAPI_WEBHOOK_SECRET", SECRET.to_owned()));
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let wish = Wish::default();
        let executors = registry_with(&settings, wish.clone());
        let desk = Self { sandbox, agent_id: Uuid::new_v4(), wish, executors };
        desk.wishes(|_| {});
        desk
    }

    /// What the agent is, with this changed.
    pub fn wishes(&self, change: impl FnOnce(&mut Value)) {
        let mut wish = json!({
            "vapi_assistant_id": null,
            "name": format!("voxanne:{}", self.agent_id),
            "version": 3,
            "assistant": {
                "firstMessage": "Hello.",
                "model": {
                    "provider": "openai", "model": "gpt-4.1-mini", "temperature": 0.7,
                    "messages": [{ "role": "system", "content": "You are Ada." }],
                },
                "voice": { "provider": "vapi", "voiceId": "Clara", "version": 2 },
                "voicemailMessage": null,
                "hooks": [{
                    "name": "voxanne:silence", "on": "customer.speech.timeout",
                    "options": { "timeoutSeconds": 30, "triggerMaxCount": 1 },
                    "do": [{ "type": "tool", "tool": { "type": "endCall" } }],
                }],
            },
            "tools": {},
            "our_tools": [],
            "bypassing": { "kinds": ["google.", "gohighlevel."], "words": ["nango"] },
        });
        change(&mut wish);
        *self.wish.0.lock().expect("wish") = wish;
    }

    pub fn is_gone(&self) {
        *self.wish.0.lock().expect("wish") = Value::Null;
    }

    /// `voxanne:<id>`, as short as Vapi has it.
    pub fn name(&self) -> String {
        format!("voxanne:{}", self.agent_id.simple())
    }

    pub fn sync(&self) -> Effect {
        effect("vapi.sync_assistant", json!({ "org_id": Uuid::new_v4(), "agent_id": self.agent_id }))
    }

    pub fn register(&self, hash: &str, known: Option<&str>) -> Effect {
        let parameters = json!({ "type": "object", "properties": { "date": { "type": "string" } } });
        effect(
            "vapi.register_tool",
            json!({
                "tool_name": "checkAvailability", "definition_hash": hash, "description": "Looks for free times.",
                "parameters": parameters, "vapi_tool_id": known,
            }),
        )
    }

    pub async fn run(&self, effect: &Effect) -> Verdict {
        self.executors.run(effect).await
    }

    pub async fn done(&self, effect: &Effect) -> Value {
        match self.run(effect).await {
            Verdict::Done(result) => result,
            other => panic!("not done: {other:?}"),
        }
    }

    /// As the worker does: again after each failure that may pass.
    pub async fn done_in_the_end(&self, effect: &Effect) -> Value {
        for _ in 0..4 {
            match self.run(effect).await {
                Verdict::Done(result) => return result,
                Verdict::Retry { error, .. } => assert!(!error.contains(SECRET), "{error}"),
                Verdict::Refused { error } => panic!("refused: {error}"),
            }
        }
        panic!("four attempts were not enough");
    }

    /// The one assistant there is.
    #[track_caller]
    pub fn assistant(&self) -> Value {
        let assistants = self.sandbox.vapi.assistants();
        assert_eq!(assistants.len(), 1, "{assistants:?}");
        assistants[0].clone()
    }
}
