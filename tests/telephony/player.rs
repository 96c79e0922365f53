//! The stand-in for Vapi plays calls, and reads what it is answered.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use voxanne::sandbox::vapi::{Ask, Pace, Script, Signing, Step, sign};

use super::player_support::{CALLER, Clinic, NUMBER, SECRET, done, kinds, sent};

fn ring() -> Script {
    Script::new(CALLER, NUMBER)
}

fn moment(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().expect("a time"), &Rfc3339).expect("a time")
}

#[tokio::test]
async fn a_call_is_asked_about_taken_talked_ended_and_reported() {
    let clinic = Clinic::open().await;
    let script = ring()
        .caller_says("I would like a check-up.")
        .tool("checkAvailability", json!({ "date": "2026-12-01" }))
        .says("Tuesday at nine?");
    let id = clinic.vapi().place_call(script).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert_eq!((over.reason.as_str(), over.connected), ("customer-ended-call", true));

    let all = clinic.vapi().sent(&id);
    let big: Vec<&str> = kinds(&all)
        .into_iter()
        .filter(|kind| !kind.starts_with("speech-update") && *kind != "conversation-update")
        .collect();
    let expected = [
        "assistant-request",
        "status-update ringing",
        "status-update in-progress",
        "tool-calls",
        "status-update ended",
        "end-of-call-report",
    ];
    assert_eq!(big, expected);
    assert!(all.iter().all(|one| one.answers.len() == 1 && one.answers[0].status == Some(200)));
    let came = clinic.came();
    assert!(came.iter().all(|one| one.secret == SECRET && one.message()["call"]["id"] == id.as_str()));
    assert_eq!(came.len(), all.len());

    let asked = sent(&all, "assistant-request");
    assert_eq!((&asked["phoneNumber"]["number"], &asked["customer"]["number"]), (&json!(NUMBER), &json!(CALLER)));
    let heard = clinic.vapi().heard(&id);
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].result.as_deref(), Some("Done: \"checkAvailability\"."));
    let report = sent(&all, "end-of-call-report");
    let lasted = moment(&report["endedAt"]) - moment(&report["startedAt"]);
    assert_eq!((lasted.whole_seconds(), clinic.vapi().seconds_of(&id)), (over.seconds, Some(over.seconds)));
    assert!(over.seconds > 2, "{over:?}");
    for words in ["AI: Hello, how can I help?", "User: I would like a check-up.", "AI: Tuesday at nine?"] {
        assert!(report["transcript"].as_str().unwrap().contains(words), "{words}");
    }

    let (status, shown) = clinic.get(&format!("/call/{id}")).await;
    assert_eq!(
        (status, &shown["status"], &shown["endedReason"]),
        (200, &json!("ended"), &json!("customer-ended-call"))
    );
    for field in ["startedAt", "endedAt", "cost", "costBreakdown", "costs", "analysis", "artifact"] {
        assert_eq!(shown[field], report[field], "{field}");
        assert!(!shown[field].is_null(), "{field}");
    }
}

#[tokio::test]
async fn ten_minutes_take_no_time_and_do_not_end_in_the_future() {
    let clinic = Clinic::open().await;
    let script = ring().waits(590.0);
    let id = clinic.vapi().place_call(script).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert!((590..600).contains(&over.seconds), "{over:?}");
    assert!(over.ended_at.unwrap() <= OffsetDateTime::now_utc());
    let all = clinic.vapi().sent(&id);
    let at = |kind: &str| all.iter().find(|one| one.kind == kind).unwrap().at;
    assert!(at("status-update ended") - at("status-update in-progress") >= Duration::seconds(590));

    let then = OffsetDateTime::parse("2026-03-01T09:00:00Z", &Rfc3339).unwrap();
    let id = clinic.vapi().place_call(ring().waits(60.0).begins_at(then)).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert!(over.started_at.unwrap() - then < Duration::seconds(5));
}

#[tokio::test]
async fn no_call_is_longer_than_the_answer_allows() {
    let clinic = Clinic::open().await;
    let assistant = clinic.assistant.clone();
    clinic.answers(move |message| match message["type"].as_str() {
        Some("assistant-request") => {
            (200, json!({ "assistantId": assistant, "assistantOverrides": { "maxDurationSeconds": 90 } }))
        }
        _ => (200, json!({})),
    });
    let id = clinic.vapi().place_call(ring().waits(3_600.0).says("Still here?")).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert_eq!((over.reason.as_str(), over.seconds), ("exceeded-max-duration", 90));
    let shown = clinic.vapi().call(&id).unwrap();
    assert_eq!(shown["assistantOverrides"], json!({ "maxDurationSeconds": 90 }));
}

#[tokio::test]
async fn nobody_takes_a_call_whose_answer_names_nobody() {
    let clinic = Clinic::open().await;
    let unknown = uuid::Uuid::new_v4();
    let good = clinic.assistant.clone();
    for (status, answer, reason) in [
        (200, json!({ "error": "Please call again later." }), "assistant-request-returned-error"),
        (200, json!({}), "assistant-request-returned-no-assistant"),
        (200, json!({ "assistantId": unknown }), "assistant-request-returned-invalid-assistant"),
        (200, json!({ "assistant": { "nme": "x" } }), "assistant-request-returned-invalid-assistant"),
        (
            200,
            json!({ "assistantId": good, "assistantOverrides": { "maxDurationSeconds": 5 } }),
            "assistant-request-returned-invalid-assistant",
        ),
        (500, json!({ "assistantId": good }), "assistant-request-failed"),
        (
            200,
            json!({ "destination": { "type": "number", "number": "+442079460999" } }),
            "assistant-request-returned-forwarding-phone-number",
        ),
    ] {
        let told = answer.clone();
        clinic.answers(move |message| match message["type"].as_str() {
            Some("assistant-request") => (status, told.clone()),
            _ => (200, json!({})),
        });
        let id = clinic.vapi().place_call(ring()).unwrap();
        let over = clinic.vapi().over(&id).await;
        assert_eq!((over.reason.as_str(), over.connected, over.seconds), (reason, false, 0), "{answer}");
        let all = clinic.vapi().sent(&id);
        assert_eq!(kinds(&all).last(), Some(&"end-of-call-report"));
        assert!(!kinds(&all).contains(&"status-update in-progress"));
    }
    assert!(clinic.vapi().place_call(Script::new(CALLER, "+442079460002")).is_err(), "nobody imported it");
}

#[tokio::test]
async fn an_answer_in_the_published_wrapper_counts_as_well() {
    let clinic = Clinic::open().await;
    let assistant = clinic.assistant.clone();
    clinic.answers(move |message| match message["type"].as_str() {
        Some("assistant-request") => (200, json!({ "messageResponse": { "assistantId": assistant } })),
        Some("tool-calls") => (500, json!({ "messageResponse": done(message) })),
        _ => (200, json!({})),
    });
    let id = clinic.vapi().place_call(ring().tool("takeMessage", json!({}))).unwrap();
    assert!(clinic.vapi().over(&id).await.connected);
    assert!(clinic.vapi().heard(&id)[0].result.is_some(), "the body of an error is read, too");
}

#[tokio::test]
async fn whoever_barges_in_asks_the_same_again_under_new_ids() {
    let clinic = Clinic::open().await;
    let wanted = json!({ "date": "2026-12-01", "time": "09:00" });
    let id = clinic.vapi().place_call(ring().barges_in("bookClinicAppointment", wanted.clone(), 3)).unwrap();
    clinic.vapi().over(&id).await;
    let heard = clinic.vapi().heard(&id);
    let ids: BTreeSet<_> = heard.iter().map(|one| one.tool_call_id.clone()).collect();
    assert_eq!((heard.len(), ids.len()), (3, 3));
    assert!(heard.iter().all(|one| one.arguments == wanted && one.result.is_some()));
}

#[tokio::test]
async fn a_script_goes_on_as_it_was_answered() {
    let clinic = Clinic::open().await;
    let script = ring()
        .tools(vec![Ask::new("checkAvailability", json!({})), Ask::new("takeMessage", json!({}))])
        .decides(|heard| {
            assert_eq!(heard.results.len(), 2);
            vec![
                Step::Tools(vec![Ask::new("bookClinicAppointment", json!({ "because": heard.last() }))]),
                Step::AssistantHangsUp,
            ]
        });
    let id = clinic.vapi().place_call(script).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert_eq!(over.reason, "assistant-ended-call");
    assert_eq!(clinic.vapi().heard(&id)[2].arguments["because"], "Done: \"takeMessage\".");
    let all = clinic.vapi().sent(&id);
    assert_eq!(sent(&all, "tool-calls")["toolCallList"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_live_call_obeys_its_control_url() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring().pace(Pace::Times(20.0)).holds()).unwrap();
    crate::support::eventually("somebody talks", || async { clinic.vapi().connected(&id) }).await;
    let warning = json!({ "type": "say", "content": "One minute left." });
    assert_eq!(clinic.order(&id, &warning).await, 200);
    assert_eq!(clinic.order(&id, &json!({ "type": "end-call" })).await, 200);
    let over = clinic.vapi().over(&id).await;
    assert_eq!(over.reason, "manually-canceled");
    let all = clinic.vapi().sent(&id);
    let report = sent(&all, "end-of-call-report");
    assert!(report["transcript"].as_str().unwrap().contains("AI: One minute left."));
    assert_eq!(clinic.order(&id, &warning).await, 404, "it is over");
}

#[tokio::test]
async fn a_caller_is_put_through_by_an_answer_and_by_an_order() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring().asks_to_transfer().says("Never said.")).unwrap();
    assert_eq!(clinic.vapi().over(&id).await.reason, "assistant-forwarded-call");
    let all = clinic.vapi().sent(&id);
    assert_eq!(sent(&all, "status-update forwarding")["destination"]["number"], "+442079460999");

    let id = clinic.vapi().place_call(ring().holds()).unwrap();
    crate::support::eventually("somebody talks", || async { clinic.vapi().connected(&id) }).await;
    let order = json!({ "type": "transfer", "destination": { "type": "number", "number": "+442079460998" }, "content": "One moment." });
    assert_eq!(clinic.order(&id, &order).await, 200);
    assert_eq!(clinic.vapi().over(&id).await.reason, "assistant-forwarded-call");
    assert_eq!(clinic.vapi().call(&id).unwrap()["destination"]["number"], "+442079460998");
}

#[tokio::test]
async fn time_goes_by_on_a_call_that_holds() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring().holds()).unwrap();
    crate::support::eventually("somebody talks", || async { clinic.vapi().connected(&id) }).await;
    clinic.vapi().pass(&id, 120.0).unwrap();
    clinic.vapi().hang_up(&id).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert_eq!(over.reason, "customer-ended-call");
    assert!((120..130).contains(&over.seconds), "{over:?}");

    let id = clinic.vapi().place_call(ring().holds()).unwrap();
    crate::support::eventually("somebody talks", || async { clinic.vapi().connected(&id) }).await;
    clinic.vapi().pass(&id, 10_000.0).unwrap();
    let over = clinic.vapi().over(&id).await;
    assert_eq!((over.reason.as_str(), over.seconds), ("exceeded-max-duration", 600));
}

#[tokio::test]
async fn a_call_that_twilio_ends_is_over_at_vapi() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring().holds()).unwrap();
    crate::support::eventually("somebody talks", || async { clinic.vapi().connected(&id) }).await;
    let call = clinic.vapi().call(&id).unwrap();
    let sid = call["transport"]["callSid"].as_str().unwrap();
    let account = clinic.sandbox.twilio.account_sid();
    let url = format!("{}/2010-04-01/Accounts/{account}/Calls/{sid}.json", clinic.sandbox.twilio_url());
    let shown =
        clinic.http.get(&url).basic_auth(account, Some(clinic.sandbox.twilio.auth_token())).send().await.unwrap();
    let shown: Value = shown.json().await.unwrap();
    assert_eq!((&shown["status"], &shown["to"]), (&json!("in-progress"), &json!(NUMBER)));
    let ended = clinic.http.post(&url).basic_auth(account, Some(clinic.sandbox.twilio.auth_token()));
    let ended = ended.header("content-type", "application/x-www-form-urlencoded").body("Status=completed");
    assert_eq!(ended.send().await.unwrap().status(), 200);
    assert_eq!(clinic.vapi().over(&id).await.reason, "call.in-progress.twilio-completed-call");

    let id = clinic.vapi().place_call(ring().caller_says("Hello.")).unwrap();
    clinic.vapi().over(&id).await;
    let sid = clinic.vapi().call(&id).unwrap()["transport"]["callSid"].as_str().unwrap().to_owned();
    let status = clinic.sandbox.twilio.call_status(&sid).expect("it is in Twilio's log");
    assert!(status.is_over(), "{status:?}");
}

#[tokio::test]
async fn messages_are_signed_as_the_script_says() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring().signing(Signing::Hmac("key".into()))).unwrap();
    clinic.vapi().over(&id).await;
    for one in clinic.came() {
        assert_eq!((one.secret.as_str(), &one.signature), ("", &sign("key", &one.timestamp, &one.body)));
    }
    let before = clinic.came().len();
    let id = clinic.vapi().place_call(ring().signing(Signing::Secret("wrong".into()))).unwrap();
    clinic.vapi().over(&id).await;
    assert!(clinic.came()[before..].iter().all(|one| one.secret == "wrong"));
}

#[tokio::test]
async fn two_hundred_calls_go_on_at_once() {
    let clinic = Clinic::open().await;
    let script = |seconds: u32| ring().tool("takeMessage", json!({})).waits(f64::from(seconds)).terse();
    let ids: Vec<String> = (0..200).map(|n| clinic.vapi().place_call(script(n)).unwrap()).collect();
    for (n, id) in ids.iter().enumerate() {
        let over = clinic.vapi().over(id).await;
        assert!(over.seconds >= n as i64 && over.connected, "{over:?}");
        assert_eq!(clinic.vapi().heard(id).len(), 1);
    }
    assert_eq!(clinic.came().len(), 200 * 6);
}
