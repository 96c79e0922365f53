//! What goes wrong with messages on their way, and calls that go out.

use serde_json::{Value, json};
use voxanne::sandbox::{
    Fault,
    vapi::{Mischief, Pickup, Script},
};

use super::player_support::{CALLER, Clinic, NUMBER, kinds, sent, usual};

fn ring() -> Script {
    Script::new(CALLER, NUMBER).caller_says("Hello.").tool("takeMessage", json!({}))
}

/// The types that came, in their order.
fn came(clinic: &Clinic) -> Vec<String> {
    let kind = |message: Value| match message["status"].as_str() {
        Some(status) => format!("{} {status}", message["type"].as_str().unwrap()),
        None => message["type"].as_str().unwrap().to_owned(),
    };
    clinic.came().iter().map(|one| kind(one.message())).collect()
}

#[tokio::test]
async fn the_same_seed_does_the_same_mischief() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let clinic = Clinic::open().await;
        let id = clinic.vapi().place_call(ring().mischief(Mischief::all(seed, 0.4))).unwrap();
        clinic.vapi().over(&id).await;
        runs.push(came(&clinic));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_message_is_lost_late_twice_out_of_order_or_without_its_fields() {
    let clinic = Clinic::open().await;
    let report = &["end-of-call-report"][..];
    let with = |mischief: Mischief| ring().mischief(mischief);
    let play = async |script: Script| {
        let before = clinic.came().len();
        let id = clinic.vapi().place_call(script).unwrap();
        let over = clinic.vapi().over(&id).await;
        assert_eq!(Some(over.seconds), clinic.vapi().seconds_of(&id));
        (id, came(&clinic)[before..].to_vec())
    };
    let (id, lost) = play(with(Mischief { loss: 1.0, ..Mischief::default() }.only(report))).await;
    assert!(!lost.contains(&"end-of-call-report".to_owned()));
    assert!(clinic.vapi().sent(&id).iter().any(|one| one.is_lost && one.kind == "end-of-call-report"));
    assert!(!clinic.vapi().call(&id).unwrap()["artifact"].is_null(), "who asks learns it all the same");

    let ended = &["status-update ended"][..];
    let (_, late) = play(with(Mischief { late: 1.0, ..Mischief::default() }.only(ended))).await;
    assert_eq!(late[late.len() - 2..], ["end-of-call-report", "status-update ended"]);
    let (_, swapped) =
        play(with(Mischief { reorder: 1.0, ..Mischief::default() }.only(&["status-update in-progress"]))).await;
    let place = |kind: &str| swapped.iter().position(|one| one == kind).unwrap();
    assert!(place("status-update in-progress") > place("speech-update started"), "{swapped:?}");
    let (_, twice) = play(with(Mischief::duplicates(1, 1.0).only(&["tool-calls"]))).await;
    assert_eq!(twice.iter().filter(|kind| *kind == "tool-calls").count(), 2);

    let (id, _) = play(with(Mischief { missing: 1.0, seed: 3, ..Mischief::default() }.only(report))).await;
    let (full, _) = play(ring()).await;
    let fields = |id: &str| sent(&clinic.vapi().sent(id), "end-of-call-report").as_object().unwrap().len();
    assert!(fields(&id) < fields(&full));
    let (id, _) = play(ring().without(&["startedAt", "cost"])).await;
    let all = clinic.vapi().sent(&id);
    let report = sent(&all, "end-of-call-report");
    assert!(report["startedAt"].is_null() && report["cost"].is_null() && report["endedAt"].is_string());
}

#[tokio::test]
async fn the_status_of_a_call_is_stale_unless_it_is_to_be_of_today() {
    let clinic = Clinic::open().await;
    for (is_stale, expected) in [(true, "ringing"), (false, "ended")] {
        let mischief = Mischief { is_stale, ..Mischief::default() };
        let id = clinic.vapi().place_call(ring().mischief(mischief)).unwrap();
        clinic.vapi().over(&id).await;
        assert_eq!(sent(&clinic.vapi().sent(&id), "status-update ended")["call"]["status"], expected);
    }
}

#[tokio::test]
async fn the_faults_of_the_stand_in_reach_its_messages() {
    let clinic = Clinic::open().await;
    let faults = clinic.vapi().faults();
    faults.add(Fault::silent_webhook().matching("status-update ended").next(1));
    faults.add(Fault::duplicate_webhook().matching("end-of-call-report").next(1));
    let id = clinic.vapi().place_call(ring()).unwrap();
    clinic.vapi().over(&id).await;
    let came = came(&clinic);
    assert!(!came.contains(&"status-update ended".to_owned()));
    assert_eq!(came.iter().filter(|kind| *kind == "end-of-call-report").count(), 2);
    assert!(faults.list().is_empty());
}

#[tokio::test]
async fn what_is_not_taken_comes_again_as_the_server_says() {
    let plan = json!({ "type": "fixed", "maxRetries": 3, "baseDelaySeconds": 1, "excludedStatusCodes": [422] });
    let clinic = Clinic::open().await;
    let server = json!({ "url": clinic.url, "timeoutSeconds": 20, "backoffPlan": plan });
    let path = format!("{}/assistant/{}", clinic.sandbox.vapi_url(), clinic.assistant);
    let change = clinic.http.patch(path).bearer_auth(clinic.vapi().api_key()).json(&json!({ "server": server }));
    assert_eq!(change.send().await.unwrap().status(), 200);
    for (status, times) in [(503, 4), (422, 1)] {
        let usual = usual(&clinic.assistant);
        clinic.answers(move |message| match message["type"].as_str() {
            Some("end-of-call-report") => (status, json!({})),
            _ => usual(message),
        });
        let id = clinic.vapi().place_call(ring()).unwrap();
        clinic.vapi().over(&id).await;
        let all = clinic.vapi().sent(&id);
        let report = all.iter().find(|one| one.kind == "end-of-call-report").unwrap();
        assert_eq!(report.answers.len(), times, "{status}");
    }
}

#[tokio::test]
async fn a_call_goes_out_and_is_answered_or_not() {
    let clinic = Clinic::open().await;
    let number = clinic.vapi().phone_number(NUMBER).unwrap()["id"].clone();
    let call = |to: &str| {
        json!({
            "assistantId": clinic.assistant, "phoneNumberId": number, "customer": { "number": to, "name": "Anna" },
            "metadata": { "call_id": "ours" }, "assistantOverrides": { "maxDurationSeconds": 300 },
        })
    };
    let (status, queued) = clinic.post("/call", &call("+447700900001")).await;
    assert_eq!((status, &queued["status"], &queued["type"]), (201, &json!("queued"), &json!("outboundPhoneCall")));
    assert_eq!((&queued["metadata"]["call_id"], &queued["assistantId"]), (&json!("ours"), &json!(clinic.assistant)));
    assert!(clinic.came().is_empty(), "nobody plays it yet");
    let id = queued["id"].as_str().unwrap();
    clinic.vapi().play(id, Script::called().caller_says("Yes?")).unwrap();
    let over = clinic.vapi().over(id).await;
    assert_eq!((over.reason.as_str(), over.connected), ("customer-ended-call", true));
    let statuses: Vec<_> = came(&clinic).into_iter().filter(|kind| kind.starts_with("status-update")).collect();
    let expected = ["queued", "ringing", "in-progress", "ended"].map(|status| format!("status-update {status}"));
    assert_eq!(statuses, expected);
    assert!(clinic.vapi().play(id, Script::called()).is_err(), "it is over");

    for (pickup, reason, connected) in [
        (Pickup::NoAnswer, "customer-did-not-answer", false),
        (Pickup::Busy, "customer-busy", false),
        (Pickup::Voicemail, "voicemail", true),
    ] {
        clinic.vapi().when_called(Some("+447700900002"), Script::called().pickup(pickup));
        let (_, made) = clinic.post("/call", &call("+447700900002")).await;
        let over = clinic.vapi().over(made["id"].as_str().unwrap()).await;
        assert_eq!((over.reason.as_str(), over.connected), (reason, connected));
    }
    clinic.vapi().when_called(None, Script::called());
    clinic.sandbox.twilio.set_phone("+447700900003", voxanne::sandbox::twilio::Phone::Busy).unwrap();
    let (_, made) = clinic.post("/call", &call("+447700900003")).await;
    let over = clinic.vapi().over(made["id"].as_str().unwrap()).await;
    assert_eq!(over.reason, "customer-busy", "as Twilio's stand-in has it");
}

#[tokio::test]
async fn a_call_that_cannot_be_made_is_refused() {
    let clinic = Clinic::open().await;
    let number = clinic.vapi().phone_number(NUMBER).unwrap()["id"].clone();
    let good = json!({ "assistantId": clinic.assistant, "phoneNumberId": number, "customer": { "number": CALLER } });
    let transient = json!({
        "twilioPhoneNumber": NUMBER, "twilioAccountSid": clinic.sandbox.twilio.account_sid(),
        "twilioAuthToken": clinic.sandbox.twilio.auth_token(),
    });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    for wrong in [
        with("customer", json!({ "number": "07700900123" })),
        with("customer", Value::Null),
        with("assistantId", json!(uuid::Uuid::new_v4())),
        with("assistantId", Value::Null),
        with("phoneNumberId", json!(uuid::Uuid::new_v4())),
        with("phoneNumberId", Value::Null),
        with("phoneNumber", transient.clone()),
        with("assistantOverrides", json!({ "maxDurationSeconds": 5 })),
        with("maxDurationSeconds", json!(60)),
        with("metadata", json!("ours")),
    ] {
        let (status, refused) = clinic.post("/call", &wrong).await;
        assert_eq!((status, &refused["statusCode"]), (400, &json!(400)), "{wrong}: {refused}");
    }
    let mut own = good.clone();
    own.as_object_mut().unwrap().remove("phoneNumberId");
    own["phoneNumber"] = transient;
    assert_eq!(clinic.post("/call", &own).await.0, 201);
    own["phoneNumber"]["twilioAuthToken"] = json!("wrong");
    assert_eq!(clinic.post("/call", &own).await.0, 400);
    assert_eq!(clinic.get("/call").await.1.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_recording_is_heard_for_a_while_by_whoever_has_its_address() {
    let clinic = Clinic::open().await;
    let id = clinic.vapi().place_call(ring()).unwrap();
    clinic.vapi().over(&id).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let base = clinic.sandbox.vapi_url();
    for kind in ["mono", "stereo", "customer", "assistant"] {
        let url = format!("{base}/call/{id}/{kind}-recording");
        assert_eq!(http.get(&url).send().await.unwrap().status(), 401);
        let led = http.get(&url).bearer_auth(clinic.vapi().api_key()).send().await.unwrap();
        assert_eq!(led.status(), 302);
        let address = led.headers()["location"].to_str().unwrap().to_owned();
        let whole = http.get(&address).send().await.unwrap();
        assert_eq!((whole.status().as_u16(), whole.headers()["content-type"].to_str().unwrap()), (200, "audio/wav"));
        let whole = whole.bytes().await.unwrap();
        assert_eq!((&whole[..4], &whole[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
        let part = http.get(&address).header("range", "bytes=4-99").send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"].to_str().unwrap(), format!("bytes 4-99/{}", whole.len()));
        assert_eq!(part.bytes().await.unwrap(), whole.slice(4..100));
        assert_eq!(http.get(&address).header("range", "bytes=999999-").send().await.unwrap().status(), 416);
        let forged = address.replace("expires=", "expires=9");
        assert_eq!(http.get(forged).send().await.unwrap().status(), 403);
    }
    let silent = Clinic::with(json!({ "artifactPlan": { "recordingEnabled": false } })).await;
    let id = silent.vapi().place_call(ring()).unwrap();
    silent.vapi().over(&id).await;
    assert_eq!(silent.get(&format!("/call/{id}/mono-recording")).await.0, 404);
    assert!(sent(&silent.vapi().sent(&id), "end-of-call-report")["recordingUrl"].is_null());
    assert!(kinds(&silent.vapi().sent(&id)).contains(&"end-of-call-report"));
}
