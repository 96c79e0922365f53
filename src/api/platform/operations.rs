//! Operations: what was promised with a 202 and goes on behind the answer.

use std::time::Duration;

use poem::{IntoResponse, Response, web::Data};
use poem_openapi::{
    ApiResponse, Enum, Object, OpenApi,
    param::{Path, Query},
    registry::{MetaResponses, Registry},
};
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, Tag},
    args,
    db::Answer,
    effects::Waited,
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

/// How long an answer is held back for what it promises.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a function promised: the operation itself when it ended in time, else 202 and where to follow it.
pub enum Promised {
    Ended(Reply<Operation>),
    UnderWay(Reply<Operation, 202>),
}

impl Promised {
    /// Waits for the operation that a function just answered.
    pub async fn follow(caller: &SignedIn, app: &App, promise: Answer) -> Result<Self> {
        #[derive(Deserialize)]
        struct Promise {
            id: Uuid,
        }
        let Promise { id } = promise.parse()?;
        match app.awaiter.wait(id, PATIENCE).await {
            Waited::Finished(_) => Ok(Self::Ended(caller.read("get_operation", args! { p_id: id }).await?)),
            Waited::Pending => Ok(Self::UnderWay(caller.read("get_operation", args! { p_id: id }).await?)),
        }
    }
}

impl IntoResponse for Promised {
    fn into_response(self) -> Response {
        match self {
            Self::Ended(reply) => reply.into_response(),
            Self::UnderWay(reply) => reply.into_response(),
        }
    }
}

impl ApiResponse for Promised {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<Operation>::meta();
        meta.responses.extend(Reply::<Operation, 202>::meta().responses);
        meta
    }

    fn register(registry: &mut Registry) {
        <Reply<Operation> as ApiResponse>::register(registry);
    }
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
