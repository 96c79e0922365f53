//! Phone numbers that were imported from Twilio accounts.

use serde_json::{Map, Value, json};

use super::{
    body::Body,
    carrier::{Carried, Carrier, TwilioKeys, TwilioSecret},
    error::{Outcome, Refusal},
    store::{self, State, text},
};

const NOT_E164: &str = "number must be a valid phone number in the E.164 format. Hot tip, you may be missing the country code \
                        (Eg. US: +1).";

/// The sentence for a number that cannot be one is Vapi's own; which ones it takes for possible is from memory.
pub(super) fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The parameters that importing and changing have in common.
fn check_common(state: &State, body: &Body) {
    body.name(0);
    body.of_kind("smsEnabled", "a boolean value", Value::is_boolean);
    body.of_kind("fallbackDestination", "an object of type number or sip", |to| {
        to.is_null() || matches!(to["type"].as_str(), Some("number" | "sip"))
    });
    body.of_kind("hooks", "an array", |hooks| hooks.is_null() || hooks.is_array());
    body.one_of("assistantId", &state.assistants);
    // Nothing here has squads or workflows, so none is the only one there can be.
    body.one_of("workflowId", &[]);
    body.one_of("squadId", &[]);
    body.server();
    for name in ["twilioAuthToken", "twilioApiKey", "twilioApiSecret"] {
        body.text(name);
    }
}

/// The auth token goes before an API key where both are given.
fn keys_of(document: &Value) -> Outcome<TwilioKeys> {
    let given = |name: &str| document[name].as_str().map(str::to_owned);
    let secret = match (given("twilioAuthToken"), given("twilioApiKey"), given("twilioApiSecret")) {
        (Some(token), _, _) => TwilioSecret::AuthToken(token),
        (None, Some(key), Some(secret)) => TwilioSecret::ApiKey { key, secret },
        _ => {
            return Err(Refusal::bad(
                "Couldn't Get Twilio Credential. `twilioAuthToken` or `twilioApiKey` And `twilioApiSecret` Is Missing.",
            ));
        }
    };
    Ok(TwilioKeys { account_sid: text(document, "twilioAccountSid").to_owned(), secret })
}

fn take_over(carrier: &dyn Carrier, number: &Value) -> Outcome<()> {
    let sms = number["smsEnabled"] != false;
    match carrier.take_over(&keys_of(number)?, text(number, "number"), sms) {
        Carried::TakenOver => Ok(()),
        Carried::WrongKeys => Err(Refusal::bad("Twilio Error: Authenticate")),
        Carried::NoSuchNumber => Err(Refusal::bad(format!(
            "Number Not Found on Twilio. `twilioAccountSid` {} Has No `number` {}.",
            text(number, "twilioAccountSid"),
            text(number, "number")
        ))),
    }
}

/// One number of one account is imported once.
fn check_new(state: &State, id: Option<&str>, number: &str, account_sid: &str) -> Outcome<()> {
    let same = |known: &&Value| known["number"] == number && known["twilioAccountSid"] == account_sid;
    match state.numbers.iter().filter(|known| known["id"].as_str() != id).find(same) {
        None => Ok(()),
        Some(known) => Err(Refusal::bad(format!(
            "Existing Phone Number {} Has Identical `twilioAccountSid` {account_sid} and `number` {number}.",
            text(known, "id")
        ))),
    }
}

pub(super) fn import(state: &mut State, carrier: &dyn Carrier, fields: &Map<String, Value>) -> Outcome<Value> {
    let body = Body::new(fields);
    if body.required("provider") != "twilio" {
        body.problem("provider must be one of the following values: twilio (the sandbox imports from no other)");
    }
    let number = body.required("number");
    if !is_e164(&number) {
        body.problem(NOT_E164);
    }
    let account_sid = body.required("twilioAccountSid");
    check_common(state, &body);
    body.done()?;
    check_new(state, None, &number, &account_sid)?;
    let mut imported = store::document(fields);
    imported["smsEnabled"] = json!(fields.get("smsEnabled").is_none_or(|wanted| wanted != false));
    imported["status"] = json!("active");
    take_over(carrier, &imported)?;
    state.numbers.push(imported.clone());
    Ok(imported)
}

pub(super) fn update(
    state: &mut State,
    carrier: &dyn Carrier,
    id: &str,
    fields: &Map<String, Value>,
) -> Outcome<Value> {
    let place = store::place(&state.numbers, "Phone Number", id)?;
    let body = Body::new(fields);
    body.of_kind("provider", "twilio", |provider| provider == "twilio");
    for name in ["number", "twilioAccountSid"] {
        body.text(name);
    }
    if fields.get("number").and_then(Value::as_str).is_some_and(|number| !is_e164(number)) {
        body.problem(NOT_E164);
    }
    check_common(state, &body);
    body.done()?;
    let mut changed = state.numbers[place].clone();
    store::merge(&mut changed, fields);
    check_new(state, Some(id), text(&changed, "number"), text(&changed, "twilioAccountSid"))?;
    changed["updatedAt"] = json!(store::now());
    let about_twilio =
        ["number", "smsEnabled", "twilioAccountSid", "twilioAuthToken", "twilioApiKey", "twilioApiSecret"];
    if about_twilio.iter().any(|name| fields.contains_key(*name)) {
        take_over(carrier, &changed)?;
    }
    state.numbers[place] = changed.clone();
    Ok(changed)
}

pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Value> {
    let place = store::place(&state.numbers, "Phone Number", id)?;
    Ok(state.numbers.remove(place))
}
