//! What the player sends against the published schemas and against what was captured, where those are at hand.

use std::{collections::BTreeSet, path::PathBuf};

use jsonschema::Draft;
use serde_json::{Value, json};
use voxanne::sandbox::vapi::{Era, Script, Sent};

use super::player_support::{CALLER, Clinic, NUMBER, sent};

/// None when it is not beside the project, which is said aloud.
fn provided(file: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} is not there, so nothing is compared with it");
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn captured(file: &str) -> Option<Value> {
    Some(provided(&format!("examples/vapi/{file}"))?["message"].clone())
}

async fn messages_of(era: Era) -> (Vec<Sent>, String) {
    let clinic = Clinic::open().await;
    let script = Script::new(CALLER, NUMBER)
        .caller_says("Hello.")
        .tool("getWeather", json!({ "city": "London" }))
        .hangs()
        .asks_to_transfer()
        .era(era);
    let id = clinic.vapi().place_call(script).unwrap();
    clinic.vapi().over(&id).await;
    (clinic.vapi().sent(&id), id)
}

#[tokio::test]
async fn a_message_of_the_published_shape_has_it_to_the_letter() {
    let Some(document) = provided("vapi.server-messages.light.openapi.json") else { return };
    let (all, _) = messages_of(Era::Official).await;
    let schemas = &document["components"]["schemas"];
    let mut seen = BTreeSet::new();
    for one in &all {
        let message = &one.body["message"];
        let kind = message["type"].as_str().unwrap();
        let name: String = kind.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let name =
            format!("ServerMessage{}", if kind == "end-of-call-report" { "EndOfCallReport".into() } else { name });
        let whole = json!({ "$ref": format!("#/components/schemas/{name}"), "components": { "schemas": schemas } });
        let validator = jsonschema::options().with_draft(Draft::Draft202012).build(&whole).expect("a schema");
        let problems: Vec<_> =
            validator.iter_errors(message).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert!(problems.is_empty(), "{kind}: {problems:?}");
        let known = schemas[&name]["properties"].as_object().expect("properties");
        let stranger = message.as_object().unwrap().keys().find(|field| !known.contains_key(*field));
        assert_eq!(stranger, None, "{name} has no such field");
        let known = schemas["Call"]["properties"].as_object().expect("properties");
        let stranger = message["call"].as_object().unwrap().keys().find(|field| !known.contains_key(*field));
        assert_eq!(stranger, None, "a call has no such field");
        seen.insert(kind.to_owned());
    }
    let all =
        ["assistant-request", "conversation-update", "end-of-call-report", "hang", "speech-update", "status-update"];
    assert!(all.iter().all(|kind| seen.contains(*kind)), "{seen:?}");
    assert!(seen.contains("tool-calls") && seen.contains("transfer-destination-request"));
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// Every field that was captured is there, of the same kind; of what a telephone call cannot have nothing is asked.
#[track_caller]
fn assert_like(captured: &Value, ours: &Value, place: &str) {
    const OTHERWISE: [&str; 5] = ["webCallUrl", "squad", "stripeSubscriptionId", "sipUri", "assistantOverrides"];
    for (name, value) in captured.as_object().expect("an object") {
        if OTHERWISE.contains(&name.as_str()) || name.starts_with("stripe") || value.is_null() {
            continue;
        }
        assert_eq!(kind_of(value), kind_of(&ours[name]), "{place}.{name}");
    }
}

#[tokio::test]
async fn each_years_messages_are_like_those_captured() {
    let pairs = [
        (Era::Mid2024, "assistant-request.2024-07.twilio-inbound.json", "assistant-request"),
        (Era::Mid2024, "tool-calls.2024-07.twilio-inbound.a.json", "tool-calls"),
        (Era::Mid2024, "status-update.2024-06.web.ended.json", "status-update ended"),
        (Era::Mid2024, "end-of-call-report.2024-07.twilio-inbound.json", "end-of-call-report"),
        (Era::End2024, "end-of-call-report.2024-11.llm-failed.json", "end-of-call-report"),
        (Era::Mid2025, "status-update.2025-06.web.in-progress.json", "status-update in-progress"),
        (Era::Mid2025, "end-of-call-report.2025-06.web.json", "end-of-call-report"),
        (Era::Early2026, "end-of-call-report.2026-02.web.tool-calls.performanceMetrics.json", "end-of-call-report"),
        (Era::Docs, "tool-calls.docs-events.json", "tool-calls"),
        (Era::Docs, "end-of-call-report.docs-skills.json", "end-of-call-report"),
        (Era::Docs, "assistant-request.docs-skills.json", "assistant-request"),
    ];
    for (era, file, kind) in pairs {
        let Some(captured) = captured(file) else { return };
        let (all, id) = messages_of(era).await;
        let ours = sent(&all, kind);
        assert_eq!(ours["call"]["id"], id.as_str());
        assert_like(&captured, ours, file);
        for part in ["artifact", "analysis", "customer", "costBreakdown"] {
            if captured[part].is_object() {
                assert_like(&captured[part], &ours[part], &format!("{file} {part}"));
            }
        }
        for list in ["toolCallList", "toolCalls"] {
            if captured[list].is_array() {
                assert_like(&captured[list][0], &ours[list][0], &format!("{file} {list}"));
            }
        }
        // What came later was not there yet.
        let later = ["startedAt", "cost", "durationSeconds", "timestamp", "phoneNumber"];
        for field in
            later.into_iter().filter(|_| matches!(era, Era::Mid2024 | Era::Docs) && kind == "end-of-call-report")
        {
            assert_eq!(captured[field].is_null(), ours[field].is_null(), "{file} {field}");
        }
    }
}

#[tokio::test]
async fn arguments_come_as_a_text_an_object_or_flat() {
    for (era, text) in [(Era::Official, true), (Era::Early2026, false), (Era::Mid2024, false)] {
        let (all, _) = messages_of(era).await;
        let arguments = &sent(&all, "tool-calls")["toolCallList"][0]["function"]["arguments"];
        assert_eq!(arguments.is_string(), text, "{era:?}");
    }
    let (all, _) = messages_of(Era::Docs).await;
    let call = &sent(&all, "tool-calls")["toolCallList"][0];
    assert_eq!((&call["name"], &call["parameters"]["city"]), (&json!("getWeather"), &json!("London")));
}

/// The stand-in carries its schemas along, so that it is as strict without the document.
#[test]
fn the_schemas_that_are_carried_along_are_the_published_ones() {
    let Some(document) = provided("vapi.openapi.trimmed.json") else { return };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/sandbox/vapi/official.json");
    let ours: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON");
    let official = &document["components"]["schemas"];
    for (name, schema) in ours.as_object().expect("schemas") {
        let published = &official[name];
        assert_eq!(schema["required"], published["required"], "{name}");
        let (Some(fields), Some(theirs)) = (schema["properties"].as_object(), published["properties"].as_object())
        else {
            continue;
        };
        assert_eq!(fields.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{name}");
        for (field, bounds) in fields {
            for keyword in ["enum", "minimum", "maximum", "minLength", "maxLength", "pattern"] {
                if !bounds[keyword].is_null() {
                    assert_eq!(bounds[keyword], theirs[field][keyword], "{name}.{field} {keyword}");
                }
            }
        }
    }
}
