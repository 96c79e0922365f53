//! Caller IDs, and calls that find out whether a phone is forwarded.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;
use voxanne::{
    effects::{Effect, Verdict},
    sandbox::{
        Fault,
        twilio::{CallStatus, Phone},
    },
    vault::{Aad, Sealed},
};

use super::executors_support::{Place, name, vault};

const CLINIC: &str = "+447700900555";

fn request(place: &Place, account: &Value) -> Effect {
    let wish =
        json!({ "account": account, "caller_id": Uuid::new_v4(), "phone_number": CLINIC, "friendly_name": "Desk" });
    place.effect("twilio.request_caller_id", wish)
}

fn find(place: &Place, account: &Value) -> Effect {
    place.effect(
        "twilio.find_caller_id",
        json!({ "account": account, "caller_id": Uuid::new_v4(), "phone_number": CLINIC }),
    )
}

#[tokio::test]
async fn a_phone_is_called_and_the_code_is_in_the_result_sealed_and_hashed_alone() {
    let (place, account) = Place::managed().await;
    let twilio = &place.sandbox.twilio;
    let asked = place.done(&request(&place, &account)).await;
    let pending = twilio.pending_validations().pop().expect("a call that asks");
    assert_eq!((pending.phone_number.as_str(), pending.friendly_name.as_str()), (CLINIC, "Desk"));
    assert_eq!((json!(pending.call_sid), json!(pending.account)), (asked["call_sid"].clone(), account["sid"].clone()));

    let aad = Aad { org_id: place.org_id, provider: "twilio", kind: "caller_id_code" };
    let sealed = Sealed { sealed: asked["sealed_code"].as_str().expect("sealed").to_owned(), key_version: 1 };
    assert_eq!(asked["key_version"], json!(1));
    assert_eq!(vault().open(&aad, &sealed).expect("it opens").expose_secret(), pending.code);
    let hash = asked["code_hash"].as_str().expect("a hash");
    assert!(hash.starts_with("$2b$10$") && bcrypt::verify(&pending.code, hash).expect("a hash"), "{hash}");
    assert!(!asked.to_string().contains(&pending.code), "{asked}");

    assert_eq!(place.done(&find(&place, &account)).await, json!({ "caller_id_sid": null, "friendly_name": null }));
    assert!(twilio.type_code(CLINIC, &pending.code).expect("a call that asks"));
    let found = place.done(&find(&place, &account)).await;
    assert_eq!(found["friendly_name"], json!("Desk"));
    assert!(found["caller_id_sid"].as_str().is_some_and(|sid| sid.starts_with("PN")), "{found}");
}

#[tokio::test]
async fn a_number_on_twilios_list_is_not_called() {
    let (place, account) = Place::managed().await;
    let twilio = &place.sandbox.twilio;
    let sid = twilio.add_caller_id(account["sid"].as_str().expect("a SID"), CLINIC).expect("listed");
    let before = twilio.log().count();
    assert_eq!(place.done(&request(&place, &account)).await, json!({ "caller_id_sid": sid }));
    assert!(twilio.pending_validations().is_empty());
    assert_eq!(twilio.log().count(), before + 1, "the list, and nothing else");
}

#[tokio::test]
async fn a_phone_that_may_ring_already_is_not_called_again() {
    let slow = Fault::latency(Duration::from_secs(5));
    for fault in [Fault::lost_answer(), Fault::lost_request(), slow] {
        let (place, account) = Place::managed().await;
        let twilio = &place.sandbox.twilio;
        let mut wanted = request(&place, &account);
        wanted.timeout_seconds = 1.0;
        twilio.faults().add(fault.clone().matching("POST ").next(1));
        let verdict = place.run(&wanted).await;
        assert!(matches!(verdict, Verdict::Refused { .. }), "{fault:?}: {verdict:?}");
    }
}

#[tokio::test]
async fn a_call_that_twilio_did_not_take_on_is_asked_for_again() {
    let (place, account) = Place::managed().await;
    let twilio = &place.sandbox.twilio;
    let wanted = request(&place, &account);
    for fault in [Fault::lost_answer().matching("GET "), Fault::rate_limited(1).matching("POST ")] {
        twilio.faults().add(fault.next(1));
        Place::assert_retry(&place.run(&wanted).await);
    }
    assert!(place.done(&wanted).await["code_hash"].is_string());
    assert_eq!(twilio.pending_validations().len(), 1, "it rings once");
}

#[tokio::test]
async fn a_phone_that_cannot_or_may_not_be_called_is_refused() {
    let (place, account) = Place::managed().await;
    for (phone, refusal) in [
        (Phone::Unreachable, "phone_number_refused"),
        (Phone::Blocked, "caller_id_blocked"),
        (Phone::CountryNotPermitted, "caller_id_blocked"),
    ] {
        place.sandbox.twilio.set_phone(CLINIC, phone).expect("a phone");
        assert_eq!(place.refused(&request(&place, &account)).await, refusal);
    }
    let mut short = request(&place, &account);
    short.payload["phone_number"] = json!("+44");
    assert_eq!(place.refused(&short).await, "phone_number_refused");
}

#[tokio::test]
async fn a_caller_id_is_deleted_and_one_that_is_gone_is_deleted_too() {
    let (place, account) = Place::managed().await;
    let twilio = &place.sandbox.twilio;
    let sid = twilio.add_caller_id(account["sid"].as_str().expect("a SID"), CLINIC).expect("listed");
    let wanted = place.effect("twilio.delete_caller_id", json!({ "account": account, "caller_id_sid": sid }));
    twilio.faults().add(Fault::lost_answer().matching("DELETE ").next(1));
    Place::assert_retry(&place.run(&wanted).await);
    assert_eq!(place.done(&wanted).await, json!({}));
    assert_eq!(place.done(&find(&place, &account)).await["caller_id_sid"], Value::Null);
}

/// A clinic with a number of ours that its own phone may be forwarded to.
struct Clinic {
    place: Place,
    account: Value,
    number: String,
    since: String,
}

impl Clinic {
    async fn with(phone: impl FnOnce(&str) -> Phone) -> Self {
        let (place, account) = Place::managed().await;
        let wish =
            json!({ "account": account, "name": name(Uuid::new_v4()), "country_code": "US", "number_type": "Local" });
        let bought = place.done(&place.effect("twilio.buy_number", wish)).await;
        let number = bought["phone_number"].as_str().expect("a number").to_owned();
        place.sandbox.twilio.set_phone(CLINIC, phone(&number)).expect("a phone");
        let since = place.sandbox.twilio.now().format(&Rfc3339).expect("a moment");
        Self { place, account, number, since }
    }

    fn check(&self) -> Effect {
        self.place.effect(
            "twilio.check_call",
            json!({
                "account": self.account, "config_id": Uuid::new_v4(), "from": self.number, "to": CLINIC,
                "ring_seconds": 20, "since": self.since,
            }),
        )
    }

    fn look(&self, call_sid: &Value) -> Effect {
        self.place.effect(
            "twilio.check_result",
            json!({
                "account": self.account, "config_id": Uuid::new_v4(), "call_sid": call_sid, "from": self.number, "to": CLINIC,
                "forwarded_to": self.number, "since": self.since,
            }),
        )
    }

    fn status(&self, call_sid: &Value) -> CallStatus {
        self.place.sandbox.twilio.call_status(call_sid.as_str().expect("a SID")).expect("the call")
    }
}

#[tokio::test]
async fn a_check_is_one_call_whatever_became_of_the_answer() {
    let clinic = Clinic::with(|_| Phone::Busy).await;
    let (twilio, check) = (&clinic.place.sandbox.twilio, clinic.check());
    twilio.faults().add(Fault::lost_answer().matching("POST ").next(1));
    Place::assert_retry(&clinic.place.run(&check).await);
    twilio.advance(Duration::from_secs(3));
    let placed = clinic.place.done(&check).await;
    let books = twilio.books();
    let account = books.account(clinic.account["sid"].as_str().expect("a SID")).expect("the account");
    let calls: Vec<_> = account.calls.iter().filter(|call| call.to == CLINIC).collect();
    assert_eq!(calls.len(), 1);
    assert_eq!(json!(calls[0].sid), placed["call_sid"]);
    let seen = twilio.log().all();
    let sent = &seen.iter().rfind(|one| one.method == "POST").expect("the call").body;
    for part in ["Timeout=45", "TimeLimit=30", "Twiml=%3CResponse%3E%3CPause+length%3D%2220%22%2F%3E%3C%2FResponse%3E"]
    {
        assert!(sent.contains(part), "{sent}");
    }
}

#[tokio::test]
async fn a_new_check_is_a_new_call() {
    let clinic = Clinic::with(|_| Phone::RingsOut).await;
    let first = clinic.place.done(&clinic.check()).await;
    clinic.place.sandbox.twilio.advance(Duration::from_secs(20));
    let mut later = clinic.check();
    later.payload["since"] = json!(clinic.place.sandbox.twilio.now().format(&Rfc3339).expect("a moment"));
    let second = clinic.place.done(&later).await;
    assert_ne!(first, second);
    assert_eq!(clinic.place.done(&later).await, second);
}

#[tokio::test]
async fn a_call_that_came_in_is_seen_and_hung_up() {
    let forwards: [fn(&str) -> Phone; 2] = [
        |to| Phone::ForwardsAlways { to: to.to_owned() },
        |to| Phone::ForwardsUnanswered { to: to.to_owned(), after: 20 },
    ];
    for (phone, after) in forwards.into_iter().zip([3, 24]) {
        let clinic = Clinic::with(phone).await;
        let call = clinic.place.done(&clinic.check()).await["call_sid"].clone();
        if after > 20 {
            let seen = clinic.place.done(&clinic.look(&call)).await;
            assert_eq!((&seen["reached"], &seen["ended"]), (&json!(false), &json!(false)), "{seen}");
        }
        clinic.place.sandbox.twilio.advance(Duration::from_secs(after));
        let look = clinic.look(&call);
        clinic.place.sandbox.twilio.faults().add(Fault::lost_answer().matching("POST ").next(1));
        Place::assert_retry(&clinic.place.run(&look).await);
        let seen = clinic.place.done(&look).await;
        assert_eq!((&seen["reached"], &seen["ended"]), (&json!(true), &json!(true)), "{seen}");
        assert!(clinic.status(&call).is_over());
    }
}

#[tokio::test]
async fn a_carrier_that_shows_the_phone_that_forwards_is_understood() {
    let clinic = Clinic::with(|_| Phone::RingsOut).await;
    let twilio = &clinic.place.sandbox.twilio;
    let call = clinic.place.done(&clinic.check()).await["call_sid"].clone();
    assert_eq!(clinic.place.done(&clinic.look(&call)).await["reached"], false);
    twilio.dial(CLINIC, &clinic.number).expect("the leg, as such a carrier makes it");
    assert_eq!(clinic.place.done(&clinic.look(&call)).await["reached"], true);
}

#[tokio::test]
async fn a_call_that_does_not_come_in_ends_elsewhere() {
    for (phone, after, status) in
        [(Phone::Answers { after: 2 }, 60, "completed"), (Phone::Busy, 5, "busy"), (Phone::RingsOut, 60, "no-answer")]
    {
        let clinic = Clinic::with(|_| phone).await;
        let call = clinic.place.done(&clinic.check()).await["call_sid"].clone();
        clinic.place.sandbox.twilio.advance(Duration::from_secs(after));
        let seen = clinic.place.done(&clinic.look(&call)).await;
        assert_eq!(seen, json!({ "reached": false, "call_status": status, "ended": true }));
    }
}

/// Somebody calls the number while it is being checked, or has called before.
#[tokio::test]
async fn a_call_of_somebody_else_or_of_another_time_is_not_the_one() {
    let clinic = Clinic::with(|to| Phone::ForwardsAlways { to: to.to_owned() }).await;
    let twilio = &clinic.place.sandbox.twilio;
    let before = clinic.place.done(&clinic.check()).await["call_sid"].clone();
    twilio.advance(Duration::from_secs(60));
    twilio.set_phone(CLINIC, Phone::RingsOut).expect("not forwarded any more");
    let mut clinic = clinic;
    clinic.since = clinic.place.sandbox.twilio.now().format(&Rfc3339).expect("a moment");
    let call = clinic.place.done(&clinic.check()).await["call_sid"].clone();
    assert_ne!(before, call);
    clinic.place.sandbox.twilio.dial("+447700900999", &clinic.number).expect("a call");
    clinic.place.sandbox.twilio.advance(Duration::from_secs(10));
    assert_eq!(clinic.place.done(&clinic.look(&call)).await["reached"], json!(false));
    let unknown = json!("CA00000000000000000000000000000009");
    let seen = clinic.place.done(&clinic.look(&unknown)).await;
    assert_eq!(seen, json!({ "reached": false, "call_status": "not_found", "ended": true }));
}

#[tokio::test]
async fn a_check_that_twilio_does_not_place_is_refused() {
    for phone in [Phone::Unreachable, Phone::Blocked, Phone::CountryNotPermitted] {
        let clinic = Clinic::with(|_| phone).await;
        assert_eq!(clinic.place.refused(&clinic.check()).await, "check_call_refused");
    }
    let mut clinic = Clinic::with(|_| Phone::RingsOut).await;
    clinic.number = "+14155550199".to_owned();
    assert_eq!(clinic.place.refused(&clinic.check()).await, "check_call_refused", "not a number of the account");
    clinic.since = "yesterday".to_owned();
    let verdict = clinic.place.run(&clinic.check()).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "{verdict:?}");
}

#[tokio::test]
async fn a_carrier_ends_a_call_of_whichever_account_it_is() {
    let clinic = Clinic::with(|_| Phone::Answers { after: 1 }).await;
    let call = clinic.place.done(&clinic.check()).await["call_sid"].clone();
    clinic.place.sandbox.twilio.advance(Duration::from_secs(5));
    let end = clinic.place.effect("twilio.end_call", json!({ "account": clinic.account, "call_sid": call }));
    for _ in 0..2 {
        assert_eq!(clinic.place.done(&end).await, json!({}));
    }
    assert_eq!(clinic.status(&call), CallStatus::Completed);
    let platforms = clinic.place.effect("twilio.end_call", json!({ "account": null, "call_sid": call }));
    let verdict = clinic.place.run(&platforms).await;
    assert!(matches!(verdict, Verdict::Refused { .. }), "the platform's account has no such call: {verdict:?}");
}
