//! `vapi.create_credential` and `vapi.delete_credential`: a customer's Twilio account, as Vapi keeps it.

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{NAME, Trouble, Vapi, id};
use crate::{
    effects::{
        Effect, Executor, Verdict,
        executors::{name::Name, payload},
    },
    vault::Account,
};

pub struct VapiCreateCredential(pub Vapi);

/// One that is not there is released.
pub struct VapiDeleteCredential(pub Vapi);

#[derive(Deserialize)]
struct Create {
    account: Account,
    name: Name,
}

#[derive(Deserialize)]
struct Delete {
    vapi_credential_id: Option<String>,
    name: Name,
}

impl Executor for VapiCreateCredential {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Create = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.create(&wanted).await {
            Ok(id) => Verdict::Done(json!({ "vapi_credential_id": id })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiCreateCredential {
    async fn create(&self, wanted: &Create) -> Result<String, Trouble> {
        let (sid, token) = self.0.keyring.twilio(&wanted.account).await?;
        let named = self.0.credentials(&wanted.name).await?;
        if let Some(made) = named.iter().find(|made| made["accountSid"] == sid.as_str()) {
            return id(made);
        }
        let body = json!({
            "provider": "twilio",
            "accountSid": sid,
            "authToken": token.expose_secret(),
            "name": wanted.name.within(NAME),
        });
        id(&self.0.post(&["credential"], &body, &token).await?)
    }
}

impl Executor for VapiDeleteCredential {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Delete = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.delete(&wanted).await {
            Ok(released) => Verdict::Done(json!({ "released": released })),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl VapiDeleteCredential {
    /// Every one of the name, since each holds a customer's token.
    async fn delete(&self, wanted: &Delete) -> Result<bool, Trouble> {
        let mut ids: Vec<String> = wanted.vapi_credential_id.iter().cloned().collect();
        for made in self.0.credentials(&wanted.name).await? {
            ids.push(id(&made)?);
        }
        ids.sort();
        ids.dedup();
        let mut released = false;
        for id in ids {
            released |= self.0.delete(&["credential", &id]).await?;
        }
        Ok(released)
    }
}

impl Vapi {
    async fn credentials(&self, name: &Name) -> Result<Vec<Value>, Trouble> {
        let mut credentials = self.all("credential", None).await?;
        credentials.retain(|credential| credential["name"] == name.within(NAME).as_str());
        Ok(credentials)
    }
}
