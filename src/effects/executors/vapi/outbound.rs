//! `vapi.create_call`: has an assistant call somebody, once.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use uuid::Uuid;

use super::{MOST, Trouble, Vapi, encoded, id, list, within};
use crate::{
    args,
    effects::{Effect, Executor, Verdict, executors::payload},
    vault::Account,
};

/// Vapi's clock and ours differ, by far less.
const SKEW: Duration = Duration::minutes(1);

/// Places a call, unless an earlier attempt did: Vapi keeps our id with it.
pub struct VapiCreateCall(pub Vapi);

#[derive(Deserialize)]
struct CreateCall {
    org_id: Uuid,
    call_id: Uuid,
    assistant_id: String,
    purpose: String,
    /// When it was ordered: no call of before is this one.
    since: String,
}

/// What the database says of the call at this moment.
#[derive(Deserialize)]
struct Wish {
    /// The number at Vapi that calls. Without one `from` is shown, through `account`.
    vapi_phone_id: Option<String>,
    account: Option<Account>,
    from: String,
    to: String,
    name: Option<String>,
    max_duration_seconds: u32,
    variable_values: Value,
}

impl Executor for VapiCreateCall {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: CreateCall = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.create(&wanted).await {
            Ok(result) => Verdict::Done(result),
            Err(Trouble::No(problem)) => Verdict::Done(json!({ "refused": "call_refused", "said": problem.said })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiCreateCall {
    async fn create(&self, wanted: &CreateCall) -> Result<Value, Trouble> {
        // Looked for first: a call that was placed is one, whatever is wished by now.
        if let Some(call) = self.0.placed_before(wanted).await? {
            return placed(&call);
        }
        let asked = args! { p_org_id: wanted.org_id, p_call_id: wanted.call_id, p_purpose: &wanted.purpose };
        let Some(wish) = self.0.keyring.ask::<Wish>("private.call_wish", asked).await? else {
            return Ok(json!({ "refused": "call_not_wanted" }));
        };
        let (body, secret) = self.body(wanted, wish).await?;
        placed(&self.0.post(&["call"], &body, &secret).await?)
    }

    /// The request, and the secret in it.
    async fn body(&self, wanted: &CreateCall, wish: Wish) -> Result<(Value, SecretString), Trouble> {
        let mut customer = json!({ "number": wish.to });
        if let Some(name) = wish.name {
            customer["name"] = json!(name);
        }
        let mut body = json!({
            // Of what Vapi repeats with a call, today's documents know the name and the overrides' metadata.
            "name": wanted.call_id,
            "assistantId": wanted.assistant_id,
            "assistantOverrides": {
                "maxDurationSeconds": wish.max_duration_seconds,
                "variableValues": wish.variable_values,
                "metadata": { "call_id": wanted.call_id },
            },
            "customer": customer,
        });
        let mut secret = SecretString::default();
        match (wish.vapi_phone_id, wish.account) {
            (Some(id), _) => body["phoneNumberId"] = json!(id),
            (None, Some(account)) => {
                let (sid, token) = self.0.keyring.twilio(&account).await?;
                body["phoneNumber"] = json!({
                    "twilioPhoneNumber": wish.from,
                    "twilioAccountSid": sid,
                    "twilioAuthToken": token.expose_secret(),
                });
                secret = token;
            }
            (None, None) => return Err(Trouble::Never("There is no number to call with.".to_owned())),
        }
        Ok((body, secret))
    }
}

impl Vapi {
    async fn placed_before(&self, wanted: &CreateCall) -> Result<Option<Value>, Trouble> {
        let since = OffsetDateTime::parse(&wanted.since, &Rfc3339).ok();
        let since = since.and_then(|since| (since - SKEW).to_offset(UtcOffset::UTC).format(&Rfc3339).ok());
        let since = since.ok_or_else(|| Trouble::Never("The payload's since is no moment.".to_owned()))?;
        let mut url = within(&self.base_url, &["call"]);
        let query = [("assistantId", wanted.assistant_id.clone()), ("createdAtGe", since), ("limit", MOST.to_string())];
        url.set_query(Some(&encoded(&query)));
        let calls = list(self.send(self.http.get(url), None).await?)?;
        let call_id = wanted.call_id.to_string();
        Ok(calls.into_iter().find(|call| is_named(call, &call_id)))
    }
}

fn is_named(call: &Value, call_id: &str) -> bool {
    call["name"] == call_id
        || call["metadata"]["call_id"] == call_id
        || call["assistantOverrides"]["metadata"]["call_id"] == call_id
}

/// Of the answer, what a call is followed and ended by. The rest holds the account's token.
fn placed(call: &Value) -> Result<Value, Trouble> {
    Ok(json!({
        "vapi_call_id": id(call)?,
        "control_url": call["monitor"]["controlUrl"],
        "call_sid": call["phoneCallProviderId"].as_str().or_else(|| call["transport"]["callSid"].as_str()),
    }))
}
