//! The shapes of the agents' functions' answers. Fields are columns; what Postgres may answer with null is an Option.

#![allow(dead_code, reason = "documents the shapes; Postgres writes the JSON")]

use poem_openapi::Object;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

/// Who answers and who calls.
#[derive(Object)]
pub struct Agent {
    org_id: Uuid,
    id: Uuid,
    name: String,
    /// `inbound` or `outbound`.
    direction: String,
    /// Null until Vapi has it.
    vapi_assistant_id: Option<String>,
    /// The number it speaks through.
    vapi_phone_number_id: Option<String>,
    system_prompt: String,
    first_message: Option<String>,
    voice_provider: Option<String>,
    voice_id: Option<String>,
    model_provider: Option<String>,
    model: Option<String>,
    language: String,
    temperature: f64,
    max_call_seconds: i32,
    silence_timeout_seconds: i32,
    transfer_number: Option<String>,
    voicemail_message: Option<String>,
    recording_enabled: bool,
    recording_consent_text: Option<String>,
    /// `{"mon": [["09:00", "17:00"]], …}`; `{}` is always.
    business_hours: Value,
    is_active: bool,
    version: i32,
    /// `pending`, `linked` or `failed`.
    tools_status: String,
    /// The version that Vapi has.
    synced_version: Option<i32>,
    synced_at: Option<OffsetDateTime>,
    /// Why Vapi does not have the newest one.
    sync_error: Option<String>,
    deleted_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

/// What an agent was until it was changed.
#[derive(Object)]
pub struct AgentVersion {
    org_id: Uuid,
    agent_id: Uuid,
    version: i32,
    settings: Value,
    /// Who changed it from this; null for an API key.
    saved_by: Option<Uuid>,
    /// When it was changed from this.
    created_at: OffsetDateTime,
}

/// Something agents can do.
#[derive(Object)]
pub struct AgentTool {
    tool_name: String,
    description: String,
    enabled: bool,
    config: Value,
    /// `unused`, `pending`, `linked` or `failed`.
    status: String,
    vapi_tool_id: Option<String>,
    updated_at: Option<OffsetDateTime>,
}

/// A voice an agent may speak with.
#[derive(Object)]
pub struct Voice {
    provider: String,
    voice_id: String,
    name: String,
    /// Such as `en-GB`; `multi` for several.
    language: String,
    /// `female`, `male` or `neutral`.
    gender: String,
    about: String,
    /// The provider's own sample.
    preview_url: Option<String>,
    /// The one of agents that name none.
    is_default: bool,
    /// What else Vapi is told of it.
    options: Value,
    edited_at: Option<OffsetDateTime>,
}

/// How calls are kept, and when people are called.
#[derive(Object)]
pub struct CallSettings {
    org_id: Uuid,
    /// Card, national insurance and social security numbers are taken out of transcripts.
    redact_identifiers: bool,
    /// Health details as well.
    redact_health: bool,
    /// `{"mon": [["08:00", "20:00"]], …}` in the clinic's zone.
    calling_hours: Value,
    /// Null while everything is as usual.
    updated_at: Option<OffsetDateTime>,
}

/// A call that an agent makes to be heard.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub struct PlacedTestCall {
    call_id: Uuid,
    vapi_call_id: Option<String>,
    phone: String,
    /// `initiated`.
    status: String,
}
