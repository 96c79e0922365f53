//! Payments that their payers call wrong.

use serde_json::{Value, json};

use super::{
    error::{Outcome, Refusal},
    objects,
    store::{State, int, text},
};

/// What Stripe takes for the trouble.
const FEE: i64 = 2_000;

/// What may happen to a dispute that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Win,
    Lose,
    /// An inquiry becomes a dispute that takes the money.
    Escalate,
    /// An inquiry ends without one.
    Close,
}

/// Without an amount everything that was not given back. An inquiry takes no money.
pub(super) fn open(state: &mut State, charge: &str, amount: Option<i64>, inquiry: bool) -> Outcome<Value> {
    let paid = State::find(&state.charges, "charge", "charge", charge)?.clone();
    let left = int(&paid, "amount_captured") - int(&paid, "amount_refunded");
    let amount = amount.unwrap_or(left);
    if paid["status"] != "succeeded" || amount < 1 || amount > left {
        let message = "Only what was paid and not given back can be disputed.";
        return Err(Refusal::forbidden(None, Some("amount"), message));
    }
    if state.disputes.oldest_first().any(|dispute| dispute["charge"] == charge) {
        return Err(Refusal::forbidden(None, None, "This charge was disputed before."));
    }
    let dispute = objects::dispute(&paid, amount, inquiry);
    let id = state.disputes.add(dispute);
    state.charges.named_mut(charge)["disputed"] = json!(true);
    if inquiry {
        let dispute = state.disputes.named(&id).clone();
        state.tell("charge.dispute.created", &dispute);
        return Ok(dispute);
    }
    move_money(state, &id, -1);
    let dispute = state.disputes.named(&id).clone();
    state.tell("charge.dispute.created", &dispute);
    state.tell("charge.dispute.funds_withdrawn", &dispute);
    Ok(dispute)
}

pub(super) fn turn(state: &mut State, id: &str, turn: Turn) -> Outcome<Value> {
    let dispute = State::find(&state.disputes, "dispute", "dispute", id)?;
    let status = text(dispute, "status").to_owned();
    match (turn, status.as_str()) {
        (Turn::Win, "needs_response" | "under_review") => {
            move_money(state, id, 1);
            end(state, id, "won");
            let dispute = state.disputes.named(id).clone();
            state.tell("charge.dispute.closed", &dispute);
            state.tell("charge.dispute.funds_reinstated", &dispute);
        }
        (Turn::Lose, "needs_response" | "under_review") => {
            end(state, id, "lost");
            let dispute = state.disputes.named(id).clone();
            state.tell("charge.dispute.closed", &dispute);
        }
        (Turn::Escalate, "warning_needs_response" | "warning_under_review") => {
            let before = json!({ "status": status, "is_charge_refundable": true });
            let charge = state.charges.named(text(state.disputes.named(id), "charge"));
            let left = int(charge, "amount_captured") - int(charge, "amount_refunded");
            let dispute = state.disputes.named_mut(id);
            if int(dispute, "amount") > left {
                return Err(Refusal::forbidden(None, None, "What is asked for was given back meanwhile."));
            }
            dispute["status"] = json!("needs_response");
            dispute["is_charge_refundable"] = json!(false);
            dispute["payment_method_details"]["card"]["case_type"] = json!("chargeback");
            move_money(state, id, -1);
            let dispute = state.disputes.named(id).clone();
            state.tell_of_change("charge.dispute.updated", &dispute, Some(before));
            state.tell("charge.dispute.funds_withdrawn", &dispute);
        }
        (Turn::Close, "warning_needs_response" | "warning_under_review") => {
            end(state, id, "warning_closed");
            let dispute = state.disputes.named(id).clone();
            state.tell("charge.dispute.closed", &dispute);
        }
        _ => {
            let message = format!("That cannot happen to a dispute that is {status}.");
            return Err(Refusal::forbidden(None, None, message));
        }
    }
    Ok(state.disputes.named(id).clone())
}

fn end(state: &mut State, id: &str, status: &str) {
    let dispute = state.disputes.named_mut(id);
    dispute["status"] = json!(status);
    dispute["evidence_details"]["has_evidence"] = json!(status != "lost");
}

fn move_money(state: &mut State, id: &str, sign: i64) {
    let dispute = state.disputes.named(id);
    let fee = if sign < 0 { FEE } else { 0 };
    let amount = sign * int(dispute, "amount");
    let mut transaction = objects::balance_transaction("adjustment", id, text(dispute, "currency"), amount, fee);
    transaction["reporting_category"] = json!(if sign < 0 { "dispute" } else { "dispute_reversal" });
    state.transactions.add(transaction.clone());
    if let Some(Value::Array(all)) = state.disputes.named_mut(id).get_mut("balance_transactions") {
        all.push(transaction);
    }
}
