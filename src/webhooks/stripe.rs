//! `POST /api/webhooks/stripe`: what became of a payment.

use poem::{Request, Response, handler, http::StatusCode, web::Data};
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{Incoming, signature::StripeSignature};
use crate::{
    error::{Error, Result},
    server::App,
};

/// Stripe's ids are far shorter.
const LONGEST_ID: usize = 255;

/// All this needs to know of an event; the rest is for SQL to read.
#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    event_type: Option<String>,
}

#[handler]
pub async fn receive(request: &Request, body: Vec<u8>, Data(app): Data<&App>) -> Result<Response> {
    let secrets = &app.config.stripe.webhook_secrets;
    if secrets.is_empty() {
        return Err(Error::code("not_available").because(anyhow::anyhow!("STRIPE_WEBHOOK_SECRET is missing")));
    }
    let signature = StripeSignature(request.header("stripe-signature").unwrap_or_default());
    if let Err(disbelief) = signature.verify(secrets, &body, OffsetDateTime::now_utc().unix_timestamp()) {
        super::note_refusal(&app.db, "stripe", disbelief);
        return Err(Error::code("webhook_signature_invalid").because(disbelief));
    }

    let envelope: Envelope =
        serde_json::from_slice(&body).map_err(|error| Error::code("invalid_request").because(error))?;
    if !is_id(&envelope.id) {
        return Err(Error::code("invalid_request").because(anyhow::anyhow!("an event without an id")));
    }
    let incoming = Incoming {
        provider: "stripe",
        event_id: envelope.id,
        event_type: envelope.event_type,
        headers: super::kept_headers(request.headers()),
        body,
    };
    let receipt = incoming.take_in(&app.db).await?;
    let answer = json!({ "received": true, "duplicate": !receipt.fresh });
    Ok(Response::builder().status(StatusCode::OK).content_type("application/json").body(answer.to_string()))
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic())
}
