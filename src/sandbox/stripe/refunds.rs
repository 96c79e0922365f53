//! Money given back, and refunds that a bank sends back again.

use serde_json::{Map, Value, json};

use super::{
    error::{Outcome, Refusal},
    form::Params,
    objects,
    store::{State, int, owned, text},
};

/// `POST /v1/refunds`.
pub(super) fn create(state: &mut State, params: &Params) -> Outcome<Value> {
    let charge = params.text("charge", 255)?;
    let intent = params.text("payment_intent", 255)?;
    let amount = params.amount("amount")?;
    let reason = params.one_of("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = params.metadata("metadata")?;
    params.done()?;
    let charge = match (charge, intent) {
        (Some(charge), None) => text(State::find(&state.charges, "charge", "charge", &charge)?, "id").to_owned(),
        (charge, Some(intent)) => {
            let found = State::find(&state.intents, "payment_intent", "payment_intent", &intent)?;
            let own = owned(found, "latest_charge").filter(|_| found["status"] == "succeeded").ok_or_else(|| {
                let message = format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
                Refusal::forbidden(Some("payment_intent_unexpected_state"), Some("payment_intent"), message)
            })?;
            if charge.is_some_and(|charge| charge != own) {
                let message = "The charge does not belong to the PaymentIntent.";
                return Err(Refusal::forbidden(None, Some("charge"), message));
            }
            own
        }
        (None, None) => {
            let message = "One of the following params should be provided for this request: payment_intent or charge.";
            return Err(Refusal::invalid(Some("parameter_missing"), None, message));
        }
    };
    give_back(state, &charge, amount, reason, metadata)
}

/// The whole rest without an amount.
pub(super) fn give_back(
    state: &mut State,
    charge: &str,
    amount: Option<i64>,
    reason: Option<String>,
    metadata: Map<String, Value>,
) -> Outcome<Value> {
    let paid = State::find(&state.charges, "charge", "charge", charge)?.clone();
    let left = int(&paid, "amount_captured") - int(&paid, "amount_refunded");
    if paid["status"] != "succeeded" {
        let message = format!("Charge {charge} is not successful and cannot be refunded.");
        return Err(Refusal::forbidden(Some("charge_not_refundable"), Some("charge"), message));
    }
    if !is_refundable(state, charge) {
        let message = format!("Charge {charge} has been charged back; cannot issue a refund.");
        return Err(Refusal::forbidden(Some("charge_disputed"), None, message));
    }
    if left == 0 {
        let message = format!("Charge {charge} has already been refunded.");
        return Err(Refusal::forbidden(Some("charge_already_refunded"), None, message));
    }
    let amount = amount.unwrap_or(left);
    if amount > left {
        let money = |pence: i64| format!("£{}.{:02}", pence / 100, pence % 100);
        let message =
            format!("Refund amount ({}) is greater than unrefunded amount on charge ({})", money(amount), money(left));
        return Err(Refusal::forbidden(None, Some("amount"), message));
    }

    let mut refund = objects::refund(&paid, amount, reason, metadata);
    let transaction = objects::balance_transaction("refund", text(&refund, "id"), text(&paid, "currency"), -amount, 0);
    refund["balance_transaction"] = json!(state.transactions.add(transaction));
    state.refunds.add(refund.clone());
    let before = json!({ "amount_refunded": paid["amount_refunded"], "refunded": paid["refunded"] });
    let charge = state.charges.named_mut(charge);
    charge["amount_refunded"] = json!(int(&paid, "amount_refunded") + amount);
    charge["refunded"] = json!(amount == left);
    let charge = charge.clone();
    state.tell("refund.created", &refund);
    state.tell_of_change("charge.refunded", &charge, Some(before));
    Ok(refund)
}

/// A dispute that took the money stands in the way, an inquiry does not.
fn is_refundable(state: &State, charge: &str) -> bool {
    let disputes = state.disputes.oldest_first().filter(|dispute| dispute["charge"] == charge);
    disputes.into_iter().all(|dispute| {
        dispute["is_charge_refundable"] == true || matches!(text(dispute, "status"), "won" | "warning_closed")
    })
}

/// The bank could not hand the money over, so it comes back to us.
pub(super) fn fail(state: &mut State, id: &str) -> Outcome<Value> {
    let refund = State::find(&state.refunds, "refund", "refund", id)?.clone();
    if refund["status"] != "succeeded" {
        let message = format!("The refund is {} already.", text(&refund, "status"));
        return Err(Refusal::forbidden(None, None, message));
    }
    let amount = int(&refund, "amount");
    let transaction = objects::balance_transaction("refund_failure", id, text(&refund, "currency"), amount, 0);
    let transaction = state.transactions.add(transaction);
    let refund = state.refunds.named_mut(id);
    refund["status"] = json!("failed");
    refund["failure_reason"] = json!("lost_or_stolen_card");
    refund["failure_balance_transaction"] = json!(transaction);
    let refund = refund.clone();
    let charge = state.charges.named_mut(text(&refund, "charge"));
    charge["amount_refunded"] = json!(int(charge, "amount_refunded") - amount);
    charge["refunded"] = json!(false);
    let before = json!({ "status": "succeeded" });
    state.tell_of_change("refund.updated", &refund, Some(before.clone()));
    state.tell("refund.failed", &refund);
    state.tell_of_change("charge.refund.updated", &refund, Some(before));
    Ok(refund)
}
