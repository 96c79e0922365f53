//! The one way in for webhooks: raw bytes, signature, stored and committed, then processed.
//!
//! A route verifies and says what it holds; everything else is here and the same for every provider. The provider hears
//! 200 as soon as the row is safe: what fails after that is tried again from the row, not by the provider.

pub mod resend;
pub mod signature;
pub mod stripe;
pub mod twilio;
pub mod vapi;

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use deadpool_postgres::Object;
use futures_util::join;
use poem::{Route, http::HeaderMap, post};
use serde_json::{Map, Value};
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use crate::{
    config::Config,
    db::Db,
    effects::crash,
    error::{Error, Result},
};

/// How long processing may take before the row is left to the worker: the provider waits for us.
const PROCESSING_LIMIT: Duration = Duration::from_secs(8);

/// Refused webhooks are written down at most this often: a flood of them must not become a flood of rows.
const REFUSAL_PAUSE: Duration = Duration::from_secs(1);

/// Headers that say who may do what, and nothing about the message.
const CREDENTIALS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "x-vapi-secret"];

/// Everything under `/api/webhooks`.
pub fn routes() -> Route {
    Route::new()
        .at("/resend", post(resend::receive))
        .at("/stripe", post(stripe::receive))
        .at("/twilio/sms", post(twilio::receive_sms))
        .at("/vapi", vapi::gone)
}

/// The most that is read of a request to this path.
pub fn body_limit(path: &str, config: &Config) -> usize {
    if path.starts_with("/api/vapi/") { config.call_body_limit } else { config.body_limit }
}

/// A webhook whose signature is good.
struct Incoming {
    provider: &'static str,
    event_id: String,
    event_type: Option<String>,
    headers: Value,
    body: Vec<u8>,
}

/// Proof that a webhook is safe.
struct Receipt {
    /// False when it was here before.
    fresh: bool,
}

impl Incoming {
    /// Stores the webhook, then makes of it what it means, each in its own transaction on one connection.
    ///
    /// Runs in a task of its own, so a sender that hangs up leaves neither half a transaction nor a row that waits for
    /// the worker.
    ///
    /// # Errors
    /// Only when it could not be stored: then the provider must send it again.
    async fn take_in(self, db: &Db) -> Result<Receipt> {
        let connection = db.worker_pool().get().await?;
        tokio::spawn(self.store_and_process(connection)).await.map_err(Error::internal)?
    }

    async fn store_and_process(self, connection: Object) -> Result<Receipt> {
        let kind = self.event_type.as_deref().unwrap_or_default();
        crash::point_of("webhook_received", kind);
        let headers = self.headers.to_string();
        let stored = transact(
            &connection,
            "select w.id::text, w.fresh from private.ingest_webhook($1, $2, $3, $4::text::jsonb, $5) as w",
            &[
                (&self.provider, Type::TEXT),
                (&self.event_id, Type::TEXT),
                (&self.event_type, Type::TEXT),
                (&headers, Type::TEXT),
                (&self.body, Type::BYTEA),
            ],
        )
        .await?;
        crash::point_of("webhook_stored", kind);
        let id: String = stored.get(0);
        let fresh: bool = stored.get(1);
        metrics::counter!("voxanne_webhooks_total", "provider" => self.provider, "fresh" => fresh.to_string())
            .increment(1);

        if fresh {
            let processed =
                transact(&connection, "select private.process_webhook($1::text::uuid)", &[(&id, Type::TEXT)]).await;
            if let Err(error) = processed {
                note_failure(&connection, self.provider, &id, &error).await;
            }
            crash::point_of("webhook_processed", kind);
        }
        Ok(Receipt { fresh })
    }
}

/// Best effort: without it the row waits for the worker all the same.
async fn note_failure(connection: &Object, provider: &str, id: &str, error: &tokio_postgres::Error) {
    let reason = error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    tracing::error!(
        provider,
        webhook = id,
        reason,
        "a webhook is stored but could not be processed; it will be tried again"
    );
    metrics::counter!("voxanne_webhook_failures_total", "provider" => provider.to_owned()).increment(1);
    let noted = transact(
        connection,
        "select private.fail_webhook($1::text::uuid, $2)",
        &[(&id, Type::TEXT), (&reason, Type::TEXT)],
    )
    .await;
    if let Err(error) = noted {
        tracing::warn!(webhook = id, %error, "that failure could not be written down");
    }
}

/// One statement of one row as service_role, in a transaction of its own. Unnamed, so it works behind a pooler too.
async fn transact(
    connection: &Object,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Row, tokio_postgres::Error> {
    transact_within(connection, PROCESSING_LIMIT, statement, parameters).await
}

/// The same, stopped by the database when it takes longer.
async fn transact_within(
    connection: &Object,
    limit: Duration,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Row, tokio_postgres::Error> {
    let begin = format!(
        "begin; set local role service_role; set local \"request.jwt.claims\" = '{{\"role\":\"service_role\"}}'; \
         set local statement_timeout = '{}ms'",
        limit.as_millis().max(1)
    );
    let (begun, row, committed) = join!(
        connection.batch_execute(&begin),
        connection.query_typed(statement, parameters),
        connection.batch_execute("commit")
    );
    let mut rows = row?;
    begun?;
    committed?;
    Ok(rows.swap_remove(0))
}

/// What came with the message, credentials apart.
fn kept_headers(headers: &HeaderMap) -> Value {
    let kept = headers.iter().filter(|(name, _)| !CREDENTIALS.contains(&name.as_str())).map(|(name, value)| {
        (name.to_string(), Value::from(String::from_utf8_lossy(value.as_bytes()).replace('\0', "")))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}

/// Leaves a row about a webhook that was not believed, without keeping the sender waiting.
fn note_refusal(db: &Db, provider: &'static str, disbelief: signature::Disbelief) {
    static NOTED: Mutex<Option<Instant>> = Mutex::new(None);

    metrics::counter!("voxanne_webhook_refusals_total", "provider" => provider).increment(1);
    let mut noted = NOTED.lock().expect("no panic holds it");
    if noted.is_some_and(|at| at.elapsed() < REFUSAL_PAUSE) {
        return;
    }
    *noted = Some(Instant::now());
    let details = serde_json::json!({ "provider": provider, "reason": disbelief.to_string() }).to_string();
    let db = db.clone();
    tokio::spawn(async move {
        if let Err(error) = write_refusal(&db, &details).await {
            tracing::warn!(%error, cause = ?error.cause, "a refused webhook could not be written down");
        }
    });
}

async fn write_refusal(db: &Db, details: &String) -> Result<()> {
    let statement = "select private.record_security_event('webhook_refused', null, null, $1::text::jsonb)";
    transact(&db.worker_pool().get().await?, statement, &[(details, Type::TEXT)]).await?;
    Ok(())
}
