//! `stripe.refunds`: every refund of a payment, as Stripe has it now.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Stripe, answer::Trouble, picked};
use crate::effects::{Effect, Executor, Verdict, executors::payload};

const FIELDS: [&str; 5] = ["id", "amount", "currency", "status", "charge"];

pub struct StripeRefunds(pub Stripe);

#[derive(Deserialize)]
struct Payload {
    payment_intent: String,
}

impl Executor for StripeRefunds {
    async fn run(&self, effect: &Effect) -> Verdict {
        let wanted: Payload = match payload(effect) {
            Ok(wanted) => wanted,
            Err(refused) => return refused,
        };
        let mut refunds = Vec::new();
        let all = |refund: Value| -> Option<()> {
            refunds.push(picked(&refund, &FIELDS));
            None
        };
        match self.0.walk("refunds", ("payment_intent", &wanted.payment_intent), all).await {
            Ok(_) => Verdict::Done(json!({ "refunds": refunds })),
            Err(trouble) => Trouble::verdict(trouble),
        }
    }
}
