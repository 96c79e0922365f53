//! `POST /api/webhooks/resend`: what became of an email.

use poem::{Request, Response, handler, http::StatusCode, web::Data};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{Incoming, signature::Svix};
use crate::{
    error::{Error, Result},
    server::App,
};

/// All this needs to know of the body; the rest is for SQL to read.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    event_type: Option<String>,
}

#[handler]
pub async fn receive(request: &Request, body: Vec<u8>, Data(app): Data<&App>) -> Result<Response> {
    let secrets = &app.config.resend.webhook_secrets;
    if secrets.is_empty() {
        return Err(Error::code("not_available").because(anyhow::anyhow!("RESEND_WEBHOOK_SECRET is missing")));
    }
    let header = |name| request.header(name).unwrap_or_default();
    let signature =
        Svix { id: header("svix-id"), timestamp: header("svix-timestamp"), signatures: header("svix-signature") };
    if let Err(disbelief) = signature.verify(secrets, &body, OffsetDateTime::now_utc().unix_timestamp()) {
        super::note_refusal(&app.db, "resend", disbelief);
        return Err(Error::code("webhook_signature_invalid").because(disbelief));
    }

    let event_type = serde_json::from_slice(&body).ok().and_then(|envelope: Envelope| envelope.event_type);
    let incoming = Incoming {
        provider: "resend",
        event_id: signature.id.to_owned(),
        event_type,
        headers: super::kept_headers(request.headers()),
        body,
    };
    let receipt = incoming.take_in(&app.db).await?;
    let answer = json!({ "received": true, "duplicate": !receipt.fresh });
    Ok(Response::builder().status(StatusCode::OK).content_type("application/json").body(answer.to_string()))
}
