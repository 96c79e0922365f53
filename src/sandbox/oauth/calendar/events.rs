//! Events: the client may choose their ids, so that the same one cannot be put in twice.

use poem::http::StatusCode;
use rand::Rng;
use serde_json::{Map, Value, json};

use super::{check_query, self_of, times};
use crate::sandbox::{
    clock,
    oauth::{
        api::Asked,
        error::{Outcome, Refusal},
        store::State,
    },
};

/// What may be written, of the published shape.
const WRITABLE: [&str; 22] = [
    "anyoneCanAddSelf",
    "attendees",
    "colorId",
    "description",
    "end",
    "eventType",
    "extendedProperties",
    "guestsCanInviteOthers",
    "guestsCanModify",
    "guestsCanSeeOtherGuests",
    "iCalUID",
    "id",
    "kind",
    "location",
    "reminders",
    "sequence",
    "source",
    "start",
    "status",
    "summary",
    "transparency",
    "visibility",
];

fn is_id(id: &str) -> bool {
    (5..=1024).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v'))
}

fn new_id() -> String {
    let letters = b"0123456789abcdefghijklmnopqrstuv";
    let mut rng = rand::rng();
    (0..26).map(|_| letters[rng.random_range(0..letters.len())] as char).collect()
}

fn check(fields: &Map<String, Value>) -> Outcome<()> {
    for (name, value) in fields {
        let fits = match name.as_str() {
            name if !WRITABLE.contains(&name) => {
                return Err(Refusal::invalid(format!("The sandbox does not take the field {name}.")));
            }
            _ if value.is_null() => true,
            "attendees" => value.as_array().is_some_and(|all| all.iter().all(|one| one["email"].is_string())),
            "start" | "end" | "extendedProperties" | "reminders" | "source" => value.is_object(),
            "status" => matches!(value.as_str(), Some("confirmed" | "tentative" | "cancelled")),
            "transparency" => matches!(value.as_str(), Some("opaque" | "transparent")),
            "visibility" => matches!(value.as_str(), Some("default" | "public" | "private" | "confidential")),
            "eventType" => value == "default",
            "anyoneCanAddSelf" | "guestsCanInviteOthers" | "guestsCanModify" | "guestsCanSeeOtherGuests" => {
                value.is_boolean()
            }
            "sequence" => value.is_i64(),
            _ => value.is_string(),
        };
        if !fits {
            return Err(Refusal::invalid(format!("Invalid value for: {name}")));
        }
    }
    Ok(())
}

/// Changed just now.
fn touch(event: &mut Value) {
    let now = clock::now();
    event["updated"] = json!(clock::iso(now));
    event["etag"] = json!(format!("\"{}\"", now.unix_timestamp_nanos() / 1_000));
}

fn made(email: &str, id: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let mut event = json!({
        "kind": "calendar#event",
        "etag": "",
        "id": id,
        "status": "confirmed",
        "htmlLink": format!("https://www.google.com/calendar/event?eid={id}"),
        "created": clock::iso(clock::now()),
        "updated": "",
        "creator": self_of(email),
        "organizer": self_of(email),
        "iCalUID": format!("{id}@google.com"),
        "sequence": 0,
        "reminders": { "useDefault": true },
        "eventType": "default",
    });
    merge(&mut event, fields);
    times::span(&event)?;
    for end in ["start", "end"] {
        event[end] = times::shown(&event[end]);
    }
    touch(&mut event);
    Ok(event)
}

fn merge(event: &mut Value, fields: &Map<String, Value>) {
    let Some(known) = event.as_object_mut() else { return };
    for (name, value) in fields {
        match (known.get_mut(name), value) {
            (_, Value::Null) => {
                known.remove(name);
            }
            (Some(Value::Object(inner)), Value::Object(given)) if name == "extendedProperties" => {
                inner.extend(given.clone());
            }
            _ => {
                known.insert(name.clone(), value.clone());
            }
        }
    }
}

pub(super) fn insert(state: &mut State, email: &str, asked: &Asked) -> Outcome<Value> {
    check_query(asked)?;
    let fields = asked.json()?;
    check(&fields)?;
    let id = match fields.get("id").and_then(Value::as_str) {
        Some(id) if is_id(id) => id.to_owned(),
        Some(_) => return Err(Refusal::invalid("Invalid resource id value.")),
        None => new_id(),
    };
    // An event that was deleted keeps its id.
    if find(state, email, &id).is_some() {
        let message = "The requested identifier already exists.";
        return Err(Refusal::api(StatusCode::CONFLICT, "duplicate", message));
    }
    let event = made(email, &id, &fields)?;
    state.events.entry(email.to_owned()).or_default().push(event.clone());
    Ok(event)
}

/// What somebody enters by hand.
pub(in crate::sandbox::oauth) fn person_adds(
    state: &mut State,
    email: &str,
    fields: &Map<String, Value>,
) -> Outcome<Value> {
    check(fields)?;
    let event = made(email, &new_id(), fields)?;
    state.events.entry(email.to_owned()).or_default().push(event.clone());
    Ok(event)
}

/// The events of somebody's calendar, oldest first, with those that were deleted.
pub(in crate::sandbox::oauth) fn in_state<'a>(state: &'a State, email: &str) -> &'a [Value] {
    state.events.get(email).map(Vec::as_slice).unwrap_or_default()
}

fn find(state: &State, email: &str, id: &str) -> Option<usize> {
    in_state(state, email).iter().position(|event| event["id"] == id)
}

/// An event that was deleted is shown, as cancelled.
pub(super) fn get<'a>(state: &'a State, email: &str, id: &str) -> Outcome<&'a Value> {
    let place = find(state, email, id).ok_or_else(Refusal::not_found)?;
    Ok(&in_state(state, email)[place])
}

fn get_mut<'a>(state: &'a mut State, email: &str, id: &str, asked: &Asked) -> Outcome<&'a mut Value> {
    check_query(asked)?;
    let place = find(state, email, id).ok_or_else(Refusal::not_found)?;
    let event = state.events.get_mut(email).and_then(|events| events.get_mut(place)).ok_or_else(Refusal::not_found)?;
    match asked.headers.get("if-match").and_then(|etag| etag.to_str().ok()) {
        Some(etag) if etag != "*" && event["etag"] != etag => {
            Err(Refusal::api(StatusCode::PRECONDITION_FAILED, "conditionNotMet", "Precondition Failed"))
        }
        _ => Ok(event),
    }
}

pub(super) fn patch(state: &mut State, email: &str, id: &str, asked: &Asked) -> Outcome<Value> {
    let fields = asked.json()?;
    check(&fields)?;
    let event = get_mut(state, email, id, asked)?;
    if fields.get("id").is_some_and(|given| given != id) {
        return Err(Refusal::invalid("Invalid resource id value."));
    }
    let mut changed = event.clone();
    merge(&mut changed, &fields);
    let moved = times::span(&changed)? != times::span(event)?;
    for end in ["start", "end"] {
        changed[end] = times::shown(&changed[end]);
    }
    if moved {
        changed["sequence"] = json!(changed["sequence"].as_i64().unwrap_or_default() + 1);
    }
    touch(&mut changed);
    *event = changed.clone();
    Ok(changed)
}

pub(super) fn delete(state: &mut State, email: &str, id: &str, asked: &Asked) -> Outcome<()> {
    let event = get_mut(state, email, id, asked)?;
    if event["status"] == "cancelled" {
        return Err(Refusal::api(StatusCode::GONE, "deleted", "Resource has been deleted"));
    }
    event["status"] = json!("cancelled");
    touch(event);
    Ok(())
}
