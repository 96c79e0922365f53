//! `stripe.charge`: takes money from a saved card while nobody is there.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Form, Stripe,
    answer::{Problem, Trouble},
};
use crate::effects::{Effect, Executor, Verdict, executors::payload};

pub struct StripeCharge(pub Stripe);

#[derive(Deserialize)]
struct Payload {
    org_id: Uuid,
    recharge_id: Uuid,
    amount_pence: i64,
    currency: String,
    customer: String,
    payment_method: String,
    /// No charge for this is older; in seconds since 1970, with an hour for clocks that differ.
    #[serde(default)]
    since: i64,
}

impl Executor for StripeCharge {
    /// Looks for the charge before it makes it. A first attempt may be a replayed dead letter's, from before Stripe
    /// forgot its key, so every attempt looks.
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Payload = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        match self.charge(&wanted, effect.attempts > 1).await {
            Ok(intent) => Verdict::Done(outcome(&intent)),
            Err(Trouble::Card(problem)) => Verdict::Done(declined(&problem)),
            // Money may have moved: it is looked for again, and never taken for refused.
            Err(Trouble::Broken(error)) => Verdict::retry(error),
            Err(trouble) => trouble.verdict(),
        }
    }
}

impl StripeCharge {
    async fn charge(&self, wanted: &Payload, again: bool) -> Result<Value, Trouble> {
        match self.made_before(wanted).await {
            Ok(None) => {}
            Ok(Some(made)) => return Ok(made),
            // What an earlier attempt did is unknown for as long as nobody can look.
            Err(Trouble::Never(error)) if again => return Err(Trouble::later(error)),
            Err(trouble) => return Err(trouble),
        }
        self.0.post("payment_intents", &form(wanted), &format!("recharge/{}", wanted.recharge_id)).await
    }

    /// One that was never confirmed charged nobody: it is confirmed by asking again.
    async fn made_before(&self, wanted: &Payload) -> Result<Option<Value>, Trouble> {
        let recharge = json!(wanted.recharge_id);
        let ours = |intent: Value| {
            let ours = intent["metadata"]["recharge_id"] == recharge && intent["status"] != "requires_confirmation";
            let older = intent["created"].as_i64().is_some_and(|created| created < wanted.since);
            match (ours, older) {
                (true, _) => Some(Some(intent)),
                (false, true) => Some(None),
                (false, false) => None,
            }
        };
        Ok(self.0.walk("payment_intents", ("customer", &wanted.customer), ours).await?.flatten())
    }
}

fn form<'a>(wanted: &Payload) -> Form<'a> {
    vec![
        ("amount", wanted.amount_pence.to_string()),
        ("currency", wanted.currency.clone()),
        ("customer", wanted.customer.clone()),
        ("payment_method", wanted.payment_method.clone()),
        ("off_session", "true".to_owned()),
        ("confirm", "true".to_owned()),
        ("description", "Voxanne credit".to_owned()),
        // Nobody is there to be sent to a bank's page and back.
        ("automatic_payment_methods[enabled]", "true".to_owned()),
        ("automatic_payment_methods[allow_redirects]", "never".to_owned()),
        ("metadata[org_id]", wanted.org_id.to_string()),
        ("metadata[recharge_id]", wanted.recharge_id.to_string()),
    ]
}

/// What became of an intent.
fn outcome(intent: &Value) -> Value {
    let problem: Problem = serde_json::from_value(intent["last_payment_error"].clone()).unwrap_or_default();
    let status = match intent["status"].as_str().unwrap_or_default() {
        status @ ("succeeded" | "processing" | "requires_action") => status,
        _ if wants_its_holder(&problem) => "requires_action",
        _ => "declined",
    };
    result(status, intent, &problem)
}

fn declined(problem: &Problem) -> Value {
    let status = if wants_its_holder(problem) { "requires_action" } else { "declined" };
    result(status, problem.payment_intent.as_ref().unwrap_or(&Value::Null), problem)
}

/// The bank asks for strong customer authentication.
fn wants_its_holder(problem: &Problem) -> bool {
    [&problem.code, &problem.decline_code].iter().any(|code| code.as_deref() == Some("authentication_required"))
}

fn result(status: &str, intent: &Value, problem: &Problem) -> Value {
    json!({
        "status": status,
        "payment_intent": intent["id"],
        "amount_received": intent["amount_received"].as_i64().unwrap_or_default(),
        "currency": intent["currency"],
        "code": problem.code,
        "decline_code": problem.decline_code,
        "message": problem.message,
    })
}
