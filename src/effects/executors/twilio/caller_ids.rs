//! `twilio.request_caller_id`, `twilio.find_caller_id`, `twilio.delete_caller_id`: numbers that are shown when calling.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::{Desk, Form, PAGE, Trouble, Twilio, answer::Refusals, text};
use crate::{
    effects::{Effect, Executor, Verdict, executors::payload},
    vault::{Aad, Account, Sealed},
};

/// Slow enough that a stolen hash does not tell its six digits in passing, quick enough to be waited for.
const BCRYPT_COST: u32 = 10;

/// Of an effect's time, how much is for Twilio: what is left over is for what is made of its answer.
const TWILIOS_SHARE: f64 = 0.8;

const ALREADY_VALIDATED: i64 = 21450;

const REFUSALS: Refusals = &[
    (13225, "caller_id_blocked"),
    (13227, "caller_id_blocked"),
    (21211, "phone_number_refused"),
    (21214, "phone_number_refused"),
    (21215, "caller_id_blocked"),
    (21216, "caller_id_blocked"),
    (21217, "phone_number_refused"),
    (21401, "phone_number_refused"),
    (21421, "phone_number_refused"),
];

/// Has Twilio call a phone and ask for a code, unless the number is on its list already. The code is in the answer and
/// nowhere else: after one that was lost only another call helps, and that is for the person to ask for. The phone rings once.
pub struct TwilioRequestCallerId(pub Twilio);

/// Whether a number is on Twilio's list.
pub struct TwilioFindCallerId(pub Twilio);

pub struct TwilioDeleteCallerId(pub Twilio);

#[derive(Deserialize)]
struct Request {
    /// The code is sealed for it, whosever account asks.
    org_id: Uuid,
    account: Account,
    phone_number: String,
    friendly_name: Option<String>,
}

#[derive(Deserialize)]
struct Find {
    account: Account,
    phone_number: String,
}

#[derive(Deserialize)]
struct Delete {
    account: Account,
    caller_id_sid: String,
}

impl Executor for TwilioRequestCallerId {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Request = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let until = Instant::now() + Duration::from_secs_f64(effect.timeout_seconds.max(0.0) * TWILIOS_SHARE);
        self.request(&wanted, until).await.map_or_else(|trouble| trouble.verdict(REFUSALS), Verdict::Done)
    }
}

impl TwilioRequestCallerId {
    async fn request(&self, wanted: &Request, until: Instant) -> Result<Value, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        if let Some(listed) = desk.listed(&wanted.phone_number).await? {
            return Ok(json!({ "caller_id_sid": text(&listed, "sid")? }));
        }
        let mut form: Form = vec![("PhoneNumber", wanted.phone_number.clone())];
        form.extend(wanted.friendly_name.iter().map(|name| ("FriendlyName", name.clone())));
        let asked = match asked_once(&desk, &form, until).await {
            Err(Trouble::No(problem)) if problem.is(ALREADY_VALIDATED) => {
                let listed = desk.listed(&wanted.phone_number).await?;
                let listed =
                    listed.ok_or_else(|| Trouble::later("Twilio has validated the number and does not list it."))?;
                return Ok(json!({ "caller_id_sid": text(&listed, "sid")? }));
            }
            asked => asked?,
        };
        self.kept(wanted, &asked).await.map_err(Trouble::for_good)
    }

    /// The code, sealed for the screen that shows it, and hashed for whoever types it.
    async fn kept(&self, wanted: &Request, asked: &Value) -> Result<Value, Trouble> {
        let code = asked["validation_code"].as_str().map(SecretString::from);
        // Asking once more would have the phone ring once more.
        let code = code.ok_or_else(|| Trouble::Never("Twilio calls the phone and did not say the code.".to_owned()))?;
        let aad = Aad { org_id: wanted.org_id, provider: "twilio", kind: "caller_id_code" };
        let Sealed { sealed, key_version } = self.0.keyring.seal(&aad, code.expose_secret().as_bytes())?;
        Ok(json!({
            "sealed_code": sealed,
            "key_version": key_version,
            "code_hash": hashed(code).await?,
            "call_sid": asked["call_sid"],
        }))
    }
}

/// What Twilio may have heard is not said again: the phone would ring again.
async fn asked_once(desk: &Desk<'_>, form: &Form, until: Instant) -> Result<Value, Trouble> {
    match timeout_at(until, desk.post(desk.url(&["OutgoingCallerIds"]), form)).await {
        Ok(Err(trouble @ Trouble::Later { unknown: true, .. })) => Err(trouble.for_good()),
        Ok(answer) => answer,
        Err(_) => Err(Trouble::Never("Twilio did not answer in time.".to_owned())),
    }
}

async fn hashed(code: SecretString) -> Result<String, Trouble> {
    let hashing = tokio::task::spawn_blocking(move || bcrypt::hash(code.expose_secret(), BCRYPT_COST));
    match hashing.await {
        Ok(Ok(hash)) => Ok(hash),
        _ => Err(Trouble::later("The code could not be hashed.")),
    }
}

impl Executor for TwilioFindCallerId {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Find = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.find(&wanted).await {
            Ok(Some(listed)) => {
                Verdict::Done(json!({ "caller_id_sid": listed["sid"], "friendly_name": listed["friendly_name"] }))
            }
            Ok(None) => Verdict::Done(json!({ "caller_id_sid": null, "friendly_name": null })),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioFindCallerId {
    async fn find(&self, wanted: &Find) -> Result<Option<Value>, Trouble> {
        self.0.desk(&wanted.account).await?.listed(&wanted.phone_number).await
    }
}

impl Executor for TwilioDeleteCallerId {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Delete = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.delete(&wanted).await {
            Ok(_) => Verdict::Done(json!({})),
            Err(trouble) => trouble.verdict(&[]),
        }
    }
}

impl TwilioDeleteCallerId {
    async fn delete(&self, wanted: &Delete) -> Result<bool, Trouble> {
        let desk = self.0.desk(&wanted.account).await?;
        desk.delete(desk.url(&["OutgoingCallerIds", &wanted.caller_id_sid])).await
    }
}

impl Desk<'_> {
    async fn listed(&self, phone_number: &str) -> Result<Option<Value>, Trouble> {
        let query: Form = vec![("PhoneNumber", phone_number.to_owned()), ("PageSize", PAGE.to_owned())];
        let this = |caller_id: Value| (caller_id["phone_number"] == phone_number).then_some(caller_id);
        self.walk(self.url(&["OutgoingCallerIds"]), "outgoing_caller_ids", &query, this).await
    }
}
