//! Customers and the cards they saved.

use serde_json::{Value, json};

use super::{
    error::{Outcome, Refusal},
    form::{Params, merge_metadata},
    objects,
    store::{State, text},
};

const DESCRIBED: [(&str, usize); 4] = [("email", 512), ("name", 256), ("description", 350), ("phone", 20)];

pub(super) fn create(state: &mut State, params: &Params) -> Outcome<Value> {
    let mut customer = objects::customer();
    change(state, &mut customer, params)?;
    state.customers.add(customer.clone());
    state.tell("customer.created", &customer);
    Ok(customer)
}

pub(super) fn update(state: &mut State, id: &str, params: &Params) -> Outcome<Value> {
    let before = state.customer("id", id)?.clone();
    let mut customer = before.clone();
    change(state, &mut customer, params)?;
    *state.customers.named_mut(id) = customer.clone();
    if let (Value::Object(old), false) = (&before, before == customer) {
        let changed = old.iter().filter(|(name, value)| customer[name.as_str()] != **value);
        let changed = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
        state.tell_of_change("customer.updated", &customer, Some(Value::Object(changed)));
    }
    Ok(customer)
}

fn change(state: &State, customer: &mut Value, params: &Params) -> Outcome<()> {
    for (name, longest) in DESCRIBED {
        match params.text_or_empty(name, longest)? {
            Some(email) if name == "email" && !email.is_empty() && !is_address(&email) => {
                let message = format!("Invalid email address: {email}");
                return Err(params.wrong(Some("email_invalid"), "email", message));
            }
            Some(value) if value.is_empty() => customer[name] = Value::Null,
            Some(value) => customer[name] = json!(value),
            None => {}
        }
    }
    if let Some(settings) = params.child("invoice_settings")? {
        if let Some(method) = settings.text("default_payment_method", 255)? {
            let found =
                State::find(&state.methods, "PaymentMethod", "invoice_settings[default_payment_method]", &method)?;
            if found["customer"] != customer["id"] {
                let message = "The customer does not have a payment method with the ID ".to_owned() + &method;
                return Err(Refusal::forbidden(None, Some("invoice_settings[default_payment_method]"), message));
            }
            customer["invoice_settings"]["default_payment_method"] = json!(method);
        }
        settings.done()?;
    }
    merge_metadata(&mut customer["metadata"], params.changed_metadata("metadata")?);
    params.done()
}

fn is_address(email: &str) -> bool {
    let parts = email.split_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !email.contains(char::is_whitespace)
    })
}

/// Deleting a customer takes their saved cards along. What they paid stays in the books.
pub(super) fn delete(state: &mut State, id: &str) -> Outcome<Value> {
    let customer = state.customer("id", id)?.clone();
    for method in methods_of(state, id) {
        detach(state, &method)?;
    }
    let gone = json!({ "id": id, "object": "customer", "deleted": true });
    *state.customers.named_mut(id) = gone.clone();
    state.tell("customer.deleted", &customer);
    Ok(gone)
}

fn methods_of(state: &State, customer: &str) -> Vec<String> {
    let theirs = state.methods.oldest_first().filter(|method| method["customer"] == customer);
    theirs.map(|method| text(method, "id").to_owned()).collect()
}

pub(super) fn detach(state: &mut State, id: &str) -> Outcome<Value> {
    let method = State::find(&state.methods, "PaymentMethod", "payment_method", id)?;
    let Some(customer) = method["customer"].as_str().map(str::to_owned) else {
        let message = "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(Refusal::forbidden(None, None, message));
    };
    let method = state.methods.named_mut(id);
    method["customer"] = Value::Null;
    let method = method.clone();
    let default = &mut state.customers.named_mut(&customer)["invoice_settings"]["default_payment_method"];
    if *default == id {
        *default = Value::Null;
    }
    state.tell_of_change("payment_method.detached", &method, Some(json!({ "customer": customer })));
    Ok(method)
}
