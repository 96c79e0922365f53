//! The OpenAPI document, finished from the SQL.
//!
//! The types say what an endpoint takes and gives. What it may refuse stands in the functions: every
//! `private.fail('…')` and `private.refuse('…')` that can be reached from the functions behind the endpoint's address is
//! listed with its status and sentence, so the list cannot drift from the rules.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::{
    db::migrate::{Kind, Manifest},
    error::{REGISTRY, Registered},
};

/// Requests and answers as they really look, by operation.
static EXAMPLES: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).expect("the examples are well formed"));

/// The public functions behind each address, by the grant matrix: more than one where JSON and CSV come from two.
static FUNCTIONS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let matrix = include_str!("../../sql/reference/private.grant_matrix.csv");
    let mut functions: HashMap<String, Vec<String>> = HashMap::new();
    for row in csv::Reader::from_reader(matrix.as_bytes()).into_records() {
        let row = row.expect("the grant matrix is well formed");
        if let (Some(name), Some(endpoint)) =
            (row[0].strip_prefix("public."), row.get(6).filter(|text| !text.is_empty()))
        {
            functions.entry(endpoint.to_owned()).or_default().push(name.to_owned());
        }
    }
    functions
});

/// What the server itself may refuse, whatever the function.
const ALWAYS: [&str; 8] = [
    "not_found",
    "method_not_allowed",
    "too_many_requests",
    "request_timeout",
    "internal_error",
    "not_available",
    "busy",
    "invalid_request",
];
const SIGNED_IN: [&str; 4] = ["not_signed_in", "invalid_token", "token_expired", "organization_busy"];
const WITH_INPUT: [&str; 4] = ["invalid_value", "invalid_text", "number_out_of_range", "not_allowed"];
const WITH_BODY: [&str; 5] = ["body_too_large", "unsupported_media_type", "already_exists", "in_use", "conflict"];
/// What comes from a provider as it is asked for.
const STREAMED: [&str; 2] = ["recording_range_invalid", "recording_unavailable"];
const REPEATABLE: [&str; 2] = ["idempotency_key_invalid", "idempotency_key_reused"];

/// The document as JSON text. Needs no database.
pub fn document() -> String {
    let mut document: Value = serde_json::from_str(&super::service().spec()).expect("the document is JSON");
    let refusals = refusals();
    state_nulls(&mut document);
    document["components"]["schemas"]["Error"] = error_schema();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, operations) in paths.iter_mut() {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                let address = format!("{} {}", method.to_uppercase(), path.replace('{', ":").replace('}', ""));
                let functions = FUNCTIONS.get(&address).map_or(&[][..], Vec::as_slice);
                let codes = functions.iter().filter_map(|function| refusals.get(function)).flatten().cloned().collect();
                finish(method, operation, codes);
            }
        }
    }
    document["components"]["examples"] = refusal_examples(&document);
    serde_json::to_string_pretty(&document).expect("JSON serialises")
}

/// A page to read and try the document, with everything it needs inside.
pub fn page(document: &str) -> String {
    let service = super::service();
    let inline = document.replace("</", "<\\/");
    service
        .swagger_ui_html()
        .replace(&service.spec(), &inline)
        .replace(
            "<title>Swagger UI</title>",
            "<title>Voxanne API</title><meta name=\"viewport\" content=\"width=device-width\">",
        )
        .replacen("<html charset=\"UTF-8\">", "<!doctype html><html lang=\"en\">", 1)
}

/// Postgres answers every column, as null where it holds none; a request may leave the same fields out.
fn state_nulls(document: &mut Value) {
    let operations =
        || document["paths"].as_object().into_iter().flat_map(|paths| paths.values()).filter_map(Value::as_object);
    let bodies: Vec<&Value> =
        operations().flat_map(|path| path.values()).filter_map(|op| op.get("requestBody")).collect();
    let requests = bodies.iter().fold(BTreeSet::new(), |found, body| references(document, body, found));

    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let required: Vec<String> = serde_json::from_value(schema["required"].clone()).unwrap_or_default();
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        let all: Vec<String> = properties.keys().cloned().collect();
        for (_, property) in properties.iter_mut().filter(|(name, _)| !required.contains(name)) {
            if property.get("$ref").is_some() {
                *property = json!({ "allOf": [property.take()] });
            }
            property["nullable"] = json!(true);
        }
        if !requests.contains(name) {
            schema["required"] = json!(all);
        }
    }
}

/// The schemas a part of the document names, directly or through others.
fn references(document: &Value, part: &Value, mut found: BTreeSet<String>) -> BTreeSet<String> {
    match part {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                return references(document, &document["components"]["schemas"][name], found);
            }
            object.values().fold(found, |found, value| references(document, value, found))
        }
        Value::Array(items) => items.iter().fold(found, |found, value| references(document, value, found)),
        _ => found,
    }
}

/// `codes`: what the functions behind the operation refuse.
fn finish(method: &str, operation: &mut Value, mut codes: BTreeSet<String>) {
    let function = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let signed_in = operation.get("security").is_some();
    let has_body = operation.get("requestBody").is_some();
    let has_input = has_body || operation["parameters"].as_array().is_some_and(|parameters| !parameters.is_empty());

    let mut also = |more: &[&str]| codes.extend(more.iter().map(|code| (*code).to_owned()));
    also(&ALWAYS);
    if signed_in {
        also(&SIGNED_IN);
    }
    if has_input || method == "post" {
        also(&WITH_INPUT);
    }
    if has_body || method == "delete" {
        also(&WITH_BODY);
    }
    if function == "call_recording" {
        also(&STREAMED);
    }
    if method == "post" {
        also(&REPEATABLE);
        let parameters =
            operation.as_object_mut().expect("an operation is an object").entry("parameters").or_insert(json!([]));
        parameters.as_array_mut().expect("parameters are a list").push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            "description": "Makes the request safe to repeat for 24 hours: the same key and body get the same answer.",
        }));
    }

    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for code in &codes {
        if let Some(entry) = REGISTRY.get(code) {
            by_status.entry(entry.status).or_default().push(&entry.code);
        }
    }
    for (status, codes) in by_status {
        operation["responses"][status.to_string()] = refusal(&codes);
    }
    for (status, said) in [("200", "Done."), ("201", "Made."), ("202", "Under way.")] {
        if let Some(description) = operation.pointer_mut(&format!("/responses/{status}/description")) {
            *description = json!(said);
        }
    }
    illustrate(&function, operation);
}

/// The body of every refusal: what `error::Body` writes.
fn error_schema() -> Value {
    json!({
        "type": "object",
        "description": "A refusal, as every endpoint answers it.",
        "required": ["error", "code", "request_id"],
        "properties": {
            "error": { "type": "string", "description": "A sentence for a person." },
            "code": { "type": "string", "description": "Stable, for programs." },
            "request_id": { "type": "string", "description": "Quote it when you ask us about it." },
            "details": { "type": "object", "description": "More for programs, when there is more." },
        },
    })
}

/// An example of each refusal that the document names.
fn refusal_examples(document: &Value) -> Value {
    let text = document["paths"].to_string();
    let named = REGISTRY.values().filter(|entry| text.contains(&format!("\"#/components/examples/{}\"", entry.code)));
    let example = |entry: &Registered| {
        let body = json!({
            "error": entry.sentence, "code": entry.code, "request_id": "0199a1c2-7d3e-7a51-9c0b-4f5d6e7f8a9b",
        });
        (entry.code.clone(), json!({ "value": body }))
    };
    let sorted: BTreeMap<String, Value> = named.map(example).collect();
    json!(sorted)
}

/// One response for all the refusals of a status.
fn refusal(codes: &[&str]) -> Value {
    let mut lines = Vec::new();
    let mut examples = Map::new();
    for code in codes {
        lines.push(format!("`{code}`: {}", REGISTRY[*code].sentence));
        examples.insert((*code).to_owned(), json!({ "$ref": format!("#/components/examples/{code}") }));
    }
    json!({
        "description": lines.join("\n\n"),
        "content": { "application/json; charset=utf-8": {
            "schema": { "$ref": "#/components/schemas/Error" },
            "examples": examples,
        } },
    })
}

fn illustrate(function: &str, operation: &mut Value) {
    let Some(example) = EXAMPLES.get(function) else { return };
    let place = |content: Option<&mut Value>, keys: [&str; 2]| {
        for (kind, media) in content.and_then(Value::as_object_mut).into_iter().flatten() {
            let found = if kind.starts_with("text/csv") {
                example.get("csv")
            } else {
                keys.iter().find_map(|key| example.get(key))
            };
            if let Some(value) = found {
                media["example"] = value.clone();
            }
        }
    };
    place(operation.pointer_mut("/requestBody/content"), ["request"; 2]);
    for status in ["200", "201", "202"] {
        let content = operation.pointer_mut(&format!("/responses/{status}/content"));
        place(content, [&format!("response_{status}"), "response"]);
    }
}

/// For each public function, the codes it can fail or refuse with, itself or through what it calls.
pub fn refusals() -> HashMap<String, BTreeSet<String>> {
    static CALLS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(public|private)\.([a-z_][a-z0-9_]*)\s*\(").expect("a pattern"));
    static CODES: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"private\.(?:fail|refuse)\(\s*'([a-z0-9_]+)'").expect("a pattern"));

    let mut calls: HashMap<String, BTreeSet<String>> = HashMap::new();
    let mut codes: HashMap<String, BTreeSet<String>> = HashMap::new();
    let manifest = Manifest::embedded().expect("the SQL reads");
    for file in manifest.files().iter().filter(|file| file.kind == Kind::Function) {
        let Some(name) = file.path.strip_suffix(".sql").and_then(|path| path.rsplit('/').next()) else { continue };
        let schema = if file.path.contains("/private/") { "private" } else { "public" };
        let code = file.content.lines().filter(|line| !line.trim_start().starts_with("--"));
        let body: String = code.flat_map(|line| [line, "\n"]).collect();
        let key = format!("{schema}.{name}");
        calls.insert(
            key.clone(),
            CALLS.captures_iter(&body).map(|found| format!("{}.{}", &found[1], &found[2])).collect(),
        );
        codes.insert(key, CODES.captures_iter(&body).map(|found| found[1].to_owned()).collect());
    }

    calls
        .keys()
        .filter_map(|key| key.strip_prefix("public."))
        .map(|name| {
            let mut reached = BTreeSet::from([format!("public.{name}")]);
            let mut ahead: Vec<String> = reached.iter().cloned().collect();
            while let Some(key) = ahead.pop() {
                for callee in calls.get(&key).into_iter().flatten() {
                    if reached.insert(callee.clone()) {
                        ahead.push(callee.clone());
                    }
                }
            }
            (name.to_owned(), reached.iter().filter_map(|key| codes.get(key)).flatten().cloned().collect())
        })
        .collect()
}
