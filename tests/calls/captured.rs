//! Every message that was captured from Vapi between 2024 and 2026, and every one its documentation shows: taken in, kept,
//! made sense of, and what each yields, field by field.
//!
//! They stand beside the project, not in it: without them there is nothing to compare with.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

use super::line_support::Line;

fn captured() -> BTreeMap<String, Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/providers/examples/vapi");
    let Ok(files) = std::fs::read_dir(&folder) else {
        eprintln!("{} is not there: nothing to compare with", folder.display());
        return BTreeMap::new();
    };
    files
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a text");
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
        })
        .filter(|(_, message): &(String, Value)| message["message"].is_object())
        .collect()
}

/// The clinic is whom the numbers, the assistants and, where a message names neither, the call belong to.
async fn belongs_to_the_clinic(line: &Line, message: &Value) {
    let call = &message["call"];
    for number in
        [&message["phoneNumber"]["number"], &call["phoneNumber"]["number"]].into_iter().filter_map(Value::as_str)
    {
        let sql =
            "insert into public.phone_number_mapping (phone_number, org_id) values ($1, $2) on conflict do nothing";
        line.owner.execute(sql, &[&number, &line.clinic.org]).await.expect("its number");
    }
    let keys = [
        ("vapi_phone_number", &message["phoneNumber"]["id"]),
        ("vapi_phone_number", &call["phoneNumberId"]),
        ("vapi_assistant", &message["assistant"]["id"]),
        ("vapi_assistant", &call["assistantId"]),
    ];
    let known: Vec<(&str, &str)> = keys.iter().filter_map(|(kind, key)| Some((*kind, key.as_str()?))).collect();
    let all =
        if known.is_empty() { call["id"].as_str().map(|id| ("vapi_call", id)).into_iter().collect() } else { known };
    for (kind, key) in all {
        let sql = "insert into private.directory (kind, key, org_id) values ($1, $2, $3) on conflict do nothing";
        line.owner.execute(sql, &[&kind, &key, &line.clinic.org]).await.expect("its own");
    }
}

/// What is kept, told and recorded of one message.
async fn yielded(message: &Value) -> Value {
    let line = Line::open(&[]).await;
    belongs_to_the_clinic(&line, &message["message"]).await;
    let told = line.told(message).await;
    let sql = "
        select coalesce((
            select to_jsonb(c) - array['org_id', 'id', 'created_at', 'updated_at', 'agent_id', 'contact_id', 'appointment_id',
                                       'transcript', 'turns', 'summary', 'recording_url', 'outcome', 'sentiment_summary']
                   || jsonb_build_object(
                       'agent', c.agent_id is not null, 'turns', jsonb_array_length(c.turns), 'transcript', length(c.transcript),
                       'summary', c.summary is not null, 'outcome', c.outcome is not null,
                       'recording', c.recording_url like 'https://%.wav',
                       'contact', (select k.phone from public.contacts k where k.org_id = c.org_id and k.id = c.contact_id))
            from public.calls c), 'null')";
    let call: Value = line.one(sql).await;
    let kept: Value = line
        .one(
            "select coalesce(jsonb_agg(jsonb_build_object('state', w.state, 'type', w.event_type, \
        'body', convert_from(w.body, 'UTF8')::jsonb)), '[]') from private.webhook_inbox w",
        )
        .await;
    json!({ "told": told, "call": call, "kept": kept })
}

/// Of the fields that are named, those that differ.
fn differences(name: &str, found: &Value, wanted: &Value) -> Vec<String> {
    wanted
        .as_object()
        .expect("fields")
        .iter()
        .filter(|(field, wanted)| found.get(field.as_str()) != Some(wanted))
        .map(|(field, wanted)| format!("{name}: {field} is {}, not {wanted}", found[field]))
        .collect()
}

/// A call as its report alone makes it, where nothing is said otherwise.
fn reported(more: Value) -> Value {
    let mut wanted = json!({
        "status": "completed", "call_direction": "inbound", "agent": true, "ended_reason": "customer-ended-call", "from_number": null,
        "to_number": null, "phone_number": null, "contact": null, "tools_used": [], "booking_confirmed": false,
        "recording": true, "recording_status": "completed", "provider_call_sid": null, "summary": true, "outcome": true,
        "transfer_to": null, "financial_value_pence": 0, "provider_cost": null, "sentiment_label": "neutral", "sentiment_urgency": "low",
    });
    for (field, value) in more.as_object().cloned().unwrap_or_default() {
        wanted[field] = value;
    }
    wanted
}

fn reports() -> Vec<(&'static str, Value)> {
    vec![
        (
            "end-of-call-report.2024-06.web.no-cost.json",
            reported(json!({
                "vapi_call_id": "4f5c0785-03d6-455e-818c-5dbfa0e27c66", "ended_at": "2024-06-30T03:20:01.177+00:00",
                "duration_seconds": 21, "turns": 2, "transcript": 60,
            })),
        ),
        (
            "end-of-call-report.2024-07.twilio-inbound.json",
            reported(json!({
                "vapi_call_id": "8fa47059-5ceb-43d2-883f-2b6817a3351c", "ended_at": "2024-07-27T21:24:05.712+00:00",
                "duration_seconds": 36, "from_number": "+15550100100", "to_number": "+15550100101", "phone_number": "+15550100100",
                "contact": "+15550100100", "provider_call_sid": "CAf47a8273b674447856adfc43ceb4890c", "turns": 15, "transcript": 366,
                "tools_used": ["getWeatherByCity_001", "getWeatherByCity_002", "transferCall"], "sentiment_label": "positive",
                "agent": true,
            })),
        ),
        (
            "end-of-call-report.2025-06.web.json",
            reported(json!({
                "vapi_call_id": "97f28e3d-f334-4802-863f-dbcab787d687", "started_at": "2025-06-10T09:07:00.649+00:00",
                "ended_at": "2025-06-10T09:07:25.925+00:00", "duration_seconds": 25, "cost_cents": 24, "provider_cost": 0.0394,
                "turns": 4, "transcript": 121,
            })),
        ),
        (
            "end-of-call-report.2026-02.web.tool-calls.performanceMetrics.json",
            reported(json!({
                "vapi_call_id": "019c32ba-1e0f-7bd8-8057-f23dc1f68642", "started_at": "2026-02-06T11:33:09.529+00:00",
                "ended_at": "2026-02-06T11:34:07.963+00:00", "duration_seconds": 58, "cost_cents": 55, "provider_cost": 0.1034,
                "turns": 8, "transcript": 611, "tools_used": ["getPatientHistory"], "summary": false,
            })),
        ),
        (
            "end-of-call-report.docs-skills.json",
            reported(json!({
                "vapi_call_id": "call-uuid", "call_direction": "outbound", "started_at": "2026-07-16T18:00:00+00:00",
                "ended_at": "2026-07-16T18:03:00+00:00", "duration_seconds": 180, "cost_cents": 168, "provider_cost": 0.15, "turns": 2,
                "transcript": 31, "recording": null, "recording_status": "none", "agent": false,
            })),
        ),
    ]
}

/// Calls that are under way, as each other message alone makes them.
fn others() -> Vec<(&'static str, Value)> {
    let ringing = |call: &str, from: Value, to: Value, sid: Value| {
        json!({ "status": "pending", "call_direction": "inbound", "vapi_call_id": call, "from_number": from, "to_number": to,
                "phone_number": from, "provider_call_sid": sid, "started_at": null, "ended_at": null, "duration_seconds": null,
                "cost_cents": 0, "turns": 0, "tools_used": [] })
    };
    let (theirs, ours) = (json!("+15550100100"), json!("+15550100101"));
    let bare = |call: &str| ringing(call, json!(null), json!(null), json!(null));
    vec![
        (
            "assistant-request.2024-07.twilio-inbound.json",
            ringing(
                "8fa47059-5ceb-43d2-883f-2b6817a3351c",
                theirs.clone(),
                ours.clone(),
                json!("CAe874c73fc39dfc250b21895a32634494"),
            ),
        ),
        (
            "assistant-request.2025-05.vapi-sip-inbound.json",
            ringing(
                "a6b6cb93-cb90-440d-8eff-c6b6fd4483cd",
                json!("+15550100102"),
                json!("+15550100103"),
                json!("1dcef825-07b7-4f7e-8bd8-a8422b18aa87"),
            ),
        ),
        ("assistant-request.docs-skills.json", ringing("call-uuid", json!("+15550100107"), json!(null), json!(null))),
        ("hang.docs.json", bare("call-uuid")),
        (
            "status-update.2024-06.web.ended.json",
            json!({ "status": "completed", "ended_at": "2024-06-30T02:52:58.596+00:00", "ended_reason": "silence-timed-out",
                    "vapi_call_id": "90c139ad-fee8-4fc0-86c5-4e7e813d52a5",
                    "started_at": "2024-06-30T02:52:55.616+00:00", "cost_cents": 0 }),
        ),
        (
            "status-update.2025-06.web.in-progress.json",
            json!({ "status": "in_progress", "started_at": "2025-06-10T09:07:00.647+00:00", "ended_at": null,
                    "vapi_call_id": "97f28e3d-f334-4802-863f-dbcab787d687", "cost_cents": 0 }),
        ),
        (
            "status-update.docs-skills.json",
            json!({ "status": "in_progress", "vapi_call_id": "call-uuid", "ended_at": null }),
        ),
        (
            "tool-calls.2024-07.twilio-inbound.a.json",
            ringing(
                "8fa47059-5ceb-43d2-883f-2b6817a3351c",
                theirs.clone(),
                ours.clone(),
                json!("CA616c46cde1963bf9fdcfcabace2277bc"),
            ),
        ),
        (
            "tool-calls.2024-07.twilio-inbound.b.squad.json",
            ringing(
                "8fa47059-5ceb-43d2-883f-2b6817a3351c",
                theirs.clone(),
                ours.clone(),
                json!("CA616c46cde1963bf9fdcfcabace2277bc"),
            ),
        ),
        (
            "tool-calls.2024-07.twilio-inbound.c.with-history.json",
            ringing("3662ccfd-fc01-4f99-8800-db87e5247f9f", theirs, ours, json!("CAa9e3ab41c4a92aab46936ac3001daa14")),
        ),
        ("tool-calls.2025-10.third-party-doc.json", bare("call_xxx")),
        ("tool-calls.docs-custom-tools.json", bare("call-uuid")),
        ("tool-calls.docs-events.json", bare("call-uuid")),
        ("tool-calls.openapi-shape.json", bare("call-uuid")),
        ("transfer-destination-request.docs.json", bare("call-uuid")),
    ]
}

/// Which tools each asks for, in whatever shape.
const ASKED: [(&str, &str, &str); 7] = [
    ("tool-calls.2024-07.twilio-inbound.a.json", "call_51kj", "getWeatherByCity_001"),
    ("tool-calls.2024-07.twilio-inbound.b.squad.json", "call_mrf9", "getWeatherByCity_002"),
    (
        "tool-calls.2024-07.twilio-inbound.c.with-history.json",
        "call_fzEwCjWnJsuwoeGQGbITcnpw",
        "WeatherLookupService0--getWeatherOutside",
    ),
    ("tool-calls.2025-10.third-party-doc.json", "call_e5UMNx9R0HazLoe5uvmOOvxk", "book_appointment_with_sms"),
    ("tool-calls.docs-custom-tools.json", "toolu_01DTPAzUm5Gk3zxrpJ969oMF", "get_weather"),
    ("tool-calls.docs-events.json", "abc123", "sendEmail"),
    ("tool-calls.openapi-shape.json", "call_abc", "get_weather"),
];

async fn all_yield(wanted: Vec<(&'static str, Value)>) {
    let captured = captured();
    if captured.is_empty() {
        return;
    }
    let mut wrong = Vec::new();
    for (name, wanted) in wanted {
        let message = &captured[name];
        let found = yielded(message).await;
        let kind = &message["message"]["type"];
        assert_eq!(found["kept"].as_array().map(Vec::len), Some(1), "{name} is kept once");
        assert_eq!((&found["kept"][0]["state"], &found["kept"][0]["type"]), (&json!("processed"), kind), "{name}");
        assert_eq!(
            found["kept"][0]["body"]["message"]["call"]["id"], message["message"]["call"]["id"],
            "{name}: as it came"
        );
        wrong.extend(differences(name, &found["call"], &wanted));
        match kind.as_str() {
            Some("assistant-request") => assert!(found["told"]["assistantId"].is_string(), "{name}: {}", found["told"]),
            Some("tool-calls") => {
                let (_, id, tool) = ASKED.iter().find(|(file, ..)| *file == name).expect("a tool is asked for");
                let result = &found["told"]["results"][0];
                assert_eq!((&result["toolCallId"], &result["name"]), (&json!(id), &json!(tool)), "{name}");
                let said = result["result"].as_str().unwrap_or_default();
                assert!(!said.is_empty() && !said.contains('\n'), "{name}: a line a person could be told: {said}");
            }
            Some("transfer-destination-request") => assert!(found["told"].is_object(), "{name}: {}", found["told"]),
            _ => assert_eq!(found["told"], json!({ "received": true }), "{name}"),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn every_captured_report_makes_the_record_it_tells_of() {
    all_yield(reports()).await;
}

#[tokio::test]
async fn every_other_captured_message_begins_the_call_it_is_about() {
    all_yield(others()).await;
}

#[tokio::test]
async fn a_captured_message_about_nobodys_call_is_kept_and_changes_nothing() {
    let captured = captured();
    let strangers = ["end-of-call-report.2024-11.llm-failed.json", "transcript.docs.json"];
    for name in strangers.into_iter().filter(|name| captured.contains_key(*name)) {
        let found = yielded(&captured[name]).await;
        assert_eq!(found["kept"][0]["state"], "processed", "{name}");
        assert_eq!(found["call"], Value::Null, "{name}");
    }
}

#[test]
fn no_captured_message_is_left_out() {
    let mut known: Vec<&str> = reports().into_iter().chain(others()).map(|(name, _)| name).collect();
    known.extend(["end-of-call-report.2024-11.llm-failed.json", "transcript.docs.json"]);
    for name in captured().keys() {
        assert!(known.contains(&name.as_str()), "{name}: what does it yield?");
    }
}
