//! The executors with stand-ins on both sides: Twilio and Vapi, and the rows that customers' secrets lie in.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    db::Args,
    effects::{Effect, Registry, Verdict},
    error::Result,
    sandbox::{Sandbox, SandboxConfig, twilio::Credentials},
    vault::{Aad, Strongroom, Vault},
};

use crate::billing::provider::{VAULT_KEYS, effect, registry_with};

/// The one row that is looked up in a test.
#[derive(Clone, Default)]
pub struct Row(Arc<Mutex<Value>>);

impl Row {
    pub fn holds(&self, org_id: Uuid, kind: &str, sealed: &Value, key_version: &Value) {
        *self.0.lock().expect("row") = json!({
            "org_id": org_id, "provider": "twilio", "type": kind, "sealed": sealed, "key_version": key_version,
        });
    }

    /// As it is sealed when a customer enters it.
    pub fn holds_keys(&self, org_id: Uuid, kind: &str, sid: &str, token: &str) {
        let keys = json!({ "account_sid": sid, "auth_token": token }).to_string();
        let sealed = vault().seal(&Aad { org_id, provider: "twilio", kind }, keys.as_bytes());
        self.holds(org_id, kind, &json!(sealed.sealed), &json!(sealed.key_version));
    }
}

impl Strongroom for Row {
    fn read<'a>(&'a self, function: &'a str, _: Args) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'a>> {
        assert_eq!(function, "private.sealed_config");
        Box::pin(async { Ok(self.0.lock().expect("row").clone()) })
    }
}

pub fn vault() -> Vault {
    Vault::from_keys(VAULT_KEYS).expect("keys")
}

pub fn name(id: Uuid) -> String {
    format!("voxanne:{id}")
}

pub struct Place {
    pub sandbox: Sandbox,
    pub row: Row,
    pub org_id: Uuid,
    executors: Registry,
}

impl Place {
    pub async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("the sandbox starts");
        let mut settings = sandbox.settings();
        settings.retain(|(name, _)| *name != "VAULT_KEYS");
        settings.push(("BACKEND_URL", "https://api.voxanne.test".to_owned()));
        settings.push(("VAPI_WEBHOOK_SECRET", "webhook_planted".to_owned()));
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let row = Row::default();
        let executors = registry_with(&settings, row.clone());
        Self { sandbox, row, org_id: Uuid::new_v4(), executors }
    }

    /// An organisation with a subaccount of ours.
    pub async fn managed() -> (Self, Value) {
        let place = Self::new().await;
        let made = place.done(&place.subaccount()).await;
        place.row.holds(place.org_id, "subaccount", &made["sealed"], &made["key_version"]);
        let account = json!({ "org_id": place.org_id, "sid": made["subaccount_sid"], "type": "subaccount" });
        (place, account)
    }

    /// An organisation with an account of its own, and a number in it.
    pub async fn own_account(number: &str) -> (Self, Value, Credentials) {
        let place = Self::new().await;
        let theirs = place.sandbox.twilio.open_account("Smile Dental");
        place.sandbox.twilio.give_number(&theirs.sid, number).expect("a number");
        place.row.holds_keys(place.org_id, "default", &theirs.sid, &theirs.token);
        let account = json!({ "org_id": place.org_id, "sid": theirs.sid, "type": "default" });
        (place, account, theirs)
    }

    pub fn subaccount(&self) -> Effect {
        self.effect("twilio.ensure_subaccount", json!({ "subaccount_name": name(self.org_id) }))
    }

    pub fn effect(&self, kind: &str, mut payload: Value) -> Effect {
        payload["org_id"] = json!(self.org_id);
        effect(kind, payload)
    }

    pub async fn run(&self, effect: &Effect) -> Verdict {
        self.executors.run(effect).await
    }

    pub async fn done(&self, effect: &Effect) -> Value {
        match self.run(effect).await {
            Verdict::Done(result) => result,
            other => panic!("not done: {other:?}"),
        }
    }

    #[track_caller]
    pub fn assert_retry(verdict: &Verdict) {
        assert!(matches!(verdict, Verdict::Retry { .. }), "{verdict:?}");
    }

    pub async fn refused(&self, effect: &Effect) -> String {
        let result = self.done(effect).await;
        assert!(result["said"].as_str().is_some_and(|said| !said.is_empty()), "{result}");
        result["refused"].as_str().unwrap_or_else(|| panic!("not refused: {result}")).to_owned()
    }
}
