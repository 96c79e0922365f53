//! Everything the stand-in remembers, as the documents Stripe would show.

use std::collections::HashMap;

use rand::{Rng, distr::Alphanumeric};
use serde_json::{Value, json};

use super::{
    VERSION,
    card::Card,
    checkout::Wishes,
    error::{Outcome, Refusal},
    idempotency::Keys,
};
use crate::sandbox::clock;

/// Documents of one kind in the order they were made.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    documents: HashMap<String, Value>,
    order: Vec<String>,
}

impl Shelf {
    pub(super) fn add(&mut self, document: Value) -> String {
        let id = text(&document, "id").to_owned();
        self.order.push(id.clone());
        self.documents.insert(id.clone(), document);
        id
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        self.documents.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.documents.get_mut(id)
    }

    /// A document that another one names, so that it is there.
    pub(super) fn named(&self, id: &str) -> &Value {
        self.get(id).expect("a document that is referred to")
    }

    pub(super) fn named_mut(&mut self, id: &str) -> &mut Value {
        self.get_mut(id).expect("a document that is referred to")
    }

    pub(super) fn oldest_first(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.order.iter().map(|id| self.named(id))
    }
}

/// Why something happens: the request that asked for it, or a person on a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Cause {
    pub(super) request_id: Option<String>,
    pub(super) idempotency_key: Option<String>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) customers: Shelf,
    pub(super) sessions: Shelf,
    pub(super) intents: Shelf,
    pub(super) charges: Shelf,
    pub(super) refunds: Shelf,
    pub(super) disputes: Shelf,
    pub(super) methods: Shelf,
    pub(super) transactions: Shelf,
    pub(super) events: Shelf,
    pub(super) line_items: HashMap<String, Value>,
    pub(super) wishes: HashMap<String, Wishes>,
    pub(super) cards: HashMap<String, Card>,
    pub(super) keys: Keys,
    pub(super) cause: Cause,
    /// Events of the action that is going on.
    pub(super) outbox: Vec<Value>,
}

impl State {
    pub(super) fn find<'a>(shelf: &'a Shelf, what: &str, param: &str, id: &str) -> Outcome<&'a Value> {
        shelf.get(id).ok_or_else(|| Refusal::missing(what, param, id))
    }

    /// A customer that is not deleted.
    pub(super) fn customer(&self, param: &str, id: &str) -> Outcome<&Value> {
        let found = Self::find(&self.customers, "customer", param, id)?;
        if found.get("deleted").is_some() { Err(Refusal::missing("customer", param, id)) } else { Ok(found) }
    }

    /// Writes down that something happened to an object, as it is now.
    pub(super) fn tell(&mut self, kind: &str, object: &Value) {
        self.tell_of_change(kind, object, None);
    }

    pub(super) fn tell_of_change(&mut self, kind: &str, object: &Value, before: Option<Value>) {
        let mut data = json!({ "object": object });
        if let Some(before) = before {
            data["previous_attributes"] = before;
        }
        let event = json!({
            "id": new_id("evt_1", 23),
            "object": "event",
            "api_version": VERSION,
            "created": now(),
            "data": data,
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": self.cause.request_id, "idempotency_key": self.cause.idempotency_key },
            "type": kind,
        });
        self.events.add(event.clone());
        self.outbox.push(event);
    }
}

pub(super) fn new_id(prefix: &str, length: usize) -> String {
    let letters = rand::rng().sample_iter(Alphanumeric).take(length).map(char::from);
    prefix.chars().chain(letters).collect()
}

pub(super) fn now() -> i64 {
    clock::now().unix_timestamp()
}

pub(super) fn text<'a>(document: &'a Value, field: &str) -> &'a str {
    document[field].as_str().unwrap_or_default()
}

pub(super) fn int(document: &Value, field: &str) -> i64 {
    document[field].as_i64().unwrap_or_default()
}

pub(super) fn owned(document: &Value, field: &str) -> Option<String> {
    document[field].as_str().map(str::to_owned)
}
