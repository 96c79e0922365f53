//! Text messages and what Twilio says of them, and what is passed on after a call.

use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde_json::json;
use url::form_urlencoded;
use voxanne::sandbox::{
    Fault,
    twilio::{Texts, sign},
};

use super::outbound_support::{Clinic, OWN, PERSON};
use crate::{
    support::eventually,
    tenancy::asks::{post, said},
};

const HOOK: &str = "/api/webhooks/twilio/sms";

async fn status_is(clinic: &Clinic, wanted: &str) {
    eventually(&format!("the message is {wanted}"), async || {
        // What happens to a message happens in the stand-in's time.
        clinic.server.sandbox.twilio.advance(Duration::from_secs(1));
        let now = "select coalesce(max(status || coalesce(' ' || error_code, '')), 'none') from public.messages where method = 'sms'";
        clinic.one::<String>(now).await == wanted
    })
    .await;
}

/// Posts a form as Twilio would, signed with this token.
async fn hear(clinic: &Clinic, token: &str, fields: &[(&str, &str)]) -> Response {
    let url = clinic.server.url(HOOK);
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = clinic.server.client().post(&url).header("x-twilio-signature", sign(token, &url, fields));
    request.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.expect("an answer")
}

fn received<'a>(clinic: &'a Clinic, sid: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("AccountSid", clinic.account.sid.as_str()),
        ("MessageSid", sid),
        ("SmsStatus", "received"),
        ("From", PERSON),
        ("To", OWN),
        ("Body", body),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_followup_is_sent_once_and_followed_until_it_is_delivered() {
    let clinic = Clinic::open().await;
    let call = clinic.past_call().await;
    clinic.server.sandbox.twilio.faults().add(Fault::lost_answer().matching("Messages.json").next(1));
    let path = format!("/api/calls-dashboard/{call}/followup");
    let sent = clinic.post(&path, json!({ "message": "Thank you for calling." })).await.good();
    assert_eq!((&sent["success"], &sent["phone"]), (&json!(true), &json!(PERSON)));
    status_is(&clinic, "delivered").await;
    assert_eq!(
        clinic.server.sandbox.twilio.texts_to(PERSON),
        ["Thank you for calling."],
        "once, though an answer was lost"
    );

    let again = clinic.post(&path, json!({ "message": "Again" })).await;
    again.is(429, "followup_limited");
    let refused =
        clinic.server.post(&path, &clinic.admin).json(&json!({ "message": "Again" })).send().await.expect("an answer");
    let wait: u32 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((3000..=3600).contains(&wait), "{wait}");
    assert_eq!(clinic.server.sandbox.twilio.texts_to(PERSON).len(), 1);
    let stranger = clinic.server.sign_up("Other").await;
    post(&clinic.server, &stranger, &path, json!({ "message": "Hi" })).await.is(404, "call_not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_does_not_arrive_says_why() {
    let clinic = Clinic::open().await;
    let call = clinic.past_call().await;
    clinic.server.sandbox.twilio.set_texts(PERSON, Texts::Undelivered(30003));
    let path = format!("/api/calls-dashboard/{call}/followup");
    clinic.post(&path, json!({ "message": "Hello" })).await.good();
    status_is(&clinic, "failed 30003").await;
    clinic.server.sandbox.twilio.set_texts(PERSON, Texts::Landline);
    clinic.post(&path, json!({ "message": "Hello once more" })).await.good();
    eventually("it was refused", async || {
        clinic.one::<i64>("select count(*) from public.messages where error_code = '21614'").await == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_obeyed_until_a_start() {
    let clinic = Clinic::open().await;
    let call = clinic.past_call().await;
    let path = format!("/api/calls-dashboard/{call}/followup");
    let token = clinic.account.token.as_str();
    for _ in 0..2 {
        let answer = hear(&clinic, token, &received(&clinic, "SM0000000001", "Stop!")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/xml");
    }
    assert_eq!(clinic.one::<i64>("select count(*) from public.messages where purpose = 'stop'").await, 1, "kept once");
    clinic.post(&path, json!({ "message": "Hello" })).await.is(409, "sms_opted_out");
    assert!(clinic.server.sandbox.twilio.texts_to(PERSON).is_empty());
    hear(&clinic, token, &received(&clinic, "SM0000000002", "START")).await;
    clinic.post(&path, json!({ "message": "Hello" })).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_with_the_accounts_own_token_is_not_believed() {
    let clinic = Clinic::open().await;
    let fields = received(&clinic, "SM0000000003", "STOP");
    let token = clinic.account.token.as_str();
    let platform = clinic.server.sandbox.twilio.auth_token().to_owned();
    let mut strangers = fields.clone();
    strangers[0].1 = "AC00000000000000000000000000000000";
    assert_eq!(hear(&clinic, &platform, &fields).await.status(), StatusCode::UNAUTHORIZED, "another account's token");
    assert_eq!(
        hear(&clinic, token, &strangers).await.status(),
        StatusCode::UNAUTHORIZED,
        "an account that is nobody's"
    );
    assert_eq!(hear(&clinic, token, &fields[1..]).await.status(), StatusCode::UNAUTHORIZED, "no account");
    let url = clinic.server.url(HOOK);
    let changed = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields[..5])
        .append_pair("Body", "START")
        .finish();
    let request = clinic.server.client().post(&url).header("x-twilio-signature", sign(token, &url, &fields));
    let answer = request.body(changed).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "what was changed on its way");
    let bare = clinic.server.client().post(&url).body("").send().await.expect("an answer");
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    let elsewhere = clinic
        .server
        .client()
        .post(format!("{url}?message=x"))
        .header("x-twilio-signature", sign(token, &url, &fields));
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let answer = elsewhere.body(form).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "what was posted to another address");
    eventually("it is on record", async || {
        let noted = "select count(*) from public.security_audit_log where details ->> 'provider' = 'twilio'";
        clinic.one::<i64>(noted).await > 0
    })
    .await;
    assert_eq!(clinic.one::<i64>("select count(*) from public.messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_shared_by_a_link_in_an_email_alone() {
    let clinic = Clinic::open().await;
    let call = clinic.past_call().await;
    let path = format!("/api/calls-dashboard/{call}/share");
    let shared = clinic.post(&path, json!({ "email": "anna@family.example" })).await.good();
    assert_eq!(shared, json!({ "success": true, "email": "anna@family.example" }));
    let link = clinic.server.url("/api/recordings/");
    eventually("the email has the link", async || {
        let mails = clinic.server.sandbox.resend.mails();
        mails.iter().any(|mail| format!("{mail:?}").contains(&link))
    })
    .await;
    assert_eq!(
        clinic.one::<i64>("select count(*) from public.messages where purpose = 'share' and call_id is not null").await,
        1
    );
    clinic.post(&path, json!({ "email": "nobody" })).await.is(400, "email_address_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_is_a_file_and_that_it_left_is_on_record() {
    let clinic = Clinic::open().await;
    let call = clinic.past_call().await;
    let path = format!("/api/calls-dashboard/{call}/transcript/export");
    let export =
        || clinic.server.post(&path, &clinic.admin).header("idempotency-key", "once").json(&json!({ "format": "txt" }));
    let file = export().send().await.expect("a file");
    assert_eq!(file.status(), StatusCode::OK);
    assert_eq!(file.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(
        file.headers()["content-disposition"],
        format!("attachment; filename=\"transcript-{call}.txt\"").as_str()
    );
    let text = file.text().await.expect("text");
    assert!(text.starts_with("Call from +447700900123\r\n") && text.ends_with("AI: Hello.\r\n"), "{text}");
    assert_eq!(said(export()).await.text, text, "the same key, the same file");
    assert_eq!(clinic.one::<i64>("select count(*) from public.messages where method = 'export'").await, 1);
    clinic.post(&path, json!({ "format": "pdf" })).await.is(422, "invalid_value");
}
