//! Agents: who answers and who calls, what they were before, what they can do, and how they sound.

use poem::web::Data;
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::{MaybeUndefined, ToJSON},
};
use serde_json::Value;
use uuid::Uuid;

use super::agent_types::{Agent, AgentTool, AgentVersion, CallSettings, PlacedTestCall, Voice};
use crate::{
    api::{
        Reply, SignedIn, Tag,
        follow::{Followed, Promise},
    },
    args,
    error::{Error, Result},
    server::App,
};

/// What a person says of an agent, the same when it is made and when it is changed.
macro_rules! agent_settings {
    ($(#[$said:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$said])*
        #[derive(Object)]
        #[oai(deny_unknown_fields)]
        struct $name {
            $($own)*
            /// One of the organisation's numbers, by its `vapi_phone_id`: see `GET /api/agents/phone-numbers`.
            vapi_phone_number_id: MaybeUndefined<String>,
            system_prompt: MaybeUndefined<String>,
            first_message: MaybeUndefined<String>,
            /// With `voice_id`: see `GET /api/voices`. Null is the usual voice.
            voice_provider: MaybeUndefined<String>,
            voice_id: MaybeUndefined<String>,
            /// With `model`. Null is the usual model.
            model_provider: MaybeUndefined<String>,
            model: MaybeUndefined<String>,
            /// Such as `en-GB`.
            language: MaybeUndefined<String>,
            /// From 0 to 2.
            temperature: MaybeUndefined<f64>,
            /// From 10 seconds to twelve hours; a call that its wallet cannot pay for ends before.
            max_call_seconds: MaybeUndefined<i32>,
            /// From 10 to 1000: so long a silence ends a call.
            silence_timeout_seconds: MaybeUndefined<i32>,
            /// Whom callers are passed on to, in international form.
            transfer_number: MaybeUndefined<String>,
            /// What an outbound agent says to a machine; without it, it hangs up.
            voicemail_message: MaybeUndefined<String>,
            recording_enabled: MaybeUndefined<bool>,
            /// Said before anything else while calls are recorded.
            recording_consent_text: MaybeUndefined<String>,
            /// `{"mon": [["09:00", "17:00"]], …}` in the clinic's zone; `{}` is always.
            business_hours: MaybeUndefined<Value>,
            is_active: MaybeUndefined<bool>,
        }
    };
}

agent_settings! {
    /// A new agent. What is absent is as usual.
    NewAgent {
        name: String,
        /// `inbound`, who answers, or `outbound`, who calls. It stays.
        direction: String,
    }
}

agent_settings! {
    /// What to change. Absent leaves a field as it is, null clears it.
    AgentPatch {
        name: MaybeUndefined<String>,
    }
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct Rollback {
    version: i32,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TestCallWish {
    /// In international form.
    phone_number: String,
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct VoiceWish {
    provider: String,
    voice_id: String,
}

/// Absent leaves it as it is.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct ToolWish {
    enabled: Option<bool>,
    config: Option<Value>,
}

/// What to change. Absent leaves a field as it is.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct CallSettingsPatch {
    redact_identifiers: MaybeUndefined<bool>,
    redact_health: MaybeUndefined<bool>,
    /// `{"mon": [["08:00", "20:00"]], …}` in the clinic's zone.
    calling_hours: MaybeUndefined<Value>,
}

pub struct AgentsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Agents")]
impl AgentsApi {
    /// The organisation's agents
    #[oai(path = "/agents", method = "get", operation_id = "list_agents")]
    async fn list_agents(&self, caller: SignedIn) -> Result<Reply<Vec<Agent>>> {
        caller.read("list_agents", args! {}).await
    }

    /// Make an agent
    ///
    /// It is there at once; its assistant at Vapi follows (`synced_version`, `tools_status`, and the live event
    /// `agent.synced`). The numbers the organisation has are linked to it.
    #[oai(path = "/agents", method = "post", operation_id = "create_agent")]
    async fn create_agent(&self, caller: SignedIn, agent: Json<NewAgent>) -> Result<Reply<Agent, 201>> {
        caller.write("create_agent", args! { p_settings: agent.0.to_json() }).await
    }

    /// What agents can do
    #[oai(path = "/agents/tools", method = "get", operation_id = "list_agent_tools")]
    async fn list_agent_tools(&self, caller: SignedIn) -> Result<Reply<Vec<AgentTool>>> {
        caller.read("list_agent_tools", args! {}).await
    }

    /// Say whether agents use a tool, and how
    #[oai(path = "/agents/tools/:name", method = "put", operation_id = "set_agent_tool")]
    async fn set_agent_tool(
        &self,
        caller: SignedIn,
        name: Path<String>,
        wish: Json<ToolWish>,
    ) -> Result<Reply<AgentTool>> {
        let args = args! { p_tool_name: name.0, p_enabled: wish.0.enabled, p_config: wish.0.config };
        caller.write("set_agent_tool", args).await
    }

    /// How calls are kept, and when people are called
    #[oai(path = "/agents/call-settings", method = "get", operation_id = "get_call_settings")]
    async fn get_call_settings(&self, caller: SignedIn) -> Result<Reply<CallSettings>> {
        caller.read("get_call_settings", args! {}).await
    }

    /// Change how calls are kept, and when people are called
    #[oai(path = "/agents/call-settings", method = "patch", operation_id = "update_call_settings")]
    async fn update_call_settings(
        &self,
        caller: SignedIn,
        patch: Json<CallSettingsPatch>,
    ) -> Result<Reply<CallSettings>> {
        caller.write("update_call_settings", args! { p_patch: patch.0.to_json() }).await
    }

    /// One agent
    #[oai(path = "/agents/:id", method = "get", operation_id = "get_agent")]
    async fn get_agent(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<Agent>> {
        caller.read("get_agent", args! { p_agent_id: id.0 }).await
    }

    /// Change an agent
    ///
    /// What it was is kept as a version. With `If-Match: "<version>"` only if nobody else has changed it meanwhile.
    #[oai(path = "/agents/:id", method = "patch", operation_id = "update_agent")]
    async fn update_agent(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        patch: Json<AgentPatch>,
        /// The version that is being changed.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Reply<Agent>> {
        let args = args! { p_agent_id: id.0, p_patch: patch.0.to_json(), p_version: version(if_match.0)? };
        caller.write("update_agent", args).await
    }

    /// Delete an agent
    ///
    /// It answers and calls no more; the number that rang for it rings for the next. It stays for the calls it had.
    #[oai(path = "/agents/:id", method = "delete", operation_id = "delete_agent")]
    async fn delete_agent(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<Agent>> {
        caller.write("delete_agent", args! { p_agent_id: id.0 }).await
    }

    /// What an agent was before
    ///
    /// The newest first, up to `limit` (50, 200 at most); `before` goes on from a version.
    #[oai(path = "/agents/:id/versions", method = "get", operation_id = "list_agent_versions")]
    async fn list_agent_versions(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        before: Query<Option<i32>>,
        limit: Query<Option<i32>>,
    ) -> Result<Reply<Vec<AgentVersion>>> {
        let args = args! { p_agent_id: id.0, p_before: before.0, p_limit: limit.0.unwrap_or(50) };
        caller.read("list_agent_versions", args).await
    }

    /// Make an agent what it was
    ///
    /// A save like any other: it can be rolled back, too.
    #[oai(path = "/agents/:id/rollback", method = "post", operation_id = "rollback_agent")]
    async fn rollback_agent(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        wish: Json<Rollback>,
        /// The version that is being changed.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Reply<Agent>> {
        let current = version(if_match.0)?;
        let args = args! { p_agent_id: id.0, p_version: wish.0.version, p_current_version: current };
        caller.write("rollback_agent", args).await
    }

    /// Have an agent call a phone
    ///
    /// A real call, paid for like any other, also by an agent that only answers. 202 when Vapi takes longer than 20 seconds: the
    /// operation says what became of it.
    #[oai(path = "/agents/:id/test-call", method = "post", operation_id = "test_call")]
    async fn test_call(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        wish: Json<TestCallWish>,
        Data(app): Data<&App>,
    ) -> Result<Followed<PlacedTestCall>> {
        let args = args! { p_agent_id: id.0, p_phone_number: wish.0.phone_number };
        let promise = Promise::of(caller.0.write("test_call", args).await?)?;
        promise.read(&caller, app, app.config.patience(), "placed_test_call").await
    }

    /// Voices
    #[oai(path = "/voices", method = "get", operation_id = "list_voices")]
    async fn list_voices(
        &self,
        caller: SignedIn,
        /// Such as `vapi` or `11labs`.
        provider: Query<Option<String>>,
    ) -> Result<Reply<Vec<Voice>>> {
        caller.read("list_voices", args! { p_provider: provider.0 }).await
    }

    /// Listen to a voice
    ///
    /// Answers where its provider's own sample is (`preview_url`). Vapi has no way to have a voice say something outside a
    /// call, so a text of one's own is heard in a test call.
    #[oai(path = "/voice-preview", method = "post", operation_id = "preview_voice")]
    async fn preview_voice(&self, caller: SignedIn, wish: Json<VoiceWish>) -> Result<Reply<Voice>> {
        let VoiceWish { provider, voice_id } = wish.0;
        caller.write("preview_voice", args! { p_provider: provider, p_voice_id: voice_id }).await
    }
}

/// `"3"`, as an entity tag is written, or a bare 3; `*` is any.
fn version(if_match: Option<String>) -> Result<Option<i32>> {
    match if_match.as_deref().map(|text| text.trim().trim_start_matches("W/").trim_matches('"')) {
        None | Some("*") => Ok(None),
        Some(version) => version.parse().map(Some).map_err(|_| Error::code("invalid_value")),
    }
}
