//! Google Calendar: each account has one calendar, in UTC, with the events somebody put into it.
//!
//! What is not here is refused: recurring events, other people's calendars, watching and syncing.

mod events;
mod free_busy;
mod list;
mod times;

use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

pub(super) use self::events::{in_state, person_adds};
use super::{
    api::Asked,
    error::{Outcome, Refusal},
    face::{CALENDAR, EVENTS, FREE_BUSY, Face},
    profile::caller,
    store::State,
};

pub(super) fn serve(state: &mut State, asked: &Asked) -> Outcome<(StatusCode, Value)> {
    let segments: Vec<&str> = asked.segments.iter().skip(2).map(String::as_str).collect();
    let ok = |body| Ok((StatusCode::OK, body));
    match (asked.method.as_str(), segments.as_slice()) {
        ("POST", ["freeBusy"]) => {
            let email = caller(Face::Google, state, asked.headers, &[FREE_BUSY, CALENDAR])?;
            ok(free_busy::answer(state, &email, &asked.json()?)?)
        }
        (method, ["calendars", calendar, "events", rest @ ..]) => {
            let email = caller(Face::Google, state, asked.headers, &[EVENTS, CALENDAR])?;
            if *calendar != "primary" && *calendar != email {
                return Err(Refusal::not_found());
            }
            match (method, rest) {
                ("POST", []) => ok(events::insert(state, &email, asked)?),
                ("GET", []) => ok(list::answer(state, &email, &asked.query())?),
                ("GET", [id]) => ok(events::get(state, &email, id)?.clone()),
                ("PATCH", [id]) => ok(events::patch(state, &email, id, asked)?),
                ("DELETE", [id]) => {
                    events::delete(state, &email, id, asked)?;
                    Ok((StatusCode::NO_CONTENT, Value::Null))
                }
                _ => Err(unknown(&asked.method)),
            }
        }
        _ => Err(unknown(&asked.method)),
    }
}

fn unknown(method: &Method) -> Refusal {
    Refusal::api(StatusCode::NOT_FOUND, "notFound", format!("The sandbox has no such {method}."))
}

/// Parameters that say how others are told, of which there are none here.
fn check_query(asked: &Asked) -> Outcome<()> {
    const IGNORED: [&str; 7] = [
        "sendUpdates",
        "sendNotifications",
        "conferenceDataVersion",
        "eventLabelVersion",
        "maxAttendees",
        "supportsAttachments",
        "alt",
    ];
    match asked.query().iter().find(|(name, _)| !IGNORED.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::invalid(format!("The sandbox does not know the parameter {name}."))),
    }
}

/// The account's own part of an event.
fn self_of(email: &str) -> Value {
    json!({ "email": email, "self": true })
}
