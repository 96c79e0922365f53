//! Credentials of Twilio accounts. Their secrets go in and never come out.

use serde_json::{Map, Value};

use super::{
    body::Body,
    carrier::{Carrier, TwilioKeys, TwilioSecret},
    error::{Outcome, Refusal},
    store::{self, State},
};

const SECRETS: [&str; 3] = ["authToken", "apiKey", "apiSecret"];

/// Several of one account, and several of one name, may stand beside each other: who must not make two looks first.
pub(super) fn create(state: &mut State, carrier: &dyn Carrier, fields: &Map<String, Value>) -> Outcome<Value> {
    let body = Body::new(fields);
    if body.required("provider") != "twilio" {
        body.problem("provider must be one of the following values: twilio (the sandbox keeps no other)");
    }
    let account_sid = body.required("accountSid");
    let [token, key, secret] = SECRETS.map(|name| body.text(name));
    body.name(1);
    body.done()?;
    let secret = match (token, key, secret) {
        (Some(token), _, _) => TwilioSecret::AuthToken(token),
        (None, Some(key), Some(secret)) => TwilioSecret::ApiKey { key, secret },
        _ => return Err(Refusal::bad("`authToken` Or `apiKey` And `apiSecret` Is Missing.")),
    };
    if !carrier.lets_in(&TwilioKeys { account_sid, secret }) {
        return Err(Refusal::bad("Couldn't Validate Twilio Credential. Twilio Error: Authenticate"));
    }
    let mut shown = fields.clone();
    shown.retain(|name, _| !SECRETS.contains(&name.as_str()));
    let credential = store::document(&shown);
    state.credentials.push(credential.clone());
    Ok(credential)
}

pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Value> {
    let place = store::place(&state.credentials, "Credential", id)?;
    Ok(state.credentials.remove(place))
}
