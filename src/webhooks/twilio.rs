//! `POST /api/webhooks/twilio/sms`: what became of a text message, and those that come.
//!
//! Each organisation has an account of its own at Twilio, and what an account tells is signed with its token. So whose it says
//! it is comes first, then whether that is true.

use poem::{Request, Response, handler, http::StatusCode, web::Data};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::{
    Incoming,
    signature::{Disbelief, TwilioSignature},
};
use crate::{
    args,
    effects::executors::within,
    error::{Error, Result},
    server::App,
    vault::{Account, Keyring, Unavailable},
};

/// Twilio's ids have 34 characters.
const LONGEST_ID: usize = 64;

/// Nothing is answered to whoever wrote: an empty document of Twilio's.
const SILENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// What was posted, in its order.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    fn status(&self) -> &str {
        Some(self.get("MessageStatus")).filter(|status| !status.is_empty()).unwrap_or_else(|| self.get("SmsStatus"))
    }

    /// A NUL, which no text here can hold, is left out of what is kept.
    fn json(&self) -> Map<String, Value> {
        let text = |text: &str| text.replace('\0', "");
        self.0.iter().map(|(name, value)| (text(name), Value::from(text(value)))).collect()
    }
}

#[handler]
pub async fn receive_sms(request: &Request, body: Vec<u8>, Data(app): Data<&App>) -> Result<Response> {
    let form = Form::read(&body);
    if let Err(disbelief) = believe(request, &form, app).await? {
        super::note_refusal(&app.db, "twilio", disbelief);
        return Err(Error::code("webhook_signature_invalid").because(disbelief));
    }
    let (account, message, status) = (form.get("AccountSid"), form.get("MessageSid"), form.status());
    if !is_id(message) || !is_id(status) {
        return Err(Error::code("invalid_request").because(anyhow::anyhow!("a text message without an id or a status")));
    }
    let mut event = form.json();
    if let Some(id) = request.params::<Asked>().ok().and_then(|asked| asked.message) {
        event.insert("message_id".to_owned(), Value::from(id));
    }
    let incoming = Incoming {
        provider: "twilio",
        // Within an account, so that one who signs for another tells nobody else's story.
        event_id: format!("{account}:{message}:{status}"),
        event_type: Some(format!("sms.{status}")),
        headers: super::kept_headers(request.headers()),
        body: Value::Object(event).to_string().into_bytes(),
    };
    incoming.take_in(&app.db).await?;
    Ok(Response::builder().status(StatusCode::OK).content_type("text/xml").body(SILENCE))
}

/// What we ourselves put into the address that is called back.
#[derive(serde::Deserialize)]
struct Asked {
    message: Option<String>,
}

/// With the token of the account that it says it is from.
async fn believe(request: &Request, form: &Form, app: &App) -> Result<Result<(), Disbelief>> {
    let sid = form.get("AccountSid");
    if !is_id(sid) {
        return Ok(Err(Disbelief::Malformed));
    }
    let Some(token) = token_of(sid, app).await? else { return Ok(Err(Disbelief::Stranger)) };
    let signature = TwilioSignature(request.header("x-twilio-signature").unwrap_or_default());
    Ok(signature.verify(token.expose_secret(), &address(request, app), &form.0))
}

async fn token_of(sid: &str, app: &App) -> Result<Option<SecretString>> {
    let keyring = Keyring::new(&app.config, app.db.clone());
    let unavailable = |why: Unavailable| Error::code("not_available").because(anyhow::anyhow!(why));
    let account: Option<Account> =
        keyring.ask("private.sms_account", args! { p_account_sid: sid }).await.map_err(unavailable)?;
    let Some(account) = account else { return Ok(None) };
    let (_, token) = keyring.twilio(&account).await.map_err(unavailable)?;
    Ok(Some(token))
}

/// The address as Twilio was told it, whatever stands between us.
fn address(request: &Request, app: &App) -> Url {
    let mut url = within(&app.config.backend_url, &["api", "webhooks", "twilio", "sms"]);
    url.set_query(request.original_uri().query());
    url
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
