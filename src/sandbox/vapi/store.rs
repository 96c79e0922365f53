//! Everything the stand-in remembers, as the documents Vapi would show.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    error::{Outcome, Refusal},
    player::{Live, Script},
};
use crate::sandbox::clock;

/// The one organisation there is at this Vapi: ours.
pub(super) const ORG: &str = "5e5a1c3e-9b0f-4f42-8a3c-0d6f1f2e7a10";

#[derive(Default)]
pub(super) struct State {
    /// Oldest first, as all of these.
    pub(super) numbers: Vec<Value>,
    pub(super) credentials: Vec<Value>,
    pub(super) assistants: Vec<Value>,
    pub(super) tools: Vec<Value>,
    pub(super) calls: Vec<Value>,
    /// Where a call stands: there are many, and they are asked for all the time.
    places: HashMap<String, usize>,
    /// The calls that are or were played.
    pub(super) lives: HashMap<String, Live>,
    /// How people behave who are called, by their number; nobody's: all others.
    pub(super) people: HashMap<Option<String>, Script>,
    /// What was ordered over a call's control URL.
    pub(super) orders: BTreeMap<String, Vec<Value>>,
}

impl State {
    pub(super) fn add_call(&mut self, call: Value) {
        self.places.insert(text(&call, "id").to_owned(), self.calls.len());
        self.calls.push(call);
    }

    pub(super) fn call(&self, id: &str) -> Option<&Value> {
        self.calls.get(*self.places.get(id)?)
    }

    pub(super) fn call_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.calls.get_mut(*self.places.get(id)?)
    }
}

pub(super) fn now() -> String {
    clock::iso(clock::now())
}

pub(super) fn text<'a>(document: &'a Value, field: &str) -> &'a str {
    document[field].as_str().unwrap_or_default()
}

/// A new document with these fields.
pub(super) fn document(fields: &Map<String, Value>) -> Value {
    let at = now();
    let mut document = json!({ "id": Uuid::new_v4(), "orgId": ORG, "createdAt": at, "updatedAt": at });
    merge(&mut document, fields);
    document
}

/// What is set to null is no longer there.
pub(super) fn merge(document: &mut Value, fields: &Map<String, Value>) {
    let Some(known) = document.as_object_mut() else { return };
    for (name, value) in fields {
        if value.is_null() {
            known.remove(name);
        } else {
            known.insert(name.clone(), value.clone());
        }
    }
}

/// What a body names must be there.
pub(super) fn named(documents: &[Value], what: &str, field: &str, id: &str) -> Outcome<()> {
    match documents.iter().any(|document| document["id"] == id) {
        true => Ok(()),
        false => Err(Refusal::bad(format!("Couldn't Find {what}. `{field}` {id} Does Not Exist."))),
    }
}

/// The place of a document. What is no UUID is not looked up.
pub(super) fn place(documents: &[Value], what: &str, id: &str) -> Outcome<usize> {
    if Uuid::parse_str(id).is_err() {
        return Err(Refusal::problems(vec!["id must be a UUID".to_owned()]));
    }
    documents.iter().position(|document| document["id"] == id).ok_or_else(|| Refusal::missing(what, id))
}
