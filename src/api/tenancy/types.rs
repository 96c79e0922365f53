//! The shapes of the tenancy functions' answers. Fields are columns; what Postgres may answer with null is an Option.

use poem_openapi::{Enum, Object};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::api::billing::types::Wallet;

/// What a person may do: a user works with patients, a manager also with agents and settings, an admin also with money
/// and people.
#[derive(Enum, Serialize, Clone, Copy)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Manager,
    Admin,
}

#[derive(Enum, Serialize, Clone, Copy)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    Active,
    Inactive,
    Suspended,
}

/// A customer: the clinic and its settings.
#[derive(Object)]
pub struct Organization {
    pub id: Uuid,
    pub name: String,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub website: Option<String>,
    /// An IANA time zone.
    pub timezone: String,
    pub stripe_customer_id: Option<String>,
    /// Whose telephone account is used: `byoc`, `managed` or `none`.
    pub telephony_mode: String,
    pub settings: Value,
    pub clinic_name: Option<String>,
    pub specialty: Option<String>,
    /// Transcripts older than this are erased; null keeps them.
    pub retention_transcripts_days: Option<i32>,
    /// Recordings older than this are erased; null keeps them.
    pub retention_recordings_days: Option<i32>,
    pub onboarding_completed_at: Option<OffsetDateTime>,
    pub suspended_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// A person in the organisation.
#[derive(Object)]
pub struct Member {
    pub org_id: Uuid,
    pub id: Uuid,
    pub email: Option<String>,
    pub full_name: Option<String>,
    pub avatar_url: Option<String>,
    pub role: Role,
    /// E.164.
    pub phone: Option<String>,
    pub status: MemberStatus,
    pub last_login: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// An invited email. The token is in the email alone.
#[derive(Object)]
pub struct Invitation {
    pub org_id: Uuid,
    pub id: Uuid,
    pub email: String,
    pub role: Role,
    pub full_name: Option<String>,
    /// `pending`, `accepted`, `revoked` or `expired`.
    pub status: String,
    pub invited_by: Option<Uuid>,
    pub accepted_by: Option<Uuid>,
    pub expires_at: OffsetDateTime,
    pub accepted_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
}

/// A key another server acts with. The key itself is shown once, when it is made.
#[derive(Object)]
pub struct ApiKey {
    pub org_id: Uuid,
    pub id: Uuid,
    pub name: String,
    /// The part of the key that is not secret: `vxk_<prefix>_…`.
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_by: Option<Uuid>,
    pub expires_at: Option<OffsetDateTime>,
    pub last_used_at: Option<OffsetDateTime>,
    pub revoked_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
}

#[derive(Object)]
pub struct CreatedApiKey {
    /// The whole key. It is not shown again.
    pub key: String,
    pub api_key: ApiKey,
}

/// A change somebody made.
#[derive(Object)]
pub struct AuditLog {
    pub org_id: Uuid,
    pub id: Uuid,
    /// `user`, `api_key` or `system`.
    pub actor_type: String,
    pub actor_id: Option<Uuid>,
    /// `insert`, `update` or `delete`.
    pub action: String,
    pub table_name: String,
    pub row_id: String,
    /// What the changed columns held.
    pub before: Option<Value>,
    /// What they hold since.
    pub after: Option<Value>,
    pub created_at: OffsetDateTime,
}

#[derive(Object)]
pub struct AuditLogPage {
    pub items: Vec<AuditLog>,
    /// Give it as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

#[derive(Object)]
pub struct User {
    pub id: Option<Uuid>,
    pub email: Option<String>,
    pub full_name: Option<String>,
    pub avatar_url: Option<String>,
    pub phone: Option<String>,
    pub last_login: Option<OffsetDateTime>,
}

/// Everything a screen needs to know about who is signed in.
#[derive(Object)]
pub struct Me {
    /// Null for an API key.
    pub user: Option<User>,
    pub organization: Organization,
    /// Null for an API key.
    pub role: Option<Role>,
    /// Null for those who may not see money.
    pub wallet: Option<Wallet>,
    /// The flags that are on for this organisation.
    pub feature_flags: Vec<String>,
    /// The onboarding wizard has not been finished or skipped.
    pub needs_onboarding: bool,
}

/// How long what patients said is kept.
#[derive(Object)]
pub struct Retention {
    pub retention_transcripts_days: Option<i32>,
    pub retention_recordings_days: Option<i32>,
}
