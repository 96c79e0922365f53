//! What one function promises and another one answers: the answer when it came in time, else an operation to follow.

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponses, Registry},
    types::Type,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    api::{Reply, platform::operations::Operation},
    db::Answer,
    error::Result,
};

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

    pub fn under_way<T>(self) -> Followed<T> {
        Followed::UnderWay(self.reply)
    }
}

pub enum Followed<T> {
    Ended(Reply<T>),
    UnderWay(Reply<Operation, 202>),
}

impl<T: Send> IntoResponse for Followed<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Ended(reply) => reply.into_response(),
            Self::UnderWay(reply) => reply.into_response(),
        }
    }
}

impl<T: Type> ApiResponse for Followed<T> {
    fn meta() -> MetaResponses {
        let mut meta = Reply::<T>::meta();
        meta.responses.extend(Reply::<Operation, 202>::meta().responses);
        meta
    }

    fn register(registry: &mut Registry) {
        <Reply<T> as ApiResponse>::register(registry);
        <Reply<Operation, 202> as ApiResponse>::register(registry);
    }
}
