//! Assistants and tools at Vapi: one each whatever became of an answer, and nothing of anybody else's lost.

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{effects::Verdict, sandbox::Fault};

use super::agents_support::{Desk, SECRET};
use crate::billing::provider::{effect, error_of};

/// Everything that can become of one exchange.
fn mishaps() -> Vec<Fault> {
    vec![Fault::lost_request(), Fault::lost_answer(), Fault::error(503), Fault::rate_limited(1)]
}

#[tokio::test]
async fn an_agent_has_one_assistant_whatever_becomes_of_an_exchange() {
    for exchange in ["GET /tool", "GET /assistant", "POST /assistant", "PATCH /assistant"] {
        for mishap in mishaps() {
            let desk = Desk::open().await;
            let fault = mishap.matching(exchange).next(1);
            desk.sandbox.vapi.faults().add(fault.clone());
            let made = desk.done_in_the_end(&desk.sync()).await;
            assert_eq!(desk.sandbox.vapi.faults().list(), [], "{fault:?} was met");
            let assistant = desk.assistant();
            assert_eq!(
                made,
                json!({ "vapi_assistant_id": assistant["id"], "version": 3, "tools": {}, "missing": [] }),
                "{fault:?}"
            );
            assert_eq!(assistant["name"], json!(desk.name()));
            assert_eq!(desk.done(&desk.sync()).await, made, "and it stays the one");
            desk.assistant();
        }
    }
}

#[tokio::test]
async fn a_tool_is_registered_once_whatever_becomes_of_an_exchange() {
    for exchange in ["GET /tool", "POST /tool", "PATCH /tool"] {
        for mishap in mishaps() {
            let desk = Desk::open().await;
            if exchange.starts_with("PATCH") {
                desk.done(&desk.register("aa", None)).await;
            }
            let fault = mishap.matching(exchange).next(1);
            desk.sandbox.vapi.faults().add(fault.clone());
            let made = desk.done_in_the_end(&desk.register("aa", None)).await;
            assert_eq!(desk.sandbox.vapi.faults().list(), [], "{fault:?} was met");
            let tools = desk.sandbox.vapi.tools();
            assert_eq!(tools.len(), 1, "{fault:?}");
            assert_eq!(made, json!({ "vapi_tool_id": tools[0]["id"] }), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_tool_says_where_we_are_what_proves_it_and_which_definition_it_is_of() {
    let desk = Desk::open().await;
    desk.done(&desk.register("aa", None)).await;
    let tool = desk.sandbox.vapi.tools().remove(0);
    assert_eq!((&tool["type"], &tool["async"]), (&json!("function"), &json!(false)));
    assert_eq!(tool["function"]["name"], "checkAvailability");
    assert_eq!(tool["server"]["url"], "https://api.voxanne.test/api/vapi/webhook");
    assert_eq!(tool["server"]["headers"], json!({ "x-vapi-secret": SECRET, "x-voxanne-definition": "aa" }));

    // Another definition is another tool; the one that agents are linked to is kept before an older one of the same.
    let second = desk.done(&desk.register("bb", None)).await;
    assert_eq!(desk.sandbox.vapi.tools().len(), 2);
    let mut late = desk.sandbox.vapi.tools().remove(1);
    late["id"] = json!(Uuid::new_v4());
    late["createdAt"] = json!("2020-01-01T00:00:00.000Z");
    desk.sandbox.vapi.put_tool(late);
    let known = second["vapi_tool_id"].as_str();
    assert_eq!(desk.done(&desk.register("bb", known)).await, second);
    assert_eq!(desk.sandbox.vapi.tools().len(), 2, "what nobody knows goes");

    let drop = effect("vapi.drop_tool", json!({ "vapi_tool_id": known }));
    assert_eq!(desk.done(&drop).await, json!({ "dropped": true }));
    assert_eq!(desk.done(&drop).await, json!({ "dropped": false }));
}

#[tokio::test]
async fn what_was_set_at_vapi_by_hand_stays_and_what_goes_round_us_goes() {
    let desk = Desk::open().await;
    let vapi = &desk.sandbox.vapi;
    let ours = desk.done(&desk.register("aa", None)).await["vapi_tool_id"].as_str().expect("an id").to_owned();
    let tool = |kind: &str, more: Value| {
        let mut tool = json!({ "id": Uuid::new_v4(), "type": kind, "createdAt": "2026-01-01T00:00:00.000Z" });
        tool.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        vapi.put_tool(tool.clone());
        tool["id"].clone()
    };
    let query = tool("query", json!({}));
    let google = tool("google.calendar.event.create", json!({}));
    let nango =
        tool("function", json!({ "function": { "name": "book" }, "server": { "url": "https://api.nango.dev" } }));
    let old = tool("function", json!({ "function": { "name": "checkAvailability" } }));
    let id = Uuid::new_v4().to_string();
    vapi.put_assistant(json!({
        "id": id, "name": "Renamed by hand", "createdAt": "2026-01-01T00:00:00.000Z",
        "backgroundSound": "office",
        "model": {
            "provider": "openai", "model": "gpt-4o", "maxTokens": 250, "toolIds": [google, query, nango, old],
            "tools": [{ "type": "google.sheets.row.append" }, { "type": "dtmf" }],
        },
        "voice": { "provider": "vapi", "voiceId": "Elliot", "speed": 1.1 },
        "voicemailMessage": "Old.",
        "hooks": [{ "name": "theirs", "on": "call.ending", "do": [] }],
        "server": { "url": "https://old.test", "timeoutSeconds": 5, "headers": { "x-theirs": "kept" } },
    }));
    desk.wishes(|wish| {
        wish["vapi_assistant_id"] = json!(id);
        wish["tools"] = json!({ "checkAvailability": ours });
        wish["our_tools"] = json!([ours, old]);
    });
    let synced = desk.done(&desk.sync()).await;
    assert_eq!(synced["tools"], json!({ "checkAvailability": ours }));
    let assistant = desk.assistant();
    assert_eq!(assistant["backgroundSound"], "office");
    assert_eq!(
        assistant["model"],
        json!({
            "provider": "openai", "model": "gpt-4.1-mini", "temperature": 0.7, "maxTokens": 250,
            "messages": [{ "role": "system", "content": "You are Ada." }],
            "toolIds": [query, ours], "tools": [{ "type": "dtmf" }],
        })
    );
    assert_eq!(assistant["voice"], json!({ "provider": "vapi", "voiceId": "Clara", "version": 2, "speed": 1.1 }));
    assert!(assistant["voicemailMessage"].is_null(), "{assistant}");
    let hooks: Vec<&Value> = assistant["hooks"].as_array().expect("hooks").iter().map(|hook| &hook["name"]).collect();
    assert_eq!(hooks, ["theirs", "voxanne:silence"]);
    assert_eq!(
        assistant["server"],
        json!({
            "url": "https://api.voxanne.test/api/vapi/webhook", "timeoutSeconds": 20,
            "backoffPlan": {
                "type": "exponential", "maxRetries": 5, "baseDelaySeconds": 1,
                "excludedStatusCodes": [400, 401, 403, 404, 413, 422],
            },
            "headers": { "x-vapi-secret": SECRET, "x-theirs": "kept" },
        })
    );
}

#[tokio::test]
async fn an_assistant_that_was_deleted_by_hand_is_made_anew() {
    let desk = Desk::open().await;
    let first = desk.done(&desk.sync()).await["vapi_assistant_id"].clone();
    desk.sandbox.vapi.forget_assistant(first.as_str().expect("an id"));
    desk.wishes(|wish| wish["vapi_assistant_id"] = first.clone());
    let second = desk.done(&desk.sync()).await["vapi_assistant_id"].clone();
    assert_ne!(first, second);
    assert_eq!(desk.assistant()["id"], second);
}

#[tokio::test]
async fn of_two_assistants_of_one_agent_the_older_stays() {
    let desk = Desk::open().await;
    let made = desk.done(&desk.sync()).await["vapi_assistant_id"].clone();
    let mut late = desk.assistant();
    late["id"] = json!(Uuid::new_v4());
    late["createdAt"] = json!("2999-01-01T00:00:00.000Z");
    desk.sandbox.vapi.put_assistant(late);
    assert_eq!(desk.done(&desk.sync()).await["vapi_assistant_id"], made);
    assert_eq!(desk.assistant()["id"], made);
}

#[tokio::test]
async fn a_tool_that_vapi_lost_is_missed_and_the_others_are_linked() {
    let desk = Desk::open().await;
    let there = desk.done(&desk.register("aa", None)).await["vapi_tool_id"].clone();
    let lost = Uuid::new_v4();
    desk.wishes(|wish| {
        wish["tools"] = json!({ "checkAvailability": there, "endCall": lost });
        wish["our_tools"] = json!([there, lost]);
    });
    let synced = desk.done(&desk.sync()).await;
    assert_eq!(synced["tools"], json!({ "checkAvailability": there }));
    assert_eq!(synced["missing"], json!(["endCall"]));
    assert_eq!(desk.assistant()["model"]["toolIds"], json!([there]));
}

#[tokio::test]
async fn what_vapi_refuses_is_told_in_its_words_without_our_secret() {
    let desk = Desk::open().await;
    desk.wishes(|wish| wish["assistant"]["maxDurationSeconds"] = json!("for ever"));
    let verdict = desk.run(&desk.sync()).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
    let error = error_of(&verdict);
    assert!(error.starts_with("Vapi answered 400") && !error.contains(SECRET), "{error}");
    assert_eq!(desk.sandbox.vapi.assistants(), Vec::<Value>::new());
}

#[tokio::test]
async fn an_agent_that_is_gone_leaves_no_assistant() {
    let desk = Desk::open().await;
    desk.is_gone();
    assert_eq!(desk.done(&desk.sync()).await, json!({}));
    assert_eq!(desk.sandbox.vapi.assistants(), Vec::<Value>::new());

    for by_name in [true, false] {
        desk.wishes(|_| {});
        let made = desk.done(&desk.sync()).await["vapi_assistant_id"].clone();
        let known = if by_name { Value::Null } else { made };
        let name = format!("voxanne:{}", desk.agent_id);
        let drop = effect("vapi.drop_assistant", json!({ "vapi_assistant_id": known, "name": name }));
        desk.sandbox.vapi.faults().add(Fault::lost_answer().matching("DELETE /assistant").next(1));
        desk.done_in_the_end(&drop).await;
        assert_eq!(desk.sandbox.vapi.assistants(), Vec::<Value>::new());
        assert_eq!(desk.done(&drop).await, json!({ "dropped": false }));
    }
}
