//! Pages of objects, and ids expanded into what they stand for.

use serde_json::{Value, json};

use super::{
    error::{Outcome, Refusal},
    form::Params,
    store::{Shelf, State, int, text},
};

const DEEPEST: usize = 4;

/// A page, newest first, of what passes every filter: `(parameter, field)`.
pub(super) fn page(shelf: &Shelf, path: &str, params: &Params, filters: &[(&str, &str)]) -> Outcome<Value> {
    page_of(shelf, path, params, filters, |_| true)
}

/// The same of some of the objects only.
pub(super) fn page_of(
    shelf: &Shelf,
    path: &str,
    params: &Params,
    filters: &[(&str, &str)],
    belongs: impl Fn(&Value) -> bool,
) -> Outcome<Value> {
    let limit = params.integer("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        let message = "This value must be between 1 and 100.".to_owned();
        return Err(params.wrong(Some("parameter_invalid_integer"), "limit", message));
    }
    let after = params.text("starting_after", 255)?;
    let before = params.text("ending_before", 255)?;
    if after.is_some() && before.is_some() {
        let message = "You may only specify one of these parameters: starting_after, ending_before.".to_owned();
        return Err(params.wrong(None, "starting_after", message));
    }
    let mut wanted = Vec::new();
    for (name, field) in filters {
        if let Some(value) = params.text(name, 800)? {
            wanted.push((*field, value));
        }
    }
    let created = created(params)?;
    params.done()?;

    let passes = |document: &&Value| {
        document.get("deleted").is_none()
            && belongs(document)
            && wanted.iter().all(|(field, value)| document[*field] == value.as_str())
            && created.iter().all(|bound| bound.holds(int(document, "created")))
    };
    let found: Vec<&Value> = shelf.oldest_first().rev().filter(passes).collect();
    let place = |param: &str, id: &str| {
        let missing = || Refusal::missing("object", param, id);
        found.iter().position(|document| text(document, "id") == id).ok_or_else(missing)
    };
    let range = match (&after, &before) {
        (Some(after), _) => place("starting_after", after)? + 1..found.len(),
        (None, Some(before)) => 0..place("ending_before", before)?,
        (None, None) => 0..found.len(),
    };
    let found = &found[range];
    let limit = usize::try_from(limit).unwrap_or(10);
    let shown = match before {
        Some(_) => &found[found.len().saturating_sub(limit)..],
        None => &found[..limit.min(found.len())],
    };
    Ok(json!({ "object": "list", "data": shown, "has_more": found.len() > shown.len(), "url": path }))
}

struct Bound(&'static str, i64);

impl Bound {
    fn holds(&self, created: i64) -> bool {
        match self.0 {
            "gt" => created > self.1,
            "gte" => created >= self.1,
            "lt" => created < self.1,
            _ => created <= self.1,
        }
    }
}

fn created(params: &Params) -> Outcome<Vec<Bound>> {
    let mut bounds = Vec::new();
    if let Some(range) = params.child("created")? {
        for name in ["gt", "gte", "lt", "lte"] {
            if let Some(at) = range.integer(name)? {
                bounds.push(Bound(name, at));
            }
        }
        range.done()?;
    }
    Ok(bounds)
}

/// Replaces ids by their objects, as `expand[]` asks.
pub(super) fn expand(state: &State, answer: &mut Value, paths: &[String]) -> Outcome<()> {
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEEPEST || !expand_path(state, answer, &steps) {
            let message = format!("This property cannot be expanded ({path}).");
            return Err(Refusal::forbidden(None, Some("expand"), message));
        }
    }
    Ok(())
}

fn expand_path(state: &State, at: &mut Value, steps: &[&str]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    if *step == "data" && at["object"] == "list" {
        let Some(items) = at["data"].as_array_mut() else { return false };
        return items.iter_mut().all(|item| expand_path(state, item, rest));
    }
    if *step == "line_items" && at["object"] == "checkout.session" {
        at["line_items"] = state.line_items.get(text(at, "id")).cloned().unwrap_or_default();
        return rest.is_empty();
    }
    let Some(field) = at.get_mut(*step) else { return false };
    if field.is_null() {
        return true;
    }
    if let Some(id) = field.as_str() {
        let Some(found) = of_id(state, id) else { return false };
        *field = found.clone();
    }
    field.is_object() && expand_path(state, field, rest)
}

fn of_id<'a>(state: &'a State, id: &str) -> Option<&'a Value> {
    let shelf = match id.split_once('_')?.0 {
        "cus" => &state.customers,
        "pi" => &state.intents,
        "ch" => &state.charges,
        "re" => &state.refunds,
        "pm" => &state.methods,
        "txn" => &state.transactions,
        _ => return None,
    };
    shelf.get(id)
}
