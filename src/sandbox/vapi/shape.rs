//! Bodies against Vapi's published schemas: nothing unknown, everything of its type and in its bounds, all problems at once.
//!
//! `official.json` is cut from the published document: the schemas of assistants, tools and calls without their prose, and
//! without credentials, squads and workflows, which take anything here. A test compares it with the document. That what is
//! not published is refused, at every depth, is how Vapi answers; the sentences are those of the validator it uses.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::Url;
use uuid::Uuid;

use super::error::{Outcome, Refusal};

static OFFICIAL: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("official.json")).expect("the cut schemas are JSON"));

/// Refuses a body that is none of this schema.
pub(super) fn check(schema: &str, fields: &Map<String, Value>) -> Outcome<()> {
    let problems = problems(schema, &Value::Object(fields.clone()));
    if problems.is_empty() { Ok(()) } else { Err(Refusal::problems(problems)) }
}

pub(super) fn problems(schema: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    examine(&OFFICIAL[schema], value, Place { prefix: "", name: "body" }, &mut found);
    found
}

/// Where something stands: `server.backoffPlan.` and `type`.
#[derive(Clone, Copy)]
struct Place<'a> {
    prefix: &'a str,
    name: &'a str,
}

impl Place<'_> {
    fn inner(&self) -> String {
        if self.prefix.is_empty() && self.name == "body" {
            String::new()
        } else {
            format!("{}{}.", self.prefix, self.name)
        }
    }

    fn says(&self, what: impl std::fmt::Display) -> String {
        format!("{}{} {what}", self.prefix, self.name)
    }
}

fn resolved(schema: &Value) -> &Value {
    schema["$ref"].as_str().map_or(schema, |name| &OFFICIAL[name])
}

fn examine(schema: &Value, value: &Value, place: Place, found: &mut Vec<String>) {
    let schema = resolved(schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        return one_of(choices, value, place, found);
    }
    match schema["type"].as_str() {
        Some("string") => text(schema, value, place, found),
        Some("number" | "integer") => number(schema, value, place, found),
        Some("boolean") if !value.is_boolean() => found.push(place.says("must be a boolean value")),
        Some("array") => match value {
            Value::Array(items) => {
                let prefix = place.inner();
                for (at, item) in items.iter().enumerate() {
                    examine(&schema["items"], item, Place { prefix: &prefix, name: &at.to_string() }, found);
                }
            }
            _ => found.push(place.says("must be an array")),
        },
        Some("object") => match value {
            Value::Object(fields) => object(schema, fields, place, found),
            _ => found.push(place.says("must be an object")),
        },
        _ => {}
    }
}

fn object(schema: &Value, fields: &Map<String, Value>, place: Place, found: &mut Vec<String>) {
    let prefix = place.inner();
    let known = schema["properties"].as_object();
    let others = &schema["additionalProperties"];
    let takes_anything = known.is_none() && !others.is_object() || schema["open"] == true || *others == true;
    for (name, value) in fields {
        let place = Place { prefix: &prefix, name };
        match known.and_then(|known| known.get(name)) {
            // Nothing is as good as not there.
            Some(_) if value.is_null() => {}
            Some(schema) => examine(schema, value, place, found),
            None if others.is_object() => examine(others, value, place, found),
            None if takes_anything => {}
            None => found.push(format!("{prefix}property {name} should not exist")),
        }
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for name in required.filter(|name| fields.get(*name).is_none_or(Value::is_null)) {
        let may_be_null = schema["properties"][name]["nullable"] == true && fields.contains_key(name);
        if !may_be_null {
            found.push(Place { prefix: &prefix, name }.says("should not be empty"));
        }
    }
}

/// The one whose `type` or `provider` it has; where nothing tells them apart, any that fits.
fn one_of(choices: &[Value], value: &Value, place: Place, found: &mut Vec<String>) {
    let meant: Vec<&Value> = choices.iter().map(resolved).filter(|choice| is_meant(choice, value)).collect();
    if meant.is_empty() {
        return found.push(place.says("must be one of the published kinds"));
    }
    let tried = meant.into_iter().map(|choice| {
        let mut problems = Vec::new();
        examine(choice, value, place, &mut problems);
        problems
    });
    found.extend(tried.min_by_key(Vec::len).unwrap_or_default());
}

/// Whether every field that can have one value only has it.
fn is_meant(choice: &Value, value: &Value) -> bool {
    let named = choice["properties"].as_object().into_iter().flatten();
    named
        .filter_map(|(name, schema)| Some((name, resolved(schema)["enum"].as_array().filter(|only| only.len() == 1)?)))
        .all(|(name, only)| value.get(name).is_none_or(|given| *given == only[0]))
        && (choice["type"] != "object" || value.is_object())
}

fn text(schema: &Value, value: &Value, place: Place, found: &mut Vec<String>) {
    let Value::String(text) = value else { return found.push(place.says("must be a string")) };
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        let choices: Vec<_> = choices.iter().filter_map(Value::as_str).collect();
        found.push(place.says(format_args!("must be one of the following values: {}", choices.join(", "))));
    }
    let length = text.chars().count() as u64;
    if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
        found.push(place.says(format_args!("must be shorter than or equal to {most} characters")));
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
        found.push(place.says(format_args!("must be longer than or equal to {least} characters")));
    }
    if let Some(pattern) = schema["pattern"].as_str()
        && !Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
    {
        found.push(place.says(format_args!("must match {pattern} regular expression")));
    }
    let fits = match schema["format"].as_str() {
        Some("date-time") => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        Some("uuid") => Uuid::parse_str(text).is_ok(),
        Some("uri") => Url::parse(text).is_ok(),
        _ => true,
    };
    if !fits {
        found.push(place.says(format_args!("must be a {}", schema["format"].as_str().unwrap_or_default())));
    }
}

fn number(schema: &Value, value: &Value, place: Place, found: &mut Vec<String>) {
    let Some(number) = value.as_f64() else {
        return found.push(place.says("must be a number conforming to the specified constraints"));
    };
    if schema["type"] == "integer" && number.fract() != 0.0 {
        found.push(place.says("must be an integer number"));
    }
    if let Some(least) = schema["minimum"].as_f64().filter(|least| number < *least) {
        found.push(place.says(format_args!("must not be less than {least}")));
    }
    if let Some(most) = schema["maximum"].as_f64().filter(|most| number > *most) {
        found.push(place.says(format_args!("must not be greater than {most}")));
    }
    if schema["enum"].as_array().is_some_and(|choices| !choices.contains(value)) {
        found.push(place.says("must be one of the published values"));
    }
}
