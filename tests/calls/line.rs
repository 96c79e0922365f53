//! The line from Vapi: who is believed, what is kept, what is answered, and that nothing odd breaks it.

use hmac::{Hmac, Mac};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use time::OffsetDateTime;

use super::line_support::{Line, SECRET, tools};
use crate::support::{eventually, people::token};

fn signature(key: &str, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key");
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    hex::encode(mac.finalize().into_bytes())
}

async fn with_headers(line: &Line, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut request = line.server.client().post(line.server.url(path)).body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

/// The one answer there is; on a machine that is very busy somebody may have heard that we are sorry instead.
fn one_beside_regrets(answers: &[Value]) -> Value {
    let (regrets, answers): (Vec<&Value>, Vec<&Value>) =
        answers.iter().partition(|answer| answer.to_string().contains("I am sorry"));
    let answer = answers.first().unwrap_or_else(|| panic!("nobody was answered: {regrets:?}"));
    assert!(answers.iter().all(|other| other == answer), "one answer for all: {answers:?}");
    (*answer).clone()
}

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON");
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_message_that_is_not_believed_leaves_nothing_but_a_note() {
    let line = Line::open(&[("VAPI_WEBHOOK_HMAC_SECRET", "signing, rolled")]).await;
    let body = line.message("assistant-request", "c1", json!({})).to_string();
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let (time, stale, future) = (now.to_string(), (now - 310).to_string(), ((now + 310) * 1000).to_string());
    let good = signature("signing", &[&time, ".", &body]);
    let doubtful: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("unsigned", vec![]),
        ("a wrong secret", vec![("x-vapi-secret", "shared-with-vap".to_owned())]),
        ("an empty secret", vec![("x-vapi-secret", String::new())]),
        (
            "a wrong signature",
            vec![("x-signature", signature("other", &[&time, ".", &body])), ("x-timestamp", time.clone())],
        ),
        ("of another time", vec![("x-signature", good.clone()), ("x-timestamp", (now - 1).to_string())]),
        ("without its time", vec![("x-signature", good.clone())]),
        (
            "replayed",
            vec![("x-signature", signature("signing", &[&stale, ".", &body])), ("x-timestamp", stale.clone())],
        ),
        (
            "from the future",
            vec![("x-signature", signature("signing", &[&future, ".", &body])), ("x-timestamp", future.clone())],
        ),
        ("of the body alone", vec![("x-signature", signature("signing", &[&body])), ("x-timestamp", time.clone())]),
    ];
    for path in ["/api/vapi/webhook", "/api/vapi/tools/takeMessage"] {
        for (how, headers) in &doubtful {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = code(with_headers(&line, path, &headers, &body).await).await;
            assert_eq!(answer, (401, "webhook_signature_invalid".to_owned()), "{how}");
        }
    }
    assert_eq!(line.inbox_count().await, 0);
    assert_eq!(line.held().await, (0, 0, 0));
    eventually("the refusal is in the security audit", async || {
        let sql = "select count(*) from public.security_audit_log \
                   where kind = 'webhook_refused' and details ->> 'provider' = 'vapi'";
        line.one::<i64>(sql).await > 0
    })
    .await;
}

#[tokio::test]
async fn either_proof_is_enough_and_no_credential_is_kept() {
    let line =
        Line::open(&[("VAPI_WEBHOOK_SECRET", "newest, shared-with-vapi"), ("VAPI_WEBHOOK_HMAC_SECRET", "signing")])
            .await;
    for (call, secret) in [("c1", "newest"), ("c2", SECRET)] {
        let body = line.message("hang", call, json!({})).to_string();
        assert_eq!(with_headers(&line, "/api/vapi/webhook", &[("x-vapi-secret", secret)], &body).await.status(), 200);
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    for (call, time) in [("c3", now.to_string()), ("c4", (now * 1000 + 123).to_string())] {
        let more = json!({ "phoneNumber": { "number": line.clinic.number, "twilioAuthToken": "planted" } });
        let body = line.message("hang", call, more).to_string();
        let signed = signature("signing", &[&time, ".", &body]);
        let headers = [("x-signature", signed.as_str()), ("x-timestamp", time.as_str())];
        assert_eq!(with_headers(&line, "/api/vapi/webhook", &headers, &body).await.status(), 200);
    }
    let kept: String =
        line.one("select string_agg(headers::text || convert_from(body, 'UTF8'), '') from private.webhook_inbox").await;
    assert_eq!(line.inbox_count().await, 4);
    for secret in ["newest", SECRET, "planted"] {
        assert!(!kept.contains(secret), "{secret} is kept: {kept}");
    }
}

#[tokio::test]
async fn without_a_secret_nothing_is_taken_in_and_the_old_address_is_gone() {
    let line = Line::open(&[("VAPI_WEBHOOK_SECRET", "")]).await;
    let body = line.message("assistant-request", "c1", json!({})).to_string();
    assert_eq!(code(line.post("/api/vapi/webhook", body.clone()).await).await, (503, "not_available".to_owned()));
    assert_eq!(code(line.post("/api/webhooks/vapi", body.clone()).await).await, (410, "gone".to_owned()));
    let unsigned = line.server.client().get(line.server.url("/api/webhooks/vapi")).send().await.expect("an answer");
    assert_eq!(unsigned.status(), StatusCode::GONE);
    assert_eq!(line.inbox_count().await, 0);
}

#[tokio::test]
async fn a_call_is_let_in_once_however_often_it_is_asked_about() {
    let line = Line::open(&[("CALL_POOL_SIZE", "16")]).await;
    let asked = line.message("assistant-request", "c1", json!({}));
    let answers = futures_util::future::join_all((0..16).map(|_| line.told(&asked))).await;
    let answer = one_beside_regrets(&answers);
    assert_eq!(answer["assistantId"], line.clinic.assistant.as_str(), "{answer}");
    assert!(answer["assistantOverrides"]["maxDurationSeconds"].as_i64().is_some_and(|most| most >= 60));
    assert_eq!(line.told(&asked).await, answer, "and later");
    assert_eq!(line.inbox_count().await, 1);
    assert_eq!(line.held().await.2, 1, "one hold");
    assert_eq!(line.one::<i64>("select count(*) from public.calls").await, 1);
}

#[tokio::test]
async fn a_message_that_comes_many_times_at_once_counts_once() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    line.told(&line.message("status-update", "c1", json!({ "status": "in-progress" }))).await;
    let report = line.message(
        "end-of-call-report",
        "c1",
        json!({ "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:02:30Z", "endedReason": "customer-ended-call" }),
    );
    let answers = futures_util::future::join_all((0..16).map(|_| line.told(&report))).await;
    assert!(answers.iter().all(|answer| *answer == json!({ "received": true })), "{answers:?}");
    let charged: i64 = line.one("select count(*) from public.credit_transactions where type <> 'topup'").await;
    assert_eq!(charged, 1);
    assert_eq!(line.held().await, (0, 0, 0));
    assert_eq!(line.one::<i32>("select duration_seconds from public.calls").await, 150);
}

#[tokio::test]
async fn the_same_tools_asked_at_once_are_run_once_and_answered_alike() {
    let line = Line::open(&[("CALL_POOL_SIZE", "16")]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let asked =
        line.message("tool-calls", "c1", tools(&[("t1", "takeMessage", json!({ "message": "Please ring me" }))]));
    let answers = futures_util::future::join_all((0..16).map(|_| line.told(&asked))).await;
    assert_eq!(one_beside_regrets(&answers)["results"][0]["toolCallId"], "t1");
    assert_eq!(line.one::<i64>("select count(*) from private.tool_runs").await, 1);
}

#[tokio::test]
async fn a_tool_with_an_address_of_its_own_runs_there_and_no_other() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let both = line.message(
        "tool-calls",
        "c1",
        tools(&[("t1", "takeMessage", json!({ "message": "Hello" })), ("t2", "checkAvailability", json!({}))]),
    );
    let answer = line.post("/api/vapi/tools/takeMessage", both.to_string()).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(answer["results"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["results"][0]["toolCallId"], "t1");
    assert_eq!(line.one::<String>("select string_agg(tool_name, ',') from private.tool_runs").await, "takeMessage");

    // The flat shape; and the one where the call stands inside its tool.
    for (id, list) in [
        (
            "t3",
            json!({ "toolCallList": [{ "id": "t3", "name": "takeMessage", "parameters": { "message": "Hello" } }] }),
        ),
        (
            "t4",
            json!({ "toolWithToolCallList": [{ "name": "takeMessage", "toolCall": { "id": "t4", "parameters": { "message": "Hi" } } }] }),
        ),
    ] {
        let answer = line.post("/api/vapi/tools/takeMessage", line.message("tool-calls", "c1", list).to_string()).await;
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["results"][0]["toolCallId"], id, "{answer}");
    }
    for no_call in [json!({ "message": "Hello" }), line.message("hang", "c1", json!({})), json!([])] {
        let answer = line.post("/api/vapi/tools/takeMessage", no_call.to_string()).await;
        assert_eq!(code(answer).await, (400, "invalid_request".to_owned()), "{no_call}");
    }
}

#[tokio::test]
async fn nothing_odd_in_a_message_breaks_the_line() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let odd = [
        json!({ "message": { "type": "assistant-request" } }),
        json!({ "message": { "type": "assistant-request", "call": { "id": 5 }, "phoneNumber": "none" } }),
        json!({ "message": { "type": "assistant-request", "call": "c9", "customer": [1] } }),
        json!({ "message": { "type": "end-of-call-report" } }),
        json!({ "message": { "type": "end-of-call-report", "call": { "id": "" } } }),
        json!({ "message": { "type": "tool-calls" } }),
        json!({ "message": { "type": "tool-calls", "toolCallList": "none", "call": { "id": "c1" } } }),
        json!({ "message": { "type": "tool-calls", "toolCallList": [null, 5, {}, { "id": 7 }], "call": { "id": "c1" } } }),
        json!({ "message": { "type": "transfer-destination-request" } }),
        json!({ "message": { "type": "status-update", "status": { "deep": true }, "call": { "id": "c1" } } }),
        json!({ "message": { "type": "made-up-tomorrow", "call": { "id": "c1" }, "news": [1, 2, 3] } }),
        json!({ "message": { "type": 5 } }),
        json!({ "message": { "type": "x".repeat(5000), "call": { "id": "y".repeat(5000) } } }),
        json!({ "message": {} }),
        json!({ "message": "hello" }),
        json!({}),
        line.message(
            "end-of-call-report",
            "c1",
            json!({ "startedAt": "yesterday", "endedAt": -5, "durationSeconds": "long" }),
        ),
        line.message(
            "end-of-call-report",
            "c1",
            json!({ "durationSeconds": 1e300, "cost": -1e300, "timestamp": 1e300 }),
        ),
        line.message("status-update", "c1", json!({ "status": "ended", "timestamp": "2026-13-45T99:99:99Z" })),
        line.message(
            "transcript",
            "c1",
            json!({ "transcriptType": "final", "role": "user", "transcript": { "a": 1 } }),
        ),
    ];
    for message in &odd {
        let answer = line.send(message).await;
        assert_eq!(answer.status(), 200, "{message}");
        let told: Value = answer.json().await.expect("JSON");
        assert!(told.is_object(), "{message}: {told}");
    }
    let undone: i64 = line.one("select count(*) from private.webhook_inbox where finished_at is null").await;
    let first: Option<String> =
        line.one("select max(event_type || ': ' || coalesce(last_error, '')) from private.webhook_inbox where finished_at is null").await;
    assert_eq!(undone, 0, "everything was made sense of: {first:?}");
    assert_eq!(
        line.told(&line.message("assistant-request", "c2", json!({}))).await["assistantId"],
        line.clinic.assistant.as_str()
    );
}

#[tokio::test]
async fn what_is_no_json_is_refused_and_a_nul_is_not() {
    let line = Line::open(&[]).await;
    let deep = format!("{{\"message\":{{\"type\":\"hang\",\"a\":{}{}}}}}", "[".repeat(200_000), "]".repeat(200_000));
    let huge = format!("{{\"message\":{{\"type\":\"hang\",\"a\":1e{}}}}}", "9".repeat(400));
    let bad: [&[u8]; 8] = [
        b"",
        b"no json",
        b"{\"message\":",
        b"\xff\xfe{\"message\":{\"type\":\"hang\"}}",
        b"{\"message\":{\"type\":\"hang\",\"text\":\"\xc3\x28\"}}",
        b"[1, 2]",
        deep.as_bytes(),
        huge.as_bytes(),
    ];
    for body in bad {
        let answer = code(line.post("/api/vapi/webhook", body.to_vec()).await).await;
        assert_eq!(
            answer,
            (400, "invalid_json".to_owned()),
            "{}",
            String::from_utf8_lossy(&body[..body.len().min(60)])
        );
    }
    assert_eq!(line.inbox_count().await, 0);

    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let cut = r#"{"message":{"type":"end-of-call-report","call":{"id":"c1"},"startedAt":"2026-03-02T10:00:00Z",
        "endedAt":"2026-03-02T10:01:00Z","transcript":"User: A nul \u0000 and half a smile \ud83d."}}"#;
    assert_eq!(line.post("/api/vapi/webhook", cut).await.status(), 200);
    assert_eq!(line.one::<i32>("select duration_seconds from public.calls").await, 60, "the report is not lost by it");
    let call = line.one::<String>("select transcript from public.calls").await;
    assert!(call.contains("A nul") && call.contains("half a smile"), "{call}");
}

#[tokio::test]
async fn callers_without_a_proper_number_are_let_in() {
    let line = Line::open(&[]).await;
    for (place, number) in [
        json!("anonymous"),
        json!("07700 900123"),
        json!(447_700_900_123_u64),
        json!(null),
        json!("+"),
        json!("sip:a@b.example"),
        json!({}),
    ]
    .into_iter()
    .enumerate()
    {
        let call = format!("c{place}");
        let asked = line.message("assistant-request", &call, json!({ "customer": { "number": number } }));
        assert_eq!(line.told(&asked).await["assistantId"], line.clinic.assistant.as_str(), "{asked}");
        line.told(&line.message("status-update", &call, json!({ "status": "ended", "endedReason": "customer-busy" })))
            .await;
    }
}

#[tokio::test]
async fn a_transcript_of_two_megabytes_is_taken_in_and_more_than_the_limit_is_not() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let transcript = "User: Könnten Sie das wiederholen? ".repeat(60_000);
    assert!(transcript.len() > 2_000_000);
    let report = line.message(
        "end-of-call-report",
        "c1",
        json!({
            "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:01:00Z", "transcript": transcript,
            "artifact": { "transcript": transcript, "messages": [{ "role": "user", "message": transcript, "secondsFromStart": 1 }] },
        }),
    );
    line.told(&report).await;
    let (state, _) = line.inbox("end-of-call-report").await.expect("it is kept");
    assert_eq!(state, "processed");
    assert!(line.one::<i32>("select length(transcript) from public.calls").await > 1000);

    let limited = Line::open(&[("CALL_BODY_LIMIT_BYTES", "1000000")]).await;
    let answer = limited.post("/api/vapi/webhook", report.to_string()).await;
    assert_eq!(code(answer).await, (413, "body_too_large".to_owned()));
}

#[tokio::test]
async fn what_says_nothing_that_lasts_is_acknowledged_and_not_kept() {
    let line = Line::open(&[]).await;
    for kind in ["speech-update", "conversation-update", "model-output", "voice-input", "user-interrupted"] {
        assert_eq!(line.told(&line.message(kind, "c1", json!({}))).await, json!({ "received": true }));
    }
    assert_eq!(line.inbox_count().await, 0);
}

#[tokio::test]
async fn a_report_that_made_no_sense_to_us_is_a_dead_letter_until_the_operator_replays_it() {
    let line = Line::open(&[]).await;
    line.told(&line.message("assistant-request", "c1", json!({}))).await;
    let whole: String = line.one("select pg_get_functiondef('private.call_reported'::regproc)").await;
    line.run(&whole.replacen("begin\n", "begin\n    raise exception 'not today';\n", 1)).await;
    let report = line.message(
        "end-of-call-report",
        "c1",
        json!({ "durationSeconds": 60, "endedReason": "customer-ended-call" }),
    );
    assert_eq!(line.send(&report).await.status(), StatusCode::OK, "it is safe, so Vapi need not send it again");
    for hour in 1..=8 {
        line.run(&format!("select private.retry_webhooks(now() + interval '{hour} hours')")).await;
    }
    assert_eq!(line.inbox("end-of-call-report").await.expect("it is kept").0, "dead");
    assert_eq!(line.one::<i64>("select count(*) from private.alerts where kind = 'webhook_dead'").await, 1);

    line.run(&whole).await;
    let dead: String =
        line.one("select id::text from private.webhook_inbox where event_type = 'end-of-call-report'").await;
    let operator = token(&json!({ "role": "service_role" }), std::time::Duration::from_secs(60));
    let replay = line.server.client().post(line.server.url(&format!("/api/admin/webhooks/{dead}/replay")));
    let replayed: Value = replay.bearer_auth(operator).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(replayed["state"], "processed", "{replayed}");
    assert_eq!(line.one::<i32>("select duration_seconds from public.calls").await, 60);
    assert_eq!(line.held().await, (0, 0, 0), "it is settled");
}
