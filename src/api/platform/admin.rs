//! The operator's endpoints: a service_role token opens them, and nobody else's.

use poem_openapi::{Object, OpenApi, param::Path};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
};

/// A webhook as it is kept, without what it said.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
struct WebhookSummary {
    id: Uuid,
    provider: String,
    /// The provider's own id of the event.
    event_id: String,
    event_type: Option<String>,
    /// `received`, `processed`, `failed`, `dead` or `discarded`.
    state: String,
    attempts: i32,
    /// Why the last attempt failed.
    last_error: Option<String>,
    org_id: Option<Uuid>,
    received_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
    /// When the worker tries again; null when it will not.
    next_attempt_at: Option<OffsetDateTime>,
}

pub struct AdminApi;

#[OpenApi(prefix_path = "/api/admin", tag = "Tag::Operator")]
impl AdminApi {
    /// Process a webhook again
    ///
    /// Whatever its state: processing is idempotent. The answer says how it went; a failure is tried again by the worker.
    #[oai(path = "/webhooks/:id/replay", method = "post", operation_id = "replay_webhook")]
    async fn replay_webhook(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<WebhookSummary>> {
        caller.write("replay_webhook", args! { p_id: id.0 }).await
    }

    /// Give a webhook up
    ///
    /// Nothing is made of it, and a day later it is gone.
    #[oai(path = "/webhooks/:id/discard", method = "post", operation_id = "discard_webhook")]
    async fn discard_webhook(&self, caller: SignedIn, id: Path<Uuid>) -> Result<Reply<WebhookSummary>> {
        caller.write("discard_webhook", args! { p_id: id.0 }).await
    }
}
