//! `vapi.import_number`, `vapi.link_number` and `vapi.release_number`: a Twilio number that Vapi answers and calls with.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{NAME, Trouble, Vapi, id};
use crate::{
    effects::{
        Effect, Executor, Verdict,
        executors::{
            name::{Name, is_ours},
            payload,
        },
    },
    vault::Account,
};

/// How long Vapi waits for us, in seconds. What it asks while somebody holds the line has limits of its own.
const WAITS: u32 = 20;

pub struct VapiImportNumber(pub Vapi);

/// Has Vapi ask us about the calls of a number.
pub struct VapiLinkNumber(pub Vapi);

/// One that is not there is released.
pub struct VapiReleaseNumber(pub Vapi);

#[derive(Deserialize)]
struct Import {
    account: Account,
    phone_number: String,
    name: Name,
}

#[derive(Deserialize)]
struct Link {
    vapi_phone_id: String,
    name: Option<Name>,
    routing_direction: Direction,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Inbound,
    Outbound,
    /// Both.
    Default,
}

#[derive(Deserialize)]
struct Release {
    vapi_phone_id: Option<String>,
    name: Name,
}

impl Executor for VapiImportNumber {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Import = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.import(&wanted).await {
            Ok(id) => Verdict::Done(json!({ "vapi_phone_id": id })),
            Err(Trouble::No(problem)) if problem.is_about_the_request() => {
                Verdict::Done(json!({ "refused": "vapi_refused_number", "said": problem.said }))
            }
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiImportNumber {
    async fn import(&self, wanted: &Import) -> Result<String, Trouble> {
        let (sid, token) = self.0.keyring.twilio(&wanted.account).await?;
        if let Some(imported) = self.imported_before(wanted, &sid, &token).await? {
            return Ok(imported);
        }
        let body = json!({
            "provider": "twilio",
            "number": wanted.phone_number,
            "twilioAccountSid": sid,
            "twilioAuthToken": token.expose_secret(),
            "name": wanted.name.within(NAME),
            // Text messages are ours to receive.
            "smsEnabled": false,
        });
        match self.0.post(&["phone-number"], &body, &token).await {
            Ok(number) => id(&number),
            // Perhaps because an earlier attempt's request was carried out after this one looked.
            Err(Trouble::No(problem)) if problem.is_about_the_request() => {
                self.imported_before(wanted, &sid, &token).await?.ok_or(Trouble::No(problem))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// A number's import from this account. Should it be from another life of the number, it gets our name and the token
    /// of today.
    async fn imported_before(
        &self,
        wanted: &Import,
        sid: &str,
        token: &SecretString,
    ) -> Result<Option<String>, Trouble> {
        let same =
            |number: &Value| number["number"] == wanted.phone_number.as_str() && number["twilioAccountSid"] == sid;
        let Some(number) = self.0.numbers().await?.into_iter().find(same) else { return Ok(None) };
        let (id, name) = (id(&number)?, wanted.name.within(NAME));
        if number["name"] != name.as_str() {
            let change = json!({ "name": name, "twilioAuthToken": token.expose_secret() });
            self.0.patch(&["phone-number", &id], &change, Some(token)).await?;
        }
        Ok(Some(id))
    }
}

impl Executor for VapiLinkNumber {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Link = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.link(&wanted).await {
            Ok(()) => Verdict::Done(json!({})),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiLinkNumber {
    async fn link(&self, wanted: &Link) -> Result<(), Trouble> {
        let path = ["phone-number", wanted.vapi_phone_id.as_str()];
        let number = self.0.get(&path).await?;
        let mut change = json!({});
        if let Some(name) = &wanted.name {
            change["name"] = json!(name.within(NAME));
        }
        // An assistant set at Vapi would answer without our being asked which one it is.
        if !number["assistantId"].is_null() {
            change["assistantId"] = Value::Null;
        }
        if wanted.routing_direction != Direction::Outbound {
            change["server"] = self.server();
        }
        self.0.patch(&path, &change, self.0.webhook_secret.as_ref()).await.map(|_| ())
    }

    fn server(&self) -> Value {
        let mut server = json!({ "url": self.0.webhook.as_str(), "timeoutSeconds": WAITS });
        if let Some(secret) = &self.0.webhook_secret {
            server["headers"] = json!({ "x-vapi-secret": secret.expose_secret() });
        }
        server
    }
}

impl Executor for VapiReleaseNumber {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Release = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.release(&wanted).await {
            Ok(released) => Verdict::Done(json!({ "released": released })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiReleaseNumber {
    async fn release(&self, wanted: &Release) -> Result<bool, Trouble> {
        let name = wanted.name.within(NAME);
        let mut ids = Vec::new();
        if let Some(id) = &wanted.vapi_phone_id {
            match self.0.get(&["phone-number", id]).await {
                Ok(number) if !is_anothers(&number, &name) => ids.push(id.clone()),
                Ok(_) => {}
                Err(Trouble::No(problem)) if problem.is_not_found() => {}
                Err(trouble) => return Err(trouble),
            }
        }
        let named = self.0.numbers().await?.into_iter().filter(|number| number["name"] == name.as_str());
        ids.extend(named.map(|number| id(&number)).collect::<Result<Vec<_>, _>>()?);
        ids.sort();
        ids.dedup();
        let mut released = false;
        for id in ids {
            released |= self.0.delete(&["phone-number", &id]).await?;
        }
        Ok(released)
    }
}

/// The number has begun another life meanwhile, and Vapi's import of it has another name of ours.
fn is_anothers(number: &Value, name: &str) -> bool {
    number["name"].as_str().is_some_and(|given| is_ours(given) && given != name)
}
