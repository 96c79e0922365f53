//! Operations: what was promised with a 202 and goes on behind the answer.

use std::time::Duration;

use poem::web::Data;
use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Path, Query},
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    error::Result,
    server::App,
};

#[derive(Enum)]
#[oai(rename_all = "snake_case")]
pub enum OperationStatus {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// Something that goes on outside a request.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
pub struct Operation {
    id: Uuid,
    /// What is being done, such as `resend.email`.
    kind: String,
    status: OperationStatus,
    /// What came of it, once it is done and where there is something to show.
    result: Option<Value>,
    created_at: OffsetDateTime,
    finished_at: Option<OffsetDateTime>,
}

pub struct OperationsApi;

#[OpenApi(prefix_path = "/api", tag = "Tag::Platform")]
impl OperationsApi {
    /// How far an operation is
    ///
    /// The id comes with a 202. `wait_seconds` holds the answer back until the operation has ended, that long at most.
    #[oai(path = "/operations/:id", method = "get", operation_id = "get_operation")]
    async fn get_operation(
        &self,
        caller: SignedIn,
        id: Path<Uuid>,
        /// From 0 to 8; at once when absent.
        #[oai(validator(minimum(value = "0"), maximum(value = "8")))]
        wait_seconds: Query<Option<u8>>,
        Data(app): Data<&App>,
    ) -> Result<Reply<Operation>> {
        let args = args! { p_id: id.0 };
        let found: Reply<Operation> = caller.read("get_operation", args.clone()).await?;
        let Some(seconds) = wait_seconds.0.filter(|seconds| *seconds > 0) else { return Ok(found) };
        // Only for who may see it: the first reading has refused everyone else.
        app.awaiter.wait(id.0, Duration::from_secs(seconds.into())).await;
        caller.read("get_operation", args).await
    }
}
