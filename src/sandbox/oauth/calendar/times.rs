//! When an event is.

use serde_json::{Value, json};
use time::{
    Date, OffsetDateTime, UtcOffset,
    format_description::well_known::{Iso8601, Rfc3339},
};

use crate::sandbox::oauth::error::{Outcome, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: OffsetDateTime,
    pub(super) end: OffsetDateTime,
}

impl Span {
    pub(super) fn meets(self, from: Option<OffsetDateTime>, until: Option<OffsetDateTime>) -> bool {
        from.is_none_or(|from| self.end > from) && until.is_none_or(|until| self.start < until)
    }
}

/// `2026-12-01T18:00:00Z`
pub(super) fn written(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

pub(super) fn parsed(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// An end of the event, and whether it is a whole day.
fn moment(value: &Value, which: &str) -> Outcome<(OffsetDateTime, bool)> {
    if value.is_null() {
        return Err(Refusal::api(poem::http::StatusCode::BAD_REQUEST, "required", format!("Missing {which} time.")));
    }
    let zone = value["timeZone"].as_str();
    let known = |zone: &str| zone == "UTC" || zone.split('/').count() >= 2 && zone.is_ascii();
    if zone.is_some_and(|zone| !known(zone)) || !matches!(value["timeZone"], Value::Null | Value::String(_)) {
        return Err(Refusal::invalid(format!("Invalid time zone definition for {which} time.")));
    }
    let invalid = || Refusal::invalid(format!("Invalid value for: {which}"));
    match (value["date"].as_str(), value["dateTime"].as_str()) {
        (Some(day), None) => {
            let day = Date::parse(day, &Iso8601::DATE).map_err(|_| invalid())?;
            Ok((day.midnight().assume_utc(), true))
        }
        // The stand-in has no table of time zones: where one stands alone, it must be UTC.
        (None, Some(text)) => {
            let utc = zone.is_some_and(|zone| matches!(zone, "UTC" | "Etc/UTC")).then(|| format!("{text}Z"));
            let at = parsed(text).or_else(|| parsed(&utc?)).ok_or_else(invalid)?;
            Ok((at, false))
        }
        _ => Err(invalid()),
    }
}

/// When an event is, if it can be then.
pub(super) fn span(event: &Value) -> Outcome<Span> {
    let (start, from_day) = moment(&event["start"], "start")?;
    let (end, to_day) = moment(&event["end"], "end")?;
    if from_day != to_day {
        return Err(Refusal::invalid("Start and end times must either both be date or both be dateTime."));
    }
    if end < start || from_day && end == start {
        let message = "The specified time range is empty.";
        return Err(Refusal::api(poem::http::StatusCode::BAD_REQUEST, "timeRangeEmpty", message));
    }
    Ok(Span { start, end })
}

/// As Google shows it: in the calendar's own zone, whatever was given.
pub(super) fn shown(value: &Value) -> Value {
    match value["dateTime"].as_str() {
        None => json!({ "date": value["date"] }),
        Some(text) => {
            let zone = value["timeZone"].as_str().unwrap_or("UTC");
            let at = parsed(text).or_else(|| parsed(&format!("{text}Z")));
            json!({ "dateTime": at.map(written), "timeZone": zone })
        }
    }
}
