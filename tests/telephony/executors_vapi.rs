//! Numbers and keys at Vapi: imported once, linked to us, and gone when they are given up.

use serde_json::{Value, json};
use uuid::Uuid;
use voxanne::{
    effects::{Effect, Verdict},
    sandbox::Fault,
};

use super::executors_support::{Place, name};

const NUMBER: &str = "+442079460123";

fn short(id: Uuid) -> String {
    format!("voxanne:{}", id.simple())
}

fn import(place: &Place, account: &Value, id: Uuid) -> Effect {
    place.effect("vapi.import_number", json!({ "account": account, "phone_number": NUMBER, "name": name(id) }))
}

fn release(place: &Place, vapi_phone_id: &Value, id: Uuid) -> Effect {
    let wish = json!({ "vapi_phone_id": vapi_phone_id, "phone_number": NUMBER, "name": name(id) });
    place.effect("vapi.release_number", wish)
}

#[tokio::test]
async fn a_number_is_imported_once_whatever_became_of_the_answer() {
    for fault in [Fault::lost_answer(), Fault::lost_request(), Fault::error(503), Fault::rate_limited(1)] {
        let (place, account, theirs) = Place::own_account(NUMBER).await;
        let id = Uuid::new_v4();
        place.sandbox.vapi.faults().add(fault.matching("POST /phone-number").next(1));
        Place::assert_retry(&place.run(&import(&place, &account, id)).await);
        let imported = place.done(&import(&place, &account, id)).await;
        assert_eq!(place.done(&import(&place, &account, id)).await, imported);
        let numbers = place.sandbox.vapi.phone_numbers();
        assert_eq!(numbers.len(), 1);
        assert_eq!(imported, json!({ "vapi_phone_id": numbers[0]["id"] }));
        for (field, value) in [
            ("number", json!(NUMBER)),
            ("twilioAccountSid", json!(theirs.sid)),
            ("name", json!(short(id))),
            ("smsEnabled", json!(false)),
        ] {
            assert_eq!(numbers[0][field], value, "{field}");
        }
    }
}

#[tokio::test]
async fn a_number_that_vapi_does_not_get_is_refused_in_its_words_without_the_token() {
    let (place, account, theirs) = Place::own_account(NUMBER).await;
    let id = Uuid::new_v4();
    place.sandbox.twilio.take_number(NUMBER).expect("it was there");
    assert_eq!(place.refused(&import(&place, &account, id)).await, "vapi_refused_number");
    place.row.holds_keys(place.org_id, "default", &theirs.sid, "token_planted");
    let said = place.done(&import(&place, &account, id)).await.to_string();
    assert!(said.contains("vapi_refused_number") && !said.contains("token_planted"), "{said}");
    assert!(place.sandbox.vapi.phone_numbers().is_empty());
}

#[tokio::test]
async fn a_number_is_released_by_its_id_or_its_name_and_nobody_elses_with_it() {
    for by_name in [false, true] {
        let (place, account, _) = Place::own_account(NUMBER).await;
        let (id, vapi) = (Uuid::new_v4(), &place.sandbox.vapi);
        let imported = place.done(&import(&place, &account, id)).await;
        let another = place.done(&release(&place, &Value::Null, Uuid::new_v4())).await;
        assert_eq!(another, json!({ "released": false }));
        assert_eq!(vapi.phone_numbers().len(), 1);

        let known = if by_name { &Value::Null } else { &imported["vapi_phone_id"] };
        vapi.faults().add(Fault::lost_answer().matching("DELETE /phone-number").next(1));
        Place::assert_retry(&place.run(&release(&place, known, id)).await);
        assert!(vapi.phone_numbers().is_empty());
        assert_eq!(place.done(&release(&place, known, id)).await, json!({ "released": false }), "it was, and is gone");
    }
}

/// A release that kept failing comes after the number was bought again, or its account connected again.
#[tokio::test]
async fn a_number_in_its_next_life_is_not_released_by_the_one_before() {
    let (place, account, _) = Place::own_account(NUMBER).await;
    let (before, now) = (Uuid::new_v4(), Uuid::new_v4());
    let first = place.done(&import(&place, &account, before)).await;
    let second = place.done(&import(&place, &account, now)).await;
    assert_eq!(first, second, "Vapi had it still");
    let late = release(&place, &first["vapi_phone_id"], before);
    assert_eq!(place.done(&late).await, json!({ "released": false }));
    assert_eq!(place.sandbox.vapi.phone_numbers().len(), 1);
    let released = place.done(&release(&place, &first["vapi_phone_id"], now)).await;
    assert_eq!(released, json!({ "released": true }));
}

#[tokio::test]
async fn calls_to_a_number_are_ours_to_answer() {
    for (direction, linked) in [("inbound", true), ("default", true), ("outbound", false)] {
        let (place, account, _) = Place::own_account(NUMBER).await;
        let imported = place.done(&import(&place, &account, Uuid::new_v4())).await;
        let mut wish = imported.clone();
        wish["routing_direction"] = json!(direction);
        wish["name"] = json!(name(place.org_id));
        for _ in 0..2 {
            assert_eq!(place.done(&place.effect("vapi.link_number", wish.clone())).await, json!({}));
        }
        let number = &place.sandbox.vapi.phone_numbers()[0];
        assert_eq!(number["name"], json!(short(place.org_id)));
        let server = json!({
            "url": "https://api.voxanne.test/api/vapi/webhook", "timeoutSeconds": 20,
            "headers": { "x-vapi-secret": "webhook_planted" },
        });
        assert_eq!(number["server"], if linked { server } else { Value::Null }, "{direction}");
        assert!(number["assistantId"].is_null());
    }
}

#[tokio::test]
async fn a_number_that_vapi_lost_is_not_linked() {
    let (place, account, _) = Place::own_account(NUMBER).await;
    let mut wish = place.done(&import(&place, &account, Uuid::new_v4())).await;
    wish["routing_direction"] = json!("inbound");
    place.sandbox.vapi.forget_number(NUMBER);
    let verdict = place.run(&place.effect("vapi.link_number", wish)).await;
    assert!(matches!(&verdict, Verdict::Refused { error } if error.starts_with("Vapi answered 404")), "{verdict:?}");
}

#[tokio::test]
async fn an_accounts_keys_are_given_to_vapi_once_and_taken_away_again() {
    for by_name in [false, true] {
        let (place, account, theirs) = Place::own_account(NUMBER).await;
        let (id, vapi) = (Uuid::new_v4(), &place.sandbox.vapi);
        let create = place.effect("vapi.create_credential", json!({ "account": account, "name": name(id) }));
        vapi.faults().add(Fault::lost_answer().matching("POST /credential").next(1));
        Place::assert_retry(&place.run(&create).await);
        let made = place.done(&create).await;
        assert_eq!(vapi.credentials().len(), 1);
        assert_eq!(made, json!({ "vapi_credential_id": vapi.credentials()[0]["id"] }));
        assert_eq!(vapi.credentials()[0]["name"], json!(short(id)));
        assert_eq!(vapi.credentials()[0]["accountSid"], json!(theirs.sid));

        let known = if by_name { &Value::Null } else { &made["vapi_credential_id"] };
        let delete = place.effect("vapi.delete_credential", json!({ "vapi_credential_id": known, "name": name(id) }));
        let others = place.effect("vapi.delete_credential", json!({ "name": name(Uuid::new_v4()) }));
        assert_eq!(place.done(&others).await, json!({ "released": false }));
        vapi.faults().add(Fault::lost_answer().matching("DELETE /credential").next(1));
        Place::assert_retry(&place.run(&delete).await);
        assert!(vapi.credentials().is_empty());
        assert_eq!(place.done(&delete).await, json!({ "released": false }));
    }
}
