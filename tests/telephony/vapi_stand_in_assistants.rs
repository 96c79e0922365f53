//! Assistants and tools at the stand-in for Vapi, asked as its clients ask.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::sandbox::Fault;

use super::vapi_stand_in::{Line, answer, with};

fn assistant() -> Value {
    json!({
        "name": "Reception", "firstMessage": "Hello.",
        "model": {
            "provider": "openai", "model": "gpt-4o-mini", "temperature": 0.4,
            "messages": [{ "role": "system", "content": "You are a receptionist." }],
        },
        "voice": { "provider": "vapi", "voiceId": "Elliot" },
        "maxDurationSeconds": 600,
        "server": {
            "url": "https://voxanne.test/api/vapi/webhook", "timeoutSeconds": 20, "headers": { "x-vapi-secret": "s" },
            "backoffPlan": { "type": "exponential", "maxRetries": 5, "baseDelaySeconds": 1 },
        },
    })
}

fn tool(name: &str) -> Value {
    let parameters = json!({
        "type": "object", "required": ["date"],
        "properties": { "date": { "type": "string", "format": "date", "description": "The day." } },
    });
    json!({ "type": "function", "function": { "name": name, "description": "Free times.", "parameters": parameters } })
}

#[tokio::test]
async fn an_assistant_is_made_shown_changed_and_deleted() {
    let line = Line::open().await;
    let (status, made) = line.post("/assistant", &assistant()).await;
    assert_eq!((status, &made["name"]), (201, &json!("Reception")), "{made}");
    let path = format!("/assistant/{}", made["id"].as_str().unwrap());
    assert_eq!(line.get(&path).await, (200, made.clone()));
    assert_eq!(line.get("/assistant").await, (200, json!([made])));

    let change = json!({ "model": { "provider": "openai", "model": "gpt-4o" }, "firstMessage": null });
    let (status, changed) = line.patch(&path, &change).await;
    assert_eq!((status, &changed["model"]), (200, &change["model"]), "the whole of a field is replaced");
    assert!(changed["model"]["messages"].is_null() && changed["firstMessage"].is_null());
    assert_eq!((&changed["voice"], &changed["server"]), (&made["voice"], &made["server"]), "the others stay");
    assert_eq!(line.delete(&path).await, (200, changed));
    for (method, body) in [(Method::GET, Value::Null), (Method::DELETE, Value::Null), (Method::PATCH, json!({}))] {
        assert_eq!(answer(line.request(method, &path).json(&body)).await.0, 404);
    }
    assert_eq!(line.get("/assistant/none").await.0, 400);
}

#[tokio::test]
async fn what_the_published_schema_does_not_know_is_refused_at_every_depth() {
    let line = Line::open().await;
    let inside = |part: &str, name: &str, value: Value| {
        let mut body = assistant();
        body[part][name] = value;
        body
    };
    for (body, problem) in [
        (with(assistant(), "silenceTimeoutSeconds", json!(30)), "property silenceTimeoutSeconds should not exist"),
        (with(assistant(), "name", json!("x".repeat(41))), "name must be shorter than or equal to 40"),
        (with(assistant(), "maxDurationSeconds", json!(5)), "maxDurationSeconds must not be less than 10"),
        (with(assistant(), "maxDurationSeconds", json!(43_201)), "maxDurationSeconds must not be greater than 43200"),
        (with(assistant(), "serverMessages", json!(["everything"])), "must be one of the following values"),
        (with(assistant(), "firstMessage", json!(7)), "firstMessage must be a string"),
        (inside("server", "secret", json!("s")), "server.property secret should not exist"),
        (inside("server", "url", json!("voxanne")), "server.url must be a URL"),
        (inside("server", "timeoutSeconds", json!(301)), "server.timeoutSeconds must not be greater than 300"),
        (inside("server", "backoffPlan", json!({ "type": "fixed" })), "server.backoffPlan.maxRetries"),
        (inside("model", "temperature", json!(3)), "model.temperature must not be greater than 2"),
        (inside("model", "prompt", json!("x")), "model.property prompt should not exist"),
        (inside("model", "model", json!("gpt-0")), "model.model must be one of the following values"),
        (inside("model", "provider", json!("nobody")), "model must be one of the published kinds"),
        (inside("model", "toolIds", json!([Uuid::new_v4()])), "Couldn't Find Tool"),
        (inside("model", "messages", json!([{ "role": "boss", "content": "x" }])), "model.messages.0.role"),
        (inside("voice", "voiceId", Value::Null), "voice.voiceId should not be empty"),
    ] {
        let (status, refused) = line.post("/assistant", &body).await;
        assert_eq!(status, 400, "{body}");
        assert!(refused["message"].to_string().contains(problem), "{problem}: {refused}");
    }
    assert!(line.vapi().assistants().is_empty());
}

#[tokio::test]
async fn a_function_tool_is_made_changed_used_and_deleted() {
    let line = Line::open().await;
    let (status, made) = line.post("/tool", &tool("checkAvailability")).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/tool/{}", made["id"].as_str().unwrap());
    assert_eq!(line.get("/tool").await.1, json!([made]));
    let mut body = assistant();
    body["model"]["toolIds"] = json!([made["id"]]);
    assert_eq!(line.post("/assistant", &body).await.0, 201);
    let mut changed = tool("checkAvailability");
    changed["function"]["description"] = json!("Times that are free.");
    let (status, shown) = line.patch(&path, &json!({ "function": changed["function"] })).await;
    assert_eq!((status, &shown["function"]), (200, &changed["function"]));
    assert_eq!(line.delete(&path).await.0, 200);
    assert_eq!(line.get(&path).await.0, 404);

    let function = |name: &str, value: Value| {
        let mut body = tool("takeMessage");
        body["function"][name] = value;
        body
    };
    for wrong in [
        tool("take message"),
        tool(&"x".repeat(65)),
        tool(""),
        function("name", Value::Null),
        function("parametres", json!({})),
        function("parameters", json!({ "type": "object" })),
        function("parameters", json!({ "type": "object", "properties": {}, "additionalProperties": false })),
        function("parameters", json!({ "type": "object", "properties": { "x": { "type": "text" } } })),
        json!({ "type": "google.calendar.event.create" }),
        json!({}),
        with(tool("takeMessage"), "name", json!("takeMessage")),
    ] {
        let (status, refused) = line.post("/tool", &wrong).await;
        assert_eq!(status, 400, "{wrong}: {refused}");
    }
}

#[tokio::test]
async fn a_number_is_answered_by_an_assistant_that_is_there() {
    let line = Line::open().await;
    let number = line.imported().await;
    let (_, made) = line.post("/assistant", &assistant()).await;
    let path = format!("/phone-number/{}", number["id"].as_str().unwrap());
    assert_eq!(line.patch(&path, &json!({ "assistantId": made["id"] })).await.1["assistantId"], made["id"]);
    assert_eq!(line.patch(&path, &json!({ "assistantId": Uuid::new_v4() })).await.0, 400);
}

#[tokio::test]
async fn assistants_tools_and_calls_misbehave_on_demand() {
    let line = Line::open().await;
    let faults = line.vapi().faults();
    for (path, body) in [("/assistant", assistant()), ("/tool", tool("takeMessage")), ("/call", json!({}))] {
        let once = || line.request(Method::POST, path).json(&body);
        faults.add(Fault::error(502).matching(format!("POST {path}")).next(1));
        assert_eq!(answer(once()).await.0, 502);
        faults.add(Fault::rate_limited(1).matching(format!("POST {path}")).next(1));
        assert_eq!(answer(once()).await.0, 429);
        faults.add(Fault::lost_answer().matching(format!("POST {path}")).next(1));
        assert!(once().send().await.is_err());
    }
    assert_eq!((line.vapi().assistants().len(), line.vapi().tools().len()), (1, 1), "they were made all the same");
    assert!(faults.list().is_empty());
}
