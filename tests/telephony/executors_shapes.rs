//! What our executors send, against the providers' official shapes, where those are at hand.

use std::{collections::BTreeSet, path::PathBuf};

use jsonschema::Draft;
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;
use voxanne::sandbox::RecordedRequest;

use super::executors_support::{Place, name};

const CLINIC: &str = "+447700900555";

/// None when the official documents are not beside the project, which is said aloud.
fn official(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    Some(serde_json::from_str(&text).expect("an OpenAPI document"))
}

/// Everything an organisation can do, once, at both providers.
async fn a_whole_life() -> Place {
    let (place, account) = Place::managed().await;
    let id = Uuid::new_v4();
    let with = |mut more: Value| {
        more["account"] = account.clone();
        more["name"] = json!(name(id));
        more
    };
    let us = json!({ "country_code": "US", "number_type": "Local", "area_code": "415", "contains": "555*" });
    place.done(&place.effect("twilio.search_numbers", us.clone())).await;
    let gb = json!({ "country_code": "GB", "number_type": "Local", "area_code": "020", "calling_code": "44" });
    place.done(&place.effect("twilio.search_numbers", gb)).await;
    let mut wish = with(us);
    wish["bundle_sid"] = json!(voxanne::sandbox::twilio::BUNDLE);
    wish["address_sid"] = json!(voxanne::sandbox::twilio::ADDRESS);
    let bought = place.done(&place.effect("twilio.buy_number", wish)).await;
    let number = bought["phone_number"].clone();
    let theirs = with(json!({ "phone_number": number, "twilio_sid": bought["twilio_sid"] }));
    place.done(&place.effect("twilio.validate_account", theirs.clone())).await;
    place.done(&place.effect("vapi.create_credential", theirs.clone())).await;
    let imported = place.done(&place.effect("vapi.import_number", theirs.clone())).await;
    let link = with(json!({ "vapi_phone_id": imported["vapi_phone_id"], "routing_direction": "inbound" }));
    place.done(&place.effect("vapi.link_number", link.clone())).await;

    let caller = with(json!({ "phone_number": CLINIC, "friendly_name": "Desk" }));
    place.done(&place.effect("twilio.request_caller_id", caller.clone())).await;
    place.done(&place.effect("twilio.find_caller_id", caller)).await;
    let sid = place.sandbox.twilio.add_caller_id(account["sid"].as_str().expect("a SID"), CLINIC).expect("listed");
    place.done(&place.effect("twilio.delete_caller_id", with(json!({ "caller_id_sid": sid })))).await;
    let mut check = with(json!({ "from": number, "to": CLINIC, "ring_seconds": 20, "since": "2026-11-21T12:00:00Z" }));
    let call_sid = place.done(&place.effect("twilio.check_call", check.clone())).await["call_sid"].clone();
    (check["forwarded_to"], check["call_sid"]) = (number, call_sid);
    place.done(&place.effect("twilio.check_result", check.clone())).await;
    place.done(&place.effect("twilio.end_call", check)).await;

    place.done(&place.effect("vapi.release_number", link)).await;
    place.done(&place.effect("vapi.delete_credential", theirs.clone())).await;
    place.done(&place.effect("twilio.release_number", theirs)).await;
    place
}

fn fields(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// The document's path that a request went to.
fn operation<'a>(document: &'a Value, request: &RecordedRequest, sent_to: &str) -> (&'a str, &'a Value) {
    let segments: Vec<&str> = sent_to.split('/').collect();
    let fits = |path: &str| {
        let parts: Vec<&str> = path.split('/').collect();
        let same = |(part, segment): (&&str, &&str)| {
            part == segment || (part.contains('{') && segment.ends_with(part.rsplit('}').next().unwrap_or_default()))
        };
        parts.len() == segments.len() && parts.iter().zip(&segments).all(same)
    };
    let paths = document["paths"].as_object().expect("paths");
    // A literal path goes before one with a parameter in the same place.
    let found = paths.iter().filter(|(path, _)| fits(path)).min_by_key(|(path, _)| path.matches('{').count());
    let (path, operations) = found.unwrap_or_else(|| panic!("{} {sent_to} is in no document", request.method));
    (path, &operations[request.method.to_lowercase()])
}

fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number") => serde_json::from_str(text).expect("a number"),
        Some("boolean") => json!(text == "true"),
        _ => json!(text),
    }
}

#[track_caller]
fn assert_fits(document: &Value, schema: &Value, value: &Value, what: &str) {
    let whole = json!({ "allOf": [schema], "components": document["components"] });
    let validator = jsonschema::options().with_draft(Draft::Draft202012).build(&whole).expect("a schema");
    let problems: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{what}: {value}: {problems:?}");
}

#[tokio::test]
async fn what_twilio_is_asked_is_in_its_document() {
    let Some(document) = official("twilio.api_v2010.trimmed.json") else { return };
    let place = a_whole_life().await;
    let mut seen = BTreeSet::new();
    for request in place.sandbox.twilio.log().all() {
        let (sent_to, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let (path, operation) = operation(&document, &request, sent_to);
        seen.insert(format!("{} {path}", request.method));
        for (name, text) in fields(query) {
            let parameters = operation["parameters"].as_array().expect("parameters");
            let known = parameters.iter().find(|one| one["in"] == "query" && one["name"] == name.as_str());
            let schema = &known.unwrap_or_else(|| panic!("{path} has no {name}"))["schema"];
            // A date takes a day as well, as its description says.
            if schema["format"] != "date-time" {
                assert_fits(&document, schema, &typed(schema, &text), &name);
            }
        }
        let schema = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        let properties = schema["properties"].as_object();
        let sent = fields(&request.body);
        for (name, text) in &sent {
            let known = properties.and_then(|properties| properties.get(name));
            let schema = known.unwrap_or_else(|| panic!("{path} has no {name}"));
            assert_fits(&document, schema, &typed(schema, text), name);
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            assert!(sent.iter().any(|(name, _)| required == name.as_str()), "{path} without {required}");
        }
    }
    assert_eq!(seen.len(), 14, "{seen:#?}");
}

#[tokio::test]
async fn what_vapi_is_asked_is_in_its_document() {
    let Some(document) = official("vapi.openapi.trimmed.json") else { return };
    let place = a_whole_life().await;
    let mut seen = BTreeSet::new();
    for request in place.sandbox.vapi.log().all() {
        let (sent_to, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let (path, operation) = operation(&document, &request, sent_to);
        let asked = format!("{} {path}", request.method);
        for (name, text) in fields(query) {
            let parameters = operation["parameters"].as_array().expect("parameters");
            let known = parameters.iter().find(|one| one["in"] == "query" && one["name"] == name.as_str());
            let schema = &known.unwrap_or_else(|| panic!("{path} has no {name}"))["schema"];
            assert_fits(&document, schema, &typed(schema, &text), &name);
        }
        let shape = match asked.as_str() {
            "POST /phone-number" => Some("CreateTwilioPhoneNumberDTO"),
            "PATCH /phone-number/{id}" => Some("UpdateTwilioPhoneNumberDTO"),
            "POST /credential" => Some("CreateTwilioCredentialDTO"),
            _ => None,
        };
        if let Some(shape) = shape {
            let schema = json!({ "$ref": format!("#/components/schemas/{shape}") });
            let body = request.json();
            assert_fits(&document, &schema, &body, shape);
            let known = document["components"]["schemas"][shape]["properties"].as_object().expect("properties");
            let strangers: Vec<_> =
                body.as_object().expect("an object").keys().filter(|name| !known.contains_key(*name)).collect();
            assert!(strangers.is_empty(), "{shape} has no {strangers:?}");
        }
        seen.insert(asked);
    }
    assert_eq!(seen.len(), 8, "{seen:#?}");
}
