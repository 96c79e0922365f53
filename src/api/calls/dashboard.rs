//! Calls as the dashboard lists them, counts them and shows one.

use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// A call in a list.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallItem {
    id: Uuid,
    /// When it came to us. Lists are in this order.
    created_at: OffsetDateTime,
    /// When it was answered.
    started_at: Option<OffsetDateTime>,
    duration_seconds: Option<i32>,
    /// `pending`, `in_progress`, `completed` or `failed`.
    status: String,
    /// `inbound` or `outbound`.
    call_direction: String,
    contact_id: Option<Uuid>,
    agent_id: Option<Uuid>,
    /// Who called, or was called.
    phone_number: Option<String>,
    caller_name: Option<String>,
    /// It can be heard.
    has_recording: bool,
    has_transcript: bool,
    /// `none`, `pending`, `processing`, `completed` or `failed`.
    recording_status: String,
    /// Pence charged.
    cost_cents: i64,
    appointment_id: Option<Uuid>,
    booking_confirmed: bool,
    financial_value_pence: i64,
    tools_used: Vec<String>,
    /// `positive`, `neutral` or `negative`.
    sentiment_label: Option<String>,
    /// From 0 to 1.
    sentiment_score: Option<f64>,
    sentiment_summary: Option<String>,
    /// `low`, `medium`, `high` or `critical`.
    sentiment_urgency: Option<String>,
    /// What came of it, in three sentences.
    outcome: Option<String>,
    ended_reason: Option<String>,
}

#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallPage {
    items: Vec<CallItem>,
    /// Null on the last page.
    next_cursor: Option<String>,
}

/// Calls in numbers.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallStats {
    total_calls: i64,
    inbound_calls: i64,
    outbound_calls: i64,
    completed_calls: i64,
    /// Under way now, whatever the time asked for.
    live_calls: i64,
    appointments_booked: i64,
    /// From 0 to 1; null where no call has one.
    avg_sentiment: Option<f64>,
    avg_duration_seconds: Option<i32>,
    /// Booked inbound calls by inbound calls, from 0 to 100.
    success_rate: f64,
    pipeline_value_pence: i64,
}

/// The appointment a call made or is about.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallAppointment {
    id: Uuid,
    title: String,
    scheduled_at: OffsetDateTime,
    duration_minutes: i32,
    /// `scheduled`, `confirmed`, `completed`, `cancelled` or `no-show`.
    status: String,
    practitioner_name: Option<String>,
    service_name: Option<String>,
}

/// What the agent asked for, and what it was told.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallToolRun {
    tool_name: String,
    arguments: Value,
    result: String,
    ok: bool,
    at: OffsetDateTime,
}

/// Something said or done, or a message because of the call.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallMoment {
    at: OffsetDateTime,
    /// Since the call began; null for messages.
    at_seconds: Option<f64>,
    /// `agent`, `caller`, `tool`, `system` or `message`.
    kind: Option<String>,
    text: Option<String>,
    /// Of a message: `sms`, `email` or `export`.
    method: Option<String>,
    /// Of a message: `queued`, `sent`, `delivered` or `failed`.
    status: Option<String>,
}

/// A call, whole.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct CallDetail {
    id: Uuid,
    created_at: OffsetDateTime,
    started_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
    duration_seconds: Option<i32>,
    /// `pending`, `in_progress`, `completed` or `failed`.
    status: String,
    /// `inbound` or `outbound`.
    call_direction: String,
    contact_id: Option<Uuid>,
    agent_id: Option<Uuid>,
    agent_name: Option<String>,
    from_number: Option<String>,
    to_number: Option<String>,
    /// Who called, or was called.
    phone_number: Option<String>,
    caller_name: Option<String>,
    has_recording: bool,
    has_transcript: bool,
    /// `none`, `pending`, `processing`, `completed` or `failed`.
    recording_status: String,
    /// Pence charged.
    cost_cents: i64,
    appointment_id: Option<Uuid>,
    /// Null for whoever may not read appointments.
    appointment: Option<CallAppointment>,
    booking_confirmed: bool,
    financial_value_pence: i64,
    tools_used: Vec<String>,
    /// In the order they ran.
    tools: Vec<CallToolRun>,
    /// `positive`, `neutral` or `negative`.
    sentiment_label: Option<String>,
    /// From 0 to 1.
    sentiment_score: Option<f64>,
    sentiment_summary: Option<String>,
    /// `low`, `medium`, `high` or `critical`.
    sentiment_urgency: Option<String>,
    outcome: Option<String>,
    summary: Option<String>,
    transcript: Option<String>,
    ended_reason: Option<String>,
    transfer_to: Option<String>,
    transfer_time: Option<OffsetDateTime>,
    transfer_reason: Option<String>,
    /// Whether the caller agreed to being recorded; null where nobody asked.
    consent: Option<bool>,
    /// What was said and sent, in order.
    timeline: Vec<CallMoment>,
}

pub struct DashboardApi;

#[OpenApi(prefix_path = "/api/calls-dashboard", tag = "Tag::Calls")]
impl DashboardApi {
    /// The calls
    ///
    /// Newest first, a page at a time.
    #[oai(path = "/", method = "get", operation_id = "list_calls")]
    #[allow(clippy::too_many_arguments, reason = "one for each filter")]
    async fn list_calls(
        &self,
        caller: SignedIn,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<i32>>,
        /// `pending`, `in_progress`, `completed` or `failed`.
        status: Query<Option<String>>,
        /// `inbound` or `outbound`.
        direction: Query<Option<String>>,
        /// RFC 3339, this moment included.
        from: Query<Option<String>>,
        /// RFC 3339, this moment not included.
        to: Query<Option<String>>,
        /// Whole words of the caller's name, the summary or the transcript, or a number's last digits as people write them.
        search: Query<Option<String>>,
    ) -> Result<Reply<CallPage>> {
        let args = args! {
            p_cursor: cursor.0, p_limit: limit.0, p_status: status.0, p_direction: direction.0, p_from: from.0,
            p_to: to.0, p_search: search.0,
        };
        caller.read("list_calls", args).await
    }

    /// The calls in numbers
    ///
    /// Of a time, counted by quarters of an hour: `from` is taken as the beginning of its quarter, `to` as the end of its own.
    #[oai(path = "/stats", method = "get", operation_id = "call_stats")]
    async fn call_stats(
        &self,
        caller: SignedIn,
        /// RFC 3339; since ever when absent.
        from: Query<Option<String>>,
        /// RFC 3339.
        to: Query<Option<String>>,
    ) -> Result<Reply<CallStats>> {
        caller.read("call_stats", args! { p_from: from.0, p_to: to.0 }).await
    }

    /// One call
    ///
    /// What it cost, what came of it, and what was said and sent.
    #[oai(path = "/:id", method = "get", operation_id = "get_call")]
    async fn get_call(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<CallDetail>> {
        caller.read("get_call", args! { p_call_id: id.0 }).await
    }
}
