//! The events of a calendar, page by page.

use serde_json::{Value, json};

use super::{
    events::in_state,
    times::{parsed, span, written},
};
use crate::sandbox::{
    clock,
    oauth::{
        error::{Outcome, Refusal},
        store::State,
    },
};

struct Wanted {
    limit: usize,
    skip: usize,
    single: bool,
    by_start: bool,
    deleted: bool,
    tests: Vec<Test>,
}

type Test = Box<dyn Fn(&Value) -> bool>;

fn read(query: &[(String, String)]) -> Outcome<Wanted> {
    let mut wanted = Wanted { limit: 250, skip: 0, single: false, by_start: false, deleted: false, tests: Vec::new() };
    let invalid = |name: &str| Refusal::invalid(format!("Invalid value for: {name}"));
    let boolean = |name: &str, value: &str| value.parse().map_err(|_| invalid(name));
    for (name, value) in query {
        let moment = || parsed(value).ok_or_else(|| invalid(name));
        let value = value.clone();
        match name.as_str() {
            "maxResults" => match value.parse() {
                Ok(limit @ 1..) => wanted.limit = usize::min(limit, 2_500),
                _ => return Err(invalid(name)),
            },
            "pageToken" => wanted.skip = value.parse().map_err(|_| invalid(name))?,
            "singleEvents" => wanted.single = boolean(name, &value)?,
            "showDeleted" => wanted.deleted = boolean(name, &value)?,
            "orderBy" if value == "startTime" => wanted.by_start = true,
            "orderBy" if value == "updated" => {}
            "timeMin" => {
                let from = Some(moment()?);
                wanted.tests.push(Box::new(move |event| span(event).is_ok_and(|span| span.meets(from, None))));
            }
            "timeMax" => {
                let until = Some(moment()?);
                wanted.tests.push(Box::new(move |event| span(event).is_ok_and(|span| span.meets(None, until))));
            }
            "updatedMin" => {
                let from = moment()?;
                wanted.tests.push(Box::new(move |event| {
                    event["updated"].as_str().and_then(parsed).is_some_and(|updated| updated >= from)
                }));
            }
            "iCalUID" => wanted.tests.push(Box::new(move |event| event["iCalUID"] == value)),
            "privateExtendedProperty" => {
                let (key, value) = value.split_once('=').ok_or_else(|| invalid(name))?;
                let (key, value) = (key.to_owned(), value.to_owned());
                wanted.tests.push(Box::new(move |event| event["extendedProperties"]["private"][&key] == value));
            }
            "q" => {
                let words = value.to_lowercase();
                wanted.tests.push(Box::new(move |event| {
                    let texts = ["summary", "description", "location"].map(|field| event[field].as_str());
                    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&words))
                }));
            }
            "timeZone" | "alt" => {}
            _ => return Err(invalid(name)),
        }
    }
    if wanted.by_start && !wanted.single {
        return Err(Refusal::invalid("The requested ordering is not available for the particular query."));
    }
    Ok(wanted)
}

pub(super) fn answer(state: &State, email: &str, query: &[(String, String)]) -> Outcome<Value> {
    let wanted = read(query)?;
    let fits = |event: &&Value| {
        (wanted.deleted || event["status"] != "cancelled") && wanted.tests.iter().all(|test| test(event))
    };
    let mut found: Vec<&Value> = in_state(state, email).iter().filter(fits).collect();
    if wanted.by_start {
        found.sort_by_key(|event| span(event).map(|span| span.start).ok());
    }
    let page: Vec<&Value> = found.iter().copied().skip(wanted.skip).take(wanted.limit).collect();
    let next = wanted.skip + page.len();
    let mut answer = json!({
        "kind": "calendar#events",
        "etag": "\"p33g9r\"",
        "summary": email,
        "updated": written(clock::now()),
        "timeZone": "UTC",
        "accessRole": "owner",
        "defaultReminders": [{ "method": "popup", "minutes": 10 }],
        "items": page,
    });
    if next < found.len() {
        answer["nextPageToken"] = json!(next.to_string());
    }
    Ok(answer)
}
