//! A number is verified by a call to it, by the code its owner types, and by Twilio's list alone.

use reqwest::Method;
use serde_json::{Value, json};
use voxanne::sandbox::{Fault, twilio::Phone};

use super::phones_support::{CONFIRM, INITIATE, NUMBERS, OTHER_DOOR, PHONE, Phones, connect};
use crate::{
    platform::events_client::Stream,
    support::eventually,
    tenancy::asks::{Said, delete, get, post, said},
};

/// The code that the phone is asked for.
fn asked_for(phones: &Phones, phone: &str) -> String {
    let open = phones.twilio().pending_validations();
    let call = open.iter().rev().find(|call| call.phone_number == phone).expect("a call that asks");
    call.code.clone()
}

fn another_than(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn retry_after(phones: &Phones, path: &str, body: Value) -> (Said, Option<u64>) {
    let answer = phones.server.post(path, &phones.admin).json(&body).send().await.expect("an answer");
    let seconds =
        answer.headers().get("retry-after").map(|value| value.to_str().expect("text").parse().expect("seconds"));
    (Said { status: answer.status().as_u16(), text: answer.text().await.expect("a body") }, seconds)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_called_its_code_typed_and_twilios_list_verifies_it() {
    let phones = Phones::open().await;
    let mut live = Stream::open(&phones.server, &phones.admin.token, None).await;
    let begun = phones.initiate(PHONE).await.good();
    assert_eq!(
        (begun["success"].as_bool(), begun["validationCode"].as_str()),
        (Some(true), Some(&*asked_for(&phones, PHONE)))
    );
    assert_eq!(begun["validationId"], phones.twilio().pending_validations()[0].call_sid);
    assert_eq!(phones.listed().await, [(PHONE.to_owned(), "pending".to_owned())]);
    let code = begun["validationCode"].as_str().expect("a code");

    phones.confirm(&begun, code).await.is(409, "not_yet_confirmed");
    assert_eq!(phones.twilio().type_code(PHONE, code), Ok(true), "the person types what our screen shows");
    assert_eq!(phones.listed().await[0].1, "pending", "nothing is verified before somebody asks Twilio's list");
    let confirmed = phones.confirm(&begun, code).await.good();
    let sid = phones.book().caller_ids[0].sid.clone();
    assert_eq!(confirmed, json!({ "success": true, "message": "Your number is verified.", "callerIdSid": sid }));
    assert_eq!(phones.listed().await, [(PHONE.to_owned(), "verified".to_owned())]);

    phones.confirm(&begun, code).await.is(409, "caller_id_verified");
    phones.initiate(PHONE).await.is(409, "caller_id_verified");
    for expected in ["pending", "verified"] {
        let heard = live.next_event().await;
        assert_eq!((heard.event.as_str(), &heard.data["payload"]["status"]), ("telephony.caller_id", &json!(expected)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_is_on_the_screen_and_nowhere_in_the_database() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let code = begun["validationCode"].as_str().expect("a code").to_owned();
    phones.confirm(&begun, &another_than(&code)).await.is(400, "caller_id_code_wrong");
    phones.confirm(&begun, &code).await.is(409, "not_yet_confirmed");
    let everything = phones.everything().await;
    assert!(everything.contains(PHONE), "there is something to look through");
    let plain = |line: &&str| line.contains(&format!("\"{code}\"")) || line.contains(&format!(" {code}"));
    assert_eq!(everything.lines().find(plain), None);
    assert!(!everything.contains(&phones.account.token));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_says_how_many_attempts_remain_and_the_third_locks_for_an_hour() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let code = begun["validationCode"].as_str().expect("a code").to_owned();
    phones.twilio().type_code(PHONE, &code).expect("typed");
    for remaining in ["2 attempts remaining", "1 attempt remaining"] {
        let answer = phones.confirm(&begun, &another_than(&code)).await;
        answer.is(400, "caller_id_code_wrong");
        let body: Value = serde_json::from_str(&answer.text).expect("JSON");
        assert_eq!(body["error"], format!("Invalid verification code. {remaining}."));
    }
    phones.confirm(&begun, &another_than(&code)).await.is(423, "caller_id_locked");
    let body = json!({ "verificationId": begun["verificationId"], "verificationCode": code });
    let (answer, seconds) = retry_after(&phones, CONFIRM, body).await;
    answer.is(423, "caller_id_locked");
    assert!(seconds.is_some_and(|seconds| (3590..=3600).contains(&seconds)), "{seconds:?}");
    phones.initiate(PHONE).await.is(423, "caller_id_locked");
    phones.post(&format!("{OTHER_DOOR}/confirm"), json!({ "phoneNumber": PHONE })).await.is(423, "caller_id_locked");
    let id = begun["verificationId"].as_str().expect("an id");
    delete(&phones.server, &phones.admin, &format!("{NUMBERS}/{id}")).await.is(423, "caller_id_locked");
    let request = phones.server.request(Method::DELETE, OTHER_DOOR, Some(&phones.admin));
    said(request.json(&json!({ "phoneNumber": PHONE }))).await.is(423, "caller_id_locked");
    assert_eq!(phones.listed().await[0].1, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_sent_at_once_are_counted_one_after_the_other() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let wrong = another_than(begun["validationCode"].as_str().expect("a code"));
    let guesses = futures_util::future::join_all((0..16).map(|_| phones.confirm(&begun, &wrong))).await;
    let count = |status| guesses.iter().filter(|said| said.status == status).count();
    assert_eq!((count(400), count(423)), (2, 14), "{guesses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_on_twilios_list_is_verified_at_once_and_nobody_is_called() {
    let phones = Phones::open().await;
    let sid = phones.twilio().add_caller_id(&phones.account.sid, PHONE).expect("on the list");
    let body = json!({ "phoneNumber": PHONE, "friendlyName": "Front desk" });
    let said = phones.post(&format!("{OTHER_DOOR}/verify"), body).await.good();
    assert_eq!((said["validationCode"].as_str(), said["validationId"].as_str()), (None, None));
    assert!(said["message"].as_str().is_some_and(|text| text.contains("verified with Twilio already")), "{said}");
    assert_eq!(phones.asked(&Method::POST, "/OutgoingCallerIds"), 0, "nobody is called");
    let listed = get(&phones.server, &phones.admin, OTHER_DOOR).await.good();
    assert_eq!(
        (&listed["numbers"][0]["status"], &listed["numbers"][0]["friendlyName"]),
        (&json!("verified"), &json!("Front desk"))
    );

    let path = format!("{NUMBERS}/{}", listed["numbers"][0]["id"].as_str().expect("an id"));
    delete(&phones.server, &phones.admin, &path).await.good();
    phones.settled().await;
    assert_eq!(phones.listed().await, []);
    assert_eq!(phones.on_twilios_list(), [PHONE], "{sid} was there before us and stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_door_confirms_by_the_list_alone_and_takes_off_it_what_it_put_there() {
    let phones = Phones::open().await;
    let confirm = format!("{OTHER_DOOR}/confirm");
    let which = json!({ "phoneNumber": PHONE });
    phones.post(&confirm, which.clone()).await.is(404, "caller_id_not_found");
    let begun = phones.post(&format!("{OTHER_DOOR}/verify"), which.clone()).await.good();
    phones.post(&confirm, which.clone()).await.is(409, "not_yet_confirmed");
    phones.twilio().type_code(PHONE, begun["validationCode"].as_str().expect("a code")).expect("typed");
    assert_eq!(phones.post(&confirm, which.clone()).await.good()["success"], json!(true));

    let request = phones.server.request(Method::DELETE, OTHER_DOOR, Some(&phones.admin)).json(&which);
    assert_eq!(said(request).await.good()["message"], format!("The number {PHONE} was removed."));
    phones.settled().await;
    assert_eq!(phones.on_twilios_list(), Vec::<String>::new());
    assert!(phones.initiate(PHONE).await.good()["validationCode"].is_string(), "begun anew, it is called anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_called_three_times_an_hour_whoever_asks() {
    let phones = Phones::open().await;
    let other = phones.server.sign_up("Other").await;
    connect(&phones.server, &other, "+442071230008").await;
    let which = json!({ "phoneNumber": PHONE });
    for who in [&phones.admin, &other, &phones.admin] {
        post(&phones.server, who, INITIATE, which.clone()).await.good();
    }
    post(&phones.server, &other, INITIATE, which.clone()).await.is(429, "caller_id_limited");
    let (answer, seconds) = retry_after(&phones, INITIATE, which).await;
    answer.is(429, "caller_id_limited");
    assert!(seconds.is_some_and(|seconds| (3500..=3600).contains(&seconds)), "{seconds:?}");
    assert_eq!(phones.asked(&Method::POST, "/OutgoingCallerIds"), 3);
    assert!(
        phones.initiate("+447700900124").await.good()["validationCode"].is_string(),
        "another phone is another matter"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tabs_at_once_have_a_phone_called_once() {
    let phones = Phones::open().await;
    phones.twilio().faults().add(Fault::latency(std::time::Duration::from_millis(800)).matching("OutgoingCallerIds"));
    let tabs = futures_util::future::join_all((0..8).map(|_| phones.initiate(PHONE))).await;
    let code = asked_for(&phones, PHONE);
    for tab in tabs {
        assert_eq!(tab.good()["validationCode"], json!(code));
    }
    assert_eq!(phones.asked(&Method::POST, "/OutgoingCallerIds"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_takes_long_is_followed_and_asked_for_again() {
    let phones = Phones::open_with(&[("ANSWER_PATIENCE_MS", "50")]).await;
    phones.twilio().faults().add(Fault::latency(std::time::Duration::from_millis(700)).matching("OutgoingCallerIds"));
    let ask = || {
        let request = phones.server.post(INITIATE, &phones.admin).header("idempotency-key", "tab-1");
        said(request.json(&json!({ "phoneNumber": PHONE })))
    };
    let promised = ask().await;
    assert_eq!(promised.status, 202, "{}", promised.text);
    let operation = promised.good();
    assert_eq!((&operation["kind"], &operation["result"]), (&json!("twilio.request_caller_id"), &Value::Null));
    let path = format!("/api/operations/{}?wait_seconds=8", operation["id"].as_str().expect("an id"));
    let ended = get(&phones.server, &phones.admin, &path).await.good();
    assert_eq!(
        (&ended["status"], &ended["result"]),
        (&json!("done"), &Value::Null),
        "the sealed code is nobody's to read"
    );
    eventually("the same request again shows the code", async || {
        let again = ask().await;
        again.status == 200 && again.good()["validationCode"] == json!(asked_for(&phones, PHONE))
    })
    .await;
    assert_eq!(phones.asked(&Method::POST, "/OutgoingCallerIds"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_answer_was_lost_rings_once_and_only_the_person_asks_for_another() {
    let phones = Phones::open().await;
    phones.twilio().faults().add(Fault::lost_answer().matching("POST *OutgoingCallerIds").next(1));
    phones.initiate(PHONE).await.is(502, "provider_refused");
    assert_eq!(phones.asked(&Method::POST, "/OutgoingCallerIds"), 1);
    assert_eq!(phones.listed().await[0].1, "failed");
    let begun = phones.initiate(PHONE).await.good();
    assert_eq!(begun["validationCode"], json!(asked_for(&phones, PHONE)));
    phones.twilio().type_code(PHONE, begun["validationCode"].as_str().expect("a code")).expect("typed");
    phones.confirm(&begun, begun["validationCode"].as_str().expect("a code")).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_had_verifies_nothing_and_costs_no_attempt() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let code = begun["validationCode"].as_str().expect("a code").to_owned();
    phones.twilio().type_code(PHONE, &code).expect("typed");
    phones.twilio().faults().add(Fault::error(503).matching("OutgoingCallerIds"));
    phones.confirm(&begun, &code).await.is(502, "provider_refused");
    phones.twilio().faults().clear();
    assert_eq!(phones.listed().await[0].1, "pending");
    phones.confirm(&begun, &code).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_twilio_will_not_call_is_refused_in_words() {
    let phones = Phones::open().await;
    let cases = [
        ("+447700900201", Phone::Unreachable, 422, "phone_number_refused"),
        ("+447700900202", Phone::Blocked, 409, "caller_id_blocked"),
        ("+447700900203", Phone::CountryNotPermitted, 409, "caller_id_blocked"),
    ];
    for (number, phone, status, code) in cases {
        phones.twilio().set_phone(number, phone).expect("a phone");
        phones.initiate(number).await.is(status, code);
    }
    assert!(phones.listed().await.iter().all(|(_, status)| status == "failed"), "{:?}", phones.listed().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_or_costs_more_than_a_call_is_refused_and_nothing_is_stored() {
    let phones = Phones::open().await;
    let mut odd: Vec<String> = [
        "",
        " ",
        "07700900123",
        "447700900123",
        "+0447700900123",
        "+44 7700 900123",
        "+44-7700-900123",
        "+(44)7700900123",
        "tel:+447700900123",
        "+447700900123,1",
        "+447700900123;ext=1",
        "++447700900123",
        "+123456",
        "+1234567890123456",
        "+４４７７００９００１２３",
        "+44770090012a",
        "+447700900123\n",
        "\u{0}",
    ]
    .map(str::to_owned)
    .into();
    for _ in 0..60 {
        let length = rand::random_range(0..24);
        odd.push((0..length).map(|_| b"+0123456789 -()#*ab"[rand::random_range(0..19)] as char).collect());
    }
    let is_number = |text: &str| {
        let digits = text.strip_prefix('+').unwrap_or_default();
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    };
    for number in odd.iter().filter(|number| !is_number(number)) {
        let verify = format!("{OTHER_DOOR}/verify");
        for path in [INITIATE, verify.as_str()] {
            let said = phones.post(path, json!({ "phoneNumber": number })).await;
            assert!(matches!(said.status, 400 | 422), "{number:?}: {} {}", said.status, said.text);
        }
    }
    for number in ["+449098790000", "+19005551234", "+4484512345678", "+979123456789"] {
        phones.initiate(number).await.is(422, "premium_number");
    }
    for body in
        [json!({}), json!({ "phoneNumber": 447700900123_u64 }), json!({ "phoneNumber": PHONE, "more": 1 }), json!([])]
    {
        let said = phones.post(INITIATE, body).await;
        assert!(matches!(said.status, 400 | 422), "{} {}", said.status, said.text);
    }
    assert_eq!(phones.count("public.verified_caller_ids").await, 0);
    assert_eq!(phones.count("private.caller_id_initiations").await, 0);
    assert_eq!(phones.twilio().log().all().len(), 0, "Twilio is not asked");
    let audited = "public.telephony_country_audit_log where not allowed and reason = 'premium_number'";
    assert_eq!(phones.count(audited).await, 4, "who wanted a premium number is on record");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisations_verification_is_not_there() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let code = begun["validationCode"].as_str().expect("a code");
    let other = phones.server.sign_up("Other").await;
    connect(&phones.server, &other, "+442071230008").await;
    let theirs = json!({ "verificationId": begun["verificationId"], "verificationCode": code });
    post(&phones.server, &other, CONFIRM, theirs).await.is(404, "caller_id_not_found");
    let which = json!({ "phoneNumber": PHONE });
    post(&phones.server, &other, &format!("{OTHER_DOOR}/confirm"), which.clone()).await.is(404, "caller_id_not_found");
    let id = begun["verificationId"].as_str().expect("an id");
    delete(&phones.server, &other, &format!("{NUMBERS}/{id}")).await.is(404, "caller_id_not_found");
    let request = phones.server.request(Method::DELETE, OTHER_DOOR, Some(&other)).json(&which);
    said(request).await.is(404, "caller_id_not_found");
    assert_eq!(get(&phones.server, &other, NUMBERS).await.good()["numbers"], json!([]));
    assert_eq!(phones.listed().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_typed_too_late_is_gone_and_the_list_is_asked_anew() {
    let phones = Phones::open().await;
    let begun = phones.initiate(PHONE).await.good();
    let code = begun["validationCode"].as_str().expect("a code").to_owned();
    phones.twilio().type_code(PHONE, &code).expect("typed");
    let late = "update public.verified_caller_ids set verification_code_expires_at = now() where phone_number = $1";
    phones.owner.execute(late, &[&PHONE]).await.expect("ten minutes pass");
    phones.confirm(&begun, &code).await.is(410, "caller_id_code_expired");
    let other_door = phones.post(&format!("{OTHER_DOOR}/confirm"), json!({ "phoneNumber": PHONE })).await;
    other_door.is(410, "caller_id_code_expired");
    let again = phones.initiate(PHONE).await.good();
    assert_eq!(again["validationCode"], Value::Null, "it is on Twilio's list by now: nobody is called again");
    assert_eq!(phones.listed().await[0].1, "verified");
}
