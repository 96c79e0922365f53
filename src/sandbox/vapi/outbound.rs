//! Calls that are made over the API.
//!
//! Sentences, and that the number must be the account's, are from memory. `metadata` is not in the published schema and comes
//! back in captures, so it is taken and shown.

use serde_json::{Map, Value, json};

use super::{
    assistants,
    calls::{self, NewCall},
    carrier::{Carried, Carrier, TwilioKeys, TwilioSecret},
    error::{Outcome, Refusal},
    numbers::is_e164,
    shape,
    store::{self, State, text},
};

const NOT_HERE: [&str; 8] =
    ["squadId", "squad", "squadOverrides", "workflowId", "workflow", "workflowOverrides", "schedulePlan", "customerId"];

/// One call, or one for each of `customers`.
pub(super) fn create(
    state: &mut State,
    carrier: &dyn Carrier,
    base: &str,
    fields: &Map<String, Value>,
) -> Outcome<Value> {
    let mut checked = fields.clone();
    let metadata = checked.remove("metadata").filter(|metadata| !metadata.is_null());
    shape::check("CreateCallDTO", &checked)?;
    if metadata.as_ref().is_some_and(|metadata| !metadata.is_object()) {
        return Err(Refusal::problems(vec!["metadata must be an object".to_owned()]));
    }
    if let Some(name) = NOT_HERE.into_iter().find(|name| checked.get(*name).is_some_and(|value| !value.is_null())) {
        return Err(Refusal::bad(format!("The sandbox makes no call with {name}.")));
    }
    check_assistant(state, &checked)?;
    check_number(state, carrier, &checked)?;
    let overrides = checked.get("assistantOverrides").cloned().unwrap_or_default();
    assistants::check_overrides(state, &overrides)?;
    match (checked.get("customer"), checked.get("customers").and_then(Value::as_array)) {
        (Some(customer), None) if customer.is_object() => {
            check_customer(customer)?;
            Ok(begin(state, base, fields, customer))
        }
        (None, Some(customers)) if !customers.is_empty() => {
            let (mut results, mut errors) = (Vec::new(), Vec::new());
            for customer in customers {
                match check_customer(customer) {
                    Ok(()) => results.push(begin(state, base, fields, customer)),
                    Err(refusal) => {
                        errors.push(json!({ "customer": customer, "error": refusal.sentences().join("; ") }));
                    }
                }
            }
            Ok(json!({ "results": results, "errors": errors }))
        }
        _ => Err(Refusal::bad("Need Either `customer` Or `customers`.")),
    }
}

fn check_assistant(state: &State, fields: &Map<String, Value>) -> Outcome<()> {
    match (fields.get("assistantId").and_then(Value::as_str), fields.get("assistant").and_then(Value::as_object)) {
        (Some(id), None) => store::named(&state.assistants, "Assistant", "assistantId", id),
        (None, Some(assistant)) => assistants::check(state, assistant),
        (None, None) => Err(Refusal::bad("Need Either `assistantId` Or `assistant`.")),
        (Some(_), Some(_)) => Err(Refusal::bad("Need Either `assistantId` Or `assistant`, Not Both.")),
    }
}

fn check_number(state: &State, carrier: &dyn Carrier, fields: &Map<String, Value>) -> Outcome<()> {
    match (fields.get("phoneNumberId").and_then(Value::as_str), fields.get("phoneNumber").filter(|one| one.is_object()))
    {
        (Some(id), None) => store::named(&state.numbers, "Phone Number", "phoneNumberId", id),
        (None, Some(given)) => check_keys(carrier, given),
        (None, None) => Err(Refusal::bad("Need Either `phoneNumberId` Or `phoneNumber`.")),
        (Some(_), Some(_)) => Err(Refusal::bad("Need Either `phoneNumberId` Or `phoneNumber`, Not Both.")),
    }
}

/// A number that is not imported, with the keys to its account.
fn check_keys(carrier: &dyn Carrier, given: &Value) -> Outcome<()> {
    let word = |name: &str| given[name].as_str().map(str::to_owned);
    let secret = match (word("twilioAuthToken"), word("twilioApiKey"), word("twilioApiSecret")) {
        (Some(token), _, _) => TwilioSecret::AuthToken(token),
        (None, Some(key), Some(secret)) => TwilioSecret::ApiKey { key, secret },
        _ => return Err(Refusal::bad("`twilioAuthToken` Or `twilioApiKey` And `twilioApiSecret` Is Missing.")),
    };
    let keys = TwilioKeys { account_sid: text(given, "twilioAccountSid").to_owned(), secret };
    let number = text(given, "twilioPhoneNumber");
    if !is_e164(number) {
        return Err(Refusal::problems(vec![
            "phoneNumber.twilioPhoneNumber must be a valid phone number in the E.164 format.".to_owned(),
        ]));
    }
    match carrier.may_call_from(&keys, number) {
        Carried::TakenOver => Ok(()),
        Carried::WrongKeys => Err(Refusal::bad("Couldn't Start Call. Twilio Error: Authenticate")),
        Carried::NoSuchNumber => {
            Err(Refusal::bad(format!("Couldn't Start Call. Number {number} Not Found on Twilio.")))
        }
    }
}

fn check_customer(customer: &Value) -> Outcome<()> {
    let is_free = customer["numberE164CheckEnabled"] == false;
    match customer["number"].as_str() {
        Some(number) if is_free || is_e164(number) => Ok(()),
        _ => Err(Refusal::problems(vec![
            "customer.number must be a valid phone number in the E.164 format. Hot tip, you may be missing the country code \
             (Eg. US: +1)."
                .to_owned(),
        ])),
    }
}

fn begin(state: &mut State, base: &str, fields: &Map<String, Value>, customer: &Value) -> Value {
    let of = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let call = calls::begin(
        state,
        base,
        NewCall {
            id: None,
            outbound: true,
            phone_number_id: of("phoneNumberId"),
            customer: customer["number"].as_str().map(str::to_owned),
            twilio_call_sid: None,
        },
    );
    let id = text(&call, "id").to_owned();
    let Some(call) = state.call_mut(&id) else { return call };
    for name in ["assistantId", "assistant", "assistantOverrides", "metadata", "name"] {
        if let Some(value) = fields.get(name).filter(|value| !value.is_null()) {
            call[name] = value.clone();
        }
    }
    call["customer"] = customer.clone();
    if let Some(given) = fields.get("phoneNumber").filter(|given| given.is_object()) {
        call["transport"]["accountSid"] = given["twilioAccountSid"].clone();
        call["phoneNumber"] = given.clone();
    }
    call.clone()
}
