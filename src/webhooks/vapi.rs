//! `POST /api/vapi/webhook`: everything Vapi says about calls, and what it asks while somebody is on the line.
//!
//! What Vapi asks is answered within a time of our own choosing, whatever the state of the database (see [`question`]).
//! What it only tells is kept, made sense of, and acknowledged.

mod credentials;
mod envelope;
mod line;
mod question;

use std::time::Duration;

use poem::{
    Request, Response, Route, handler,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use serde_json::{Value, json};
use time::OffsetDateTime;

use self::{envelope::Envelope, line::Line, question::Question};
use crate::{
    effects::crash,
    error::{Error, Result},
    server::App,
};

/// How long it may take to keep what Vapi tells us: it sends it again when it was told to.
const STORING_LIMIT: Duration = Duration::from_secs(10);

/// Everything under `/api/vapi`.
pub fn routes() -> Route {
    Route::new().at("/webhook", post(receive)).at("/tools/:name", post(receive_tool))
}

/// `/api/webhooks/vapi`, where older assistants still send to.
#[handler]
pub fn gone() -> Result<Response> {
    Err(Error::code("gone"))
}

#[handler]
async fn receive(request: &Request, body: Vec<u8>, app: Data<&App>) -> Result<Response> {
    believe(request, &body, app.0)?;
    Message::new(request, body).hear(app.0).await
}

/// A tool with an address of its own. Whatever else the agent asked for in the same breath has its own address, too.
#[handler]
async fn receive_tool(request: &Request, Path(name): Path<String>, body: Vec<u8>, app: Data<&App>) -> Result<Response> {
    believe(request, &body, app.0)?;
    let body = envelope::calls_of_tool(body, &name).ok_or_else(|| {
        Error::code("invalid_request").because(anyhow::anyhow!("a tool is called by a message of the type tool-calls"))
    })?;
    Message::new(request, body).hear(app.0).await
}

fn believe(request: &Request, body: &[u8], app: &App) -> Result<()> {
    if app.config.vapi.sends_unknown() {
        return Err(Error::code("not_available").because(anyhow::anyhow!("VAPI_WEBHOOK_SECRET is missing")));
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    credentials::check(&app.config.vapi, request.headers(), body, now).map_err(|disbelief| {
        super::note_refusal(&app.db, "vapi", disbelief);
        Error::code("webhook_signature_invalid").because(disbelief)
    })
}

/// A message that is Vapi's.
struct Message {
    envelope: Envelope,
    headers: String,
    body: Vec<u8>,
}

impl Message {
    fn new(request: &Request, body: Vec<u8>) -> Self {
        let headers = super::kept_headers(request.headers()).to_string();
        Self { envelope: Envelope::of(&body), headers, body }
    }

    async fn hear(self, app: &App) -> Result<Response> {
        match Question::of(&self.envelope) {
            Some(question) => question.answer(self, app).await,
            None => {
                let app = app.clone();
                // In a task of its own: a sender that hangs up leaves neither half a transaction nor a row that waits.
                tokio::spawn(async move { self.take_in(&app).await }).await.map_err(Error::internal)?
            }
        }
    }

    /// Keeps what is told, then makes of it what it means, each in its own transaction on one connection.
    async fn take_in(self, app: &App) -> Result<Response> {
        let kind = self.envelope.label();
        let mut line = Line::open(app.db.worker_pool()).await?;
        crash::point_of("webhook_received", kind);
        let kept = line.keep(&self, STORING_LIMIT).await?;
        crash::point_of("webhook_stored", kind);

        let mut answer = None;
        // What the database takes for a question and we could not read as one is answered all the same.
        if let Some(id) = kept.id.filter(|_| kept.fresh || kept.question) {
            match line.answer(&app.db, &id, super::PROCESSING_LIMIT).await {
                Ok(said) => answer = said,
                Err(trouble) => line.note_failure(&id, &trouble).await,
            }
            crash::point_of("webhook_processed", kind);
        }
        Ok(reply(&answer.unwrap_or_else(|| json!({ "received": true }))))
    }
}

fn reply(answer: &Value) -> Response {
    Response::builder().status(StatusCode::OK).content_type("application/json").body(answer.to_string())
}
