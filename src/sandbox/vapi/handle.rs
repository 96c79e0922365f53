//! What a test, or a person at the desk, can make happen and look at.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Map, Value, json};

use super::{
    Carrier, NewCall, TwilioKeys, TwilioSecret, Vapi, calls,
    error::Outcome,
    store::{self, State, text},
};

/// Why it cannot happen, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Impossible(pub(super) String);

/// Telephones.
impl Vapi {
    /// A call begins, whose id and control URL are in the answer.
    pub fn begin_call(&self, call: NewCall) -> Value {
        let base_url = self.base_url();
        calls::begin(&mut self.lock(), &base_url, call)
    }

    /// # Errors
    /// When there is no such call.
    pub fn answer_call(&self, id: &str) -> Result<Value, Impossible> {
        possible(calls::start(&mut self.lock(), id))
    }

    /// Somebody hangs up.
    ///
    /// # Errors
    /// When there is no such call.
    pub fn end_call(&self, id: &str, reason: &str) -> Result<Value, Impossible> {
        possible(calls::end(&mut self.lock(), id, reason))
    }
}

/// What was there before the stand-in was started. Nobody is asked.
impl Vapi {
    /// A number that was imported, under the id it is known by elsewhere.
    pub fn take_up_number(&self, id: &str, number: &str, keys: &TwilioKeys, name: &str, server: Option<&str>) {
        let fields = json!({
            "id": id,
            "provider": "twilio",
            "number": number,
            "twilioAccountSid": keys.account_sid,
            "name": name,
            "smsEnabled": false,
            "status": "active",
            "server": server.map(|url| json!({ "url": url, "timeoutSeconds": 20 })),
        });
        let mut taken = document(&fields);
        match &keys.secret {
            TwilioSecret::AuthToken(token) => taken["twilioAuthToken"] = json!(token),
            TwilioSecret::ApiKey { key, secret } => {
                taken["twilioApiKey"] = json!(key);
                taken["twilioApiSecret"] = json!(secret);
            }
        }
        self.lock().numbers.push(taken);
    }

    /// What the server of a number is sent to know whom it talks to.
    pub fn take_up_secret(&self, number: &str, secret: &str) {
        if let Some(number) = self.lock().numbers.iter_mut().find(|known| known["id"] == number) {
            number["server"]["headers"] = json!({ "x-vapi-secret": secret });
        }
    }

    /// The keys of somebody's Twilio account.
    pub fn take_up_credential(&self, id: &str, account_sid: &str, name: &str) {
        let fields = json!({ "id": id, "provider": "twilio", "accountSid": account_sid, "name": name });
        self.lock().credentials.push(document(&fields));
    }
}

/// What Vapi knows.
impl Vapi {
    /// Whom Vapi asks about Twilio accounts and their numbers. Without it, all are good.
    pub fn asks(&self, carrier: Arc<dyn Carrier>) {
        *self.carrier.lock().expect("carrier") = carrier;
    }

    /// The imported numbers, oldest first, as Vapi shows them.
    pub fn phone_numbers(&self) -> Vec<Value> {
        self.lock().numbers.clone()
    }

    /// One imported number, by the number itself.
    pub fn phone_number(&self, number: &str) -> Option<Value> {
        self.lock().numbers.iter().find(|known| known["number"] == number).cloned()
    }

    /// The telephone numbers alone.
    pub fn numbers(&self) -> BTreeSet<String> {
        self.lock().numbers.iter().map(|known| text(known, "number").to_owned()).collect()
    }

    /// Oldest first, as Vapi shows them: without secrets.
    pub fn credentials(&self) -> Vec<Value> {
        self.lock().credentials.clone()
    }

    pub fn call(&self, id: &str) -> Option<Value> {
        self.lock().call(id).cloned()
    }

    /// What was ordered over the call's control URL, oldest first.
    pub fn orders(&self, call: &str) -> Vec<Value> {
        self.lock().orders.get(call).cloned().unwrap_or_default()
    }

    /// Oldest first, as all of these.
    pub fn assistants(&self) -> Vec<Value> {
        self.lock().assistants.clone()
    }

    pub fn tools(&self) -> Vec<Value> {
        self.lock().tools.clone()
    }

    /// Somebody changes an assistant at Vapi's own dashboard, or makes one: nothing is checked.
    pub fn put_assistant(&self, assistant: Value) {
        put(&mut self.lock().assistants, assistant);
    }

    pub fn put_tool(&self, tool: Value) {
        put(&mut self.lock().tools, tool);
    }

    /// Somebody deletes an assistant there.
    pub fn forget_assistant(&self, id: &str) {
        self.lock().assistants.retain(|known| known["id"] != id);
    }

    pub fn forget_tool(&self, id: &str) {
        self.lock().tools.retain(|known| known["id"] != id);
    }

    /// Somebody deletes a number at Vapi's own dashboard.
    pub fn forget_number(&self, number: &str) {
        self.lock().numbers.retain(|known| known["number"] != number);
    }

    pub fn clear(&self) {
        *self.lock() = State::default();
    }
}

/// In the place of the one with its id, or as a new one.
fn put(documents: &mut Vec<Value>, document: Value) {
    let whole = self::document(&document);
    match documents.iter_mut().find(|known| known["id"] == whole["id"]) {
        Some(known) => *known = whole,
        None => documents.push(whole),
    }
}

fn document(fields: &Value) -> Value {
    let nothing = Map::new();
    store::document(fields.as_object().unwrap_or(&nothing))
}

fn possible<T>(outcome: Outcome<T>) -> Result<T, Impossible> {
    outcome.map_err(|refusal| Impossible(text(&refusal.body(), "message").to_owned()))
}
