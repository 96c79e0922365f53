//! When somebody is busy: an answer of 200 in which each calendar may have failed for itself.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    events::in_state,
    times::{Span, parsed, span, written},
};
use crate::sandbox::{
    clock,
    oauth::{
        error::{Outcome, Refusal},
        store::State,
    },
};

/// More calendars than this are not looked at.
const CALENDARS: usize = 50;

pub(super) fn answer(state: &State, email: &str, fields: &Map<String, Value>) -> Outcome<Value> {
    let known = ["timeMin", "timeMax", "timeZone", "items", "calendarExpansionMax", "groupExpansionMax"];
    if let Some(stranger) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Refusal::invalid(format!("The sandbox does not take the field {stranger}.")));
    }
    let moment = |name: &str| match fields.get(name) {
        None => Err(Refusal::api(StatusCode::BAD_REQUEST, "required", format!("Missing {name} parameter."))),
        Some(value) => {
            value.as_str().and_then(parsed).ok_or_else(|| Refusal::invalid(format!("Invalid value for: {name}")))
        }
    };
    let asked = Span { start: moment("timeMin")?, end: moment("timeMax")? };
    if asked.end <= asked.start {
        let message = "The specified time range is empty.";
        return Err(Refusal::api(StatusCode::BAD_REQUEST, "timeRangeEmpty", message));
    }
    let mut calendars = Map::new();
    for (place, item) in fields.get("items").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let id = item["id"].as_str().ok_or_else(|| Refusal::invalid("Invalid value for: items"))?;
        let failed = |reason: &str| json!({ "errors": [{ "domain": "global", "reason": reason }], "busy": [] });
        let told = match id {
            _ if place >= CALENDARS => failed("tooManyCalendarsRequested"),
            id if id == "primary" || id == email => json!({ "busy": busy(in_state(state, email), asked) }),
            _ => failed("notFound"),
        };
        calendars.insert(id.to_owned(), told);
    }
    let [from, until] = [asked.start, asked.end].map(|at| clock::iso(at.to_offset(time::UtcOffset::UTC)));
    Ok(json!({ "kind": "calendar#freeBusy", "timeMin": from, "timeMax": until, "calendars": calendars }))
}

/// What overlaps is told as one. That nothing is told beyond the time asked about is from memory.
fn busy(events: &[Value], asked: Span) -> Vec<Value> {
    let blocks = |event: &&Value| event["status"] != "cancelled" && event["transparency"] != "transparent";
    let mut spans: Vec<Span> = events
        .iter()
        .filter(blocks)
        .filter_map(|event| span(event).ok())
        .filter(|span| span.meets(Some(asked.start), Some(asked.end)))
        .map(|span| Span { start: span.start.max(asked.start), end: span.end.min(asked.end) })
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged.iter().map(|span| json!({ "start": written(span.start), "end": written(span.end) })).collect()
}
