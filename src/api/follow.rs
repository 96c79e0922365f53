//! What one function promises and another one answers: the answer when it came in time, else an operation to follow.

use std::time::Duration;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponses, Registry},
    types::Type,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    api::{Reply, SignedIn, platform::operations::Operation},
    args,
    db::{Answer, Args},
    effects::Waited,
    error::Result,
    server::App,
};

/// How long an answer is held back for what usually takes a moment.
pub const A_MOMENT: Duration = Duration::from_secs(5);

/// An operation that a function has just begun.
pub struct Promise {
    pub id: Uuid,
    reply: Reply<Operation, 202>,
}

impl Promise {
    /// A refusal in its place is an error, though its transaction stands.
    pub fn of(answer: Answer) -> Result<Self> {
        #[derive(Deserialize)]
        struct Begun {
            id: Uuid,
        }
        let reply = Reply::of(answer.clone())?;
        let Begun { id } = answer.parse()?;
        Ok(Self { id, reply })
    }

    /// What came of it, as a function of the operation's id reads it. One that failed is that function's refusal.
    pub async fn read<T, const STATUS: u16>(
        self,
        caller: &SignedIn,
        app: &App,
        patience: Duration,
        function: &str,
    ) -> Result<Followed<T, STATUS>> {
        let args = args! { p_operation_id: self.id };
        self.wait(caller, app, patience, function, args).await
    }

    /// The operation, ended.
    pub async fn itself(self, caller: &SignedIn, app: &App, patience: Duration) -> Result<Followed<Operation>> {
        let args = args! { p_id: self.id };
        self.wait(caller, app, patience, "get_operation", args).await
    }

    async fn wait<T, const STATUS: u16>(
        self,
        caller: &SignedIn,
        app: &App,
        patience: Duration,
        function: &str,
        args: Args,
    ) -> Result<Followed<T, STATUS>> {
        match self.ended(app, patience).await {
            Waited::Finished(_) => Ok(Followed::Ended(caller.read(function, args).await?)),
            Waited::Pending => Ok(self.under_way()),
        }
    }

    /// How it ended, when it did in time.
    pub async fn ended(&self, app: &App, patience: Duration) -> Waited {
        tokio::select! {
            waited = app.awaiter.wait(self.id, patience.min(app.config.patience())) => waited,
            // A server that is told to stop has less time than this may take.
            () = app.stopping.cancelled() => Waited::Pending,
        }
    }

    pub fn under_way<T, const STATUS: u16>(self) -> Followed<T, STATUS> {
        Followed::UnderWay(self.reply)
    }
}

pub enum Followed<T, const STATUS: u16 = 200> {
    Ended(Reply<T, STATUS>),
    UnderWay(Reply<Operation, 202>),
}

impl<T: Send, const STATUS: u16> IntoResponse for Followed<T, STATUS> {
    fn into_response(self) -> Response {
        match self {
            Self::Ended(reply) => reply.into_response(),
            Self::UnderWay(reply) => reply.into_response(),
        }
    }
}

impl<T: Type, const STATUS: u16> ApiResponse for Followed<T, STATUS> {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<T, STATUS>::meta();
        meta.responses.extend(Reply::<Operation, 202>::meta().responses);
        meta
    }

    fn register(registry: &mut Registry) {
        <Reply<T, STATUS> as ApiResponse>::register(registry);
        <Reply<Operation, 202> as ApiResponse>::register(registry);
    }
}
