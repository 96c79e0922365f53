//! Calls at Twilio's stand-in: codes that are typed, telephones that forward, and a clock that is moved.

use std::time::Duration;

use serde_json::{Value, json};
use voxanne::sandbox::twilio::{CallStatus, Phone, sign};

use super::twilio_stand_in_support::{Exchange, Mailbox};

const OURS: &str = "+442079460001";
const CLINIC: &str = "+441134960900";
const PATIENT: &str = "+447700900001";
const PAUSE: (&str, &str) = ("Twiml", "<Response><Pause length=\"20\"/></Response>");

/// A platform with a number in service.
async fn staffed() -> Exchange {
    let exchange = Exchange::open().await;
    exchange.twilio().give_number(exchange.twilio().account_sid(), OURS).unwrap();
    exchange
}

impl Exchange {
    fn wait(&self, seconds: u64) {
        self.twilio().advance(Duration::from_secs(seconds));
    }

    /// The clinic's telephone is called from its number here.
    async fn checks(&self, timeout: &str) -> String {
        let (status, call) =
            self.post("/Calls.json", &[("To", CLINIC), ("From", OURS), PAUSE, ("Timeout", timeout)]).await;
        assert_eq!(status, 201, "{call}");
        call["sid"].as_str().unwrap().to_owned()
    }

    async fn call(&self, sid: &str) -> Value {
        self.get(&format!("/Calls/{sid}.json")).await.1
    }

    async fn arrived(&self) -> Vec<Value> {
        let (_, found) = self.get("/Calls.json?To=%2B442079460001").await;
        found["calls"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_number_is_a_caller_id_once_somebody_at_the_phone_has_typed_the_code() {
    let exchange = Exchange::open().await;
    let (status, asked) = exchange.post("/OutgoingCallerIds.json", &[("PhoneNumber", PATIENT)]).await;
    assert_eq!(status, 200, "{asked}");
    let code = asked["validation_code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    let list = "/OutgoingCallerIds.json?PhoneNumber=%2B447700900001";
    assert_eq!(exchange.get(list).await.1["outgoing_caller_ids"], json!([]));
    assert_eq!(exchange.call(asked["call_sid"].as_str().unwrap()).await["status"], "ringing");
    for (place, key) in code.chars().enumerate() {
        assert_eq!(exchange.twilio().press(PATIENT, key).unwrap(), place == 5, "the last digit decides");
    }
    let (_, listed) = exchange.get(list).await;
    assert_eq!(listed["outgoing_caller_ids"][0]["phone_number"], PATIENT);
    assert_eq!(exchange.call(asked["call_sid"].as_str().unwrap()).await["status"], "completed");
    let path = format!("/OutgoingCallerIds/{}.json", listed["outgoing_caller_ids"][0]["sid"].as_str().unwrap());
    assert_eq!(exchange.post(&path, &[("FriendlyName", "Desk")]).await.1["friendly_name"], "Desk");
    assert_eq!(exchange.delete(&path).await.0, 204);
    assert_eq!(exchange.delete(&path).await.1["code"], 20404);
}

#[tokio::test]
async fn a_wrong_code_a_phone_that_rings_out_and_a_busy_one_verify_nothing() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    let ask = async || exchange.post("/OutgoingCallerIds.json", &[("PhoneNumber", PATIENT)]).await.1;
    let right = ask().await["validation_code"].as_str().unwrap().to_owned();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(twilio.type_code(PATIENT, wrong), Ok(false));
    assert!(twilio.type_code(PATIENT, &right).is_err(), "that call is over");

    let call = ask().await["call_sid"].as_str().unwrap().to_owned();
    twilio.let_ring_out(PATIENT).unwrap();
    assert_eq!(twilio.call_status(&call), Some(CallStatus::NoAnswer));

    let call = ask().await["call_sid"].as_str().unwrap().to_owned();
    assert_eq!(twilio.pending_validations()[0].call_sid, call);
    exchange.wait(121);
    assert_eq!(twilio.call_status(&call), Some(CallStatus::NoAnswer), "nobody has so much patience");

    twilio.set_phone(PATIENT, Phone::Busy).unwrap();
    let call = ask().await["call_sid"].as_str().unwrap().to_owned();
    assert_eq!(twilio.call_status(&call), Some(CallStatus::Busy));
    assert_eq!(twilio.pending_validations(), []);
    assert_eq!(exchange.book().caller_ids, []);
}

#[tokio::test]
async fn how_a_validation_ended_is_posted_back_signed_with_the_accounts_token() {
    let exchange = Exchange::open().await;
    let mailbox = Mailbox::open().await;
    let clinic = exchange.subaccount("voxanne:1").await;
    let address = super::twilio_stand_in_support::under(&clinic.sid, "/OutgoingCallerIds.json");
    let fields = [("PhoneNumber", PATIENT), ("StatusCallback", mailbox.url.as_str())];
    let (_, first) = exchange.write(&clinic, &address, &fields).await;
    exchange.twilio().let_ring_out(PATIENT).unwrap();
    let (_, second) = exchange.write(&clinic, &address, &fields).await;
    exchange.twilio().type_code(PATIENT, second["validation_code"].as_str().unwrap()).unwrap();
    exchange.twilio().delivered().await;

    let letters = mailbox.letters();
    let told: Vec<_> =
        letters.iter().map(|letter| (letter.field("CallSid"), letter.field("VerificationStatus"))).collect();
    let call = |asked: &Value| asked["call_sid"].as_str().unwrap().to_owned();
    assert_eq!(told, [(call(&first), "failed".into()), (call(&second), "success".into())]);
    let listed = exchange.twilio().books().account(&clinic.sid).unwrap().caller_ids[0].sid.clone();
    assert_eq!(letters[1].field("OutgoingCallerIdSid"), listed);
    for letter in &letters {
        assert_eq!(letter.signature, sign(&clinic.token, &mailbox.url, &letter.fields));
        assert_ne!(letter.signature, sign(&exchange.platform().token, &mailbox.url, &letter.fields));
    }
}

#[tokio::test]
async fn a_check_call_to_a_phone_that_always_forwards_comes_in_at_once() {
    let exchange = staffed().await;
    exchange.twilio().set_phone(CLINIC, Phone::ForwardsAlways { to: OURS.into() }).unwrap();
    let sid = exchange.checks("50").await;
    let leg = &exchange.arrived().await[0];
    let shown = ["from", "to", "direction", "status"].map(|field| leg[field].as_str().unwrap());
    assert_eq!(shown, [OURS, OURS, "inbound", "in-progress"], "it shows who calls, which is our own number");
    let (status, over) = exchange.post(&format!("/Calls/{sid}.json"), &[("Status", "completed")]).await;
    assert_eq!((status, &over["status"]), (200, &json!("completed")));
    assert_eq!(exchange.arrived().await[0]["status"], "completed", "both halves end");
    let again = exchange.post(&format!("/Calls/{sid}.json"), &[("Status", "completed")]).await;
    assert_eq!((again.0, &again.1["code"]), (400, &json!(21220)));
}

#[tokio::test]
async fn a_phone_that_forwards_when_nobody_answers_does_so_after_its_time_and_not_before() {
    let exchange = staffed().await;
    exchange.twilio().set_phone(CLINIC, Phone::ForwardsUnanswered { to: OURS.into(), after: 25 }).unwrap();
    let sid = exchange.checks("50").await;
    exchange.wait(20);
    assert_eq!((exchange.call(&sid).await["status"].clone(), exchange.arrived().await), (json!("ringing"), vec![]));
    exchange.wait(6);
    assert_eq!(exchange.call(&sid).await["status"], "in-progress");
    assert_eq!(exchange.arrived().await.len(), 1);
    exchange.wait(21);
    let over = exchange.call(&sid).await;
    assert_eq!((&over["status"], &over["duration"]), (&json!("completed"), &json!("20")), "as long as the pause");

    let impatient = exchange.checks("20").await;
    exchange.wait(30);
    assert_eq!(exchange.call(&impatient).await["status"], "no-answer");
    assert_eq!(exchange.arrived().await.len(), 1);
}

#[tokio::test]
async fn a_call_ends_as_the_telephone_does() {
    let exchange = staffed().await;
    let passed_on = "+441134960901";
    exchange.twilio().set_phone(passed_on, Phone::ForwardsAlways { to: CLINIC.into() }).unwrap();
    for (does, ends) in [
        (Phone::Answers { after: 3 }, "completed"),
        (Phone::Answers { after: 90 }, "no-answer"),
        (Phone::RingsOut, "no-answer"),
        (Phone::Busy, "busy"),
        // In a circle, to nobody.
        (Phone::ForwardsAlways { to: passed_on.into() }, "failed"),
        (Phone::ForwardsAlways { to: "+447700900099".into() }, "completed"),
    ] {
        exchange.twilio().set_phone(CLINIC, does.clone()).unwrap();
        let sid = exchange.checks("50").await;
        exchange.wait(100);
        assert_eq!(exchange.call(&sid).await["status"], ends, "{does:?}");
    }
    assert_eq!(exchange.arrived().await, [] as [Value; 0]);
    let sid = exchange.checks("50").await;
    let (_, canceled) = exchange.post(&format!("/Calls/{sid}.json"), &[("Status", "canceled")]).await;
    assert_eq!((&canceled["status"], &canceled["duration"]), (&json!("canceled"), &json!("0")));
}

#[tokio::test]
async fn a_patient_who_calls_a_forwarded_clinic_is_seen_by_who_has_the_number() {
    let exchange = Exchange::open().await;
    let twilio = exchange.twilio();
    let (clinic, stranger) = (exchange.subaccount("voxanne:1").await, twilio.open_account("Greenfield Clinic"));
    twilio.give_number(&clinic.sid, OURS).unwrap();
    twilio.set_phone(CLINIC, Phone::ForwardsUnanswered { to: OURS.into(), after: 20 }).unwrap();
    let outside = twilio.dial(PATIENT, CLINIC).unwrap();
    assert_eq!(twilio.leg_of(&outside), None, "it rings at the clinic");
    exchange.wait(21);
    let leg = twilio.leg_of(&outside).expect("nobody answered");
    let path = super::twilio_stand_in_support::under(&clinic.sid, &format!("/Calls/{leg}.json"));
    let (_, seen) = exchange.read(&clinic, &path).await;
    assert_eq!([&seen["from"], &seen["to"], &seen["direction"]], [PATIENT, OURS, "inbound"]);
    assert_eq!(exchange.read(&stranger, &path).await.0, 401);
    assert_eq!(exchange.book().calls, [], "what is between others is in nobody's log");
    twilio.hang_up(&outside).unwrap();
    assert_eq!(twilio.call_status(&leg), Some(CallStatus::Completed));
}

#[tokio::test]
async fn calls_are_found_by_both_ends_by_status_and_by_when_they_began() {
    let exchange = staffed().await;
    let first = exchange.checks("50").await;
    exchange.wait(3600);
    let second = exchange.checks("50").await;
    let found = async |query: String| {
        let (_, found) = exchange.get(&format!("/Calls.json?{query}")).await;
        let sids = found["calls"].as_array().unwrap().iter().map(|call| call["sid"].as_str().unwrap());
        sids.collect::<Vec<_>>().join(" ")
    };
    let now = exchange.twilio().now();
    let at = |minutes: i64| {
        let at = now - time::Duration::minutes(minutes);
        at.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    let ends = "To=%2B441134960900&From=%2B442079460001";
    assert_eq!(found(ends.into()).await, format!("{second} {first}"), "newest first");
    assert_eq!(found(format!("{ends}&StartTime%3E={}", at(5))).await, second);
    assert_eq!(found(format!("{ends}&StartTime%3C={}", at(5))).await, first);
    assert_eq!(found("Status=completed".into()).await, first);
    assert_eq!(found("From=%2B441134960900".into()).await, "");
    assert_eq!(found(format!("EndTime%3E={}", at(120))).await, first, "the other goes on");
    assert_eq!(found(format!("StartTime%3E={}&PageSize=1", &at(120)[..10])).await, second);
}
