//! JSON bodies and queries, read the way Vapi reads them: nothing unknown, everything of its type, all problems at once.

use std::cell::RefCell;

use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::error::{Outcome, Refusal};

pub(super) struct Body<'a> {
    map: &'a Map<String, Value>,
    asked: RefCell<Vec<&'static str>>,
    problems: RefCell<Vec<String>>,
}

impl<'a> Body<'a> {
    pub(super) fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, asked: RefCell::default(), problems: RefCell::default() }
    }

    /// To be called when everything was asked for.
    pub(super) fn done(self) -> Outcome<()> {
        let asked = self.asked.into_inner();
        let strangers = self.map.keys().filter(|name| !asked.contains(&name.as_str()));
        let mut problems: Vec<String> = strangers.map(|name| format!("property {name} should not exist")).collect();
        problems.extend(self.problems.into_inner());
        if problems.is_empty() { Ok(()) } else { Err(Refusal::problems(problems)) }
    }

    pub(super) fn problem(&self, problem: impl Into<String>) {
        self.problems.borrow_mut().push(problem.into());
    }

    pub(super) fn given(&self, name: &'static str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(name);
        self.map.get(name)
    }

    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        match self.given(name) {
            None => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.problem(format!("{name} must be a string"));
                None
            }
        }
    }

    pub(super) fn required(&self, name: &'static str) -> String {
        match self.text(name) {
            Some(text) if text.is_empty() => {
                self.problem(format!("{name} should not be empty"));
                text
            }
            Some(text) => text,
            None => {
                if !self.map.contains_key(name) {
                    self.problem(format!("{name} must be a string"));
                }
                String::new()
            }
        }
    }

    /// At most 40 characters, and `at_least`.
    pub(super) fn name(&self, at_least: usize) {
        let Some(name) = self.text("name") else { return };
        let length = name.chars().count();
        if length > 40 {
            self.problem("name must be shorter than or equal to 40 characters");
        }
        if length < at_least {
            self.problem(format!("name must be longer than or equal to {at_least} characters"));
        }
    }

    /// Nothing, or one of these.
    pub(super) fn one_of(&self, name: &'static str, documents: &[Value]) {
        match self.given(name) {
            None | Some(Value::Null) => {}
            Some(Value::String(id)) if documents.iter().any(|known| known["id"] == *id) => {}
            Some(Value::String(id)) if Uuid::parse_str(id).is_ok() => {
                self.problem(format!("Couldn't Find {name} {id}"));
            }
            Some(_) => self.problem(format!("{name} must be a UUID")),
        }
    }

    pub(super) fn of_kind(&self, name: &'static str, what: &str, fits: impl Fn(&Value) -> bool) {
        if self.given(name).is_some_and(|value| !fits(value)) {
            self.problem(format!("{name} must be {what}"));
        }
    }

    /// Where webhooks go.
    pub(super) fn server(&self) {
        let server = match self.given("server") {
            None | Some(Value::Null) => return,
            Some(Value::Object(server)) => server,
            Some(_) => return self.problem("server must be an object"),
        };
        let inner = Body::new(server);
        if let Some(url) = inner.text("url")
            && !Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        {
            inner.problem("url must be a URL address");
        }
        let seconds = |value: &Value| value.as_f64().is_some_and(|seconds| (1.0..=300.0).contains(&seconds));
        inner.of_kind("timeoutSeconds", "a number from 1 to 300", seconds);
        inner.of_kind("headers", "an object of strings", |value| {
            value.as_object().is_some_and(|headers| headers.values().all(Value::is_string))
        });
        inner.of_kind("credentialId", "a UUID", |id| id.as_str().is_some_and(|id| Uuid::parse_str(id).is_ok()));
        inner.of_kind("staticIpAddressesEnabled", "a boolean value", Value::is_boolean);
        inner.of_kind("encryptedPaths", "an array", Value::is_array);
        inner.of_kind("backoffPlan", "an object with type, maxRetries and baseDelaySeconds", |plan| {
            matches!(plan["type"].as_str(), Some("fixed" | "exponential"))
                && plan["maxRetries"].as_f64().is_some_and(|times| (0.0..=10.0).contains(&times))
                && plan["baseDelaySeconds"].as_f64().is_some_and(|pause| (0.0..=10.0).contains(&pause))
        });
        if let Err(refusal) = inner.done() {
            for problem in refusal.sentences() {
                self.problem(format!("server.{problem}"));
            }
        }
    }
}
