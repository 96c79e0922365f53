//! Payment intents, and what becomes of an attempt to pay one.

use serde_json::{Value, json};

use super::{
    card::{Card, Decline, NEEDS_HOLDER, NOT_AUTHENTICATED, Verdict},
    error::{Outcome, Refusal},
    form::{Params, merge_metadata},
    objects,
    store::{State, int, owned, text},
};

/// 1.5 % and 20 pence, as for British cards.
fn fee(amount: i64) -> i64 {
    (amount * 15 + 500) / 1000 + 20
}

pub(super) const SMALLEST: i64 = 30;

pub(super) fn too_small(param: &str) -> Refusal {
    Refusal::invalid(Some("amount_too_small"), Some(param), "Amount must be at least £0.30 gbp")
}

/// `POST /v1/payment_intents`.
pub(super) fn create(state: &mut State, params: &Params) -> Outcome<Value> {
    let amount = params.amount("amount")?.ok_or_else(|| params.lacking("amount"))?;
    let currency = params.currency("currency")?.ok_or_else(|| params.lacking("currency"))?;
    let customer = params.text("customer", 255)?;
    let method = params.text("payment_method", 255)?;
    let confirm = params.boolean("confirm")?.unwrap_or(false);
    let off_session = params.boolean("off_session")?;
    let return_url = params.url("return_url")?;
    let description = params.text_or_empty("description", 1000)?.filter(|text| !text.is_empty());
    let receipt_email = params.text("receipt_email", 800)?;
    let future = params.one_of("setup_future_usage", &["off_session", "on_session"])?;
    let metadata = params.metadata("metadata")?;
    let fails_on_action = params.boolean("error_on_requires_action")?.unwrap_or(false);
    let suffix = params.text("statement_descriptor_suffix", 22)?;
    let mut redirects = true;
    if let Some(automatic) = params.child("automatic_payment_methods")? {
        let enabled = automatic.boolean("enabled")?.ok_or_else(|| automatic.lacking("enabled"))?;
        let allowed = automatic.one_of("allow_redirects", &["always", "never"])?;
        automatic.done()?;
        redirects = enabled && allowed.as_deref() != Some("never");
    }
    let types = params.texts("allowed_payment_method_types")?;
    params.done()?;

    if let Some(other) = types.iter().find(|kind| *kind != "card") {
        let message = format!("The payment method type \"{other}\" is invalid. The sandbox charges cards only.");
        return Err(Refusal::invalid(None, Some("allowed_payment_method_types"), message));
    }
    if amount < SMALLEST {
        return Err(too_small("amount"));
    }
    if off_session.is_some() && !confirm {
        let message = "You cannot set `off_session` without `confirm=true`.";
        return Err(Refusal::invalid(None, Some("off_session"), message));
    }
    if off_session == Some(true) && future.is_some() {
        let message = "You cannot set `setup_future_usage` when `off_session` is true.";
        return Err(Refusal::invalid(None, Some("setup_future_usage"), message));
    }
    if !confirm && return_url.is_some() {
        let message = "The parameter `return_url` cannot be passed when creating a PaymentIntent unless `confirm` is set to true.";
        return Err(Refusal::invalid(None, Some("return_url"), message));
    }
    if let Some(customer) = &customer {
        state.customer("customer", customer)?;
    }
    let card = match &method {
        Some(method) => Some(usable_method(state, method, customer.as_deref())?),
        None if confirm => {
            let message = "You cannot confirm this PaymentIntent because it's missing a payment method. You can either \
                           update the PaymentIntent with a payment method and then confirm it again, or confirm it again \
                           directly with a payment method or ConfirmationToken.";
            return Err(Refusal::forbidden(Some("payment_intent_unexpected_state"), None, message));
        }
        None => None,
    };
    if confirm && off_session != Some(true) && redirects && return_url.is_none() {
        let message = "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of \
                       these payment methods might redirect your customer off of your page, you must provide a `return_url`. \
                       If you don't want to accept redirect-based payment methods, set \
                       `automatic_payment_methods[enabled]` to `true` and \
                       `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment \
                       Intents.";
        return Err(Refusal::invalid(None, None, message));
    }

    let mut intent = objects::payment_intent(amount, &currency);
    intent["customer"] = json!(customer);
    intent["description"] = json!(description);
    intent["receipt_email"] = json!(receipt_email);
    intent["setup_future_usage"] = json!(future);
    intent["statement_descriptor_suffix"] = json!(suffix);
    intent["metadata"] = Value::Object(metadata);
    if !redirects {
        intent["automatic_payment_methods"]["allow_redirects"] = json!("never");
    }
    if !types.is_empty() {
        intent["allowed_payment_method_types"] = json!(types);
    }
    let made = intent.clone();
    let id = state.intents.add(intent);
    state.tell("payment_intent.created", &made);
    let (Some(method), Some(card)) = (method, card) else { return Ok(made) };
    if !confirm {
        let intent = state.intents.named_mut(&id);
        intent["payment_method"] = json!(method);
        intent["status"] = json!("requires_confirmation");
        return Ok(intent.clone());
    }
    let verdict = if off_session == Some(true) { card.without_holder() } else { card.with_holder() };
    match verdict {
        Verdict::Pays => succeed(state, &id, &method, false),
        Verdict::Declines(decline) => return Err(fail(state, &id, &method, &decline)),
        Verdict::Authenticate if fails_on_action => {
            return Err(fail(state, &id, &method, &NEEDS_HOLDER));
        }
        Verdict::Authenticate => ask_holder(state, &id, &method, return_url.as_deref()),
    }
    Ok(state.intents.named(&id).clone())
}

/// A saved card of this customer, and how it behaves now.
fn usable_method(state: &State, method: &str, customer: Option<&str>) -> Outcome<Card> {
    let found = State::find(&state.methods, "PaymentMethod", "payment_method", method)?;
    let holder = found["customer"].as_str();
    match (holder, customer) {
        (Some(holder), Some(customer)) if holder == customer => {}
        (Some(_), None) => {
            return Err(Refusal::forbidden(
                None,
                Some("payment_method"),
                "The PaymentMethod you provided belongs to a customer. Please include the customer in the `customer` \
                 parameter on the PaymentIntent.",
            ));
        }
        (Some(_), Some(_)) => {
            let message = format!(
                "PaymentMethod {method} does not belong to the Customer you supplied. Please use this \
                                   PaymentMethod with the Customer that it belongs to instead."
            );
            return Err(Refusal::forbidden(None, Some("payment_method"), message));
        }
        (None, _) => {
            return Err(Refusal::forbidden(
                None,
                Some("payment_method"),
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared \
                 with a connected account without Customer attachment, or was detached from a Customer. It may not be used \
                 again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
            ));
        }
    }
    state.cards.get(method).copied().ok_or_else(|| {
        Refusal::forbidden(None, Some("payment_method"), "The sandbox charges saved cards only, no bank debits.")
    })
}

/// `POST /v1/payment_intents/:id`: what it says, not what it asks for.
pub(super) fn update(state: &mut State, id: &str, params: &Params) -> Outcome<Value> {
    let description = params.text_or_empty("description", 1000)?;
    let given = params.changed_metadata("metadata")?;
    params.done()?;
    State::find(&state.intents, "payment_intent", "intent", id)?;
    let intent = state.intents.named_mut(id);
    if let Some(text) = description {
        intent["description"] = if text.is_empty() { Value::Null } else { json!(text) };
    }
    merge_metadata(&mut intent["metadata"], given);
    Ok(intent.clone())
}

/// `POST /v1/payment_intents/:id/cancel`.
pub(super) fn cancel(state: &mut State, id: &str, params: &Params) -> Outcome<Value> {
    let reasons = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];
    let reason = params.one_of("cancellation_reason", &reasons)?;
    params.done()?;
    let intent = State::find(&state.intents, "payment_intent", "intent", id)?;
    let status = text(intent, "status").to_owned();
    if matches!(status.as_str(), "succeeded" | "canceled" | "processing") {
        let message = format!(
            "You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the \
             following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, \
             requires_action."
        );
        return Err(Refusal::forbidden(Some("payment_intent_unexpected_state"), None, message));
    }
    if state.sessions.oldest_first().any(|session| session["payment_intent"] == id && session["status"] == "open") {
        let message =
            "You cannot cancel a PaymentIntent created by a Checkout Session. Expire the Checkout Session instead.";
        return Err(Refusal::forbidden(Some("payment_intent_unexpected_state"), None, message));
    }
    withdraw(state, id, reason.as_deref());
    Ok(state.intents.named(id).clone())
}

pub(super) fn withdraw(state: &mut State, id: &str, reason: Option<&str>) {
    let intent = state.intents.named_mut(id);
    intent["status"] = json!("canceled");
    intent["canceled_at"] = json!(super::store::now());
    intent["cancellation_reason"] = json!(reason);
    intent["next_action"] = Value::Null;
    let intent = intent.clone();
    state.tell("payment_intent.canceled", &intent);
}

pub(super) fn ask_holder(state: &mut State, id: &str, method: &str, return_url: Option<&str>) {
    let intent = state.intents.named_mut(id);
    intent["status"] = json!("requires_action");
    intent["payment_method"] = json!(method);
    intent["last_payment_error"] = Value::Null;
    intent["next_action"] = match return_url {
        Some(url) => json!({
            "redirect_to_url": { "return_url": url, "url": format!("https://hooks.stripe.com/3d_secure_2/{id}") },
            "type": "redirect_to_url",
        }),
        None => json!({ "type": "use_stripe_sdk", "use_stripe_sdk": {} }),
    };
    let intent = intent.clone();
    state.tell("payment_intent.requires_action", &intent);
}

/// Bank debits: the money comes or does not come in some days.
pub(super) fn begin_debit(state: &mut State, id: &str, method: &str) {
    let made = state.methods.named(method).clone();
    let mut charge = objects::charge(state.intents.named(id), &made, false);
    charge["captured"] = json!(true);
    charge["amount_captured"] = charge["amount"].clone();
    let charge_id = state.charges.add(charge.clone());
    let intent = state.intents.named_mut(id);
    intent["status"] = json!("processing");
    intent["payment_method"] = json!(method);
    intent["payment_method_types"] = json!(["bacs_debit"]);
    intent["latest_charge"] = json!(charge_id);
    intent["last_payment_error"] = Value::Null;
    let intent = intent.clone();
    state.tell("charge.pending", &charge);
    state.tell("payment_intent.processing", &intent);
}

/// The charge that is pending, or a new one.
fn attempt(state: &State, id: &str, method: &str, authenticated: bool) -> Value {
    let intent = state.intents.named(id);
    let pending = owned(intent, "latest_charge").filter(|_| intent["status"] == "processing");
    match pending {
        Some(charge) => state.charges.named(&charge).clone(),
        None => objects::charge(intent, state.methods.named(method), authenticated),
    }
}

fn keep(state: &mut State, charge: &Value) -> String {
    let id = text(charge, "id").to_owned();
    match state.charges.get_mut(&id) {
        Some(kept) => *kept = charge.clone(),
        None => {
            state.charges.add(charge.clone());
        }
    }
    id
}

pub(super) fn succeed(state: &mut State, id: &str, method: &str, authenticated: bool) {
    let mut charge = attempt(state, id, method, authenticated);
    let amount = int(&charge, "amount");
    let charge_id = text(&charge, "id").to_owned();
    let currency = text(&charge, "currency").to_owned();
    let transaction = objects::balance_transaction("charge", &charge_id, &currency, amount, fee(amount));
    charge["status"] = json!("succeeded");
    charge["paid"] = json!(true);
    charge["captured"] = json!(true);
    charge["amount_captured"] = json!(amount);
    charge["outcome"] = objects::outcome(None);
    charge["balance_transaction"] = json!(state.transactions.add(transaction));
    charge["receipt_url"] = json!(format!("https://pay.stripe.com/receipts/{charge_id}"));
    keep(state, &charge);

    let intent = state.intents.named_mut(id);
    intent["status"] = json!("succeeded");
    intent["amount_received"] = json!(amount);
    intent["latest_charge"] = json!(charge_id);
    intent["payment_method"] = json!(method);
    intent["last_payment_error"] = Value::Null;
    intent["next_action"] = Value::Null;
    let intent = intent.clone();
    state.tell("charge.succeeded", &charge);
    state.tell("payment_intent.succeeded", &intent);
}

/// Nobody was charged, because the holder did not prove who they are.
pub(super) fn fail_authentication(state: &mut State, id: &str, method: &str) {
    let error = last_error(state, &NOT_AUTHENTICATED, method);
    let intent = back_to_start(state, id, error);
    state.tell("payment_intent.payment_failed", &intent);
}

/// Keeps the failed charge and answers with the error a request gets for it.
pub(super) fn fail(state: &mut State, id: &str, method: &str, decline: &Decline) -> Refusal {
    let mut charge = attempt(state, id, method, false);
    charge["status"] = json!("failed");
    charge["captured"] = json!(false);
    charge["amount_captured"] = json!(0);
    charge["failure_code"] = json!(decline.code);
    charge["failure_message"] = json!(decline.message);
    charge["outcome"] = objects::outcome(Some(decline.decline_code.unwrap_or(decline.code)));
    let charge_id = keep(state, &charge);

    let mut error = last_error(state, decline, method);
    error["charge"] = json!(charge_id);
    state.intents.named_mut(id)["latest_charge"] = json!(charge_id);
    let intent = back_to_start(state, id, error);
    state.tell("charge.failed", &charge);
    state.tell("payment_intent.payment_failed", &intent);
    let method = state.methods.named(method).clone();
    Refusal::declined(decline, &charge_id, intent, method)
}

fn last_error(state: &State, decline: &Decline, method: &str) -> Value {
    let mut error = json!({
        "code": decline.code,
        "doc_url": format!("https://docs.stripe.com/error-codes/{}", decline.code.replace('_', "-")),
        "message": decline.message,
        "payment_method": state.methods.named(method),
        "type": if decline.code.starts_with("payment_intent") { "invalid_request_error" } else { "card_error" },
    });
    if let Some(decline_code) = decline.decline_code {
        error["decline_code"] = json!(decline_code);
    }
    error
}

/// The intent wants another payment method.
fn back_to_start(state: &mut State, id: &str, error: Value) -> Value {
    let intent = state.intents.named_mut(id);
    intent["status"] = json!("requires_payment_method");
    intent["payment_method"] = Value::Null;
    intent["next_action"] = Value::Null;
    intent["last_payment_error"] = error;
    intent.clone()
}
