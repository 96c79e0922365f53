//! Checkout sessions: made by us, completed by a person, or not.

use serde_json::{Map, Value, json};

use super::{
    card::{Card, DEBIT_FAILED, Verdict},
    error::{Outcome, Refusal},
    form::Params,
    objects, payments, shapes,
    store::{State, int, new_id, now, owned, text},
};

const OPEN_FOR: i64 = 24 * 3600;

/// What a session asked for and does not show.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    intent_metadata: Map<String, Value>,
    description: Option<String>,
    receipt_email: Option<String>,
    setup_future_usage: Option<String>,
    creates_customer: bool,
}

/// How an attempt on the Checkout page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    Paid,
    Declined,
    /// The bank asks the holder: `Stripe::authenticate`.
    NeedsAuthentication,
    /// A bank debit is on its way: `Stripe::settle_debit`.
    Processing,
}

/// `POST /v1/checkout/sessions`.
pub(super) fn create(state: &mut State, params: &Params, base_url: &str) -> Outcome<Value> {
    let mode = params.one_of("mode", &["payment", "setup", "subscription"])?.ok_or_else(|| params.lacking("mode"))?;
    let ui_mode = params.one_of("ui_mode", &["hosted_page", "embedded_page", "elements", "form"])?;
    if mode != "payment" || ui_mode.as_deref().is_some_and(|mode| mode != "hosted_page") {
        let message = "The sandbox has Checkout in mode=payment and ui_mode=hosted_page only.".to_owned();
        return Err(params.wrong(None, "mode", message));
    }
    let success_url = params.url("success_url")?.ok_or_else(|| params.lacking("success_url"))?;
    let cancel_url = params.url("cancel_url")?;
    let customer = params.text("customer", 255)?;
    let email = params.text("customer_email", 800)?;
    let creation = params.one_of("customer_creation", &["always", "if_required"])?;
    let reference = params.text("client_reference_id", 200)?;
    let metadata = params.metadata("metadata")?;
    let expires_at = params.integer("expires_at")?;
    let locale = params.text("locale", 10)?;
    let submit_type = params.one_of("submit_type", &["auto", "book", "donate", "pay", "subscribe"])?;
    let allowed = params.texts("allowed_payment_method_types")?;
    let currency = params.currency("currency")?;
    let mut wishes = wishes(params)?;
    let items = line_items(params)?;
    params.done()?;

    if customer.is_some() && (email.is_some() || creation.is_some()) {
        let message = "You may only specify one of these parameters: customer, customer_email, customer_creation.";
        return Err(Refusal::invalid(None, Some("customer"), message));
    }
    if let Some(other) = allowed.iter().find(|kind| !matches!(kind.as_str(), "card" | "bacs_debit")) {
        let message =
            format!("The payment method type provided: {other} is invalid. The sandbox has card and bacs_debit.");
        return Err(Refusal::invalid(None, Some("allowed_payment_method_types"), message));
    }
    if let Some(at) = expires_at.filter(|at| !(now() + 1800 - 60..=now() + OPEN_FOR).contains(at)) {
        let message = format!("The `expires_at` timestamp must be between 30 minutes and 24 hours from now, not {at}.");
        return Err(Refusal::invalid(None, Some("expires_at"), message));
    }
    let total: i64 = items.iter().map(|item| int(item, "amount_total")).sum();
    let money = text(&items[0], "currency").to_owned();
    if items.iter().any(|item| text(item, "currency") != money) || currency.is_some_and(|given| given != money) {
        let message = "All line items must have the same currency.";
        return Err(Refusal::invalid(None, Some("line_items"), message));
    }
    if total < payments::SMALLEST {
        return Err(payments::too_small("line_items"));
    }
    if total > 99_999_999 {
        let message = "The Checkout Session's total amount must be no more than £999,999.99";
        return Err(Refusal::invalid(Some("amount_too_large"), Some("line_items"), message));
    }
    if let Some(customer) = &customer {
        state.customer("customer", customer)?;
    }
    wishes.creates_customer =
        customer.is_none() && (creation.as_deref() == Some("always") || wishes.setup_future_usage.is_some());
    let shown_creation = customer.is_none().then_some(if wishes.creates_customer { "always" } else { "if_required" });

    let id = new_id("cs_test_a1", 58);
    let mut session = shapes::session(&id, total, &money);
    if !allowed.is_empty() {
        session["allowed_payment_method_types"] = json!(allowed);
        session["payment_method_types"] = json!(allowed);
    }
    session["cancel_url"] = json!(cancel_url);
    session["client_reference_id"] = json!(reference);
    session["customer"] = json!(customer);
    session["customer_creation"] = json!(shown_creation);
    session["customer_email"] = json!(email);
    session["expires_at"] = json!(expires_at.unwrap_or(now() + OPEN_FOR));
    session["locale"] = json!(locale);
    session["metadata"] = Value::Object(metadata);
    session["submit_type"] = json!(submit_type);
    session["success_url"] = json!(success_url);
    session["url"] = json!(format!("{base_url}/c/pay/{id}"));
    let list = json!({
        "object": "list", "data": items, "has_more": false, "url": format!("/v1/checkout/sessions/{id}/line_items"),
    });
    state.line_items.insert(id.clone(), list);
    state.wishes.insert(id, wishes);
    state.sessions.add(session.clone());
    Ok(session)
}

fn wishes(params: &Params) -> Outcome<Wishes> {
    let Some(data) = params.child("payment_intent_data")? else { return Ok(Wishes::default()) };
    let wishes = Wishes {
        intent_metadata: data.metadata("metadata")?,
        description: data.text("description", 1000)?,
        receipt_email: data.text("receipt_email", 800)?,
        setup_future_usage: data.one_of("setup_future_usage", &["off_session", "on_session"])?,
        creates_customer: false,
    };
    data.done()?;
    Ok(wishes)
}

fn line_items(params: &Params) -> Outcome<Vec<Value>> {
    let given = params.list("line_items")?;
    if given.is_empty() {
        return Err(params.lacking("line_items"));
    }
    given.iter().map(line_item).collect()
}

fn line_item(item: &Params) -> Outcome<Value> {
    let quantity = match item.integer("quantity")? {
        None => return Err(item.lacking("quantity")),
        Some(quantity) if !(1..=999_999).contains(&quantity) => {
            return Err(item.wrong(Some("parameter_invalid_integer"), "quantity", "Invalid quantity".into()));
        }
        Some(quantity) => quantity,
    };
    let price = item.child("price_data")?.ok_or_else(|| item.lacking("price_data"))?;
    item.done()?;
    let currency = price.currency("currency")?.ok_or_else(|| price.lacking("currency"))?;
    let each = price.amount("unit_amount")?.ok_or_else(|| price.lacking("unit_amount"))?;
    let tax = price.one_of("tax_behavior", &["exclusive", "inclusive", "unspecified"])?;
    let product = price.child("product_data")?.ok_or_else(|| price.lacking("product_data"))?;
    price.done()?;
    let name = product.required("name")?;
    let description = product.text("description", 5000)?;
    product.metadata("metadata")?;
    product.done()?;
    Ok(shapes::line_item(&description.unwrap_or(name), each, quantity, &currency, tax.as_deref()))
}

/// A session that can be acted on. One whose time is over expires now.
fn open(state: &mut State, id: &str) -> Outcome<Value> {
    let session = State::find(&state.sessions, "checkout.session", "session", id)?.clone();
    if session["status"] == "open" && int(&session, "expires_at") <= now() {
        close(state, id);
    }
    let session = state.sessions.named(id);
    match text(session, "status") {
        "open" => Ok(session.clone()),
        status => {
            let message =
                format!("Only Checkout Sessions with a status in [\"open\"] can be used. This one is {status}.");
            Err(Refusal::forbidden(None, None, message))
        }
    }
}

/// `POST /v1/checkout/sessions/:id/expire`.
pub(super) fn expire(state: &mut State, id: &str) -> Outcome<Value> {
    open(state, id)?;
    close(state, id);
    Ok(state.sessions.named(id).clone())
}

fn close(state: &mut State, id: &str) {
    let session = state.sessions.named_mut(id);
    session["status"] = json!("expired");
    session["url"] = Value::Null;
    let session = session.clone();
    if let Some(intent) = session["payment_intent"].as_str() {
        payments::withdraw(state, intent, Some("automatic"));
    }
    state.tell("checkout.session.expired", &session);
}

/// The way out of the page.
pub(super) fn way_back(state: &mut State, id: &str) -> Outcome<Option<String>> {
    Ok(owned(&open(state, id)?, "cancel_url"))
}

/// Where a person goes after paying.
pub(super) fn way_on(session: &Value) -> String {
    text(session, "success_url").replace("{CHECKOUT_SESSION_ID}", text(session, "id"))
}

/// A person pays with a card, or by a bank debit without one.
pub(super) fn pay(state: &mut State, id: &str, card: Option<Card>) -> Outcome<Payment> {
    let session = open(state, id)?;
    let types = session["payment_method_types"].as_array().cloned().unwrap_or_default();
    let kind = if card.is_some() { "card" } else { "bacs_debit" };
    if !types.iter().any(|one| one == kind) {
        let message = format!("This Checkout Session does not offer {kind}.");
        return Err(Refusal::forbidden(None, None, message));
    }
    let verdict = card.map(Card::with_holder);
    if !matches!(verdict, Some(Verdict::Declines(_))) {
        bring_customer(state, id);
    }
    let intent = intent_of(state, id);
    let method = objects::payment_method(card, &email_of(state, id));
    let method = state.methods.add(method);
    if let Some(card) = card {
        state.cards.insert(method.clone(), card);
    }
    match verdict {
        Some(Verdict::Declines(decline)) => {
            payments::fail(state, &intent, &method, &decline);
            Ok(Payment::Declined)
        }
        Some(Verdict::Authenticate) => {
            payments::ask_holder(state, &intent, &method, None);
            Ok(Payment::NeedsAuthentication)
        }
        Some(Verdict::Pays) => {
            attach(state, &intent, &method);
            payments::succeed(state, &intent, &method, false);
            complete(state, id, "paid", "checkout.session.completed");
            Ok(Payment::Paid)
        }
        None => {
            payments::begin_debit(state, &intent, &method);
            complete(state, id, "unpaid", "checkout.session.completed");
            Ok(Payment::Processing)
        }
    }
}

/// The holder answers the bank's question.
pub(super) fn authenticate(state: &mut State, id: &str, approves: bool) -> Outcome<Payment> {
    let session = open(state, id)?;
    let intent = owned(&session, "payment_intent").unwrap_or_default();
    let waiting = state.intents.get(&intent).filter(|intent| intent["status"] == "requires_action");
    let Some(method) = waiting.and_then(|intent| owned(intent, "payment_method")) else {
        return Err(Refusal::forbidden(None, None, "Nothing waits for authentication here."));
    };
    if !approves {
        payments::fail_authentication(state, &intent, &method);
        return Ok(Payment::Declined);
    }
    attach(state, &intent, &method);
    payments::succeed(state, &intent, &method, true);
    complete(state, id, "paid", "checkout.session.completed");
    Ok(Payment::Paid)
}

/// The bank debit of a completed session arrives, or does not.
pub(super) fn settle_debit(state: &mut State, id: &str, arrives: bool) -> Outcome<Payment> {
    let session = State::find(&state.sessions, "checkout.session", "session", id)?;
    let intent = owned(session, "payment_intent").unwrap_or_default();
    let waiting = state.intents.get(&intent).filter(|intent| intent["status"] == "processing");
    let Some(method) = waiting.and_then(|intent| owned(intent, "payment_method")) else {
        return Err(Refusal::forbidden(None, None, "No bank debit is on its way here."));
    };
    if arrives {
        payments::succeed(state, &intent, &method, false);
        complete(state, id, "paid", "checkout.session.async_payment_succeeded");
        return Ok(Payment::Paid);
    }
    payments::fail(state, &intent, &method, &DEBIT_FAILED);
    complete(state, id, "unpaid", "checkout.session.async_payment_failed");
    Ok(Payment::Declined)
}

pub(super) fn email_of(state: &State, id: &str) -> Value {
    let session = state.sessions.named(id);
    let customer = session["customer"].as_str().and_then(|customer| state.customers.get(customer));
    let known = customer.map(|customer| &customer["email"]).filter(|email| email.is_string());
    match known.or(Some(&session["customer_email"])).filter(|email| email.is_string()) {
        Some(email) => email.clone(),
        None => json!("payer@clinic.test"),
    }
}

fn bring_customer(state: &mut State, id: &str) {
    let wanted = state.wishes.get(id).is_some_and(|wishes| wishes.creates_customer);
    if !wanted || state.sessions.named(id)["customer"].is_string() {
        return;
    }
    let mut customer = objects::customer();
    customer["email"] = email_of(state, id);
    let customer_id = state.customers.add(customer.clone());
    state.tell("customer.created", &customer);
    let session = state.sessions.named_mut(id);
    session["customer"] = json!(customer_id);
    if let Some(intent) = owned(session, "payment_intent") {
        state.intents.named_mut(&intent)["customer"] = json!(customer_id);
    }
}

/// A session has one intent, however many attempts it takes.
fn intent_of(state: &mut State, id: &str) -> String {
    let session = state.sessions.named(id);
    if let Some(known) = owned(session, "payment_intent") {
        return known;
    }
    let wishes = state.wishes.get(id).cloned().unwrap_or_default();
    let mut intent = objects::payment_intent(int(session, "amount_total"), text(session, "currency"));
    intent["customer"] = session["customer"].clone();
    intent["payment_method_types"] = session["payment_method_types"].clone();
    intent["metadata"] = Value::Object(wishes.intent_metadata);
    intent["description"] = json!(wishes.description);
    intent["receipt_email"] = json!(wishes.receipt_email);
    intent["setup_future_usage"] = json!(wishes.setup_future_usage);
    let intent_id = state.intents.add(intent.clone());
    state.tell("payment_intent.created", &intent);
    state.sessions.named_mut(id)["payment_intent"] = json!(intent_id);
    intent_id
}

/// Saves the card with the customer, when the session was for that.
fn attach(state: &mut State, intent: &str, method: &str) {
    let intent = state.intents.named(intent);
    if let (Some(customer), Some(_)) = (intent["customer"].as_str(), intent["setup_future_usage"].as_str()) {
        let customer = json!(customer);
        let method = state.methods.named_mut(method);
        method["customer"] = customer;
        let method = method.clone();
        state.tell("payment_method.attached", &method);
    }
}

fn complete(state: &mut State, id: &str, payment_status: &str, event: &str) {
    let email = email_of(state, id);
    let session = state.sessions.named_mut(id);
    session["status"] = json!("complete");
    session["payment_status"] = json!(payment_status);
    session["url"] = Value::Null;
    session["customer_details"] = json!({
        "address": objects::address(), "business_name": null, "email": email, "individual_name": null,
        "name": "Pat Payer", "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    let session = session.clone();
    state.tell(event, &session);
}
