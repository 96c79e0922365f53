//! What Vapi knows of a call when it is over: what was said, what it cost, why it ended.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    live::Live,
    turns::{for_the_model, messages, summary, transcript},
};
use crate::sandbox::{clock::iso, vapi::recordings};

/// In dollars a minute: Vapi's, and those of a transcriber; in dollars a thousand: characters spoken, tokens.
const VAPI: f64 = 0.05;
const TRANSCRIBER: f64 = 0.0106;
const VOICE: f64 = 0.05;
const MODEL: f64 = 0.000_15;

fn round(dollars: f64) -> f64 {
    (dollars * 10_000.0).round() / 10_000.0
}

/// Everything of a report but its envelope. `links` is where recordings are fetched.
pub(super) fn of(live: &Live, id: &str, reason: &str, analysis: Option<&Value>, links: &recordings::Links) -> Value {
    let (turns, began) = (&live.turns, live.started.unwrap_or(live.began));
    let seconds = match (live.started, live.ended) {
        (Some(started), Some(ended)) => (ended - started).as_seconds_f64(),
        _ => 0.0,
    };
    let text = transcript(turns);
    let said = messages(turns, began);
    let mut artifact = json!({
        "messages": said,
        "messagesOpenAIFormatted": for_the_model(turns),
        "transcript": text,
    });
    let recorded = live.is_recorded && live.started.is_some();
    if recorded {
        merge(&mut artifact, links.artifact(id));
    }
    merge(&mut artifact, more(&live.heard.assistant));
    let analysis = analysis.cloned().unwrap_or_else(|| {
        let plan = &live.heard.assistant["analysisPlan"];
        let is_wanted = |name: &str| plan[name]["enabled"] != false && live.started.is_some();
        let mut analysis = json!({});
        if is_wanted("summaryPlan") {
            analysis["summary"] = json!(summary(turns));
        }
        if is_wanted("successEvaluationPlan") {
            analysis["successEvaluation"] = json!((!live.heard.results.is_empty()).to_string());
        }
        analysis
    });
    let mut report = json!({ "analysis": analysis, "artifact": artifact });
    let moment = |at: Option<OffsetDateTime>| at.map(iso);
    if let Some(started) = moment(live.started) {
        report["startedAt"] = json!(started);
    }
    report["endedAt"] = json!(moment(live.ended));
    report["endedReason"] = json!(reason);
    merge(&mut report, costs(seconds, &text, &live.heard.assistant));
    let millis = (seconds * 1000.0).round();
    let summary = report["analysis"]["summary"].as_str().unwrap_or_default().to_owned();
    merge(
        &mut report,
        json!({
            "durationMs": millis as i64,
            "durationSeconds": millis / 1000.0,
            "durationMinutes": (millis / 6.0).round() / 10_000.0,
            "summary": summary,
            "transcript": text,
            "messages": said,
        }),
    );
    if recorded {
        report["recordingUrl"] = report["artifact"]["recordingUrl"].clone();
        report["stereoRecordingUrl"] = report["artifact"]["stereoRecordingUrl"].clone();
    }
    report
}

/// What only today's artifacts have.
fn more(assistant: &Value) -> Value {
    json!({
        "nodes": [],
        "variables": {},
        "variableValues": assistant["variableValues"].as_object().cloned().unwrap_or_default(),
        "performanceMetrics": {
            "turnLatencies": [{
                "modelLatency": 410, "voiceLatency": 884, "transcriberLatency": 134, "endpointingLatency": 40,
                "turnLatency": 1468,
            }],
            "modelLatencyAverage": 410, "voiceLatencyAverage": 884, "transcriberLatencyAverage": 134,
            "endpointingLatencyAverage": 40, "turnLatencyAverage": 1468,
        },
        "scorecards": {},
        "transfers": [],
    })
}

fn costs(seconds: f64, text: &str, assistant: &Value) -> Value {
    let minutes = (seconds / 60.0 * 10_000.0).round() / 10_000.0;
    let characters = text.chars().count();
    let tokens = characters / 4;
    let (vapi, stt) = (round(minutes * VAPI), round(minutes * TRANSCRIBER));
    let (tts, llm) = (round(characters as f64 / 1000.0 * VOICE), round(tokens as f64 / 1000.0 * MODEL));
    let part = |name: &str, usual: Value| assistant[name].as_object().map_or(usual, kind);
    let total = round(vapi + stt + tts + llm);
    let model = part("model", json!({ "provider": "openai", "model": "gpt-4o-mini" }));
    json!({
        "cost": total,
        "costBreakdown": {
            "stt": stt, "llm": llm, "tts": tts, "vapi": vapi, "chat": 0, "transport": 0, "total": total,
            "llmPromptTokens": tokens, "llmCompletionTokens": tokens / 2, "llmCachedPromptTokens": 0,
            "ttsCharacters": characters, "voicemailDetectionCost": 0, "knowledgeBaseCost": 0,
            "analysisCostBreakdown": {
                "summary": 0, "summaryPromptTokens": 0, "summaryCompletionTokens": 0,
                "successEvaluation": 0, "successEvaluationPromptTokens": 0, "successEvaluationCompletionTokens": 0,
            },
        },
        "costs": [
            {
                "type": "transcriber", "minutes": minutes, "cost": stt,
                "transcriber": part("transcriber", json!({ "provider": "deepgram", "model": "nova-2" })),
            },
            { "type": "model", "model": model, "promptTokens": tokens, "completionTokens": tokens / 2, "cost": llm },
            {
                "type": "voice", "characters": characters, "cost": tts,
                "voice": part("voice", json!({ "provider": "vapi", "voiceId": "Elliot" })),
            },
            { "type": "vapi", "subType": "normal", "minutes": minutes, "cost": vapi },
        ],
    })
}

fn kind(given: &Map<String, Value>) -> Value {
    let named = given.iter().filter(|(name, _)| matches!(name.as_str(), "provider" | "model" | "voiceId"));
    Value::Object(named.map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub(super) fn merge(whole: &mut Value, part: Value) {
    if let (Value::Object(whole), Value::Object(part)) = (whole, part) {
        whole.extend(part);
    }
}
