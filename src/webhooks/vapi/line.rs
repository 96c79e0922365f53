//! A connection for one message: what it keeps, what it makes of it, what it takes back.

use std::time::Duration;

use deadpool_postgres::{Object, Pool, PoolError};
use serde_json::Value;
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{ToSql, Type},
};

use super::Message;
use crate::{db::Db, error::Error};

/// The database stops what takes too long; it is given this much more to say so.
const GRACE: Duration = Duration::from_millis(500);

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("no connection: {0}")]
    Unconnected(#[from] PoolError),
    #[error("{}", .0.as_db_error().map_or_else(|| .0.to_string(), |db| db.message().to_owned()))]
    Refused(#[from] tokio_postgres::Error),
    #[error("the database does not answer")]
    Silent,
}

impl Trouble {
    /// The same may well succeed at once, on another connection.
    pub fn passes(&self) -> bool {
        let Self::Refused(error) = self else { return matches!(self, Self::Unconnected(PoolError::Backend(_))) };
        error.code().is_none_or(|code| {
            [SqlState::T_R_DEADLOCK_DETECTED, SqlState::T_R_SERIALIZATION_FAILURE].contains(code)
                || code.code().starts_with("08")
                || code.code().starts_with("57P")
        })
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unconnected(error) => error.into(),
            Trouble::Refused(error) => error.into(),
            Trouble::Silent => Self::code("not_available").retry_after(1).because(trouble),
        }
    }
}

/// What became of keeping a message.
#[derive(Debug)]
pub struct Kept {
    /// None when nothing of it lasts.
    pub id: Option<String>,
    /// False when it was here before.
    pub fresh: bool,
    /// Vapi waits for an answer.
    pub question: bool,
}

/// A connection. One that fell silent is given up: nobody knows what it is in the middle of.
pub struct Line(Option<Object>);

impl Line {
    pub async fn open(pool: &Pool) -> Result<Self, Trouble> {
        Ok(Self(Some(pool.get().await?)))
    }

    /// Commits the message as it came, unless it is there.
    pub async fn keep(&mut self, message: &Message, limit: Duration) -> Result<Kept, Trouble> {
        let statement = "select k.id::text, k.fresh, coalesce(k.question, false) \
                         from private.ingest_vapi_message($1::text::jsonb, $2) as k";
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&message.headers, Type::TEXT), (&message.body, Type::BYTEA)];
        let row = self.transact(limit, statement, &parameters).await?;
        let kept = Kept { id: row.get(0), fresh: row.get(1), question: row.get(2) };
        metrics::counter!("voxanne_webhooks_total", "provider" => "vapi", "fresh" => kept.fresh.to_string())
            .increment(1);
        Ok(kept)
    }

    /// Makes of a kept message what it means, once; and what Vapi is told, where it asked.
    pub async fn answer(&mut self, db: &Db, id: &String, limit: Duration) -> Result<Option<Value>, Trouble> {
        let statement = "select private.answer_webhook($1::text::uuid), \
                         coalesce(pg_catalog.current_setting('voxanne.wake', true), '') = 'on'";
        let row = self.transact(limit, statement, &[(id, Type::TEXT)]).await?;
        if row.get(1) {
            db.wake();
        }
        Ok(row.get(0))
    }

    /// Notes that nothing could be made of a kept message yet. Best effort: without it the row waits for the worker all the
    /// same.
    pub async fn note_failure(&mut self, id: &String, trouble: &Trouble) {
        let reason = trouble.to_string();
        tracing::error!(
            provider = "vapi",
            webhook = id,
            reason,
            "a webhook is stored but could not be processed; it will be tried again"
        );
        metrics::counter!("voxanne_webhook_failures_total", "provider" => "vapi").increment(1);
        let statement = "select private.fail_webhook($1::text::uuid, $2)";
        let noted = self.transact(GRACE * 4, statement, &[(id, Type::TEXT), (&reason, Type::TEXT)]).await;
        if let Err(error) = noted {
            tracing::warn!(webhook = id, %error, "that failure could not be written down");
        }
    }

    /// Takes back what was answered to a question and never heard: `told` was said instead.
    pub async fn take_back(&mut self, db: &Db, id: &String, told: &String, limit: Duration) -> Result<bool, Trouble> {
        let statement = "select private.take_back_answer($1::text::uuid, $2::text::jsonb)";
        let row = self.transact(limit, statement, &[(id, Type::TEXT), (told, Type::TEXT)]).await?;
        db.wake();
        Ok(row.get(0))
    }

    async fn transact(
        &mut self,
        limit: Duration,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Row, Trouble> {
        let connection = self.0.take().ok_or(Trouble::Silent)?;
        let work = super::super::transact_within(&connection, limit, statement, parameters);
        match tokio::time::timeout(limit + GRACE, work).await {
            Ok(done) => {
                self.0 = Some(connection);
                Ok(done?)
            }
            Err(_) => {
                drop(Object::take(connection));
                Err(Trouble::Silent)
            }
        }
    }
}
