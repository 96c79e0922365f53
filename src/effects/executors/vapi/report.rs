//! What Vapi tells of a call when it is asked, as far as the call's record is made of it: a report that was lost can be made
//! up for. The rest holds keys, and is far longer.

use serde_json::{Map, Value};

const OF_A_CALL: [&str; 16] = [
    "id",
    "type",
    "startedAt",
    "endedAt",
    "endedReason",
    "cost",
    "costs",
    "costBreakdown",
    "analysis",
    "compliance",
    "customer",
    "phoneCallProviderId",
    "summary",
    "transcript",
    "messages",
    "recordingUrl",
];
const OF_ITS_ARTIFACT: [&str; 7] =
    ["transcript", "messages", "recordingUrl", "stereoRecordingUrl", "recording", "structuredOutputs", "transfers"];

/// A longer one is kept without what was said word by word, and of its transcript the beginning.
const LONGEST: usize = 1_000_000;
const LONGEST_TRANSCRIPT: usize = 200_000;

pub(super) fn told(call: &Value) -> Value {
    let mut told = picked(call, &OF_A_CALL);
    told.insert("artifact".to_owned(), Value::Object(picked(&call["artifact"], &OF_ITS_ARTIFACT)));
    let mut told = Value::Object(told);
    if told.to_string().len() > LONGEST {
        shorten(&mut told);
    }
    told
}

/// Those of the fields that there are.
fn picked(from: &Value, names: &[&str]) -> Map<String, Value> {
    let fields = names.iter().map(|name| ((*name).to_owned(), from[*name].clone()));
    fields.filter(|(_, value)| !value.is_null()).collect()
}

fn shorten(told: &mut Value) {
    for place in ["", "/artifact"] {
        let Some(Value::Object(fields)) = told.pointer_mut(place) else { continue };
        fields.remove("messages");
        fields.remove("transfers");
        if let Some(Value::String(transcript)) = fields.get_mut("transcript") {
            *transcript = transcript.chars().take(LONGEST_TRANSCRIPT).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_has_the_records_parts_and_no_keys() {
        let call = json!({
            "id": "c", "startedAt": "2026-11-21T10:00:00Z", "status": "ended", "analysis": { "summary": "Fine." },
            "artifact": { "transcript": "AI: Hello", "pcapUrl": "x" }, "phoneNumber": { "twilioAuthToken": "planted" },
            "assistant": { "server": { "secret": "planted" } }, "monitor": { "controlUrl": "planted" }, "endedAt": null,
        });
        assert_eq!(
            told(&call),
            json!({
                "id": "c", "startedAt": "2026-11-21T10:00:00Z", "analysis": { "summary": "Fine." },
                "artifact": { "transcript": "AI: Hello" },
            })
        );
        assert_eq!(told(&json!({})), json!({ "artifact": {} }));
    }

    #[test]
    fn a_call_that_was_talked_through_for_hours_stays_bounded() {
        let word = json!({ "role": "user", "message": "x".repeat(1000), "secondsFromStart": 1 });
        let call = json!({
            "id": "c",
            "artifact": { "messages": vec![word; 3000], "transcript": "ä".repeat(2_000_000), "recordingUrl": "https://r" },
        });
        let told = told(&call);
        assert!(told["artifact"]["messages"].is_null());
        assert_eq!(told["artifact"]["transcript"].as_str().map(|said| said.chars().count()), Some(LONGEST_TRANSCRIPT));
        assert_eq!(told["artifact"]["recordingUrl"], "https://r");
    }
}
