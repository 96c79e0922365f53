//! A top-up: the page Stripe made when it answered in time, else an operation to follow.

use std::time::Duration;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaResponses, Registry},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, platform::operations::Operation},
    args,
    db::Answer,
    effects::Waited,
    error::Result,
    server::App,
};

/// How long an answer is held back for Stripe's.
const PATIENCE: Duration = Duration::from_secs(5);

/// The page a top-up is paid on.
#[derive(Object)]
#[allow(dead_code, reason = "documents the shape; Postgres writes the JSON")]
pub struct CheckoutSession {
    /// Send the person there.
    url: Option<String>,
    /// Ask `GET /api/webhook-verification/session/:session_id` with it.
    session_id: Option<String>,
}

pub enum Checkout {
    Open(Reply<CheckoutSession>),
    UnderWay(Reply<Operation, 202>),
}

impl Checkout {
    /// Waits for the page of the top-up that was just begun.
    pub async fn follow(caller: &SignedIn, app: &App, promise: Answer) -> Result<Self> {
        #[derive(Deserialize)]
        struct Promise {
            id: Uuid,
        }
        let promised = Reply::of(promise.clone())?;
        let Promise { id } = promise.parse()?;
        match app.awaiter.wait(id, PATIENCE).await {
            Waited::Finished(_) => Ok(Self::Open(caller.read("topup_session", args! { p_operation_id: id }).await?)),
            Waited::Pending => Ok(Self::UnderWay(promised)),
        }
    }
}

impl IntoResponse for Checkout {
    fn into_response(self) -> Response {
        match self {
            Self::Open(reply) => reply.into_response(),
            Self::UnderWay(reply) => reply.into_response(),
        }
    }
}

impl ApiResponse for Checkout {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<CheckoutSession>::meta();
        meta.responses.extend(Reply::<Operation, 202>::meta().responses);
        meta
    }

    fn register(registry: &mut Registry) {
        <Reply<CheckoutSession> as ApiResponse>::register(registry);
        <Reply<Operation, 202> as ApiResponse>::register(registry);
    }
}
